// Reads our own sources as the compiler sees them: what each imports, and what it does that is ruled on.
// Comments and strings are no code here, so only true imports and true uses count.
// It judges nothing: the rules are those of test/tidy.test.ts.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** What it does that a rule speaks of: `use console`, `export from`, `use Date.now` ... */
  readonly acts: readonly string[];
}

/** Everything that reads a clock or throws dice. */
export const clocksAndDice = [
  ...['Date.now', 'performance.now', 'process.hrtime', 'process.hrtime.bigint', 'Temporal.Now'],
  ...['Math.random', 'crypto.randomBytes', 'crypto.randomUUID', 'crypto.getRandomValues'],
  ...['randomBytes', 'randomUUID', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues'],
];
// Spelt in two halves, so that this file does not break its own rules.
const leftovers = new RegExp(['FIX' + 'ME', 'TO' + 'DO', 'X' + 'XX'].join('|'));
const silencers = new RegExp(['eslint-' + 'disable', '@ts-' + 'ignore'].join('|'));

/** The sources of a folder and below; of `.` only its own. */
export function filesOf(folder: string): readonly string[] {
  const deep = folder !== '.';
  return readdirSync(folder, { recursive: deep, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => normalize(join(folder, name)));
}

export function readSource(file: string): Source {
  const text = readFileSync(file, 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const imports: Import[] = [];
  const acts = new Set<string>();
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) imports.push(found);
    const act = actOf(node);
    if (act !== undefined) acts.add(act);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  if (leftovers.test(text)) acts.add('leave for later');
  if (silencers.test(text)) acts.add('silence a check');
  return { file, text, imports, acts: [...acts] };
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, typeOnly: isTypeOnly(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    // The grammar allows nothing but a string there.
    return { from: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [from] = node.arguments;
    return from !== undefined && ts.isStringLiteral(from)
      ? { from: from.text, typeOnly: false }
      : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { from: node.argument.literal.getText().slice(1, -1), typeOnly: true };
  }
  return undefined;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

function actOf(node: ts.Node): string | undefined {
  if (ts.isExportAssignment(node)) return 'export a default';
  if (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent))
    return 'export a default';
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) return 'export from';
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date')
    return node.arguments?.length === 0 ? 'use new Date()' : undefined;
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText();
    return name.startsWith('console.') ? 'use console' : `use ${name}`;
  }
  return ts.isIdentifier(node) && clocksAndDice.includes(node.text)
    ? `use ${node.text}`
    : undefined;
}

const roots: readonly (readonly [prefix: string, folder: string])[] = [
  ['#protocol/', 'protocol/'],
  ['#journal/', 'journal/'],
  ['#switch/', 'src/switch/'],
  ['#src/', 'src/'],
];

/** The file an import means, or undefined when it is a package or a module of Node. */
export function target(file: string, from: string): string | undefined {
  if (from.startsWith('.')) return normalize(join(dirname(file), from));
  const root = roots.find(([prefix]) => from.startsWith(prefix));
  return root && `${root[1]}${from.slice(root[0].length)}.ts`;
}
