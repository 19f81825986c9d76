// The whole screen of a terminal, and its keys: a second page that vanishes with us. A frame is one write, over
// the one before it and never after a wipe, so that nothing flickers. It promises to give the terminal
// back whatever ends the process.

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
/** A terminal that knows it shows the frame at once; others ignore it. */
const begin = '\u001b[?2026h\u001b[H';
const end = '\u001b[J\u001b[?2026l';
const endOfLine = '\u001b[K';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const signals = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;

export class Screen {
  #last = '';
  #isOpen = true;
  readonly #giveBack = (): void => this.close();
  readonly #onSignal = (signal: keyof typeof signals): void => {
    this.close();
    process.exit(signals[signal]);
  };
  #resized: () => void = () => undefined;
  #typed: (chunk: string) => void = () => undefined;

  constructor() {
    process.on('exit', this.#giveBack);
    for (const signal of Object.keys(signals)) process.on(signal, this.#onSignal);
    process.stdout.write(enter);
    process.stdin.setRawMode(true).setEncoding('utf8').resume();
    process.stdin.on('data', this.#onData);
    process.stdout.on('resize', this.#onResize);
  }

  get size(): Size {
    const { columns, rows } = process.stdout;
    return { columns: Math.max(columns, 40), rows: Math.max(rows, 10) };
  }

  onInput(typed: (chunk: string) => void): void {
    this.#typed = typed;
  }

  onResize(resized: () => void): void {
    this.#resized = resized;
  }

  /** As many lines as the screen has, none longer than it; nothing is written where nothing changed. */
  draw(lines: readonly string[]): void {
    const frame = lines.map((line) => line + endOfLine).join('\r\n');
    if (!this.#isOpen || frame === this.#last) return;
    this.#last = frame;
    process.stdout.write(begin + frame + end);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#giveBack);
    for (const signal of Object.keys(signals)) process.off(signal, this.#onSignal);
    process.stdin.off('data', this.#onData);
    process.stdout.off('resize', this.#onResize);
    process.stdin.setRawMode(false).pause();
    process.stdout.write(leave);
  }

  readonly #onData = (chunk: Buffer | string): void => this.#typed(chunk.toString());

  readonly #onResize = (): void => {
    // What stands there is of another size.
    this.#last = '';
    this.#resized();
  };
}
