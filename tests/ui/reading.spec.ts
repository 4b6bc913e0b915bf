// Lists in parts, records in depth, ways to a date, and paper.

import { largeRecord } from './fake/record';
import { byVisit, copiedStart, Failed } from './fake/portal';
import { audit, expect, holdSmallRecord, test } from './fixture';

for (const { name, hash, ready } of [
  { name: 'medicines', hash: '#/kind/medicines/8', ready: 'Listed as active by your practice' },
  { name: 'problems', hash: '#/kind/problems/10', ready: 'What it said before' },
  { name: 'allergies', hash: '#/kind/allergies', ready: 'No known food allergies' },
]) {
  test(`${name} in parts are whole for everyone`, async ({ page, fake, visit }) => {
    holdSmallRecord(fake);
    await visit(hash);
    await expect(page.getByText(ready).first()).toBeVisible();
    await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    await audit(page);
  });
}

test('a list in parts is read by keyboard', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/problems');
  const row = (name: RegExp) => page.getByRole('group', { name: 'Problems' }).getByRole('link', { name });
  await row(/Iron deficiency/).focus();
  await page.keyboard.press('ArrowDown');
  await expect(row(/Cough/)).toBeFocused();
  await page.keyboard.press('End');
  await expect(row(/Appendicitis/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Appendicitis', level: 1 })).toBeFocused();
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { name: 'Cough', level: 1 })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row(/Cough/)).toBeFocused();
});

test('a long list in parts is sorted and searched without mixing its parts', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  const medicine = fake.rows.find(({ id }) => id === 8);
  const past = fake.rows.find(({ id }) => id === 9);
  if (medicine === undefined || past === undefined) throw new Error('no medicine');
  fake.rows = [
    ...['Zinc', 'Metformin', 'Atorvastatin', 'Losartan', 'Insulin', 'Warfarin'].map((title, at) => ({
      ...medicine,
      id: 100 + at,
      title,
      notes: [],
    })),
    ...['Aspirin', 'Naproxen', 'Zopiclone', 'Codeine', 'Ibuprofen'].map((title, at) => ({
      ...past,
      id: 200 + at,
      title,
    })),
  ];
  fake.start = copiedStart(fake.rows);
  await visit('#/kind/medicines');
  await page.getByLabel('Order').selectOption('By name');
  const titles = page.locator('[data-offset] .title');
  await expect(titles).toHaveText([
    'Atorvastatin',
    'Insulin',
    'Losartan',
    'Metformin',
    'Warfarin',
    'Zinc',
    'Aspirin',
    'Codeine',
    'Ibuprofen',
    'Naproxen',
    'Zopiclone',
  ]);
  await page.getByLabel('Find in this list').fill('zi');
  await expect(titles).toHaveText(['Zinc']);
  await page.getByLabel('Find in this list').fill('nothing like it');
  await expect(page.getByText('Nothing in this list is like that')).toBeVisible();
  await audit(page);
});

test('an empty list says what is known about it', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.rows = fake.rows.filter(({ kind }) => kind !== 'allergies');
  fake.start = copiedStart(fake.rows);
  await visit('#/kind/allergies');
  await expect(page.getByText('Your practice has sent nothing about allergies.')).toBeVisible();
  await audit(page);
});

test('shows what a record said before, side by side', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/problems/10');
  const version = page.getByRole('article', { name: /As it was from Mar 12, 2026 until Apr 2, 2026/ });
  await expect(version.getByRole('row', { name: /^Title/ })).toContainText('Anemia, unspecified');
  await expect(version.getByRole('row', { name: /^Title/ }).getByRole('insertion')).toHaveText(
    'Iron deficiency anemia',
  );
  await expect(version.getByRole('row', { name: /^Verification/ })).toContainText('not there before');
  await expect(version.getByRole('row', { name: /^Severity/ })).toContainText('not there any more');
  await version.getByText('1 line stayed the same').click();
  await expect(version.getByRole('definition')).toHaveText('2026-03-10');
  await expect(page.getByText('before, it was Condition/884')).toBeVisible();
});

test('explains a word in place, by the pointer and by keys', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/medicines/8');
  const detail = page.getByRole('region', { name: 'Record', exact: true });
  const word = detail.getByRole('term').getByRole('button', { name: 'Recorded' });
  const note = page.getByRole('note').filter({ hasText: 'The day somebody wrote it down' });
  // A label that the glossary does not know is a label and no more.
  await expect(detail.getByRole('term').getByText('Written by')).toBeVisible();
  await expect(detail.getByRole('button', { name: 'Written by' })).toHaveCount(0);

  await word.hover();
  await expect(note).toBeVisible();
  await audit(page);
  // It stays for as long as the pointer is on it,
  await note.hover();
  await page.waitForTimeout(600);
  await expect(note).toBeVisible();
  // goes by a key wherever the focus is, and takes nothing else with it,
  await page.keyboard.press('Escape');
  await expect(note).toBeHidden();
  await expect(detail.getByRole('heading', { level: 1 })).toBeVisible();
  // and goes by itself when the pointer does.
  await word.hover();
  await expect(note).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(note).toBeHidden();

  await detail.getByRole('button', { name: 'Print', exact: true }).focus();
  await page.keyboard.press('Tab');
  await expect(detail.getByRole('button', { name: 'Listed as active' })).toBeFocused();
  await expect(page.getByRole('note').filter({ hasText: 'Listed as active' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(word).toBeFocused();
  await expect(note).toBeVisible();
  await expect(page.getByRole('note').filter({ hasText: 'Listed as active' })).toBeHidden();
  // The pointer that passes does not take it from the keys.
  await word.hover();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(600);
  await expect(note).toBeVisible();
  await audit(page);
  await page.keyboard.press('Escape');
  await expect(note).toBeHidden();
  await expect(word).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(note).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await expect(note).toBeHidden();
});

test('a word that is explained above is no second stop of the Tab key', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/problems/10');
  const version = page.getByRole('article', { name: /As it was from/ });
  await version.getByText('1 line stayed the same').click();
  const word = version.getByRole('button', { name: 'Recorded' });
  await expect(word).toHaveAttribute('tabindex', '-1');
  await word.click();
  await expect(version.getByText('The day somebody wrote it down')).toBeVisible();
  await audit(page);
});

test('an explanation is in the language of the page, its word in the record’s', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  fake.settings.language = 'es';
  await visit('#/kind/medicines/8');
  const word = page.getByRole('term').getByRole('button', { name: 'Recorded' });
  await expect(word.getByText('Recorded')).toHaveAttribute('lang', 'en');
  await word.click();
  const note = page.getByRole('note').filter({ visible: true });
  await expect(note).toBeVisible();
  expect(await note.evaluate((one) => one.closest('[lang]')?.getAttribute('lang'))).toBe('es');
});

test('a note kept empty is taken away, and can be had back', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline/4');
  const text = page.getByRole('textbox', { name: 'Your own note' });
  const keep = page.getByRole('button', { name: 'Keep the note' });
  await page.getByRole('button', { name: 'Write a note' }).click();
  await keep.click();
  // There was none to take away.
  await expect(page.getByRole('button', { name: 'Write a note' })).toBeVisible();
  await expect(page.getByText('The note is taken away.')).toBeHidden();
  await page.getByRole('button', { name: 'Write a note' }).click();
  await text.fill('Ask about this.');
  await keep.click();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await text.fill('  ');
  await keep.click();
  await expect(page.getByText('The note is taken away.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Write a note' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Ask about this.')).toBeVisible();
  expect(fake.last('write_note')).toEqual({ record: 4, text: 'Ask about this.' });
});

test('a record that did not open is tried again', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.replies.record = () => {
    throw new Failed('internal', 'The database reported an error (IoErr).');
  };
  await visit('#/timeline/4');
  const detail = page.getByRole('region', { name: 'Record', exact: true });
  await expect(detail.getByText('The database reported an error (IoErr).')).toBeVisible();
  await audit(page);
  delete fake.replies.record;
  await detail.getByRole('button', { name: 'Try again' }).click();
  await expect(detail.getByRole('heading', { name: 'Hemoglobin A1c', level: 1 })).toBeFocused();
});

test('marks what was searched for in titles too, as it was respelled', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/search?q=ferr');
  const marks = page.getByRole('list', { name: 'Search' }).locator('mark');
  await expect(marks).toHaveText(['Ferrous']);
  fake.replies.list = () => ({
    total: 1,
    records: fake.rows.filter(({ id }) => id === 8),
    corrected: 'ferrous sulfate',
  });
  await page.getByRole('searchbox').fill('ferrrous sulfate');
  await expect(page.getByText('Nothing is spelled “ferrrous sulfate”')).toBeVisible();
  await expect(marks).toHaveText(['Ferrous', 'sulfate']);
  await audit(page);
});

test('says of a record that is gone since when, and what that may mean', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline/13');
  await expect(
    page.getByText(
      'Your portal no longer sends this since Oct 2, 2026. It may have been corrected or moved; ask your practice.',
    ),
  ).toBeVisible();
});

test('a visit holds its parts, its folded lines one click away', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/visits/7');
  const detail = page.getByRole('region', { name: 'Record', exact: true });
  await expect(detail.getByRole('heading', { name: 'Recorded at the same visit' })).toBeVisible();
  await expect(detail.getByText('That does not mean one led to the other.')).toBeVisible();
  await expect(detail.getByRole('link', { name: /Colonoscopy/ })).toBeHidden();
  await detail.getByText('2 lines folded into this').click();
  await expect(detail.getByRole('link', { name: /Colonoscopy/ })).toBeVisible();
  await audit(page);
});

test('saves an attachment and shows one that can be read', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/visits/7');
  await page.getByRole('button', { name: 'Save After-visit summary' }).click();
  await expect(page.getByText('Saved as /home/quinn/Downloads/After-visit summary.pdf')).toBeVisible();
  expect(fake.calls.find(({ name }) => name === 'save_attachment')?.input).toEqual({ record: 7, index: 0 });
  fake.replies.save_attachment = () => {
    throw new Failed('internal', 'The folder for downloads cannot be written to.');
  };
  await page.getByRole('button', { name: 'Save After-visit summary' }).click();
  await expect(page.getByText('The folder for downloads cannot be written to.')).toBeVisible();

  await page.getByRole('button', { name: 'Show Note of the nurse' }).click();
  await expect(page.getByRole('region', { name: 'Note of the nurse' })).toContainText(
    'Come back in December.',
  );
  await audit(page);
  await page.getByRole('button', { name: 'Hide Note of the nurse' }).click();
  await expect(page.getByText('Come back in December.')).toBeHidden();
});

test('finds words in the source and goes from one to the next', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline/4');
  await page.getByText('Source as the portal sent it').click();
  await page.getByLabel('Find in the source').fill('VALUE');
  await expect(page.getByText('1 of 2')).toBeVisible();
  await expect(page.locator('pre mark')).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 of 2')).toBeVisible();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await expect(page.getByText('1 of 2')).toBeVisible();
  await page.getByLabel('Find in the source').fill('[(');
  await expect(page.getByText('not found')).toBeVisible();
  await audit(page);
});

test('goes to a month among a hundred thousand records', async ({ page, fake, visit }) => {
  fake.rows = largeRecord(100_000);
  fake.start = copiedStart(fake.rows);
  await visit('#/timeline');
  await expect(page.getByText('100,000 records')).toBeVisible();
  const target = byVisit(fake.rows).findIndex(({ when }) => when?.startsWith('2024-06'));
  expect(target).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Go to date' }).click();
  await page.getByLabel('Year').selectOption('2024');
  await page.getByLabel('Month').selectOption('June');
  await audit(page);
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await expect(page.locator(`[data-offset="${target}"]`)).toBeFocused();
  expect(fake.calls.filter(({ name }) => name === 'list').length).toBeLessThan(30);
});

test('prints a whole list, not only what the window holds', async ({ page, fake, visit }) => {
  fake.rows = largeRecord(900);
  fake.start = copiedStart(fake.rows);
  await page.addInitScript(() => {
    window.print = () => {
      document.documentElement.dataset.printed = String(document.querySelectorAll('.sheet td.when').length);
    };
  });
  await visit('#/timeline');
  await expect(page.getByText('900 records').first()).toBeVisible();
  await page.getByRole('button', { name: 'Print this list' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-printed', '900');
  await page.evaluate(() => delete document.documentElement.dataset.printed);
  await page.locator('[data-offset="0"]').focus();
  await page.keyboard.press('Control+p');
  await expect(page.locator('html')).toHaveAttribute('data-printed', '900');
  await expect(page.locator('.sheet')).toHaveCount(0);
});
