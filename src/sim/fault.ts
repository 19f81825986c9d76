// What the world does to a simulator, with a code for programs, a sentence for people and the exit
// code of the command. It never carries message text, a password or a key.

/** Exit codes. @source operator-experience 3 */
const exits = {
  'SIM-ANSWER': 1,
  'SIM-USAGE': 64,
  'SIM-INPUT': 65,
  'SIM-FILE': 66,
  'SIM-UNREACHABLE': 69,
  'SIM-CREATE': 73,
  'SIM-AGAIN': 75,
  'SIM-PROTOCOL': 76,
  'SIM-NOT-ALLOWED': 77,
  'SIM-NOT-OURS': 77,
} as const;

export type SimFaultCode = keyof typeof exits;

export class SimFault extends Error {
  readonly code: SimFaultCode;

  constructor(code: SimFaultCode, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'SimFault';
    this.code = code;
  }

  get exit(): number {
    return exits[this.code];
  }
}

/** The fault that a CLOSE of the switch means to a person (link 9). */
export function faultOfClose(code: string, text: string): SimFault {
  const sentence = `the switch closed the line: ${code} ${text}`;
  if (['C02', 'C06', 'C12'].includes(code)) return new SimFault('SIM-NOT-ALLOWED', sentence);
  if (['C01', 'C03', 'C04', 'C10', 'C11'].includes(code))
    return new SimFault('SIM-PROTOCOL', sentence);
  return new SimFault('SIM-AGAIN', sentence);
}
