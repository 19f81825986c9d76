// The disk under the calls of a trace: what a flush has made durable, and what may or may not be there
// yet. Pure. Promises: data and size of a file are durable after a flush of the file that began when the
// write was over; a name after a flush of its folder. Fails on a call that does not fit what went before.

import type { Call, Edge } from './trace.ts';

export interface FileNode {
  readonly kind: 'file';
  /** Octets that are on the disk whatever happens. */
  readonly durable: Octets;
  /** Begun, and not known to be on the disk; in their order. */
  readonly pending: Change[];
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly durable: Map<string, Node>;
  readonly pending: Change[];
  /** As the running process sees it. */
  readonly now: Map<string, Node>;
}

export type Node = FileNode | FolderNode;

export type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly octets: Uint8Array; done: boolean }
  | { readonly kind: 'truncate'; readonly size: number; done: boolean }
  | { readonly kind: 'link'; readonly name: string; readonly node: Node; done: boolean }
  | { readonly kind: 'unlink'; readonly name: string; readonly node: Node; done: boolean }
  /** Both names at once: a rename is never half there. */
  | {
      readonly kind: 'rename';
      readonly name: string;
      readonly to: string;
      readonly node: Node;
      done: boolean;
    };

/** Octets that grow: room is doubled, what was never written is zero. */
export class Octets {
  size = 0;
  #room: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  write(offset: number, octets: Uint8Array): void {
    this.grow(offset + octets.length);
    this.#room.set(octets, offset);
  }

  /** At least so long. */
  grow(size: number): void {
    if (size <= this.size) return;
    if (size > this.#room.length) {
      const larger = new Uint8Array(Math.max(size, this.#room.length * 2));
      larger.set(this.#room.subarray(0, this.size));
      this.#room = larger;
    }
    this.#room.fill(0, this.size, size);
    this.size = size;
  }

  truncate(size: number): void {
    this.grow(size);
    this.size = size;
  }

  copy(): Octets {
    const copy = new Octets();
    copy.write(0, this.view());
    return copy;
  }

  view(): Uint8Array {
    return this.#room.subarray(0, this.size);
  }
}

interface Descriptor {
  readonly node: Node;
  readonly path: string;
  readonly append: boolean;
  at: number;
}

export class Disk {
  readonly root: FolderNode = newFolder();
  /** Every node that ever was, in the order of creation. */
  readonly #path: string;
  #descriptors = new Map<number, Descriptor>();
  /** Size of each file as the process sees it. */
  readonly #sizes = new Map<Node, number>();
  readonly #underWay = new Map<Call, () => void>();

  /** @param path Of the empty folder that the disk begins as; its own name is durable. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Another process: nothing is open. What the one before wrote is still in the kernel's memory. */
  nextLife(): void {
    this.#descriptors = new Map();
  }

  step({ edge, call }: Edge): void {
    if (edge === 'begin') {
      const end = this.#begin(call);
      if (end !== undefined) this.#underWay.set(call, end);
    } else {
      this.#underWay.get(call)?.();
      this.#underWay.delete(call);
    }
  }

  /** Does what may be on the disk from now on; gives what is certain at the end of the call. */
  #begin(call: Call): (() => void) | undefined {
    switch (call.kind) {
      case 'open':
        return this.#open(call);
      case 'close':
        this.#descriptors.delete(call.fd);
        return undefined;
      case 'seek':
        return this.#at(call, (descriptor) => {
          descriptor.at = call.offset;
          return undefined;
        });
      case 'write':
        return this.#at(call, (descriptor) => this.#write(descriptor, call));
      case 'truncate':
        return this.#at(call, ({ node }) => this.#truncate(node, call.size));
      case 'flush':
        return this.#at(call, ({ node }) => flushed(node));
      case 'rename':
        return this.#within(call.path, (folder, name) => this.#rename(folder, name, call.to));
      case 'unlink':
      case 'rmdir':
        return this.#within(call.path, (folder, name) => {
          const node = folder.now.get(name);
          if (node === undefined) throw new Error(`${call.path} was never there`);
          folder.now.delete(name);
          return begun(folder, { kind: 'unlink', name, node, done: false });
        });
      case 'mkdir':
        return this.#within(call.path, (folder, name) => link(folder, name, newFolder()));
      case 'accept':
      case 'said':
        return undefined;
    }
  }

  #open(call: Call & { readonly kind: 'open' }): () => void {
    const made = this.#within(call.path, (folder, name) => {
      const there = folder.now.get(name);
      if (there !== undefined) return call.truncate ? this.#truncate(there, 0) : undefined;
      if (!call.create) throw new Error(`${call.path} was never made`);
      return link(folder, name, newFile());
    });
    return () => {
      made?.();
      // Whatever the number stood for before is closed, ours or not.
      this.#descriptors.delete(call.fd);
      const node = this.#nodeAt(call.path);
      if (node === undefined) return;
      this.#descriptors.set(call.fd, { node, path: call.path, append: call.append, at: 0 });
    };
  }

  #write(descriptor: Descriptor, call: Call & { readonly kind: 'write' }): () => void {
    const { node } = descriptor;
    if (node.kind === 'folder') throw new Error(`${call.path} is a folder`);
    const size = this.#sizes.get(node) ?? 0;
    const offset = call.offset ?? (descriptor.append ? size : descriptor.at);
    const end = offset + call.octets.length;
    if (call.offset === undefined) descriptor.at = end;
    this.#sizes.set(node, Math.max(size, end));
    return begun(node, { kind: 'write', offset, octets: call.octets, done: false });
  }

  #truncate(node: Node, size: number): () => void {
    if (node.kind === 'folder') throw new Error('a folder has no size');
    this.#sizes.set(node, size);
    return begun(node, { kind: 'truncate', size, done: false });
  }

  #rename(folder: FolderNode, name: string, toPath: string): () => void {
    const node = folder.now.get(name);
    if (node === undefined) throw new Error(`${name} was never there`);
    const done = this.#within(toPath, (target, to) => {
      if (target !== folder) throw new Error('a rename from one folder to another is not followed');
      folder.now.delete(name);
      folder.now.set(to, node);
      return begun(folder, { kind: 'rename', name, to, node, done: false });
    });
    if (done === undefined) throw new Error(`${name} left the disk`);
    return done;
  }

  /** Undefined where the descriptor is none of the disk's. */
  #at(
    { fd, path }: { readonly fd: number; readonly path: string },
    act: (descriptor: Descriptor) => (() => void) | undefined,
  ): (() => void) | undefined {
    if (!this.#isOurs(path)) return undefined;
    const descriptor = this.#descriptors.get(fd);
    if (descriptor?.path !== path) throw new Error(`nobody saw ${path} opened as ${fd}`);
    return act(descriptor);
  }

  #within(
    path: string,
    act: (folder: FolderNode, name: string) => (() => void) | undefined,
  ): (() => void) | undefined {
    if (!this.#isOurs(path) || path === this.#path) return undefined;
    const at = path.lastIndexOf('/');
    const folder = this.#nodeAt(path.slice(0, at));
    if (folder?.kind !== 'folder') throw new Error(`${path} has no folder`);
    return act(folder, path.slice(at + 1));
  }

  #nodeAt(path: string): Node | undefined {
    if (!this.#isOurs(path)) return undefined;
    let node: Node | undefined = this.root;
    for (const name of path.slice(this.#path.length + 1).split('/')) {
      if (name === '') continue;
      node = node?.kind === 'folder' ? node.now.get(name) : undefined;
    }
    return node;
  }

  #isOurs(path: string): boolean {
    if (path.endsWith('-shm')) return false;
    return path === this.#path || path.startsWith(`${this.#path}/`);
  }
}

/** One change of a folder's names, on whichever view of it. */
export function changeNames(names: Map<string, Node>, change: Change): void {
  switch (change.kind) {
    case 'link':
      names.set(change.name, change.node);
      return;
    case 'unlink':
      if (names.get(change.name) === change.node) names.delete(change.name);
      return;
    case 'rename':
      if (names.get(change.name) === change.node) names.delete(change.name);
      names.set(change.to, change.node);
      return;
    case 'write':
    case 'truncate':
      throw new Error('a folder holds names alone');
  }
}

/** One change of a file, whole. */
export function changeOctets(octets: Octets, change: Change): void {
  if (change.kind === 'write') octets.write(change.offset, change.octets);
  else if (change.kind === 'truncate') octets.truncate(change.size);
  else throw new Error('a file holds no names');
}

/** What was over when the flush began is durable when it ends; what began meanwhile is not. */
function flushed(node: Node): () => void {
  const covered = new Set(node.pending.filter(({ done }) => done));
  return () => {
    for (const change of node.pending) if (covered.has(change)) makeDurable(node, change);
    const left = node.pending.filter((change) => !covered.has(change));
    node.pending.splice(0, node.pending.length, ...left);
  };
}

function makeDurable(node: Node, change: Change): void {
  if (node.kind === 'file') changeOctets(node.durable, change);
  else changeNames(node.durable, change);
}

function begun(node: Node, change: Change): () => void {
  node.pending.push(change);
  return () => void (change.done = true);
}

function link(folder: FolderNode, name: string, node: Node): () => void {
  folder.now.set(name, node);
  return begun(folder, { kind: 'link', name, node, done: false });
}

function newFile(): FileNode {
  return { kind: 'file', durable: new Octets(), pending: [] };
}

function newFolder(): FolderNode {
  return { kind: 'folder', durable: new Map(), pending: [], now: new Map() };
}
