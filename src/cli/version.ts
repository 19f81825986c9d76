// `msc version`: what runs here, for a report or a support call.

import type { Call } from './command.ts';
import { wantsObject } from './output.ts';
import { version } from './package.ts';

export async function printVersion({ output }: Call): Promise<number> {
  const what = {
    version,
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
  };
  const json = wantsObject(output);
  await output.print(
    json
      ? JSON.stringify({ schema: 'msc.version/1', ...what })
      : `msc ${version} (node ${what.node}, ${what.platform} ${what.arch})`,
  );
  return 0;
}
