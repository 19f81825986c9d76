// Faults of purging the journal: part of the one list of `errors.ts`, which checks their form.

export const purgeFaults = {
  'MSC-1721': {
    sentence: 'nothing is purged: what would go must be kept',
    exit: 1,
    next: 'msc journal segments; what keeps it stands behind the sentence',
  },
  'MSC-1722': {
    sentence: 'nothing is purged: by how much the clock went forward does not count',
    exit: 1,
    next: 'msc journal search --event clock --event start, and set the clock right',
  },
  'MSC-1723': {
    sentence: 'nothing is purged: what would go is not what was shown',
    exit: 75,
    next: 'msc journal purge --before DATE, once more',
  },
  'MSC-1724': {
    sentence: 'this entry was purged',
    exit: 1,
    next: 'msc journal search --event purge --since 1970-01-01',
  },
  'MSC-1725': {
    sentence: 'the purge is journalled, and not all of it has gone',
    exit: 74,
    next: 'check the disk; the switch tries again by itself, and at its next start',
  },
} as const;
