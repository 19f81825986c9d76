// The classes of messages by the names of the link protocol (link M6): the labels of metrics.

/** By number; 0 where none is known, as for what was refused before its key was read. */
export const classNames = [
  'unknown',
  'status',
  'urgent',
  'inquiry',
  'update',
  'routine',
  'bulletin',
  'background',
] as const;

export type ClassName = (typeof classNames)[number];

export function classNameOf(messageClass: number | undefined): ClassName {
  return classNames[messageClass ?? 0] ?? 'unknown';
}
