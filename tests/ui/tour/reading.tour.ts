import { join } from 'node:path';

import { test } from '../fixture';
import { NOW, wantedLooks, wear } from '../look';
import { VIEWS } from '../reading-views';

const OUT = process.env.ONHAND_TOUR ?? join(import.meta.dirname, '../.out/tour');

for (const look of wantedLooks()) {
  for (const view of VIEWS) {
    test(`${view.name} ${look.name}`, async ({ page, fake, visit }) => {
      test.setTimeout(120_000);
      await page.clock.setFixedTime(NOW);
      view.set?.(fake);
      await wear(page, look);
      await visit(view.hash);
      await page.locator('h1:visible, h2:visible').first().waitFor({ state: 'attached' });
      await view.act?.(page, fake);
      await page.getByText(view.ready).first().waitFor({ state: 'attached' });
      await page.waitForTimeout(250);
      await page.screenshot({ path: join(OUT, `${view.name}.${look.name}.png`) });
    });
  }
}
