// What comes out of the printer: how many sheets, and what stands on them.

import { copiedStart, type Fake } from './fake/portal';
import { expect, holdFullRecord, holdSmallRecord, test } from './fixture';
import { NOW } from './look';
import { holdLongRecord } from './reading-views';

/** How many sheets a PDF has. */
function sheets(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/** As many pins as one may have, on a record that is more than a summary holds without them. */
function holdPins(fake: Fake): void {
  holdLongRecord(fake);
  const [first] = fake.tests;
  if (first === undefined) throw new Error('no tests');
  const pins = Array.from({ length: 24 }, (_, at) => ({
    ...first,
    key: `pin-${at}`,
    name: `Hemoglobin in the blood, measured at the practice, ${at + 1}`,
    name_from: 'person' as const,
  }));
  fake.tests = [...fake.tests, ...pins];
  fake.pins = pins.map(({ key }) => key);
}

const RECORDS: readonly (readonly [string, (fake: Fake) => void])[] = [
  ['a full record', holdFullRecord],
  ['more than a summary holds, with long names', holdLongRecord],
  ['more than a summary holds, with 24 pinned tests', holdPins],
  [
    'a record of almost nothing',
    (fake) => {
      holdFullRecord(fake);
      fake.rows = fake.rows.filter(({ kind }) => kind === 'places');
      fake.start = copiedStart(fake.rows);
      fake.tests = [];
      fake.pins = [];
    },
  ],
];

for (const [name, hold] of RECORDS) {
  for (const format of ['Letter', 'A4'] as const) {
    test(`a summary of ${name} is one sheet of ${format}`, async ({ page, fake, visit }) => {
      hold(fake);
      await page.clock.setFixedTime(NOW);
      // Neither the light nor the size of the text on the screen goes to paper.
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: 900, height: 600 });
      await visit('#/summary');
      await expect(page.getByRole('heading', { name: 'What is not here' })).toBeVisible();
      const pdf = await page.pdf({
        format,
        printBackground: false,
        path: test.info().outputPath(`summary-${format}.pdf`),
        margin: { top: '12mm', bottom: '12mm', left: '12mm', right: '12mm' },
      });
      expect(sheets(pdf)).toBe(1);
      await page.emulateMedia({ media: 'print' });
      for (const value of fake.tests.length > 0 ? ['2.4 mmol/L', '134/78 mmHg', '4.1 mmol/L'] : [])
        await expect(page.getByText(value).first()).toBeVisible();
      await page.emulateMedia({ media: null });
      // The screen is as it was.
      await expect(page.locator('.for-paper')).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Print for a visit' })).toBeVisible();
    });
  }
}

test('what a sheet has no room for is counted on it', async ({ page, fake, visit }) => {
  holdLongRecord(fake);
  await visit('#/summary');
  await expect(page.getByRole('heading', { name: 'What is not here' })).toBeVisible();
  const medicines = page.getByRole('region', { name: 'Medicines listed by the practice' });
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const shown = await medicines.getByRole('listitem').count();
  expect(shown).toBeLessThan(12);
  await expect(medicines.getByText(`and ${19 - shown} more`)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Allergies' })).toBeVisible();
  // All of them, however many there are.
  await expect(page.getByRole('region', { name: 'Allergies' }).getByRole('listitem')).toHaveCount(8);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(medicines.getByRole('listitem')).toHaveCount(12);
});

test('pinned tests that a sheet has no room for are counted on it', async ({ page, fake, visit }) => {
  holdPins(fake);
  await visit('#/summary');
  const pinned = page.getByRole('region', { name: 'Pinned tests' });
  await expect(pinned.getByRole('listitem')).toHaveCount(24);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const shown = await pinned.getByRole('listitem').count();
  expect(shown).toBeGreaterThan(3);
  expect(shown).toBeLessThan(24);
  await expect(pinned.getByText(`and ${24 - shown} more`)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Allergies' }).getByRole('listitem')).toHaveCount(8);
  await expect(page.getByText('Fall risk')).toBeVisible();
});

test('a list, a record, a test and a panel come out without the frame around them', async ({
  page,
  fake,
  visit,
}) => {
  holdFullRecord(fake);
  await page.clock.setFixedTime(NOW);
  await visit('#/kind/medicines/20');
  await expect(page.getByRole('heading', { name: 'Metformin ER 500 mg tablet', level: 1 })).toBeVisible();
  for (const [hash, ready, most] of [
    ['#/kind/medicines/20', 'Two sources differ', 2],
    ['#/labs', 'Out of range in the newest result', 2],
    ['#/labs/test/hemoglobin', 'All 12 results', 2],
    ['#/labs/panel/3', '12 dates, newest first', 1],
    ['#/help', 'Words of records and results', 30],
  ] as const) {
    await page.evaluate((to) => (location.hash = to), hash);
    await expect(page.getByText(ready).first()).toBeVisible();
    const pdf = await page.pdf({
      format: 'Letter',
      path: test.info().outputPath(`${hash.replaceAll(/\W+/g, '-')}.pdf`),
    });
    expect(sheets(pdf), hash).toBeLessThanOrEqual(most);
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByText('Marisol Quinn, born March 12, 1957')).toBeVisible();
    await expect(page.getByRole('navigation')).toBeHidden();
    await expect(page.getByRole('searchbox').locator('visible=true')).toHaveCount(0);
    await page.emulateMedia({ media: null });
  }
});

test('a list is printed as it is sorted and narrowed', async ({ page, fake, visit }) => {
  holdFullRecord(fake);
  await page.addInitScript(() => {
    window.print = () => {
      document.documentElement.dataset.printed = [...document.querySelectorAll('.sheet tr')]
        .map((row) => row.querySelector('b, th')?.textContent ?? '')
        .join(' | ');
    };
  });
  await visit('#/kind/visits');
  await page.getByRole('combobox', { name: 'Show' }).selectOption('Finished');
  await page.getByRole('combobox', { name: 'Order' }).selectOption('By name');
  await page.getByRole('button', { name: 'Print this list' }).click();
  await expect(page.locator('html')).toHaveAttribute(
    'data-printed',
    'Visits | Office visit | Video visit | Procedures | Blood draw',
  );
});

test('the list is printed by its own button, and the record that is open by its own', async ({
  page,
  fake,
  visit,
}) => {
  holdFullRecord(fake);
  await page.addInitScript(() => {
    window.print = () => {
      const rows = document.querySelectorAll('.sheet td.when').length;
      document.documentElement.dataset.printed = rows === 0 ? 'the page' : `${rows} rows`;
    };
  });
  await visit('#/kind/medicines/20');
  await expect(page.getByRole('heading', { name: 'Metformin ER 500 mg tablet', level: 1 })).toBeVisible();
  const printed = page.locator('html');
  await page.getByRole('button', { name: 'Print this list' }).click();
  await expect(printed).toHaveAttribute('data-printed', '6 rows');
  await page.keyboard.press('Control+p');
  await expect(printed).toHaveAttribute('data-printed', 'the page');
  await page.getByRole('button', { name: 'Print this list' }).click();
  await expect(printed).toHaveAttribute('data-printed', '6 rows');
  await page.getByRole('button', { name: 'Print', exact: true }).click();
  await expect(printed).toHaveAttribute('data-printed', 'the page');
});

test('a printed list says what it was searched for and narrowed to', async ({ page, fake, visit }) => {
  holdFullRecord(fake);
  await page.addInitScript(() => {
    window.print = () => {
      document.documentElement.dataset.printed = [...document.querySelectorAll('.sheet > :is(h1, p)')]
        .slice(0, -1)
        .map(({ textContent }) => textContent.trim())
        .join(' | ');
    };
  });
  const printed = page.locator('html');
  const print = page.getByRole('button', { name: 'Print this list' });

  await visit('#/kind/visits');
  await print.click();
  await expect(printed).toHaveAttribute('data-printed', 'Visits & procedures');
  await page.getByRole('combobox', { name: 'Show' }).selectOption('Finished');
  await page.getByLabel('Find in this list').fill('video');
  await print.click();
  await expect(printed).toHaveAttribute('data-printed', 'Visits & procedures | Finished · Found by “video”');

  await page.evaluate(() => (location.hash = '#/timeline?kinds=labs,medicines'));
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  await print.click();
  await expect(printed).toHaveAttribute('data-printed', /^Timeline \| \S.*, Medicines$/);

  await page.evaluate(() => (location.hash = '#/search?q=iron'));
  await expect(page.getByRole('heading', { name: 'Search' })).toBeVisible();
  await expect(page.getByText('2 results')).toBeVisible();
  await print.click();
  await expect(printed).toHaveAttribute('data-printed', 'Search | Found by “iron”');
});

test('the letter alone is printed from its dialog', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await page.clock.setFixedTime(NOW);
  await visit('#/kind/medicines/9');
  await page.getByRole('button', { name: 'This looks wrong' }).click();
  await page.getByLabel('What is wrong, and what would be right').fill('I never took this.');
  const pdf = await page.pdf({ format: 'Letter', path: test.info().outputPath('letter.pdf') });
  expect(sheets(pdf)).toBe(1);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('A correction to my medical record')).toBeVisible();
  // What is behind it takes no room on paper.
  await expect(page.locator('.window')).toHaveCSS('height', '0px');
  await expect(page.getByRole('dialog').getByRole('button').locator('visible=true')).toHaveCount(0);
});
