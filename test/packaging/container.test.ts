// The Dockerfile without an engine: its steps are run by hand, then its command as an engine would start it:
// not root, without capabilities, with a root that cannot be written. The programs and libraries of the bases
// are this machine's: their apt-get steps are not run, and which image a tag names is not looked up.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '#support/cli';
import { inContext, stagesOf, wordsOf, type Stage } from '#support/dockerfile';
import { Image, whyNoImages, type Started } from '#support/image';
import { until } from '#support/world';

const read = (name: string): string => readFileSync(join(projectFolder, name), 'utf8');
const stages = stagesOf(read('Dockerfile'));
const [build, final] = stages;
const flat = { base: '', name: undefined, steps: [] } satisfies Stage;

describe('the Dockerfile', () => {
  it('builds in one stage and runs in another, each on a base of an exact tag', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', undefined]);
    for (const { base } of stages)
      expect(base).toMatch(
        /^docker\.io\/library\/(node:\d+\.\d+\.\d+|debian:bookworm-\d{8})[a-z-]*$/,
      );
  });

  it('runs as nobody special, by exec forms, and asks for its health without a shell', () => {
    const stage = final ?? flat;
    expect(Number(stage.steps.findLast(({ word }) => word === 'USER')?.rest)).toBeGreaterThan(0);
    const program = ['/opt/msc/node_modules/.bin/node', '/opt/msc/src/cli/msc.js'];
    expect(wordsOf(stage, 'HEALTHCHECK')).toEqual([...program, 'health', 'ready']);
    const entry = wordsOf(stage, 'ENTRYPOINT');
    expect([entry[0], entry.at(-1)]).toEqual(program);
    expect(wordsOf(stage, 'CMD')).toEqual(['serve', '--config', '/etc/msc/msc.toml']);
    expect(stage.steps.find(({ word }) => word === 'STOPSIGNAL')?.rest).toBe('SIGTERM');
  });

  it('takes from the context what .dockerignore lets through, and that is no secret', () => {
    const sees = inContext(read('.dockerignore'));
    const copied = (build ?? flat).steps.filter(({ word }) => word === 'COPY');
    const names = copied.flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(names.filter((name) => !sees(name))).toEqual([]);
    expect(['.git', 'demo', 'test', 'node_modules', 'dist'].filter(sees)).toEqual([]);
  });
});

const noRegistry = (): string =>
  spawnSync('npm', ['ping'], { timeout: 15_000 }).status === 0 ? '' : 'npm has no registry here';
const why = whyNoImages() || noRegistry();

describe.skipIf(why !== '')(`the image${why && ` (skipped: ${why})`}`, () => {
  const writable = ['/var/lib/msc', '/run/msc', '/tmp'];
  let image: Image;
  let http: string;
  let running: Started;

  beforeAll(async () => {
    const built = await runBuild();
    try {
      image = await runFinal(built);
    } finally {
      built.close();
    }
    http = await installConfiguration(image);
  }, 600_000);
  afterAll(() => {
    running.child.kill('SIGKILL');
    image.close();
  });

  it('becomes ready with a root that cannot be written, as a user that is not root', async () => {
    const { said, child } = (running = start(wordsOf(final ?? flat, 'CMD')));
    await until('ready', async () => {
      if (child.exitCode !== null) throw new Error(said());
      const answer = await fetch(`${http}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      return answer?.status === 200 ? true : undefined;
    });
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'latin1');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe('990');
    const mounts = readFileSync(`/proc/${child.pid ?? 0}/mountinfo`, 'latin1');
    expect(mounts).toMatch(/ \/ ro[, ]/);
    expect(/^CapEff:\s+(\w+)/m.exec(status)?.[1]).toBe('0000000000000000');
  });

  it('is called healthy by the program of its health check', async () => {
    const { child, said } = start(['health', 'ready']);
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said()]).toEqual([0, expect.stringMatching(/^ready: /m) as string]);
  });

  it('has written nothing but its folders, and ends with 0 when it is told to', async () => {
    const touched = spawnSync(
      'find',
      [image.root, '-xdev', '-newer', image.path('etc/msc/msc.toml'), '-type', 'f'],
      { encoding: 'utf8' },
    );
    const outside = touched.stdout
      .split('\n')
      .filter((file) => file !== '' && !writable.some((name) => file.startsWith(image.path(name))));
    expect(outside).toEqual([]);
    expect(running.child.exitCode).toBeNull();
    const ended = once(running.child, 'exit');
    const sinceMs = performance.now();
    running.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - sinceMs).toBeLessThan(35_000);
    expect(readdirSync(image.path('var/lib/msc'))).toContain('journal');
  }, 60_000);

  function start(words: readonly string[]): Started {
    return image.start([...wordsOf(final ?? flat, 'ENTRYPOINT'), ...words], writable);
  }
});

async function runBuild(): Promise<Image> {
  const image = new Image();
  const cache = spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim();
  const sees = inContext(read('.dockerignore'));
  for (const step of (build ?? flat).steps) {
    if (image.take(step)) continue;
    if (step.word === 'COPY')
      image.copy(step, (name) => {
        if (!sees(name)) throw new Error(`${name} is not in the context`);
        return join(projectFolder, name);
      });
    else await image.run(runnable(step), cache.startsWith('/root/') ? [cache] : []);
  }
  return image;
}

async function runFinal(built: Image): Promise<Image> {
  const image = new Image();
  const said = ['VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];
  for (const step of (final ?? flat).steps) {
    if (image.take(step) || said.includes(step.word)) continue;
    if (step.word === 'COPY') {
      expect(step.flags).toEqual(['--from=build']);
      image.move(step, built);
    } else await image.run(runnable(step));
  }
  return image;
}

/** What needs a base of its own is this machine's. */
function runnable({ word, rest }: { readonly word: string; readonly rest: string }): string {
  if (word !== 'RUN') throw new Error(`nobody runs ${word}`);
  return rest.startsWith('apt-get ') ? 'true' : rest;
}

/** The configuration and a free port; the folders of the user are as the image made them. */
async function installConfiguration(image: Image): Promise<string> {
  const port = await freePort();
  mkdirSync(image.path('etc/msc'), { recursive: true });
  chmodSync(image.path('tmp'), 0o1777);
  writeFileSync(
    image.path('etc/msc/msc.toml'),
    `[switch]\nname = "MSC-099"\ncounty = "EXAMPLE"\nori = "CA0990100"\n[listen]\naddress = "127.0.0.1:0"\ninsecure = true\n[http]\naddress = "127.0.0.1:${port}"\n`,
  );
  return `http://127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on an address.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
