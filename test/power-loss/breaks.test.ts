// The planted breaks themselves: they run by hand, and would else lose their places unseen.

import { describe, expect, it } from 'vitest';
import { breaks } from './breaks.ts';
import { newHome } from './run-images.ts';
import { copyProgram } from './variant.ts';

describe('a planted break', () => {
  it.each(breaks)('still finds its place: $title', ({ edits }) => {
    const { home, done } = newHome();
    expect(() => copyProgram(home, edits)).not.toThrow();
    done(true);
  });
});
