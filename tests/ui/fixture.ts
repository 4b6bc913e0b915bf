import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

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

/** No violation of any rule axe knows, in light and in dark. */
export async function audit(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    expect(
      violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
      ),
      `axe, ${colorScheme}`,
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}
