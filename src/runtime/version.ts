// The version of this program, from its own package.json.

import { readFileSync } from 'node:fs';

export const version = readVersion();

function readVersion(): string {
  const own = new URL('../../package.json', import.meta.url);
  // Our own file, which has a version; a broken one is a bug and may throw.
  return (JSON.parse(readFileSync(own, 'utf8')) as { readonly version: string }).version;
}
