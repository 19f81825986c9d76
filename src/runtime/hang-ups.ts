// SIGHUP asks for a reload. From the first moment of the process it does not end it any more; one that comes
// before anybody listens is kept. Several that come while one is served are one more.

export class HangUps {
  #listener: (() => Promise<void>) | undefined;
  #asked = false;
  #serving = false;
  readonly #on = (): void => {
    this.#asked = true;
    void this.#serve();
  };

  constructor() {
    process.on('SIGHUP', this.#on);
  }

  /** @param listener Serves one; it never fails. */
  listen(listener: () => Promise<void>): void {
    this.#listener = listener;
    void this.#serve();
  }

  close(): void {
    process.off('SIGHUP', this.#on);
  }

  async #serve(): Promise<void> {
    const listener = this.#listener;
    if (this.#serving || listener === undefined) return;
    this.#serving = true;
    while (this.#asked) {
      this.#asked = false;
      await listener();
    }
    this.#serving = false;
  }
}
