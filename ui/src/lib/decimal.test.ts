import { expect, test } from 'vitest';

import { difference, placeOf } from './decimal';

test('a difference is exact and keeps the digits that were sent', () => {
  expect(difference('11.7', '13.4')).toBe('−1.7');
  expect(difference('7.0', '6.95')).toBe('+0.05');
  expect(difference('0.3', '0.1')).toBe('+0.2');
  expect(difference('100', '99.99')).toBe('+0.01');
  expect(difference('-1.5', '1.5')).toBe('−3.0');
  expect(difference('7.0', '7.00')).toBe('0');
  expect(difference('9007199254740993', '9007199254740992')).toBe('+1');
});

test('what is not a plain decimal has no difference and no place', () => {
  expect(difference('Negative', '1')).toBeNull();
  expect(difference('1', '1e3')).toBeNull();
  expect(placeOf('<150')).toBeNull();
  expect(placeOf(null)).toBeNull();
  expect(placeOf('')).toBeNull();
  expect(placeOf('-0.50')).toBe(-0.5);
});
