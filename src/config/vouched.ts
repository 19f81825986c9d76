// Values that the schema has vouched for.

import { MscFault } from '#src/errors';

/** @throws MscFault MSC-9001 where it has not: a bug of ours. */
export function must<T>(value: T | undefined): T {
  if (value === undefined)
    throw new MscFault('MSC-9001', { detail: 'the schema let a value pass' });
  return value;
}
