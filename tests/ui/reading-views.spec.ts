// Every view one reads a record in, in every state: no violation of an accessibility rule in light and
// dark, the tree that a screen reader is given, what is seen, and nothing wider than its window.

import { audit, expect, expectToFit, test } from './fixture';
import { NOW } from './look';
import { expectPicture } from './pictures';
import { VIEWS } from './reading-views';

for (const { name, hash, set, act, ready, part } of VIEWS) {
  test(`${name} is whole for everyone`, async ({ page, fake, visit }) => {
    test.slow();
    set?.(fake);
    await page.clock.setFixedTime(NOW);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await visit(hash);
    await act?.(page, fake);
    await expect(page.getByText(ready).first()).toBeAttached();
    await expect(part?.(page) ?? page.getByRole('main')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    await expectPicture(page, name);
    await audit(page);
  });
}

const SIZES = [
  { width: 560, height: 700, text: 1 },
  { width: 900, height: 600, text: 1 },
  { width: 1280, height: 800, text: 2 },
];

test('nothing is wider than its window, however narrow and however large the text', async ({
  page,
  fake,
  visit,
}) => {
  // Every view there is, one after the other.
  test.setTimeout(180_000);
  for (const { name, hash, set, ready } of VIEWS) {
    if (name.includes('waiting')) continue;
    fake.replies = {};
    set?.(fake);
    await page.goto('about:blank');
    await visit(hash);
    await expect(page.locator('h1').first(), name).toBeAttached();
    if (typeof ready === 'string' && !/compared|why|source|note|letter|likely|narrowed|no-match/.test(name))
      await expect(page.getByText(ready).first(), name).toBeAttached();
    await expectToFit(page, name, SIZES, 'html, main, .list .body, .detail', 1);
  }
});
