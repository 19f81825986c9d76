// `msc cheat [TOPIC]`: one screen of commands, by what a person wants.

import { cheatTopics } from './cheat-sheet.ts';
import type { CheatTopic } from './cheat-sheet.ts';
import type { Call } from './command.ts';
import { oneOf } from './flags.ts';
import { wantsObject } from './output.ts';

/** Columns of an example; the words beside it stand below a longer one. */
const exampleWidth = 50;

export async function printCheat({ args: [asked], output }: Call): Promise<number> {
  const names = cheatTopics.map(({ name }) => name);
  const name = oneOf('a topic', asked ?? names[0] ?? '', names);
  const topic = cheatTopics.find((each) => each.name === name);
  if (topic === undefined) return 1;
  if (wantsObject(output))
    await output.print(JSON.stringify({ schema: 'msc.cheat/1', ...topic, topics: names }));
  else {
    const [head = '', ...lines] = cheatLines(topic);
    await output.print(output.bold(head));
    for (const line of lines) await output.print(line);
    await output.print(`topics: ${names.join(' ')}   more: msc COMMAND --help`);
  }
  return 0;
}

/** At most 80 columns, and 22 lines. */
export function cheatLines({ name, text, lines }: CheatTopic): readonly string[] {
  return [
    `${name}: ${text}`,
    ...lines.flatMap((line) => {
      const typed = `  msc ${line.example}`;
      const beside = `${typed.padEnd(exampleWidth)}${line.text}`;
      if (typed.length < exampleWidth && beside.length <= 80) return [beside];
      return [typed, line.text.padStart(78)];
    }),
  ];
}
