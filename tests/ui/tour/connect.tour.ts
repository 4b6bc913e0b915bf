import { join } from 'node:path';

import { VIEWS } from '../connect-views';
import { enlargeText, test } from '../fixture';

const OUT = join(import.meta.dirname, '../.out/tour');

const LOOKS = [
  { name: 'light', width: 1280, height: 800, dark: false, text: 1 },
  { name: 'dark', width: 1280, height: 800, dark: true, text: 1 },
  { name: 'narrow', width: 900, height: 600, dark: false, text: 1 },
  { name: 'twice', width: 1280, height: 800, dark: false, text: 2 },
  { name: 'small', width: 560, height: 800, dark: true, text: 1 },
];

const wanted = (process.env.LOOKS ?? 'light').split(',');

for (const look of LOOKS.filter(({ name }) => wanted.includes(name) || wanted.includes('all'))) {
  for (const view of VIEWS) {
    test(`${view.name} ${look.name}`, async ({ page, fake, visit }) => {
      view.set?.(fake);
      await page.setViewportSize(look);
      await page.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light' });
      if (look.text !== 1) await enlargeText(page, look.text);
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
