// The real interface on the real core, with the sample's portal behind it: what the desktop app is,
// without its window.

import { expect, test as base } from '@playwright/test';

import { audit } from './fixture';
import { Host } from './host';

const test = base.extend<{ options: string[]; host: Host }>({
  options: [[], { option: true }],
  host: async ({ options, page }, use) => {
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content.Security/i.test(message.text()))
        trouble.push(message.text());
    });
    const host = await Host.start(...options);
    await use(host);
    await host.stop();
    expect(trouble, 'errors in the page').toEqual([]);
  },
});

test('opens the sample with one click, reads it, finds in it, and keeps it', async ({ page, host }) => {
  // It audits view after view.
  test.setTimeout(120_000);
  await page.goto(host.origin);
  await page.getByRole('button', { name: 'See a sample record' }).click();
  await expect(page.getByRole('heading', { name: 'Your record is here' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Sample – not a real person')).toBeVisible();
  await page.getByRole('button', { name: 'Start reading' }).click();

  await expect(page.getByText('Marisol Quinn').first()).toBeVisible();
  const rows = page.getByRole('list', { name: 'Timeline' }).getByRole('link');
  await expect(rows.first()).toBeVisible();
  await audit(page);

  await rows.first().focus();
  const title = await rows.first().locator('.title').innerText();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeFocused();
  await page.getByText('Source as the portal sent it').click();
  await expect(page.getByText('"resourceType"')).toBeVisible();
  await audit(page);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('hemoglobin');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await expect(palette.locator('mark').first()).toHaveText(/^hemoglobin/i);
  await audit(page);
  await palette.getByRole('option', { name: /^Everything found for “hemoglobin”/ }).click();
  await expect(palette).toBeHidden();
  await expect(page.getByRole('list').locator('mark').first()).toHaveText(/^hemoglobin/i);
  await audit(page);
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();

  await page.getByRole('link', { name: /Up to date/ }).click();
  await expect(page.getByRole('table').first()).toBeVisible();
  await expect(page.getByText('What this portal does not offer')).toBeVisible();
  await audit(page);

  await page.reload();
  await expect(page.getByRole('table').first()).toBeVisible();
});

test('a visit on the timeline says what it holds, at any size of text', async ({ page }) => {
  const host = await Host.start('--sample');
  try {
    await page.goto(`${host.origin}/#/timeline`);
    const visit = page
      .getByRole('list', { name: 'Timeline' })
      .getByRole('link', { name: /Sep 14.*Office visit/ });
    await expect(visit).toContainText('4 lab results: Hemoglobin A1c');
    await expect(visit).toContainText('5 out of range');
    await expect(visit).toContainText(/6 vital signs: Blood pressure \d+\/\d+ mmHg/);
    await expect(page.getByRole('link', { name: /Mar 10.*Office visit/ })).toContainText(
      '2 problems, 1 medicine',
    );
    await expect(page.getByRole('link', { name: /Nov 9.*Vaccination/ })).toContainText('2 vaccines: ');
    for (const size of ['100%', '200%']) {
      await page.evaluate((size) => (document.documentElement.style.fontSize = size), size);
      await expect
        .poll(() =>
          page
            .locator('.card')
            .evaluateAll(
              (cards) => cards.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight).length,
            ),
        )
        .toBe(0);
    }
    await page.evaluate(() => (document.documentElement.style.fontSize = ''));
    await visit.click();
    const detail = page.getByRole('article');
    await expect(detail.getByRole('heading', { level: 1 })).toContainText('Office visit');
    await expect(detail.getByRole('link', { name: /Hemoglobin A1c/ })).toBeVisible();

    await page.getByRole('button', { name: 'Labs', exact: true }).click();
    await expect(page.getByRole('link', { name: /Sep 14.*Hemoglobin A1c/ })).toBeVisible();
  } finally {
    await host.stop();
  }
});

test('every list of the sample is whole for everyone, and so is the first record of each', async ({
  page,
}) => {
  // Two audits for each of eleven lists, and one of the summary.
  test.setTimeout(180_000);
  const host = await Host.start('--sample');
  try {
    await page.goto(host.origin);
    const nav = page.getByRole('navigation', { name: 'Record' }).getByRole('link');
    await expect(nav.first()).toBeVisible();
    const lists = await nav.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(lists.length).toBe(12);
    for (const list of lists) {
      await page.goto('about:blank');
      await page.goto(`${host.origin}/${list}`);
      // Labs open as a table of tests, each of which leads to its trend.
      const row = page.locator('[data-offset], main tbody th a').first();
      await expect(row.or(page.locator('.empty, .summary')).first()).toBeVisible({ timeout: 20_000 });
      if ((await row.count()) > 0) {
        await row.click();
        await expect(page.locator('#record-title, main h1:visible').first()).toBeVisible();
      }
      await audit(page);
    }
  } finally {
    await host.stop();
  }
});

test('the first copy of the sample is in its history, and everything it asked for is listed', async ({
  page,
}) => {
  test.setTimeout(90_000);
  const host = await Host.start('--sample');
  try {
    await page.goto(`${host.origin}/#/connection`);
    const history = page.getByRole('region', { name: 'Earlier copies' });
    await expect(history.getByText(/The first copy: \d+ records/)).toBeVisible();
    await history.getByRole('rowheader').getByRole('link').first().click();
    await expect(page.getByRole('row', { name: /^All / })).toBeVisible();
    await audit(page);
    await page.goto(`${host.origin}/#/requests`);
    await expect(page.getByText('Copying your record').first()).toBeVisible();
    await audit(page);
    await page.goto(`${host.origin}/#/connection`);
    await page.getByLabel('Copy on opening when the last copy is older than').selectOption('24');
    await expect(page.getByText('Saved')).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Copy on opening when the last copy is older than')).toHaveValue('24');
  } finally {
    await host.stop();
  }
});

test('never shows a value without its unit', async ({ page }) => {
  const host = await Host.start('--sample');
  try {
    await page.goto(`${host.origin}/#/kind/labs?kinds=vitals`);
    const row = page.getByRole('link', { name: /Body weight/ }).first();
    const value = await row.locator('.value').innerText();
    expect(value).toMatch(/^\d[\d.]* lb$/);
    await row.click();
    await expect(page.locator('.figure b')).toHaveText(value);
  } finally {
    await host.stop();
  }
});

test('copies again, says how it went, and disconnects without losing a record', async ({ page }) => {
  const host = await Host.start('--sample');
  try {
    await page.goto(`${host.origin}/#/connection`);
    await page.getByRole('button', { name: 'Copy again' }).click();
    await expect(page.getByRole('row', { name: /^All \d/ })).toContainText(/8\d\d/);
    await expect(page.getByRole('button', { name: 'Copy again' })).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await expect(page.getByText('No portal is connected.')).toBeVisible();
    await page.getByRole('link', { name: 'Timeline' }).click();
    await expect(page.locator('[data-offset]').first()).toBeVisible();
  } finally {
    await host.stop();
  }
});

test.describe('without a keychain', () => {
  test.use({ options: ['--no-keychain'] });

  test('asks for a passphrase before the first sign-in, and keeps what was typed', async ({ page, host }) => {
    await page.goto(host.origin);
    await page.getByRole('link', { name: 'Connect to OnPatient' }).click();
    await expect(page.getByRole('code').getByText('https://localhost:27443/callback')).toBeVisible();
    await page.getByLabel('Client id').fill('an-id-of-nobody');
    await page.getByLabel('Client secret').fill('a-secret-of-nobody-that-is-longer');
    await page.getByRole('button', { name: /^Connect/ }).click();
    await page.getByLabel('Passphrase', { exact: true }).fill('four plain words here');
    await page.getByLabel('The same again').fill('four plain words here');
    await audit(page);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByLabel('Client id')).toHaveValue('an-id-of-nobody');
  });
});
