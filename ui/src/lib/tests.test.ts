import { describe, expect, it } from 'vitest';

import type { Flag, Point } from '../backend/api';
import { markOf } from './tests';

const NORMAL: Flag = { code: 'N', text: 'Normal', tone: 'plain', direction: null };
const LOW: Flag = { code: 'L', text: 'Low', tone: 'notice', direction: 'down' };
const ABOVE: Flag = { code: '', text: 'Above its range', tone: 'notice', direction: 'up' };

const mark = (flag: Flag | null, own_flag: Flag | null) => markOf({ flag, own_flag } as Point);

describe('the mark that says how a result is to be shown', () => {
  it('is ours where the sender’s is none to be noticed', () => {
    expect(mark(NORMAL, ABOVE)).toBe(ABOVE);
    expect(mark(null, ABOVE)).toBe(ABOVE);
  });

  it('is the sender’s in every other case', () => {
    expect(mark(LOW, ABOVE)).toBe(LOW);
    expect(mark(NORMAL, null)).toBe(NORMAL);
    expect(mark(null, null)).toBeNull();
  });
});
