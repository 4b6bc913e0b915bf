// The window itself: its language, its panes, its keys, what it takes back, where it opens.

import { setTimeout as sleep } from 'node:timers/promises';

import { copiedStart, Failed, freshStart, progress, type Fake } from './fake/portal';
import { detailOf, largeRecord } from './fake/record';
import { audit, auditContrast, expect, holdSmallRecord, test } from './fixture';

test('speaks Spanish when asked to, says that it is a draft, and goes back to English', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  await visit('#/settings');
  await page.getByRole('radio', { name: 'Español (borrador)' }).check();
  await expect(page.getByRole('heading', { name: 'Ajustes', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await expect(page.getByRole('radio', { name: 'Español (borrador)' })).toBeFocused();
  expect(fake.settings.language).toBe('es');

  // Every page has the mark; dates and plurals follow the language.
  for (const [hash, title] of [
    ['#/timeline', 'Cronología'],
    ['#/kind/medicines', 'Medicamentos'],
    ['#/connection', 'Conexión'],
    ['#/requests', 'Todo lo que salió de esta computadora'],
    ['#/help', 'Ayuda'],
  ] as const) {
    await page.evaluate((to) => (location.hash = to), hash);
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Borrador' })).toBeVisible();
  }
  await page.evaluate(() => (location.hash = '#/timeline'));
  await expect(page.getByText(/^\d+ registros$/).first()).toBeVisible();
  await expect(page.getByText('14 sept').first()).toBeVisible();

  await page.reload();
  await expect(page.getByRole('heading', { name: 'Cronología' })).toBeVisible();
  await page.getByRole('button', { name: 'Borrador' }).click();
  await expect(
    page.locator('[popover]:popover-open').getByText('Esta traducción es un borrador.'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Read in English' }).click();
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Borrador' })).toBeHidden();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test.describe('on a system that speaks Spanish', () => {
  test.use({ locale: 'es-MX' });

  test('speaks English until somebody asks for the draft', async ({ page, visit }) => {
    await visit();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Your medical record');
    await page.getByRole('button', { name: 'Español (borrador)' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Su expediente médico');
    await expect(page.getByRole('button', { name: 'Borrador' })).toBeVisible();
  });
});

test('writes dates in the order one sets', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/settings');
  await page.getByRole('radio', { name: /^Day first/ }).check();
  await page.evaluate(() => (location.hash = '#/timeline/4'));
  await expect(page.locator('.when')).toContainText('14 September 2026, 9:30');
  await page.evaluate(() => (location.hash = '#/settings'));
  await page.getByRole('radio', { name: /^Year first/ }).check();
  await page.evaluate(() => (location.hash = '#/timeline/4'));
  await expect(page.locator('.when')).toContainText('2026-09-14, 9:30 AM');
  expect(fake.settings.dates).toBe('year_first');
});

test('shows vital signs in the units one sets', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  const weight = fake.rows.find(({ id }) => id === 6);
  if (weight === undefined) throw new Error('no record 6');
  Object.assign(weight, { title: 'Body weight', value: '158', subtitle: '' });
  const detail = detailOf(weight, fake.rows);
  const [result] = detailOf({ ...weight, title: 'Blood count (CBC)' }, fake.rows).components;
  if (result === undefined) throw new Error('no result');
  const own = {
    ...result,
    name: 'Body weight',
    name_from: 'portal',
    value: '158',
    unit: 'lb',
    flag: null,
  } as const;
  fake.replies.record = () => ({ ...detail, unit: 'lb', result: { ...own, converted: '71.7 kg' } });
  const figure = page.getByText('158 lb', { exact: true });
  await visit('#/timeline/6');
  await expect(figure).toBeVisible();
  await expect(page.getByText('71.7 kg')).toBeHidden();

  await page.evaluate(() => (location.hash = '#/settings'));
  await page.getByRole('radio', { name: 'And in the other system: pounds and kilograms' }).check();
  await expect.poll(() => fake.settings.vitals).toBe('both');
  await page.evaluate(() => (location.hash = '#/timeline/6'));
  await expect(figure).toBeVisible();
  await expect(page.getByText('71.7 kg')).toBeVisible();

  // So do the parts of a record, each beside its own.
  fake.replies.record = () => ({
    ...detail,
    value: null,
    components: [
      { ...own, converted: '71.7 kg' },
      { ...own, index: 1, name: 'Body height', value: '65', unit: 'in', converted: '165.1 cm' },
    ],
  });
  await page.reload();
  await expect(page.getByRole('row', { name: /Body weight 158 lb 71.7 kg/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Body height 65 in 165.1 cm/ })).toBeVisible();
  await page.evaluate(() => (location.hash = '#/settings'));
  await page.getByRole('radio', { name: 'As they were sent' }).check();
  await page.evaluate(() => (location.hash = '#/timeline/6'));
  await expect(page.getByRole('row', { name: /Body weight 158 lb/ })).toBeVisible();
  await expect(page.getByText('71.7 kg')).toBeHidden();
});

for (const [query, name, done] of [
  ['sync now', 'Copy again', (fake: Fake) => fake.last('sync') !== undefined],
  ['dark', 'Dark appearance', (fake: Fake) => fake.settings.appearance === 'dark'],
  ['export', 'Print this page, or save it as a PDF', null],
] as const)
  test(`does “${query}” from the palette`, async ({ page, fake, visit }) => {
    holdSmallRecord(fake);
    fake.replies.sync = () => progress();
    await page.addInitScript(() => {
      window.print = () => (document.documentElement.dataset.printed = 'yes');
    });
    await visit('#/settings');
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Search and commands' });
    await page.keyboard.type(query);
    const commands = palette.getByRole('group', { name: 'Commands' });
    await expect(commands.getByRole('option')).toHaveText([name]);
    await commands.getByRole('option', { name }).click();
    await expect(palette).toBeHidden();
    if (done !== null) await expect.poll(() => done(fake)).toBe(true);
    else await expect(page.locator('html')).toHaveAttribute('data-printed', 'yes');
  });

test('folds at once when the text is made larger, and unfolds when it is made smaller', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  await visit('#/settings');
  const size = page.getByRole('combobox', { name: 'Size of text' });
  await size.selectOption('200');
  await expect(page.getByRole('button', { name: 'Menu' })).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px');
  await size.selectOption('100');
  await expect(page.getByRole('button', { name: 'Menu' })).toBeHidden();
});

test('resizes its panes by key and by hand, and keeps them', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  const list = page.getByRole('separator', { name: 'Width of the list' });
  await expect(list).toHaveAttribute('aria-valuenow', '25');
  await list.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(list).toHaveAttribute('aria-valuenow', '27');
  await page.keyboard.press('Home');
  await expect(list).toHaveAttribute('aria-valuenow', '15');

  const side = page.getByRole('separator', { name: 'Width of the side bar' });
  const edge = await side.boundingBox();
  if (edge === null) throw new Error('the edge is nowhere');
  await page.mouse.move(edge.x + edge.width / 2, 400);
  await page.mouse.down();
  await page.mouse.move(288, 400, { steps: 4 });
  await page.mouse.up();
  await expect(side).toHaveAttribute('aria-valuenow', '18');
  await expect
    .poll(() => fake.remembered.get('panes'))
    .toMatch(/^\{("list":15,"side":18|"side":18,"list":15)\}$/);

  await page.reload();
  await expect(page.getByRole('separator', { name: 'Width of the side bar' })).toHaveAttribute(
    'aria-valuenow',
    '18',
  );
  await page.getByRole('separator', { name: 'Width of the list' }).dblclick();
  await expect.poll(() => fake.remembered.get('panes')).toBe('{"side":18}');
});

test('opens where one was, and at an address that names a place there', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit();
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  await page.getByRole('link', { name: 'Problems' }).click();
  await page.getByRole('link', { name: /Iron deficiency/ }).click();
  await expect.poll(() => fake.remembered.get('place')).toContain('#/kind/problems/10');
  // A search is no place to come back to, however long it is looked at.
  await page.getByRole('searchbox', { name: 'Search' }).fill('hemoglobin');
  await expect(page.locator('.list mark').first()).toBeVisible();
  await page.waitForTimeout(1_000);

  await page.goto('about:blank');
  await visit();
  await expect(page.getByRole('heading', { name: 'Iron deficiency anemia', level: 1 })).toBeVisible();
  await page.goto('about:blank');
  await visit('#/settings');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();

  // What cannot be read is as if nothing had been kept.
  for (const broken of ['', '{', '[]', '{"hash":7}', '{"hash":"#/nowhere"}', '"#/kind"']) {
    fake.remembered.set('place', broken);
    fake.remembered.set('panes', broken);
    await page.goto('about:blank');
    await visit();
    await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  }
});

test('does by key what the table of keys says', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await expect(page.getByRole('link', { name: /Influenza/ })).toBeVisible();
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });

  await page.keyboard.press('Control+4');
  await expect(heading('Medicines')).toBeVisible();
  await page.keyboard.press('Control+1');
  await expect(heading('Marisol Quinn')).toBeVisible();
  await page.keyboard.press('Control+[');
  await expect(heading('Medicines')).toBeVisible();
  await page.keyboard.press('Control+]');
  await expect(heading('Marisol Quinn')).toBeVisible();
  await page.keyboard.press('F1');
  await expect(heading('Help')).toBeVisible();
  await page.keyboard.press('Control+,');
  await expect(heading('Settings')).toBeVisible();

  await page.keyboard.press('Control++');
  await expect(page.getByText('Size of text: 115 %')).toBeVisible();
  await page.keyboard.press('Control+-');
  await page.keyboard.press('Control+-');
  await expect(page.getByText('Size of text: 90 %')).toBeVisible();
  await page.keyboard.press('Control+0');
  await expect(page.getByText('Size of text: 100 %')).toBeVisible();
  expect(fake.settings.text_percent).toBe(100);

  await page.keyboard.press('Control+2');
  await expect(heading('Timeline')).toBeVisible();
  await page.keyboard.press('g');
  await expect(page.getByLabel('Year')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Go to date' })).toBeFocused();

  // From pane to pane, those that one can see.
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await expect(page.getByRole('link', { name: 'Timeline', exact: true })).toBeFocused();
  await page.keyboard.press('F6');
  await expect(page.getByRole('link', { name: /Influenza/ })).toBeFocused();
  await page.keyboard.press('Shift+F6');
  await expect(page.getByRole('link', { name: 'Timeline', exact: true })).toBeFocused();

  let copied = false;
  fake.replies.sync = () => {
    copied = true;
    throw new Failed('offline', 'Onhand cannot reach the portal. Nothing is lost.');
  };
  await page.keyboard.press('Control+r');
  await expect(page.getByText('Onhand cannot reach the portal. Nothing is lost.')).toBeVisible();
  expect(copied).toBe(true);

  fake.replies.lock = () => (fake.start = { ...freshStart(), database: 'needs_passphrase' });
  await page.keyboard.press('Control+l');
  await expect(page.getByRole('heading', { name: 'Your record is locked' })).toBeVisible();
});

test('letters do nothing where they are switched off, and never in a field', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  await visit('#/kind/medicines/7');
  await expect(page.getByRole('button', { name: 'Write a note' })).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByRole('textbox', { name: 'Your own note' })).toBeFocused();
  await page.keyboard.type('jngp/');
  await expect(page.getByRole('textbox', { name: 'Your own note' })).toHaveValue('jngp/');

  fake.settings = { ...fake.settings, letter_keys: false };
  await page.reload();
  await expect(page.getByRole('button', { name: 'Write a note' })).toBeVisible();
  for (const letter of ['n', 'j', 'k', 'g', '/']) await page.keyboard.press(letter);
  await expect(page.getByRole('button', { name: 'Write a note' })).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Search' })).not.toBeFocused();
  await expect(page).toHaveURL(/#\/kind\/medicines\/7$/);
});

test('takes back what was removed', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/medicines/7');
  await page.getByRole('button', { name: 'Write a note' }).click();
  await page.getByRole('textbox', { name: 'Your own note' }).fill('Ask about the dose.');
  await page.getByRole('button', { name: 'Keep the note' }).click();
  await page.getByRole('button', { name: 'Take it away' }).click();
  await expect(page.getByText('Ask about the dose.')).toBeHidden();
  const said = page.getByRole('status', { name: 'Just now' });
  await expect(said).toContainText('The note is taken away.');
  await said.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Ask about the dose.')).toBeVisible();
  await expect(said).toContainText('It is back.');

  // The searches of before, too.
  fake.remembered.set('searches', '["iron","cough"]');
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Forget these searches' }).click();
  await expect(page.getByRole('option', { name: 'cough' })).toBeHidden();
  await page.keyboard.press('Escape');
  await said.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => fake.remembered.get('searches')).toBe('["iron","cough"]');
});

test('finds words on a page, and in a list by its search', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/settings');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+f');
  const bar = page.getByRole('search', { name: 'Find on this page' });
  await page.keyboard.type('DATES');
  await expect(bar.getByRole('status')).toHaveText(/^1 of \d+$/);
  await page.keyboard.press('Enter');
  await expect(bar.getByRole('status')).toHaveText(/^(2 of \d+|1 of 1)$/);
  await page.keyboard.type(' nowhere');
  await expect(bar.getByRole('status')).toHaveText('Not found');
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();

  await page.evaluate(() => (location.hash = '#/timeline'));
  await expect(page.getByRole('link', { name: /Influenza/ })).toBeVisible();
  await page.keyboard.press('Control+f');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused();
});

test('says what it searched for in place of a word that is spelled nowhere', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  const found = fake.rows.filter(({ title }) => title === 'Hemoglobin A1c');
  fake.replies.list = () => ({ total: found.length, records: found, corrected: 'hemoglobin' });
  await visit('#/search?q=hemogolbin');
  await expect(page.getByText('Nothing is spelled “hemogolbin”. This is “hemoglobin”.')).toBeVisible();
  await expect(page.getByRole('link', { name: /Hemoglobin A1c/ })).toBeVisible();
});

for (const { when, late } of [
  { when: 'at once', late: 0 },
  { when: 'late', late: 2_500 },
])
  test(`moves nothing that one already sees where the news comes ${when}`, async ({ page, fake, visit }) => {
    fake.rows = largeRecord(100_000);
    fake.start = copiedStart(fake.rows);
    if (late > 0)
      fake.replies.runs = async () => {
        await sleep(late);
        return fake.runs;
      };
    await page.addInitScript(() => {
      const shifts: { value: number; what: string[] }[] = [];
      Object.assign(window, { shifts });
      type Shift = PerformanceEntry & { value: number; sources: { node: Node | null }[] };
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries() as Shift[])
          shifts.push({ value, what: sources.map(({ node }) => node?.textContent?.slice(0, 60) ?? '') });
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await visit('#/timeline');
    await expect(page.locator('[data-offset="0"] .title')).toBeVisible();
    await expect(page.locator('.news')).toBeVisible();
    await page.waitForTimeout(1_000);
    const moved = await page.evaluate(
      () => (window as unknown as { shifts: { value: number; what: string[] }[] }).shifts,
    );
    // Less than a row's height over the width of the list, in all (web.dev, Cumulative Layout Shift).
    expect(
      moved.reduce((sum, { value }) => sum + value, 0),
      JSON.stringify(moved),
    ).toBeLessThan(0.01);
  });

test('scrolls through a hundred thousand records without a blank row', async ({ page, fake, visit }) => {
  fake.rows = largeRecord(100_000);
  fake.start = copiedStart(fake.rows);
  await visit('#/timeline');
  await expect(page.locator('[data-offset="0"] .title')).toBeVisible();
  const blank = await page.evaluate(async () => {
    const body = document.querySelector('[data-offset]')?.closest('.body');
    if (!body) throw new Error('no list');
    let frames = 0;
    for (let at = 0; at < 240; at += 1) {
      body.scrollTop += 120;
      await new Promise(requestAnimationFrame);
      const { top, bottom } = body.getBoundingClientRect();
      const seen = [...body.querySelectorAll('.coming')].map((row) => row.getBoundingClientRect());
      if (seen.some((row) => row.bottom > top && row.top < bottom)) frames += 1;
    }
    return frames;
  });
  expect(blank, 'frames with a blank row').toBe(0);
});

for (const hash of [
  '#/timeline',
  '#/timeline/4',
  '#/kind/allergies/14',
  '#/summary',
  '#/labs',
  '#/connection',
  '#/requests',
  '#/settings',
]) {
  test(`is whole with more contrast at ${hash}`, async ({ page, fake, visit }) => {
    test.setTimeout(90_000);
    holdSmallRecord(fake);
    await visit(hash);
    await expect(page.locator('h1:visible').first()).toBeVisible();
    await auditContrast(page);
  });
}

test('the head of a list is as high while it loads as after, however many records there are', async ({
  page,
  fake,
  visit,
}) => {
  fake.rows = largeRecord(100_000);
  fake.start = copiedStart(fake.rows);
  const height = async () => (await page.locator('#list-pane > header').boundingBox())?.height;
  for (const language of ['en', 'es'] as const) {
    fake.settings.language = language;
    for (const hash of ['#/timeline', '#/kind/visits']) {
      fake.replies.list = () => new Promise<never>(() => undefined);
      await page.goto('about:blank');
      await visit(hash);
      await expect(page.locator('#list-pane .coming').first()).toBeVisible();
      await expect(page.locator('#list-pane h1')).toBeVisible();
      const before = await height();
      fake.replies = {};
      await page.goto('about:blank');
      await visit(hash);
      await expect(page.locator('#list-pane > header [aria-keyshortcuts=G]')).toBeVisible();
      expect(await height(), `${hash} in ${language}`).toBe(before);
    }
  }
});

test('is whole in Spanish', async ({ page, fake, visit }) => {
  test.setTimeout(90_000);
  holdSmallRecord(fake);
  fake.settings = { ...fake.settings, language: 'es' };
  await visit('#/timeline/4');
  await expect(page.getByRole('heading', { name: 'Hemoglobin A1c', level: 1 })).toBeVisible();
  await audit(page);
  await auditContrast(page);
});
