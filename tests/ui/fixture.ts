import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

import { smallTests } from './fake/labs';
import { copiedStart, Fake } from './fake/portal';
import { fullRecord, smallRecord } from './fake/record';

type Fixtures = {
  /** The program around the interface. */
  fake: Fake;
  /** Opens the interface at a fragment. */
  visit: (hash?: string) => Promise<void>;
};

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern
  fake: async ({}, use) => {
    const fake = new Fake();
    await use(fake);
    await fake.close();
  },
  visit: async ({ page, fake }, use) => {
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('422')) trouble.push(message.text());
    });
    const origin = await fake.open();
    await use(async (hash = '') => {
      await page.goto(`${origin}/${hash}`);
    });
    expect(trouble, 'errors in the page').toEqual([]);
  },
});

export { expect };

/** Lets the fake hold the small invented record. */
export function holdSmallRecord(fake: Fake): void {
  fake.rows = smallRecord();
  fake.start = copiedStart(fake.rows);
}

/** Lets the fake hold the full invented record, with pinned tests. */
export function holdFullRecord(fake: Fake): void {
  fake.rows = fullRecord();
  fake.start = copiedStart(fake.rows);
  fake.tests = smallTests();
  fake.pins = ['hemoglobin', 'a1c', 'weight'];
}

/**
 * Makes the text of every page larger from its first moment, as a person's own browser would: whatever
 * size the page itself asks for, and without a style of the page's that its policy could refuse.
 */
export async function enlargeText(page: Page, times: number): Promise<void> {
  await page.addInitScript((factor) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`html { font-size: ${factor * 100}% !important; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, times);
}

export type Size = { width: number; height: number; text: number };

/**
 * In each size, the text is as large as was asked and none of `parts` (a selector) holds more than it is
 * wide, but for `rounding` pixels. The page stays open, and is looked at once it is laid out again.
 */
export async function expectToFit(
  page: Page,
  name: string,
  sizes: readonly Size[],
  parts: string,
  rounding: number,
): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.evaluate(async (factor) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`html { font-size: ${factor * 100}% !important; }`);
      document.adoptedStyleSheets = [sheet];
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    }, size.text);
    await expect(page.locator('html')).toHaveCSS('font-size', `${16 * size.text}px`);
    const over = await page.evaluate(
      (parts) =>
        [...document.querySelectorAll(parts)].map(
          ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
        ),
      parts,
    );
    const where = `${name} at ${size.width}, text ${size.text * 100} %`;
    expect(Math.max(...over), where).toBeLessThanOrEqual(rounding);
  }
}

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules of axe whose answer a colour can change. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** No violation of any rule axe knows, in light; in dark of those that colours can break. */
export async function audit(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await expectWhole('axe, light', inspector(page).withTags(STANDARDS));
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectWhole('axe, dark', inspector(page).withRules(OF_COLOUR));
  await page.emulateMedia({ colorScheme: null });
}

/** Where the person asks for more contrast, there is as much as WCAG's AAA wants, in light and in dark. */
export async function auditContrast(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, contrast: 'more', reducedMotion: 'reduce' });
    const rules = [...OF_COLOUR, 'color-contrast-enhanced'];
    await expectWhole(`axe, more contrast, ${colorScheme}`, inspector(page).withRules(rules));
  }
  await page.emulateMedia({ colorScheme: null, contrast: null });
}

/** axe, without the second page that it opens to put the answers of frames together: there are none. */
function inspector(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true);
}

async function expectWhole(name: string, axe: AxeBuilder): Promise<void> {
  const { violations } = await axe.analyze();
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
  );
  expect(told, name).toEqual([]);
}
