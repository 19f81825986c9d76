// Identifiers from outside, branded: a bare string is no Ori. Each has one constructor, which
// returns undefined for anything its grammar does not allow and never repairs (link E3).

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A station's short address, `[A-Z0-9]{4}`. @source clets 3.1(1), link F1 */
export type Mnemonic = Branded<'Mnemonic'>;
/** Originating agency identifier, two letters and seven of `[A-Z0-9]`. @source ncic 1.3 */
export type Ori = Branded<'Ori'>;
/** Message key, 1 to 5 of `[A-Z0-9$-]` beginning with a letter or `$`; notices are `$.x`. @source link X1 */
export type Mke = Branded<'Mke'>;
/** Operator identification field without its asterisk and period, six of `[A-Z0-9]`. @source clets 2(2) */
export type Oif = Branded<'Oif'>;
/** Terminal address field without its number sign and period, 6 to 18 of `[A-Z0-9]`. @source clets 2(3) */
export type Taf = Branded<'Taf'>;
/** Supplemental header, 4 to 10 of `[A-Z0-9]`: the sender's reference. @source clets 2(1) */
export type Suphdr = Branded<'Suphdr'>;
/** Name of a station as in its certificate, 1 to 128 printable octets. @source link T2, F5 */
export type StationName = Branded<'StationName'>;
/** Sign-on name, lower case letters, digits, `.`, `-`, `_`, 1 to 32. @source [P] */
export type UserName = Branded<'UserName'>;
/** Session of a link, 22 to 64 of `[A-Za-z0-9_-]`. @source link S4 */
export type SessionId = Branded<'SessionId'>;

export const parseMnemonic = (text: string): Mnemonic | undefined =>
  /^[A-Z0-9]{4}$/.test(text) ? (text as Mnemonic) : undefined;

export const parseOri = (text: string): Ori | undefined =>
  /^[A-Z]{2}[A-Z0-9]{7}$/.test(text) ? (text as Ori) : undefined;

export const parseMke = (text: string): Mke | undefined =>
  /^(?:[A-Z][A-Z0-9$-]{0,4}|\$\.[A-Z0-9]|\$[A-Z0-9$-]{0,4})$/.test(text)
    ? (text as Mke)
    : undefined;

export const parseOif = (text: string): Oif | undefined =>
  /^[A-Z0-9]{6}$/.test(text) ? (text as Oif) : undefined;

export const parseTaf = (text: string): Taf | undefined =>
  /^[A-Z0-9]{6,18}$/.test(text) ? (text as Taf) : undefined;

export const parseSuphdr = (text: string): Suphdr | undefined =>
  /^[A-Z0-9]{4,10}$/.test(text) ? (text as Suphdr) : undefined;

export const parseStationName = (text: string): StationName | undefined =>
  /^[\x21-\x7e]{1,128}$/.test(text) ? (text as StationName) : undefined;

export const parseUserName = (text: string): UserName | undefined =>
  /^[a-z0-9][a-z0-9._-]{0,31}$/.test(text) ? (text as UserName) : undefined;

export const parseSessionId = (text: string): SessionId | undefined =>
  /^[A-Za-z0-9_-]{22,64}$/.test(text) ? (text as SessionId) : undefined;
