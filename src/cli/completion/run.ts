// `msc completion bash|zsh|fish`: prints the script that makes a shell complete our commands.

import type { Call } from '../command.ts';
import { oneOf } from '../flags.ts';
import { wantsObject } from '../output.ts';
import { bashScript, fishScript, zshScript } from './scripts.ts';
import { shells } from './words.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export async function printCompletion({ args: [named = ''], output }: Call): Promise<number> {
  const shell = oneOf('a shell', named, shells);
  const script = scripts[shell]();
  await output.print(
    wantsObject(output)
      ? JSON.stringify({ schema: 'msc.completion/1', shell, script })
      : script.trimEnd(),
  );
  return 0;
}
