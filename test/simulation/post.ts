// One station of the county, as a vendor would build it on src/net/station, with a person before it who
// signs on, asks, reads, refuses, walks away and pulls the plug. What it says and hears the witness sees.

import { type Frame, noFrames } from '#protocol/frame';
import { Framer } from '#protocol/framer';
import { type Mnemonic, parseMnemonic } from '#protocol/ids';
import { asciiBytes } from '#protocol/octets';
import type { StationInput } from '#src/net/station/input';
import type { StationOutput } from '#src/net/station/output';
import { createStation, type StationState } from '#src/net/station/state';
import { stepStation } from '#src/net/station/step';
import type { Chance } from './chance.ts';
import { addressed, people, type Place, textOf } from './county.ts';
import type { Timeline } from './timeline.ts';
import type { End, Wire } from './wire.ts';
import type { Witness } from './witness.ts';

export interface PostParts {
  readonly place: Place;
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly witness: Witness;
  /** A wire to the switch, or undefined where nobody answers. */
  readonly call: (post: Post) => Wire | undefined;
}

type Shown = Extract<StationOutput, { kind: 'message' }>;
const kinds = [
  'inquiry',
  'inquiry',
  'inquiry',
  'text',
  'text',
  'urgent',
  'routine',
  'bad',
] as const;

export class Post implements End {
  readonly place: Place;
  state: StationState;
  wire: Wire | undefined;
  readonly #parts: PostParts;
  #framer = new Framer({ from: 'switch', allowed: noFrames, bodyBytesMax: 0 });
  /** Of the machine before which the person sits; another one does not hear of what this one asked for. */
  #life = 0;
  #wakes = 0;
  #pool = 0;
  /** Calm: nothing new is asked, and everything is read at once. */
  calm = false;
  /** A quiet hour: nothing is asked before this time. */
  restsUntilMs = 0;

  constructor(parts: PostParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.state = this.#newState();
    this.#after(parts.chance.between(0, 2000), () => this.#dial());
    this.#actLater();
  }

  get user(): string | undefined {
    const { seat } = this.state;
    return seat.phase === 'taken' ? seat.user : undefined;
  }

  data(octets: Uint8Array): void {
    this.#framer.push(octets);
    let frames = 0;
    for (let next = this.#framer.next(); next !== undefined; next = this.#framer.next()) {
      frames += 1;
      if (next.ok) this.#hear(next.value);
      else this.#put({ kind: 'garbled', code: next.error.code, reason: next.error.reason });
    }
    if (frames === 0) this.#put({ kind: 'heard' });
  }

  closed(): void {
    this.wire = undefined;
    this.#put({ kind: 'lost' });
    // It has kept its messages and not the name of its session: they go again in a new one (link M7).
    if (this.#parts.chance.oneIn(12)) this.state.session = undefined;
  }

  /** The plug is pulled: all that it knew is gone. */
  restart(): void {
    this.#life += 1;
    this.state = this.#newState();
    const { wire } = this;
    this.wire = undefined;
    wire?.attach('far', { data: () => undefined, closed: () => undefined });
    wire?.destroy('far');
    this.#after(this.#parts.chance.between(100, 3000), () => this.#dial());
  }

  signOff(): void {
    if (this.state.seat.phase === 'taken') this.#put({ kind: 'sign-off' });
  }

  /** The person of this place signs on, with whatever pool has something to lend. */
  signOn(user: string, password = `secret of credential of ${user}`): void {
    const { pools } = this.place;
    const pool = pools[(this.#pool += 1) % Math.max(1, pools.length)];
    const signOn = { user, password, ...(pool === undefined ? {} : { pool }) };
    this.#put({ kind: 'sign-on', signOn });
  }

  #newState(): StationState {
    const { station, role } = this.#parts.place;
    return createStation({ station, role, software: 'simulation', waitingMax: 12 });
  }

  #after(ms: number, act: () => void): void {
    const life = this.#life;
    this.#parts.timeline.after(ms, () => {
      if (life === this.#life) act();
    });
  }

  #dial(): void {
    const wire = this.#parts.call(this);
    if (wire === undefined) return this.#put({ kind: 'lost' });
    this.#framer = new Framer({ from: 'switch', allowed: noFrames, bodyBytesMax: 0 });
    this.wire = wire;
    wire.attach('far', this);
    this.#put({ kind: 'connected' });
  }

  #hear(frame: Frame): void {
    this.#put({ kind: 'frame', frame });
  }

  #put(input: StationInput): void {
    const { timeline, chance } = this.#parts;
    const time = { atMs: timeline.nowMs, fraction: chance.next() };
    for (const output of stepStation(this.state, input, time)) this.#act(output);
  }

  #act(output: StationOutput): void {
    this.#parts.witness.says(this, output);
    switch (output.kind) {
      case 'send':
        return this.wire?.send('far', output.frame);
      case 'expect': {
        const { frames: allowed, bodyBytesMax } = output;
        this.#framer.rules = { from: 'switch', allowed, bodyBytesMax };
        return;
      }
      case 'closed': {
        const { wire } = this;
        if (output.by === 'switch') return wire?.end('far');
        return this.#after(2000, () => wire?.destroy('far'));
      }
      case 'cut':
        return this.wire?.destroy('far');
      case 'dial':
        return this.#after(Math.round(output.afterMs), () => this.#dial());
      case 'wake':
        return this.#wake(output.atMs);
      case 'message':
        return this.#read(output);
      case 'sign-on-refused':
      case 'welcomed':
      case 'accepted':
      case 'refused':
      case 'dropped':
      case 'declined':
      case 'signed-on':
      case 'sign-on-lost':
      case 'signed-off':
      case 'busy':
      case 'status':
        return;
    }
  }

  #wake(atMs: number): void {
    const wake = (this.#wakes += 1);
    this.#after(Math.max(0, Math.ceil(atMs) - this.#parts.timeline.nowMs), () => {
      if (wake === this.#wakes) this.#put({ kind: 'tick' });
    });
  }

  /** The person sees it at once or later, or will not have it; a printer may be out of paper. */
  #read({ ticket }: Shown): void {
    const { chance } = this.#parts;
    const lateMs = this.calm || !chance.oneIn(3) ? 1 : chance.between(10, 3000);
    const code = chance.oneIn(3) ? 'R01' : 'R02';
    const refuses = !this.calm && chance.oneIn(25);
    this.#after(chance.oneIn(100) && !this.calm ? 40_000 : lateMs, () =>
      this.#put(refuses ? { kind: 'refuse', ticket, code } : { kind: 'handled', ticket }),
    );
  }

  #actLater(): void {
    // Not by `after`: the person outlives the machine.
    this.#parts.timeline.after(this.#parts.chance.between(50, 2500), () => {
      if (this.calm) this.#settleDown();
      else if (this.#parts.timeline.nowMs >= this.restsUntilMs) this.#actOnce();
      this.#actLater();
    });
  }

  /** Nothing new: everybody goes back to their own place. */
  #settleDown(): void {
    const { home } = this.place;
    if (home === undefined || this.state.line.phase !== 'open') return;
    if (this.state.seat.phase === 'vacant') this.signOn(home);
    else if (this.user !== undefined && this.user !== home) this.signOff();
  }

  #actOnce(): void {
    const { chance } = this.#parts;
    if (chance.oneIn(150)) return this.restart();
    if (this.place.role === 'printer') return;
    if (this.place.role === 'host') return this.#send();
    const { phase } = this.state.seat;
    if (phase === 'vacant') this.#signOnSomebody();
    else if (phase === 'taken' && chance.oneIn(20)) this.signOff();
    else if (phase === 'taken') this.#send();
  }

  #signOnSomebody(): void {
    const { chance, place } = this.#parts;
    if (this.state.line.phase !== 'open') return;
    const home = place.home ?? 'jdoe';
    const user = chance.oneIn(4) ? chance.of(people) : home;
    this.signOn(user, chance.oneIn(15) ? 'wrong' : undefined);
  }

  #send(): void {
    const { chance, witness, place } = this.#parts;
    const mnemonic = this.#mnemonic();
    if (mnemonic === undefined) return;
    for (let left = chance.between(1, 3); left > 0; left--) {
      const id = witness.newMessage(this);
      const text = textOf(chance.of(kinds), { to: this.#address(), ori: place.ori ?? 'CA0990100' });
      const who = place.oif === undefined ? '' : `*${place.oif}.#${place.taf ?? ''}.`;
      const body = asciiBytes(`${referenceOf(id)}.${who}${text}`);
      this.#put({ kind: 'message', message: { id, mnemonic, body } });
    }
  }

  #address(): string {
    const { chance } = this.#parts;
    const one = chance.of(addressed);
    return chance.oneIn(3) ? `${one},${chance.of(addressed)}` : one;
  }

  #mnemonic(): Mnemonic | undefined {
    const { seat } = this.state;
    if (seat.phase === 'taken') return parseMnemonic(seat.mnemonic);
    return this.place.role === 'host'
      ? parseMnemonic(this.#parts.chance.of(['QC01', 'QC02']))
      : undefined;
  }
}

/** Unique in the whole simulation: an answer shows whose it is by the reference it carries. */
export function referenceOf(id: number): string {
  return `M${String(id).padStart(6, '0')}`;
}
