import { openMemoryJournal } from '#journal/memory';
import { journalContract } from './contract.ts';

journalContract('in memory', (random) => Promise.resolve(openMemoryJournal({ random })));
