import { join } from 'node:path';

import { VIEWS } from '../connect-views';
import { test } from '../fixture';
import { wantedLooks, wear } from '../look';

const OUT = process.env.ONHAND_TOUR ?? join(import.meta.dirname, '../.out/tour');

for (const look of wantedLooks()) {
  for (const view of VIEWS) {
    test(`${view.name} ${look.name}`, async ({ page, fake, visit }) => {
      view.set?.(fake);
      await wear(page, look);
      await visit(view.hash);
      await page.locator('h1:visible, h2:visible').first().waitFor();
      await view.act?.(page, fake);
      await page.getByText(view.ready).first().waitFor();
      await page.waitForTimeout(250);
      // These pages are read from top to bottom: the whole of them.
      await page.screenshot({ path: join(OUT, `${view.name}.${look.name}.png`), fullPage: true });
    });
  }
}
