// Commands about certificates.

import type { CommandSpec } from '../command.ts';

export const certCommands: readonly CommandSpec[] = [
  {
    name: 'cert init-ca',
    argument: '<folder>',
    text: 'make an authority that signs stations and the switch',
    flags: [
      { flags: '--name <name>', text: 'its name; "msc station authority" unless told' },
      { flags: '--years <count>', text: 'how long it is valid; 10 unless told' },
    ],
    examples: ['cert init-ca /etc/msc/ca'],
    load: async () => (await import('../cert.ts')).initAuthority,
  },
  {
    name: 'cert issue',
    argument: '<name>',
    text: 'make a key and a certificate, and enrol the station it is for',
    more: 'NAME.pem and NAME.key are written; nothing is overwritten. A name is of A-Z, a-z, 0-9, ., _ and -.',
    flags: [
      { flags: '--ca <folder>', text: 'the folder of the authority' },
      { flags: '--usage <usage>', text: 'station or switch' },
      { flags: '--out <folder>', text: 'where; the current folder unless told' },
      { flags: '--days <count>', text: 'how long it is valid; 90 unless told' },
      { flags: '--dns <name...>', text: 'a further name of a switch' },
      { flags: '--ip <address...>', text: 'an address of a switch' },
    ],
    examples: [
      'cert issue PD-DISP-01 --ca /etc/msc/ca --usage station --out /etc/msc/tls',
      'cert issue switch --ca /etc/msc/ca --usage switch --dns msc.example --ip 10.20.0.5',
    ],
    load: async () => (await import('../cert.ts')).issueCert,
  },
  {
    name: 'cert revoke',
    argument: '[certificates...]',
    text: 'write the list of revoked certificates anew, with these added',
    more: 'The list holds seven days: write it anew each day, also when nothing was revoked.',
    flags: [
      { flags: '--ca <folder>', text: 'the folder of the authority' },
      { flags: '--list <file>', text: 'the list; made where it is not there' },
      { flags: '--days <count>', text: 'how long it holds, 1 to 7; 7 unless told' },
    ],
    examples: [
      'cert revoke PD-DISP-01.pem --ca /root/ca --list /etc/msc/tls/revoked.pem',
      'cert revoke --ca /root/ca --list /etc/msc/tls/revoked.pem --days 3',
    ],
    load: async () => (await import('../cert-revoke.ts')).revokeCerts,
  },
  {
    name: 'cert check',
    argument: '[files...]',
    text: 'say until when certificates are valid',
    more: 'Without files: those of the configuration, with its lists of revoked certificates. Exit 1 when a certificate ends within 30 days, or a list within 72 hours.',
    flags: [],
    rows: true,
    examples: ['cert check', 'cert check tls/switch.pem tls/ca.pem'],
    load: async () => (await import('../cert-check.ts')).checkCerts,
  },
];
