// What ships for Prometheus and Grafana is whole: rules that Prometheus takes, a test and a runbook for each.
// That every metric in them exists is seen on a running switch, in test/end-to-end/metrics.test.ts.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAlerts, readQueries, rulesFile, rulesTestFile } from '#support/monitoring';
import { hasPromtool, promtool, promtoolMissing } from '#support/promtool';

const alerts = readAlerts();
const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

describe.skipIf(!hasPromtool)(`Prometheus${promtoolMissing}`, () => {
  it('takes the rules', () => {
    const { code, said } = promtool(['check', 'rules', rulesFile]);
    expect([code, said]).toEqual([0, expect.stringContaining(`${alerts.length} rules found`)]);
  });

  it('fires each alert when it should, and not before', { timeout: 120_000 }, () => {
    const { code, said } = promtool(['test', 'rules', rulesTestFile]);
    expect([code, said]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('understands every query of the dashboard', () => {
    const folder = mkdtempSync(join(tmpdir(), 'msc-rules-'));
    const file = join(folder, 'queries.yml');
    const queries = readQueries();
    const rules = queries.map((expr, at) => ({ record: `query:${at}`, expr }));
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    const { code, said } = promtool(['check', 'rules', file]);
    rmSync(folder, { recursive: true });
    expect([code, said]).toEqual([0, expect.stringContaining(`${queries.length} rules found`)]);
  });
});

describe('an alert', () => {
  it('is there at all', () => {
    expect(alerts.length).toBeGreaterThan(15);
  });

  it.each(alerts)('$name says for how long, how bad, what, and what for', ({ name, text }) => {
    expect(text).toMatch(/^ {8}for: \d+[smh]$/m);
    expect(text).toMatch(/severity: (page|ticket|note) /);
    expect(text).toMatch(/^ {10}summary: .+\.['"]?$/m);
    expect(text).toMatch(/^ {10}impact: .+\.$/m);
    expect(text).toMatch(
      new RegExp(`^ {10}runbook: docs/operations\\.md#${name.toLowerCase()}$`, 'm'),
    );
  });

  it.each(alerts)('$name has its runbook: what it means, impact, first step', ({ name }) => {
    const section = operations.split(/^### /m).find((part) => part.startsWith(`${name}\n`));
    expect(section).toMatch(/^Means: /m);
    expect(section).toMatch(/^Impact: /m);
    expect(section).toMatch(/^First: /m);
  });

  it.each(alerts)('$name is in the tests of the rules', ({ name }) => {
    expect(readFileSync(rulesTestFile, 'utf8')).toMatch(
      new RegExp(`\\b${name}\\b.*\\n(.*\\n)*?.*exp_`),
    );
  });
});
