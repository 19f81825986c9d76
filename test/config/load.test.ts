import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effectiveSettings } from '#src/config/effective';
import { loadConfig, parseConfig, switchSettings } from '#src/config/load';

const least = `
[switch]
name = "MSC-099"
county = "EXAMPLE"
ori = "CA0990100"
`;
const tls = `
[tls]
cert_file = "tls/switch.pem"
key_file = "tls/switch.key"
client_ca_file = "/etc/msc/ca.pem"
`;
const upstream = `
[upstreams.STATE]
address = "[::1]:9000"
station = "COUNTY-099"
cert_file = "a.pem"
key_file = "a.key"
ca_file = "ca.pem"
`;

function configOf(toml: string) {
  const config = parseConfig(toml, '/srv/msc/msc.toml');
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

function problemsOf(toml: string): readonly string[] {
  const config = parseConfig(toml, '/srv/msc/msc.toml');
  return config.ok ? [] : config.error.map(({ code, at }) => `${code} ${at}`);
}

describe('a configuration that is right', () => {
  it('has the defaults of the schema for all that the file leaves out', () => {
    const config = configOf(least + tls);
    expect(config.links).toEqual({ frameBytesMax: 32_768, window: 32, keepAliveMs: 30_000 });
    expect(config.policy).toEqual({
      answerWaitMs: 600_000,
      resumeSignOnMs: 300_000,
      signOnIdleMs: 1_800_000,
      signOnAgeMs: 43_200_000,
      signOnTwice: false,
      signOnTries: 5,
      signOnTriesMs: 900_000,
      sessionKeptMs: 86_400_000,
      refusalsStoredPerMinute: 200,
      refusalsPerMinute: 1_000,
    });
    expect(config.listen.address).toEqual({ host: '127.0.0.1', port: 7443 });
    expect(config.control.socket).toBe('/run/msc/control.sock');
  });

  it('has shifts and the zone they are in', () => {
    expect(configOf(least + tls).journal).toMatchObject({ searchBudgetMs: 2_000, shifts: {} });
    const { journal } = configOf(`${least}${tls}
[journal]
search_budget = "500ms"
timezone = "America/Los_Angeles"
shifts = { night = "22:00-06:00" }
`);
    const timezone = 'America/Los_Angeles';
    const shifts = { night: '22:00-06:00' };
    expect(journal).toMatchObject({ searchBudgetMs: 500, timezone, shifts });
  });

  it.each([
    ['timezone = "Mars/Olympus"', 'MSC-1101 journal.timezone'],
    ['shifts = { night = "22:00" }', 'MSC-1101 journal.shifts.night'],
    ['shifts = { night = "24:00-06:00" }', 'MSC-1101 journal.shifts.night'],
    ['shifts = { 9ight = "22:00-06:00" }', 'MSC-1101 journal.shifts'],
    ['search_budget = "1ms"', 'MSC-1101 journal.search_budget'],
  ])('refuses a journal of %s', (line, problem) => {
    expect(problemsOf(`${least}${tls}[journal]\n${line}\n`)).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it('takes paths from the folder of the file', () => {
    const config = configOf(least + tls);
    expect(config.tls?.keyFile).toBe('/srv/msc/tls/switch.key');
    expect(config.tls?.clientCaFile).toBe('/etc/msc/ca.pem');
  });

  it('looks for the name of an upstream in its address unless one is given', () => {
    const [state] = configOf(least + tls + upstream).upstreams;
    expect(state?.serverName).toBe('::1');
    expect(state?.routes).toEqual(['state']);
    const named = configOf(`${least}${tls}${upstream}server_name = "state.example"`);
    expect(named.upstreams[0]?.serverName).toBe('state.example');
  });

  it('tells the switch what it needs, in its units', () => {
    const settings = switchSettings(configOf(least + tls + upstream), 'msc 1.2.3');
    expect(settings).toMatchObject({
      name: 'MSC-099',
      ori: 'CA0990100',
      software: 'msc 1.2.3',
      heartbeatMs: 60_000,
      connectionsMax: 500,
      signOnTriesMs: 900_000,
      upstreams: [{ name: 'STATE', station: 'COUNTY-099', routes: ['state'] }],
    });
  });
});

describe('a configuration that is wrong', () => {
  it('is refused with every problem, in the order of the text', () => {
    const toml = `${least}[listn]\nx = 1\n[links]\nkeep_alive = "1s"\nwindw = 4\n`;
    const config = parseConfig(toml, '/srv/msc/msc.toml');
    expect(config.ok ? [] : config.error).toEqual([
      {
        code: 'MSC-1104',
        at: 'listn',
        line: 6,
        column: 1,
        sentence: 'unknown key; did you mean listen?',
      },
      {
        code: 'MSC-1101',
        at: 'links.keep_alive',
        line: 9,
        column: 1,
        sentence: 'must be a duration from 5s to 300s, such as "90s" or "12h"',
      },
      {
        code: 'MSC-1104',
        at: 'links.windw',
        line: 10,
        column: 1,
        sentence: 'unknown key; did you mean window?',
      },
    ]);
  });

  it.each([
    ['[links]\nwindow = 0', 'links.window'],
    ['[links]\nwindow = 1025', 'links.window'],
    ['[links]\nwindow = 1.5', 'links.window'],
    ['[links]\nframe_bytes_max = "4095B"', 'links.frame_bytes_max'],
    ['[links]\nframe_bytes_max = "2MiB"', 'links.frame_bytes_max'],
    ['[links]\nframe_bytes_max = 32768', 'links.frame_bytes_max'],
    ['[links]\nkeep_alive = "301s"', 'links.keep_alive'],
    ['[links]\nkeep_alive = "30"', 'links.keep_alive'],
    ['[policy]\nsign_on_idle = "31m"', 'policy.sign_on_idle'],
    ['[policy]\nsign_on_age = "13h"', 'policy.sign_on_age'],
    ['[policy]\nsign_on_tries = 6', 'policy.sign_on_tries'],
    ['[policy]\nsign_on_tries_period = "14m"', 'policy.sign_on_tries_period'],
    ['[policy]\nsession_kept = "23h"', 'policy.session_kept'],
    ['[policy]\nanswer_wait = "25h"', 'policy.answer_wait'],
    ['[policy]\nrefusals_per_minute = 100', 'policy.refusals_stored_per_minute'],
    ['[listen]\naddress = "127.0.0.1"', 'listen.address'],
    ['[listen]\naddress = "127.0.0.1:65536"', 'listen.address'],
    ['[listen]\naddress = "[fe80]:1"', 'listen.address'],
    ['[http]\naddress = "127.0.0.1:7443"', 'http.address'],
    ['[log]\nlevel = "loud"', 'log.level'],
    ['[upstreams.low]', 'upstreams.low'],
  ])('is refused beyond its limits: %s', (toml, at) => {
    expect(problemsOf(least + tls + toml)).toContain(`MSC-1101 ${at}`);
  });

  it('is refused without certificates, unless it is insecure on a loopback address', () => {
    expect(problemsOf(least)).toEqual(['MSC-1101 tls']);
    const insecure = (address: string) =>
      problemsOf(`${least}[listen]\ninsecure = true\naddress = "${address}"`);
    expect(insecure('127.0.0.1:1')).toEqual([]);
    expect(insecure('[::1]:1')).toEqual([]);
    expect(insecure('127.example.org:1')).toEqual(['MSC-1101 listen.insecure']);
    expect(insecure('0.0.0.0:1')).toEqual(['MSC-1101 listen.insecure']);
  });

  it('never repeats a value, which may be a key pasted into the wrong place', () => {
    const secret = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
    const toml = `${least}[listen]\naddress = "${secret}"\n[links]\nkeep_alive = "${secret}"\n`;
    expect(JSON.stringify(parseConfig(toml, '/f'))).not.toContain(secret);
    expect(JSON.stringify(parseConfig(`a = "${secret}"x`, '/f'))).not.toContain(secret);
  });
});

describe('loading a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'msc-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (toml: string): string => {
    const file = join(folder, 'msc.toml');
    writeFileSync(file, toml);
    return file;
  };

  it('fails with a code that tells a missing file, bad TOML, unknown keys and bad values apart', async () => {
    await expect(loadConfig(join(folder, 'none'))).rejects.toMatchObject({ code: 'MSC-1005' });
    await expect(loadConfig(write('[switch'))).rejects.toMatchObject({ code: 'MSC-1103' });
    const unknown = write(`${least}${tls}[log]\nlevle = "info"`);
    await expect(loadConfig(unknown)).rejects.toMatchObject({ code: 'MSC-1104', exit: 78 });
    await expect(loadConfig(write(least))).rejects.toMatchObject({ code: 'MSC-1101', exit: 78 });
  });

  it('names the file, line and column of each problem', async () => {
    const file = write(`${least}${tls}[log]\nlevle = "info"`);
    await expect(loadConfig(file)).rejects.toThrow(
      `${file}:12:1 log.levle: unknown key; did you mean level? (MSC-1104)`,
    );
  });

  it('lists every effective setting with where it came from', async () => {
    const settings = await effectiveSettings(write(`${least}${tls}[links]\nwindow = 8`));
    expect(settings).toContainEqual({ key: 'links.window', value: 8, origin: 'file' });
    expect(settings).toContainEqual({ key: 'links.keep_alive', value: '30s', origin: 'default' });
  });

  it('takes the example as it is', async () => {
    const config = await loadConfig('config/msc.example.toml');
    expect(config.upstreams.map(({ name }) => name)).toEqual(['STATE']);
  });
});
