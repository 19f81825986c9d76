// Every code a peer can be told, with a plain sentence and what it means for the night operator.
// Data only: who is refused and when is decided elsewhere (link 9).

/** A code of CLOSE. @source link 9 */
export type CloseCode =
  `C0${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}` | `C1${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** A code of REFUSED: header, text, destination, sign-on, or a station's own. @source link 9 */
export type RejectCode =
  | `H0${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `H1${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `H2${0 | 1 | 2}`
  | `X0${2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `B0${1 | 2 | 3 | 4}`
  | SignOnRejectCode
  | StationRejectCode;

export type SignOnRejectCode = `U0${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`;
export type StationRejectCode = `R0${1 | 2 | 3}`;

/** A code of an SM or ER message, with its kind. @source link X3 */
export type ServiceCode = 'SM 02' | 'SM 60' | 'SM 61' | 'ER 01' | 'ER 04' | 'ER 62';

export interface RejectMeaning {
  readonly text: string;
  /** Also told as a security event. @source clets 2.2, link M1 */
  readonly securityEvent: boolean;
  /** What to do about it, where that is not plain from the text. */
  readonly hint?: string;
}

export const closes: Readonly<Record<CloseCode, string>> = {
  C01: 'malformed frame or control body',
  C02: 'station not known, disabled, wrong certificate or role',
  C03: 'frame too long',
  C04: 'frame not allowed now or for this role',
  C05: 'hello, or a frame, not complete in time',
  C06: 'protocol version not spoken',
  C07: 'switch is draining',
  C08: 'too many connections',
  C09: 'replaced by a newer connection of the same station',
  C10: 'numbers that do not fit',
  C11: 'window ignored',
  C12: 'station or agency suspended',
  C13: 'internal fault; the switch restarts',
  C14: 'idle',
  C15: 'no acknowledgement in time',
  C16: 'configuration changed: come back',
  C17: 'too many refusals',
  C18: 'the station leaves in order',
};

/** @source link 9 */
export const signOnRejects: Readonly<Record<SignOnRejectCode, RejectMeaning>> = {
  U01: plain('user or password wrong', 'also said of an unknown and of a locked user'),
  U02: plain('password must be changed', 'send newPassword with the sign-on'),
  U03: plain('new password breaks the rules'),
  U04: plain('one-time code required or wrong'),
  U05: plain('account not usable'),
  U06: plain('mnemonic or pool not available to this station or user'),
  U07: plain('pool exhausted'),
  U08: plain('user signed on elsewhere and policy forbids two'),
  U09: plain('nobody is signed on'),
};

/** What a station says of a message it was sent. @source link 9 */
export const stationRejects: Readonly<Record<StationRejectCode, RejectMeaning>> = {
  R01: plain('nobody here to show it to', 'the switch takes it back to its queue'),
  R02: plain('cannot show, print or store it', 'operator intercept and alarm; not sent again'),
  R03: plain('mnemonic not mine', 'operator intercept and alarm; not sent again'),
};

export const rejects: Readonly<Record<RejectCode, RejectMeaning>> = {
  H01: plain('message empty, or first character is a period'),
  H02: plain('supplemental header shorter than 4 characters'),
  H03: plain('supplemental header longer than 10 characters, or not ended by a period'),
  H04: plain('supplemental header has a character other than A-Z and 0-9'),
  H05: plain('operator field missing', 'a host sends *OIF. after the supplemental header'),
  H06: plain('operator field shorter than 6 characters'),
  H07: plain('operator field longer than 6 characters, or not ended by a period'),
  H08: plain('operator field has a character other than A-Z and 0-9'),
  H09: plain('second operator field'),
  H10: plain('terminal field shorter than 6 characters'),
  H11: plain('terminal field longer than 18 characters, or not ended by a period'),
  H12: plain('terminal field has a character other than A-Z and 0-9'),
  H13: plain('second terminal field'),
  H14: plain('terminal field stands before the operator field'),
  H15: plain('two periods in a row in the header'),
  H16: plain('terminal field missing where the mnemonic requires one'),
  H17: security('operator field is not that of the user signed on'),
  H18: security('terminal field is not that of the registered device'),
  H19: security('operator unknown, disabled, expired, or of another agency'),
  H20: plain('nothing after the header'),
  H21: plain('control character inside the header'),
  H22: plain('mnemonic or user not authorised for this message key'),
  X02: plain('character not allowed in text', 'allowed are 20 to 7E, CR, LF and TAB'),
  X03: plain('message key unknown'),
  X04: plain('originating agency identifier malformed'),
  X05: plain('originating agency identifier not one this agency may use'),
  X06: plain('purpose, requester or case missing'),
  X07: plain('purpose not allowed for this agency'),
  X08: plain(
    'a field breaks its edit',
    'the answer names field and place; at the end of the text a field is missing; docs/message-formats.md has the edits',
  ),
  X09: plain('too long for the next link with the header the switch adds'),
  B01: plain('destination unknown'),
  B02: plain('destination never takes this message key'),
  B03: plain('more than 20 destinations'),
  B04: security("mnemonic is not this station's own, or not lent to it now"),
  ...signOnRejects,
  ...stationRejects,
};

/** What the switch itself says to a station. @source link X3 */
export const serviceCodes: Readonly<Record<ServiceCode, string>> = {
  'SM 02': 'held, will be forwarded',
  'SM 60': 'no answer in time',
  'SM 61': 'late answer follows',
  'ER 01': 'destination never takes this key',
  'ER 04': 'will not be forwarded, send again',
  'ER 62': 'expired undelivered',
};

function plain(text: string, hint?: string): RejectMeaning {
  return { text, securityEvent: false, ...(hint === undefined ? {} : { hint }) };
}

function security(text: string): RejectMeaning {
  return { text, securityEvent: true };
}
