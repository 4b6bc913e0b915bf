import { expect, test } from 'vitest';

import { fitSheet, SHEET } from './sheet';

test('a page that one sheet holds is left as it is', () => {
  expect(fitSheet(() => SHEET.height)).toEqual({ share: 1, scale: 1 });
});

test('it is set smaller before a row is left out, and no smaller than can be read', () => {
  expect(fitSheet((_, scale) => (SHEET.height + 60) * scale)).toEqual({ share: 1, scale: 0.9 });
  const tried: [number, number][] = [];
  const found = fitSheet((share, scale) => {
    tried.push([share, scale]);
    return 3000 * share * scale;
  });
  expect(found).toEqual({ share: 0.4, scale: 0.75 });
  expect(Math.min(...tried.map(([, scale]) => scale))).toBe(0.75);
});
