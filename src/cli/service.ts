// `msc service unit|sysusers|tmpfiles`: what systemd is told, made from a configuration. It prints and
// installs nothing: where the files go is the administrator's decision (docs/operations.md).

import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { loadConfig, type Config } from '#src/config/load';
import { serviceUnit } from '#src/config/unit';
import { sysusersFile, tmpfilesFile } from '#src/config/unit-files';
import type { Call, Run } from './command.ts';
import { configFile } from './installation.ts';
import { wantsObject } from './output.ts';

export const printUnit: Run = async (call) => {
  const config = await print(call, 'msc.service', serviceUnit);
  for (const warning of warnings(config)) call.output.tell(`warning: ${warning}`);
  return 0;
};

export const printSysusers: Run = async (call) => {
  await print(call, 'msc.sysusers', sysusersFile);
  return 0;
};

export const printTmpfiles: Run = async (call) => {
  await print(call, 'msc.tmpfiles', tmpfilesFile);
  return 0;
};

async function print(
  { args: [named], flags, output }: Call,
  name: string,
  make: (config: Config) => string,
): Promise<Config> {
  const file = named === undefined ? configFile(flags) : resolve(named);
  const config = await loadConfig(file);
  const text = make(config);
  const json = wantsObject(output);
  await output.print(
    json ? JSON.stringify({ schema: 'msc.service-file/1', name, text }) : text.trimEnd(),
  );
  return config;
}

/** Who would be cut off by the unit without a word. */
function warnings({ service, upstreams }: Config): readonly string[] {
  if (service.networks.length > 0) return [];
  const byName = upstreams.filter(({ address }) => isIP(address.host) === 0);
  return [
    'service.networks is not set: stations of other machines cannot connect',
    ...byName.map(({ name }) => `upstream ${name} is dialled by name: service.networks needs it`),
  ];
}
