// The program with something wrong in it, as a copy: what a test must be able to find. Each place is named by
// its text, and has to be there. Nothing of this is in the program itself.

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const ownProgram = new URL('../..', import.meta.url).pathname;

/** Copies the sources to a new folder and alters them there. */
export function copyProgram(folder: string, edits: readonly Edit[]): string {
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'journal', 'protocol', 'config', 'package.json'])
    cpSync(join(ownProgram, part), join(folder, part), { recursive: true });
  symlinkSync(join(ownProgram, 'node_modules'), join(folder, 'node_modules'));
  for (const edit of edits) editFile(folder, edit);
  return folder;
}

/** @throws Error where the place is not there, or not once */
export function editFile(folder: string, { file, from, to }: Edit): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}
