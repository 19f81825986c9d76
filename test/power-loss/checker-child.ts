// A process that checks some images of a recording: node checker-child.ts HOME FOLDER FIRST STEP END.
// It takes the seeds FIRST, FIRST + STEP, ... below END, and says what it found as one line of JSON.

import { checkImages } from './checker.ts';
import { readRecording } from './recording.ts';

const [home = '', folder = '', ...numbers] = process.argv.slice(2);
const [first = 0, step = 1, end = 0] = numbers.map(Number);
const seeds = Array.from({ length: Math.ceil((end - first) / step) }, (_, i) => first + i * step);
const findings = await checkImages(readRecording(home), { seeds, folder });
process.stdout.write(`${JSON.stringify(findings)}\n`);
