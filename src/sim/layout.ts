// Lines of a layout filled with values: `{NAM}` stands for one. Pure.

export type LayoutValues = Readonly<Record<string, string | undefined>>;

/** One line; what has no value is left out. */
export const fillLine = (line: string, values: LayoutValues): string =>
  line.replaceAll(/\{([A-Z]+)\}/g, (_, name: string) => values[name] ?? '').trimEnd();

/** Lines without those that have places and no value for any of them; items without a value go too. */
export function fillLines(lines: readonly string[], values: LayoutValues): readonly string[] {
  return lines.flatMap((line) => {
    const names = [...line.matchAll(/\{([A-Z]+)\}/g)].map(([, name = '']) => name);
    const empty = (name: string): boolean => (values[name] ?? '') === '';
    if (names.length > 0 && names.every(empty)) return [];
    const kept = line.replaceAll(/[ .]?\b[A-Z]{3,8}\/\{([A-Z]+)\}/g, (item, name: string) =>
      empty(name) ? '' : item,
    );
    return [fillLine(kept, values)];
  });
}
