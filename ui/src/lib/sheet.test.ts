import { expect, test } from 'vitest';

import { fitSheet, heightOnPaper, SHEET } from './sheet';

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

test('its height is that on paper, in either way that web views measure what is zoomed', () => {
  expect(heightOnPaper({ width: SHEET.width, height: 896 })).toBe(896);
  expect(heightOnPaper({ width: SHEET.width / 0.8, height: 1120 })).toBeCloseTo(896);
});
