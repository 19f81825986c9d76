// What operators may know and do about configurations: the one in force, those kept, and the way back.

import { settingChanges } from '#src/config/changes';
import type { ConfigurationDesk } from '#src/control/desk';
import { errorFields, type Log } from '#src/runtime/log';
import type { ConfigVersions } from './config-versions.ts';
import type { Loaded } from './reload.ts';
import type { Renewal } from './renewal.ts';

export function configurationDesk(renewal: Renewal, versions: ConfigVersions): ConfigurationDesk {
  return {
    inForce: () => {
      const { config, toml, digest } = renewal.loaded;
      const { newest } = versions;
      const version = newest?.digest === digest ? { version: newest.version } : {};
      return { file: config.file, toml, digest, ...version };
    },
    read: async (version) => {
      const { toml, digest, path } = await versions.read(version);
      return { file: path, toml, digest, version };
    },
    kept: () => changesOf(versions),
    rollback: (person, { version, reason }) => renewal.rollback({ person, reason }, version),
  };
}

/** The configuration of a start. Without room to keep it the switch comes up all the same. */
export async function keepStarted(
  versions: ConfigVersions,
  { toml }: Loaded,
  log: Log,
): Promise<number | undefined> {
  try {
    const { version, keep } = await versions.prepare(toml);
    await keep();
    return version;
  } catch (cause) {
    log.write('warn', 'config-not-kept', errorFields(cause));
    return undefined;
  }
}

async function changesOf(
  versions: ConfigVersions,
): Promise<ReadonlyMap<number, string | undefined>> {
  const changes = new Map<number, string | undefined>();
  let before: string | undefined;
  for (const { version } of versions.all) {
    const toml = await textOrNone(versions, version);
    const keys =
      before === undefined || toml === undefined
        ? undefined
        : settingChanges(before, toml).map(({ key }) => key);
    changes.set(version, keys?.join(' '));
    before = toml;
  }
  return changes;
}

async function textOrNone(versions: ConfigVersions, version: number): Promise<string | undefined> {
  try {
    return (await versions.read(version)).toml;
  } catch {
    // What cannot be read is still in the list: `rollback` says what is wrong with it.
    return undefined;
  }
}
