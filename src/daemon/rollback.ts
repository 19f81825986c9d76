// Puts an earlier configuration in the place of the file, atomically: the file is the old one or the new one,
// never half of either. What was in it and never loaded is set aside first, so that no edit is lost.

import { readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MscFault } from '#src/errors';
import { flushFolder, writeDurably, type ConfigVersions, type Version } from './config-versions.ts';

export interface Replacement {
  /** Where a text went that stood in the file and was never loaded. */
  readonly setAside?: string | undefined;
  /** The new text takes the place of the old one. @throws MscFault MSC-1006 */
  readonly take: () => Promise<void>;
  /** It does not. */
  readonly drop: () => Promise<void>;
}

/**
 * Writes the text beside the file, durably; the file is untouched until `take`.
 *
 * @param inForce The text that is in force, which is kept already.
 * @throws MscFault MSC-1006 where the folder of the file may not be written: the hint says what to do.
 */
export async function prepareReplacement(
  file: string,
  {
    version,
    inForce,
    versions,
  }: {
    readonly version: Version & { readonly toml: string };
    readonly inForce: string;
    readonly versions: ConfigVersions;
  },
): Promise<Replacement> {
  const hint = `as root: cp ${version.path} ${file}, then: msc config reload`;
  const guarded = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (cause) {
      if (cause instanceof MscFault) throw cause;
      throw new MscFault('MSC-1006', { detail: `${file} was not replaced`, hint, cause });
    }
  };
  return guarded(async () => {
    // A link stays a link: what it leads to is replaced.
    const target = await realpath(file);
    const { mode } = await stat(target);
    const present = await readFile(target, 'utf8');
    const beside = `${target}.new`;
    await rm(beside, { force: true });
    await writeDurably(beside, version.toml, mode & 0o777);
    const isLost = present !== inForce && present !== version.toml;
    const setAside = isLost ? await versions.setAside(present) : undefined;
    return {
      setAside,
      take: () =>
        guarded(async () => {
          await rename(beside, target);
          await flushFolder(dirname(target));
        }),
      drop: () => rm(beside, { force: true }),
    };
  });
}
