// The settings of how the journal is cut and searched. Part of the one schema.

import { keptDaysLeast } from '#journal/purge';
import { duration, fixed, section, size, text, whole } from '#src/toml/nodes';

/** `22:00-06:00`: from and to, by the clock on the wall. */
export const shiftPattern = '^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$';

export const journalSection = section('How the journal is cut into segments, searched and kept.', {
  segment_entries: fixed(
    whole({
      why: 'Entries of a segment. Another one is begun after so many, and with the first entry of each day (UTC).',
      default: 1_000_000,
      lowest: 1_000,
      highest: 10_000_000,
    }),
  ),
  segment_size: fixed(
    size({
      why: 'Octets of a segment, after which another one is begun.',
      default: '1GiB',
      lowest: '1MiB',
      highest: '16GiB',
    }),
  ),
  search_budget: duration({
    why: 'A search that would read entries for longer than this becomes a job by itself.',
    default: '2s',
    lowest: '100ms',
    highest: '10m',
  }),
  kept_days: whole({
    why: 'Days that everything is kept from its last delivery or recorded release on. Only then may it be purged, by msc journal purge.',
    default: keptDaysLeast,
    lowest: keptDaysLeast,
    highest: 36_500,
  }),
  timezone: text({
    why: 'Where the shifts are. Without it, the zone of the machine.',
    form: 'a time zone by its name, such as "America/Los_Angeles"',
    pattern: '^[A-Za-z0-9_+/-]{1,64}$',
  }),
  shifts: {
    type: 'object',
    description: 'Shifts by their names: `shifts.night = "22:00-06:00"` is `--on shift:night`.',
    'x-form': 'a table of shifts',
    default: {},
    propertyNames: {
      pattern: '^[A-Za-z][A-Za-z0-9-]{0,31}$',
      'x-form': 'named by 1 to 32 of letters, digits and hyphen, beginning with a letter',
    },
    additionalProperties: text({
      why: 'From and to, by the clock on the wall; one that ends at or before its beginning ends on the next day.',
      form: 'from and to, such as "22:00-06:00"',
      pattern: shiftPattern,
    }),
  },
});
