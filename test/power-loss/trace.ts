// What strace wrote, as calls with their beginning and end. Pure: text in, calls out.
// Promises the order of the trace: a call whose end stands before the beginning of another was over
// before the other began. Fails on a call it does not know how to follow; it never skips one in silence.

export type Call =
  | {
      readonly kind: 'open';
      readonly path: string;
      readonly fd: number;
      readonly create: boolean;
      readonly truncate: boolean;
      readonly append: boolean;
    }
  | { readonly kind: 'close'; readonly fd: number }
  | { readonly kind: 'accept'; readonly fd: number }
  | {
      readonly kind: 'write';
      readonly fd: number;
      readonly path: string;
      /** Absent: where the descriptor stands. */
      readonly offset?: number;
      readonly octets: Uint8Array;
    }
  /** Octets that leave on a socket. */
  | { readonly kind: 'said'; readonly fd: number; readonly octets: Uint8Array }
  | { readonly kind: 'seek'; readonly fd: number; readonly path: string; readonly offset: number }
  | { readonly kind: 'truncate'; readonly fd: number; readonly path: string; readonly size: number }
  | { readonly kind: 'flush'; readonly fd: number; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'unlink' | 'mkdir' | 'rmdir'; readonly path: string };

/** A call begins: from now on what it does may be on the disk. It ends: from now on it has been done. */
export interface Edge {
  readonly edge: 'begin' | 'end';
  /** The same at its end as at its beginning. */
  readonly call: Call;
}

interface Begun {
  readonly name: string;
  readonly given: string;
  /** Where its beginning stands among the edges. */
  readonly at: number;
}

/** The edges of one life of the process; calls that failed are left out. */
export function parseTrace(text: string): readonly Edge[] {
  const edges: (Edge | undefined)[] = [];
  const underWay = new Map<string, Begun>();
  for (const line of linesOf(text)) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    if (rest.startsWith('+++') || rest.startsWith('---')) continue;
    const resumed = /^<\.\.\. (\w+) resumed>/.exec(rest);
    if (resumed !== null) {
      const begun = underWay.get(thread);
      underWay.delete(thread);
      if (begun === undefined || begun.name !== resumed[1])
        throw new Error(`a call resumes that never began: ${rest.slice(0, 80)}`);
      finish(edges, begun, rest.slice(resumed[0].length));
      continue;
    }
    const at = rest.indexOf('(');
    const begun = { name: rest.slice(0, at), at: edges.push(undefined) - 1 };
    if (rest.endsWith(unfinished))
      underWay.set(thread, { ...begun, given: rest.slice(at + 1, -unfinished.length) });
    else {
      const end = rest.lastIndexOf(') ');
      finish(edges, { ...begun, given: rest.slice(at + 1, end) }, rest.slice(end));
    }
  }
  return edges.filter((edge) => edge !== undefined);
}

const unfinished = ' <unfinished ...>';

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    yield text.slice(at, end < 0 ? undefined : end);
    at = end < 0 ? text.length : end + 1;
  }
}

function finish(edges: (Edge | undefined)[], { name, given, at }: Begun, rest: string): void {
  const [, said = ''] = /\) += (\?|-?\d+|0x[0-9a-f]+)/.exec(rest.slice(-400)) ?? [];
  const call = said.startsWith('-') ? undefined : callOf(name, new Given(given), said);
  if (call === undefined) return;
  if (said === '?') throw new Error(`nobody knows what became of ${name}`);
  edges[at] = { edge: 'begin', call };
  edges.push({ edge: 'end', call });
}

/** Undefined for what touches no file of ours. */
function callOf(name: string, given: Given, said: string): Call | undefined {
  const result = Number(said);
  switch (name) {
    case 'open':
    case 'openat':
    case 'creat':
      return opened(name, given, result);
    case 'close':
      return { kind: 'close', fd: given.fd().fd };
    case 'accept':
    case 'accept4':
      return { kind: 'accept', fd: result };
    case 'write':
    case 'pwrite64':
      return written(given, { result, at: name === 'pwrite64' });
    case 'writev':
    case 'pwritev':
      return writtenFrom(given, { result, at: name === 'pwritev' });
    case 'lseek':
      return { kind: 'seek', ...given.fd(), offset: result };
    case 'ftruncate':
      return { kind: 'truncate', ...given.fd(), size: given.number() };
    case 'fsync':
    case 'fdatasync':
      return { kind: 'flush', ...given.fd() };
    case 'rename':
    case 'renameat':
    case 'renameat2':
      return { kind: 'rename', path: given.path(), to: given.path() };
    case 'unlink':
    case 'rmdir':
    case 'mkdir':
      return { kind: name, path: given.path() };
    case 'mkdirat':
      return { kind: 'mkdir', path: given.path() };
    case 'unlinkat': {
      const path = given.path();
      return { kind: given.rest.includes('AT_REMOVEDIR') ? 'rmdir' : 'unlink', path };
    }
    case 'mmap':
      return mapped(given);
    case 'io_uring_enter':
      // libuv's ring for the readiness of sockets; that no file goes through it, the disk at the end proves.
      return undefined;
    default:
      return unless(given, name);
  }
}

function opened(name: string, given: Given, fd: number): Call {
  const path = given.path();
  const flags = name === 'creat' ? 'O_CREAT|O_TRUNC' : given.word();
  return {
    ...{ kind: 'open', path, fd, create: flags.includes('O_CREAT') },
    ...{ truncate: flags.includes('O_TRUNC'), append: flags.includes('O_APPEND') },
  };
}

function written(given: Given, { result, at }: { result: number; at: boolean }): Call | undefined {
  const { fd, path } = given.fd();
  if (!isFollowed(path)) return undefined;
  const octets = given.octets().subarray(0, result);
  if (isSocket(path)) return { kind: 'said', fd, octets };
  if (!at) return { kind: 'write', fd, path, octets };
  given.number();
  return { kind: 'write', fd, path, octets, offset: given.number() };
}

function writtenFrom(
  given: Given,
  { result, at }: { result: number; at: boolean },
): Call | undefined {
  const { fd, path } = given.fd();
  if (!isFollowed(path)) return undefined;
  const octets = given.vectors().subarray(0, result);
  if (isSocket(path)) return { kind: 'said', fd, octets };
  if (!at) return { kind: 'write', fd, path, octets };
  given.number();
  return { kind: 'write', fd, path, octets, offset: given.number() };
}

/** A file written through memory would not be seen; SQLite's shared memory alone is left out on purpose. */
function mapped(given: Given): Call | undefined {
  const { rest } = given;
  if (!rest.includes('MAP_SHARED') || !rest.includes('PROT_WRITE')) return undefined;
  const path = decode(/, \d+<([^>]*)>/.exec(rest)?.[1] ?? '').toString();
  if (path.startsWith('/') && !path.endsWith('-shm'))
    throw new Error(`${path} is written through memory`);
  return undefined;
}

/** What no file may be changed by, because nothing here follows it. */
function unless(given: Given, name: string): Call | undefined {
  if (given.rest.startsWith('"') || given.rest.startsWith('AT_FDCWD'))
    throw new Error(`${name} on ${given.path()} is not followed`);
  const { path } = /^\d+</.test(given.rest) ? given.fd() : { path: '' };
  if (path.startsWith('/') && !/^\/(dev|proc|sys)\//.test(path))
    throw new Error(`${name} on ${path} is not followed`);
  return undefined;
}

const isSocket = (path: string): boolean => path.startsWith('socket:');
/** Not pipes, not what the kernel makes up. */
const isFollowed = (path: string): boolean => path.startsWith('/') || isSocket(path);

/** The arguments of one call, read from the left. Strings are written `\x2f\x74`, each octet. */
class Given {
  rest: string;

  constructor(rest: string) {
    this.rest = rest;
  }

  /** `23</a/file>`; a file that has no name any more keeps the one it had. */
  fd(): { readonly fd: number; readonly path: string } {
    const match = this.#take(
      /^(AT_FDCWD|\d+)(?:<((?:\\x[0-9a-f]{2})*|[^>]*)>(?:\(deleted\))?)?(?:, |$)/,
    );
    const path = decode(match[2] ?? '').toString();
    return { fd: Number(match[1]), path: path.replace(/ \(deleted\)$/, '') };
  }

  /** With its folder before it, or without: ours are all absolute. */
  path(): string {
    if (!this.rest.startsWith('"')) this.fd();
    return Buffer.from(this.octets()).toString();
  }

  octets(): Uint8Array {
    if (!this.rest.startsWith('"')) throw new Error(`no string: ${this.rest.slice(0, 80)}`);
    const end = this.rest.indexOf('"', 1);
    const text = this.rest.slice(1, end);
    if (this.rest.startsWith('...', end + 1)) throw new Error('strace cut a string short');
    this.rest = this.rest.slice(end + 1).replace(/^, /, '');
    return decode(text);
  }

  /** `[{iov_base="..", iov_len=2}, ...]` */
  vectors(): Uint8Array {
    const end = this.rest.lastIndexOf(']');
    const list = this.rest.slice(0, end);
    if (list.includes('"...')) throw new Error('strace cut a string short');
    this.rest = this.rest.slice(end + 1).replace(/^, /, '');
    return Buffer.concat(
      [...list.matchAll(/iov_base="([^"]*)"/g)].map(([, text = '']) => decode(text)),
    );
  }

  number(): number {
    return Number(this.word());
  }

  word(): string {
    return this.#take(/^([^,]*)(?:, |$)/)[1] ?? '';
  }

  #take(pattern: RegExp): RegExpExecArray {
    const match = pattern.exec(this.rest);
    if (match === null) throw new Error(`not as strace writes it: ${this.rest.slice(0, 80)}`);
    this.rest = this.rest.slice(match[0].length);
    return match;
  }
}

/** `\x2f\x74` as octets; what is not written so is taken as it stands. */
function decode(text: string): Buffer {
  return text.startsWith('\\x')
    ? Buffer.from(text.replaceAll('\\x', ''), 'hex')
    : Buffer.from(text);
}
