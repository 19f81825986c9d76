#!/usr/bin/env node
// Starts msc. Plain JavaScript that an old Node reads too, so that it gets a sentence and no stack.
// The compile cache shortens every start; without it all works, only later.
import * as fs from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

if (Number(process.versions.node.split('.')[0]) < 26) {
  process.stderr.write(
    `msc: MSC-1003: needs Node 26 or newer, this is ${process.version}; ` +
      'run it with "npx msc" in the folder of the project, which brings its own\n',
  );
  process.exitCode = 78;
} else {
  // Whoever set a folder of their own (the unit does) keeps it.
  const folder = process.env.NODE_COMPILE_CACHE ? undefined : cacheFolder();
  if (folder !== undefined) {
    nodeModule.enableCompileCache(folder);
    // The journal's threads and the process of searches learn it from here alone.
    process.env.NODE_COMPILE_CACHE = folder;
  }
  const source = new URL('./main.ts', import.meta.url);
  await import(fs.existsSync(source) ? './main.ts' : './main.js');
}

// What lies in the cache is run, so it has to be a folder of this user that nobody else can write.
function cacheFolder() {
  try {
    const user = process.geteuid();
    const folder = join(tmpdir(), `msc-cache-${user}`);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = fs.lstatSync(folder);
    const ours = found.isDirectory() && found.uid === user && (found.mode & 0o022) === 0;
    return ours ? folder : undefined;
  } catch {
    // A temporary folder that cannot be written costs the cache alone.
    return undefined;
  }
}
