// `msc config explain KEY`: what a setting means, offline, from the schema that also validates.

import { explainSetting, settingKeys } from '#src/config/explain';
import type { Explanation } from '#src/config/explain';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { wrap } from './help.ts';
import { nearest } from './nearest.ts';
import { shown, wantsObject } from './output.ts';

/** Exit 1 where there is no such setting. */
export async function explainConfig({ args: [key = ''], output }: Call): Promise<number> {
  const found = explainSetting(key);
  if (found === undefined) {
    const near = nearest(key, settingKeys());
    const detail = `${shown(key)}; did you mean \`${near}\`?`;
    throw new MscFault('MSC-1107', { detail, hint: `msc config explain ${near}` });
  }
  if (wantsObject(output))
    await output.print(JSON.stringify({ schema: 'msc.config-explain/1', ...found }));
  else for (const line of explanationLines(found)) await output.print(line);
  return 0;
}

/** At most 80 columns a line. */
function explanationLines(found: Explanation): readonly string[] {
  const { key, text, form, needed, change, settings } = found;
  const standard = found.default ?? (needed ? 'none: it must be set' : 'none: may be left out');
  const takes = change === 'restart' ? 'needs a restart' : 'is taken by msc config reload';
  const facts = [
    ...(settings === undefined ? [['default', standard] as const] : []),
    ['form', form] as const,
    ...(settings === undefined ? [['a change', takes] as const] : []),
    ...(settings === undefined ? [] : [['settings', settings.join(' ')] as const]),
  ];
  return [
    key,
    ...wrap(text, 2),
    ...facts.flatMap(([label, words]) => {
      const [first = '', ...more] = wrap(words, 12);
      return [`  ${label.padEnd(10)}${first.trimStart()}`, ...more];
    }),
  ];
}
