// What a person needs at three in the morning, by topic, each on one screen. Data: a test parses every example.

export interface CheatTopic {
  readonly name: string;
  readonly text: string;
  readonly lines: readonly CheatLine[];
}

export interface CheatLine {
  /** As typed, without `msc`. */
  readonly example: string;
  readonly text: string;
}

export const cheatTopics: readonly CheatTopic[] = [
  {
    name: 'night',
    text: 'the first look, in this order',
    lines: [
      { example: 'status', text: 'is it up, who is there, what waits' },
      { example: 'doctor', text: 'what is wrong, and what to do' },
      { example: 'error MSC-3106', text: 'what a code means' },
      { example: 'journal search --event alarm --last 8h', text: 'what alarmed tonight' },
      { example: 'journal search --outcome refused --last 1h', text: 'what was refused' },
      { example: 'journal search LIC:1ZZZ999 --last 2d', text: 'one plate' },
      {
        example: 'route test --from QZ01 --mke QV --field LIC=1ZZZ999',
        text: 'would it get through?',
      },
      { example: 'trace start --upstream STATE --reason "no answers"', text: 'watch a link' },
      { example: 'support bundle', text: 'one file for whoever helps' },
    ],
  },
  {
    name: 'messages',
    text: 'find a message, and what became of it',
    lines: [
      { example: 'journal who-ran LIC:1ZZZ999', text: 'who asked, how often' },
      { example: 'journal who-saw 4711', text: 'who saw it, on the way and since' },
      { example: 'journal delivered 4711', text: 'did it arrive?' },
      { example: 'journal changes people.jdoe', text: 'who changed this?' },
      { example: 'journal search --user jdoe --on yesterday', text: 'what one person did' },
      { example: 'journal search --outcome refused:H05 --count', text: 'how many of one refusal' },
      { example: 'journal thread 4711 --reason audit', text: 'from question to delivery' },
      { example: 'journal show 4711 --reason audit', text: 'one entry, with its text' },
      { example: 'journal verify', text: 'is anything missing or changed?' },
    ],
  },
  {
    name: 'links',
    text: 'who is connected, and why a message does not get through',
    lines: [
      { example: 'status --json', text: 'every station, since when, from where' },
      { example: 'journal search --event link-down --last 1h', text: 'who left, and why' },
      { example: 'journal search --event sign-on-failed --last 1h', text: 'who could not sign on' },
      { example: 'route show', text: 'where each key goes' },
      {
        example: 'route test --from QZ01 --mke QV --user jdoe --field LIC=1ZZZ999',
        text: 'who would hear it',
      },
      { example: 'trace start --terminal QZ01 --for 10m --reason "dark"', text: 'watch it' },
      { example: 'trace show 1', text: 'what was seen' },
    ],
  },
  {
    name: 'config',
    text: 'change the configuration, and take it back',
    lines: [
      { example: 'config check /etc/msc/msc.toml', text: 'is the file right?' },
      { example: 'config diff', text: 'what would change' },
      { example: 'config explain links.window', text: 'what a setting means' },
      { example: 'config reload --reason "new list"', text: 'take it' },
      { example: 'config history', text: 'who changed what, when' },
      { example: 'config rollback 3 --dry-run', text: 'what going back would change' },
      { example: 'config rollback 3 --reason "it was wrong"', text: 'go back' },
    ],
  },
  {
    name: 'certs',
    text: 'certificates and lists of revoked ones',
    lines: [
      { example: 'cert check', text: 'until when they hold' },
      { example: 'cert issue PD-DISP-01 --ca /root/ca --usage station', text: 'a new one' },
      {
        example: 'cert revoke PD-DISP-01.pem --ca /root/ca --list revoked.pem',
        text: 'shut one out',
      },
      { example: 'config reload --reason "revoked PD-DISP-01"', text: 'take the list' },
    ],
  },
  {
    name: 'monitoring',
    text: 'for a monitoring system or a container',
    lines: [
      { example: 'health ready --wait 30s', text: 'wait until it takes messages' },
      { example: 'check daemon -o nagios', text: 'a plugin: exit 0 to 3' },
      { example: 'check certs --warn 30d --crit 7d -o nagios', text: 'days left' },
      { example: 'check queues -o prometheus', text: 'for a text file collector' },
      { example: 'doctor --json', text: 'all findings' },
    ],
  },
];
