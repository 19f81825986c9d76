// How the criminal history files answer: purposes, layouts and sentences of config/sim/history/layouts.json.

import { DataTables } from '../data-tables.ts';

export type HistoryTables = ReturnType<typeof readHistoryTables>;

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readHistoryTables(path = 'config/sim/history/layouts.json') {
  const tables = new DataTables(path);
  const purposes = tables.rows('purposes', ['purpose', 'name', 'answered']);
  const answers = tables.rows('answers', ['key', 'answer']);
  return {
    /** Purposes for which an inquiry is answered. */
    answeredPurposes: new Set(
      purposes.filter(({ answered }) => answered === 'true').map(({ purpose }) => purpose),
    ),
    answerKeys: new Map(answers.map(({ key, answer }) => [key, answer])),
    /** States that answer an identity inquiry with the record. */
    fullAnswer: new Set(tables.words('fullAnswer')),
    answerByHandMs: Number(tables.word('answerByHandMs')),
    indexHead: tables.literal('indexHead'),
    indexCount: tables.literal('indexCount'),
    indexEntry: tables.lines('indexEntry'),
    indexFoot: tables.literal('indexFoot'),
    indexMore: tables.literal('indexMore'),
    recordHead: tables.lines('recordHead'),
    cycle: tables.lines('cycle'),
    charge: tables.lines('charge'),
    recordFoot: tables.literal('recordFoot'),
    none: tables.literal('none'),
    noneRecord: tables.literal('noneRecord'),
    freeAnswer: tables.literal('freeAnswer'),
    rejected: tables.literal('rejected'),
  };
}
