import { expect, test } from 'vitest';

import { checkPastedAddress } from './pasted-address';

test.each([
  ['https://localhost:27443/callback?code=4fH2&state=kQ9', null],
  ['  https://localhost:27443/callback?code=4fH2&state=kQ9\n', null],
  ['localhost:27444/callback?code=4fH2&state=kQ9', null],
  ['https://localhost:27443/callback?error=access_denied&state=kQ9', null],
  ['https://example.org/cb?code=4fH2&state=kQ9', null],
  ['', 'missing'],
  ['  ', 'missing'],
  ['4fH2kQ9', 'notAddress'],
  ['about:blank', 'notAddress'],
  ['https://localhost:27443/start?n=4fH2', 'isStart'],
  ['https://localhost:27443/callback', 'noAnswer'],
  ['https://localhost:27443/', 'noAnswer'],
  ['https://onpatient.com/o/authorize/?client_id=a&code=b', 'isPortal'],
  ['https://mypractice.onpatient.com/', 'isPortal'],
  ['https://localhost:9999/o/authorize/?client_id=a', 'isPortal'],
] as const)('of %j it says %j', (text, error) => {
  expect(checkPastedAddress(text, 'https://localhost:9999')).toBe(error);
});
