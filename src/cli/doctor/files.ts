// Checks of files and disks: they need no running switch.

import { counted } from '../output.ts';
import type { DoctorCheck } from './checks.ts';
import { daysUntil, fail, ifKnown, mustBeKnown, ok, skip, soonest, warn } from './judge.ts';

const warnDays = 30;
const failDays = 7;
const listWarnMs = 72 * 3_600_000;

export const fileChecks: readonly DoctorCheck[] = [
  {
    id: 'D001',
    name: 'configuration',
    text: 'the configuration file is there and right',
    judge: ({ config }) =>
      mustBeKnown(config, ({ upstreams }) =>
        ok(`${counted(upstreams.length, 'upstream')}, 0 unknown keys`),
      ),
  },
  {
    id: 'D002',
    name: 'named files',
    text: 'every certificate and key it names can be read, and they fit together',
    judge: ({ config, files }) =>
      'fault' in config
        ? skip('the configuration is wrong')
        : mustBeKnown(files, () => ok('all can be read and fit')),
  },
  {
    id: 'D003',
    name: 'key files',
    text: 'private keys are closed to other users',
    judge: ({ keys, config }) => {
      if ('fault' in config) return skip('the configuration is wrong');
      const open = keys.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path }) => path);
      if (open.length > 0)
        return warn(`others may read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`);
      return ok(`${counted(keys.length, 'key')}, closed to others`);
    },
  },
  {
    id: 'D004',
    name: 'certificates',
    text: 'no certificate of the configuration ends soon',
    judge: ({ certificates, nowMs }) =>
      ifKnown(certificates, (all) => {
        const first = soonest(all);
        if (first === undefined) return ok('none is needed');
        const days = daysUntil(first.endsMs, nowMs);
        const fix = `issue ${first.name} anew: msc cert issue --help; then msc config reload`;
        if (days < 0) return fail(`${first.name} has ended`, fix);
        const words = `${first.name} ends in ${days} d`;
        if (days < failDays) return fail(words, fix);
        return days < warnDays ? warn(words, fix) : ok(words);
      }),
  },
  {
    id: 'D005',
    name: 'revocation',
    text: 'there is a current list of revoked certificates',
    judge: ({ config, lists, nowMs }) => {
      if ('fault' in config) return skip('the configuration is wrong');
      if (config.value.tls === undefined) return skip('stations are listened to without TLS');
      const fix = 'msc cert revoke --help; put the list in place, then msc config reload';
      return mustBeKnown(lists, (all) => {
        if (all === undefined) return warn('tls.crl_file is not set: nobody can be revoked', fix);
        const first = soonest(all);
        if (first === undefined) return fail('there is no list', fix);
        const words = `list of ${first.name}: ${daysUntil(first.endsMs, nowMs)} d left`;
        if (first.endsMs <= nowMs) return fail(`the list of ${first.name} has ended`, fix);
        return first.endsMs - nowMs < listWarnMs ? warn(words, fix) : ok(words);
      });
    },
  },
  {
    id: 'D006',
    name: 'TLS',
    text: 'stations are listened to with TLS 1.3',
    judge: ({ config }) =>
      ifKnown(config, ({ listen, tls }) => {
        if (listen.insecure)
          return fail('listen.insecure is true', 'set tls, and listen.insecure = false');
        if (tls?.minimum === 'TLSv1.2')
          return warn('tls.minimum is 1.2', 'tls.minimum = "1.3" once no old station needs it');
        return ok('1.3');
      }),
  },
];

export const diskChecks: readonly DoctorCheck[] = [
  {
    id: 'D015',
    name: 'disk',
    text: 'the disk of the journal has room',
    judge: ({ room }) =>
      ifKnown(room, ({ freePercent, freeBytes }) => {
        const words = `${Math.floor(freePercent)} % free (${Math.round(freeBytes / 1e8) / 10} GB)`;
        const fix = 'make room on it, or move data.folder to a larger disk; remove no file of msc';
        if (freePercent < 5) return fail(words, fix);
        return freePercent < 10 ? warn(words, fix) : ok(words);
      }),
  },
  {
    id: 'D016',
    name: 'data folder',
    text: 'the folder of the journal is closed to other users',
    judge: ({ folder }) =>
      ifKnown(folder, ({ path, mode }) =>
        (mode & 0o007) === 0
          ? ok(`${path} is closed to others`)
          : warn(`others may look into ${path}`, `chmod o-rwx ${path}`),
      ),
  },
  {
    id: 'D017',
    name: 'journal',
    text: 'there is a journal in the data folder',
    judge: ({ journal, status, folder }) => {
      if ('value' in status) {
        const { entries, blocked } = status.value.journal;
        const fix = 'make room on the disk, look at why it is slow; the switch goes on by itself';
        if (blocked) return fail('the disk is full or does not answer (MSC-3106)', fix);
        return ok(counted(entries, 'entry', 'entries'));
      }
      return ifKnown(journal, (there) => {
        if (there === 'there') return ok('there; msc journal verify proves it');
        const where = 'value' in folder ? folder.value.path : 'the data folder';
        const fix = 'a new installation has none; else look at data.folder';
        return warn(`there is none in ${where}`, fix);
      });
    },
  },
  {
    id: 'D023',
    name: 'indexes',
    text: 'every sealed segment of the journal has its filter and its index',
    judge: ({ withoutIndex }) =>
      ifKnown(withoutIndex, (firsts) => {
        if (firsts.length === 0) return ok('all there; msc journal verify compares them');
        const words = `missing of the segments from entry ${firsts.join(', ')}: searches are slow`;
        return warn(words, 'msc db reindex --damaged');
      }),
  },
];
