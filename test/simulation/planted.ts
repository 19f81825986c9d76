// Shows that each planted fault is found: `node test/simulation/planted.ts`, a row for each.

import { faults } from './faults.ts';
import { plant } from './plant.ts';

const nameWidth = 50;
let missed = 0;
console.log(`${'fault'.padEnd(nameWidth)} seed  step  found by`);
for (const fault of faults) {
  const caught = plant(fault);
  if (caught === undefined) missed += 1;
  const { seed = '-', step = '-', what = 'nothing' } = caught ?? {};
  const [line = ''] = what.split('\n');
  console.log(
    `${fault.name.padEnd(nameWidth)} ${String(seed).padStart(4)} ${String(step).padStart(5)}  ${line}`,
  );
}
process.exitCode = missed === 0 ? 0 : 1;
