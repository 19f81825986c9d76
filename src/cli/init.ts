// `msc init`: a commented configuration and an example registry to begin with, from the examples that
// come with the project. Refuses to overwrite anything.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import type { Call } from './command.ts';
import { usage } from './flags.ts';
import { creating, mustBeNew } from './new-file.ts';
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
  mustBeNew(files);
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
  for (const line of nextSteps(folder)) output.tell(line);
  return 0;
}

/** With the names of files that stand in the configuration. */
function nextSteps(folder: string): readonly string[] {
  const [config, ca, tls] = ['msc.toml', 'ca', 'tls'].map((name) => join(folder, name));
  return [
    'next: edit them (addresses, stations, the upstream), then, in this order:',
    `  msc cert init-ca ${ca}`,
    `  msc cert issue switch --ca ${ca} --usage switch --ip ADDRESS --out ${tls}`,
    `  cp ${ca}/ca.pem ${tls}/`,
    `  msc config check --config ${config}`,
    `  msc serve --config ${config}`,
    `  msc registry apply ${join(folder, 'registry.toml')} --config ${config}`,
    'the files of the upstream in tls/ come from the state',
  ];
}

function copy(from: string, to: string): Promise<void> {
  return copyFile(join(projectFolder, from), to, constants.COPYFILE_EXCL);
}
