// The little of binary-parser that frame.ts uses. The package names no types for ESM, and its own
// would bring in all of Node's, which a pure room may not have.

declare module 'binary-parser' {
  export class Parser {
    uint8(name: string): this;
    uint16be(name: string): this;
    uint32be(name: string): this;
    nest(name: string, options: { readonly type: Parser }): this;
    parse(octets: Uint8Array): unknown;
  }
}
