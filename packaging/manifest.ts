// What the package says of itself, made from what the project says: names of built files instead of sources,
// nothing that is only for development. Pure.

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly imports: Readonly<Record<string, string>>;
  readonly [further: string]: unknown;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
  readonly [further: string]: unknown;
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly [further: string]: unknown;
}

/** Tests are not packaged, nor are the commands that build and check. */
const left = ['scripts', 'devDependencies'];
const supportImport = '#support/*';

/** Content of the package's package.json. */
export function manifestOf(manifest: Manifest): Manifest {
  const kept = Object.entries(manifest).filter(([name]) => !left.includes(name));
  const { name, version } = manifest;
  return { ...Object.fromEntries(kept), name, version, imports: builtImports(manifest) };
}

function builtImports({ imports }: Manifest): Manifest['imports'] {
  return Object.fromEntries(
    Object.entries(imports)
      .filter(([name]) => name !== supportImport)
      .map(([name, file]) => [name, file.replace(/\.ts$/, '.js')]),
  );
}

/** Content of its npm-shrinkwrap.json: what is needed to run, each with its checksum. */
export function lockOf(lock: Lock, manifest: Manifest): Lock {
  const packages = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
  const own = Object.entries(lock.packages[''] ?? {}).filter(([name]) => !left.includes(name));
  return {
    ...lock,
    version: manifest.version,
    packages: { ...Object.fromEntries(packages), '': Object.fromEntries(own) },
  };
}
