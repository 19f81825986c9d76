// What belongs to the unit: the user that the switch runs as (sysusers.d), and its folders and files with
// their owners (tmpfiles.d). Pure; a path that would have to be quoted is refused with a coded fault.

import { dirname } from 'node:path';
import type { Config } from './load.ts';
import { plainPath, stateFolder } from './unit-paths.ts';

const made = '# Made by `msc service';

/** Content of sysusers.d/msc.conf. @throws MscFault MSC-1101 */
export function sysusersFile({ data }: Config): string {
  const home = plainPath('data.folder', data.folder);
  return [
    `${made} sysusers\`: the user that the switch runs as; nobody signs on with it.`,
    `u msc - "Law enforcement message switch" ${home} /usr/sbin/nologin`,
    '',
  ].join('\n');
}

/** Content of tmpfiles.d/msc.conf. @throws MscFault MSC-1101 */
export function tmpfilesFile(config: Config): string {
  const folder = plainPath('the configuration file', dirname(config.file));
  const data = plainPath('data.folder', config.data.folder);
  const run = stateFolder('control.socket', dirname(config.control.socket), '/run');
  const tls = new Set(namedFiles(config).map((file) => dirname(plainPath('a TLS file', file))));
  tls.delete(folder);
  return [
    `${made} tmpfiles\`: folders and files of the switch, and whose they are.`,
    '# Operators read the configuration: it says where the control socket is, and holds no secret.',
    `d ${folder} 0755 root root -`,
    ...[...tls].sort().map((path) => `d ${path} 0750 root msc -`),
    '# A key is read by systemd as root where it is a credential, else by the switch.',
    ...keyLines(config),
    `d ${data} 0700 msc msc -`,
    ...(run.below === undefined ? [`d ${run.path} 0755 msc msc -`] : []),
    '',
  ].join('\n');
}

function keyLines(config: Config): readonly string[] {
  const handed = new Set(config.service.credentials.map(({ file }) => file));
  return [...new Set(keysOf(config))].map((file) =>
    handed.has(file)
      ? `z ${plainPath('a key file', file)} 0600 root root -`
      : `z ${plainPath('a key file', file)} 0400 msc msc -`,
  );
}

function keysOf({ tls, upstreams, service }: Config): readonly string[] {
  return [
    ...service.credentials.map(({ file }) => file),
    ...(tls === undefined ? [] : [tls.keyFile]),
    ...upstreams.map(({ keyFile }) => keyFile),
  ];
}

function namedFiles(config: Config): readonly string[] {
  const { tls, upstreams } = config;
  return [
    ...keysOf(config),
    ...(tls === undefined ? [] : [tls.certFile, tls.clientCaFile]),
    ...(tls?.crlFile === undefined ? [] : [tls.crlFile]),
    ...upstreams.flatMap(({ certFile, caFile }) => [certFile, caFile]),
  ];
}
