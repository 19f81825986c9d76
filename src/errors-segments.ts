// Faults of the journal's segments and their indexes: part of the one list of `errors.ts`, which checks their form.

export const segmentFaults = {
  'MSC-3110': {
    sentence: 'the index of a sealed segment is not that of its entries: a search may miss some',
    exit: 1,
    next: 'every entry holds; msc db reindex --damaged makes the index anew from them',
  },
  'MSC-3120': {
    sentence: 'the journal is being indexed anew already',
    exit: 75,
    next: 'msc journal segments shows where it is',
  },
  'MSC-3121': {
    sentence: 'no sealed segment has this entry',
    exit: 1,
    next: 'msc journal segments lists them; one that is still raw needs no reindex of its own',
  },
  'MSC-3122': {
    sentence: 'a sealed segment was left as it was: its entries do not hold',
    exit: 1,
    next: 'msc journal verify names the first entry; keep the files as they are and put the segment back from a backup',
  },
  'MSC-3123': {
    sentence: 'the indexes could not all be made anew; those that were not are as they were',
    exit: 74,
    next: 'make room, or look at why the disk fails; then msc db reindex once more',
  },
  'MSC-3124': {
    sentence: 'with the switch down only the user it runs as may do this',
    exit: 77,
    next: 'run it as the owner of the folder of the journal, or start the switch',
  },
  'MSC-3125': {
    sentence:
      'no snapshot reads, and the entries before it were purged: the switch does not know its state',
    exit: 74,
    next: 'put the files snapshot and snapshot.old back from a backup',
  },
} as const;
