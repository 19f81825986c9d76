// `msc init`: a commented configuration and an example registry to begin with, from the examples that
// come with the project. Refuses to overwrite anything.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { usage } from './flags.ts';
import { projectFolder } from './package.ts';

export async function runInit({ flags, output }: Call): Promise<number> {
  const county = flags.text('county') ?? 'EXAMPLE';
  if (!/^[\x20-\x7e]{1,64}$/.test(county) || /["\\]/.test(county))
    throw usage('--county is 1 to 64 printable characters, without " and \\');
  const folder = flags.text('dir') ?? '.';
  const example = await readFile(join(projectFolder, 'config/msc.example.toml'), 'utf8');
  const files = [
    join(folder, 'msc.toml'),
    join(folder, 'msc.schema.json'),
    join(folder, 'registry.toml'),
  ];
  const [config = '', schema = '', registry = ''] = files;
  await creating(folder, () => mkdir(folder, { recursive: true }));
  await creating(config, () =>
    writeFile(
      config,
      example.replace(/^county = .*$/m, () => `county = "${county}"`),
      { flag: 'wx' },
    ),
  );
  await creating(schema, () => copy('config/msc.schema.json', schema));
  await creating(registry, () => copy('config/registry.example.toml', registry));
  for (const file of files) await output.print(file);
  output.tell(`next: edit them, then msc config check ${config}`);
  return 0;
}

function copy(from: string, to: string): Promise<void> {
  return copyFile(join(projectFolder, from), to, constants.COPYFILE_EXCL);
}

/** @throws MscFault MSC-1006, also for a file that is there already. */
async function creating(path: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (cause) {
    throw new MscFault('MSC-1006', {
      detail: path,
      hint: 'nothing is overwritten; choose another --dir',
      cause,
    });
  }
}
