// Where a thread's program lies: beside this file, in the language this file is in.

import { extname } from 'node:path';

export function threadFile(name: 'writer' | 'reader' | 'indexer'): URL {
  return new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
}
