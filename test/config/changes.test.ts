// What a reload may take, and what needs a restart.

import { describe, expect, it } from 'vitest';
import { settingChanges } from '#src/config/changes';

const base = `[switch]
name = "MSC-099"
county = "EXAMPLE"
ori = "CA0990100"
[tls]
cert_file = "a.pem"
key_file = "a.key"
client_ca_file = "ca.pem"
`;
const upstream = `[upstreams.STATE]
address = "10.0.0.1:9000"
station = "COUNTY"
cert_file = "c.pem"
key_file = "c.key"
ca_file = "s.pem"
`;

describe('between two configurations', () => {
  it('nothing differs but what is said otherwise, whether by the file or by default', () => {
    expect(settingChanges(base, base)).toEqual([]);
    expect(settingChanges(base, `${base}[links]\nwindow = 32\n`)).toEqual([]);
    expect(settingChanges(base, `${base}[links]\nwindow = 8\n`)).toEqual([
      { key: 'links.window', before: 32, after: 8, restart: false },
    ]);
  });

  it('an upstream comes and goes with all its settings', () => {
    const came = settingChanges(base, base + upstream);
    expect(came.map(({ key }) => key)).toContain('upstreams.STATE.address');
    expect(came.every(({ restart, before }) => !restart && before === undefined)).toBe(true);
    const went = settingChanges(base + upstream, base);
    expect(went.every(({ after }) => after === undefined)).toBe(true);
    expect(went).toHaveLength(came.length);
  });

  it.each([
    ['[listen]\naddress = "127.0.0.1:1"', 'listen.address'],
    ['[listen]\ninsecure = true', 'listen.insecure'],
    ['[http]\naddress = "127.0.0.1:1"', 'http.address'],
    ['[control]\nsocket = "/x"', 'control.socket'],
    ['[data]\nfolder = "/x"', 'data.folder'],
  ])('%j needs a restart', (more, key) => {
    const changes = settingChanges(base, `${base}${more}\n`);
    expect(changes.map((change) => [change.key, change.restart])).toEqual([[key, true]]);
  });

  it('the name needs a restart, the county does not', () => {
    const changed = base.replace('MSC-099', 'MSC-098').replace('EXAMPLE', 'OTHER');
    expect(settingChanges(base, changed)).toMatchObject([
      { key: 'switch.name', restart: true },
      { key: 'switch.county', restart: false },
    ]);
  });
});
