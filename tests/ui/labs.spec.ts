// Labs and vitals: tests, panels, trends, likely names. Also what a screen reader is given of them.

import { Failed } from './fake/portal';
import { point, smallPanel, smallTests } from './fake/labs';
import { audit, enlargeText, expect, holdFullRecord, holdSmallRecord, test } from './fixture';

const PANEL = '#/labs?panel=Blood+count+%28CBC%29';

for (const { name, hash, ready } of [
  { name: 'tests', hash: '#/labs', ready: 'Out of range in the newest result' },
  { name: 'panel-of-tests', hash: PANEL, ready: '12 dates, newest first' },
  { name: 'panel-table', hash: '#/labs/panel/3', ready: '12 dates, newest first' },
  { name: 'trend', hash: '#/labs/test/hemoglobin', ready: 'All 12 results' },
  { name: 'trend-of-pressures', hash: '#/labs/test/bp', ready: 'All 3 results' },
  { name: 'trend-of-words', hash: '#/labs/test/hcv', ready: 'All 2 results' },
  { name: 'trend-of-likely', hash: '#/labs/test/hemoglobin%3F', ready: 'All 2 results' },
  { name: 'trend-missing', hash: '#/labs/test/nothing', ready: 'There is no such test' },
]) {
  test(`${name} is whole for everyone`, async ({ page, fake, visit }) => {
    holdSmallRecord(fake);
    await visit(hash);
    await expect(page.getByText(ready).first()).toBeVisible();
    await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    await audit(page);
  });
}

test('the two ends of a range stay on one line, however narrow the window', async ({ page, fake, visit }) => {
  holdFullRecord(fake);
  await page.setViewportSize({ width: 520, height: 800 });
  for (const hash of ['#/labs', '#/summary', '#/labs/panel/3', '#/labs/test/hemoglobin', '#/kind/labs/3']) {
    await page.goto('about:blank');
    await visit(hash);
    await expect(page.locator('main').getByText('12.0–15.5').first(), hash).toBeVisible();
    const lines = await page.locator('main').evaluate((main) => {
      const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
      const found: { text: string; lines: number }[] = [];
      while (walker.nextNode()) {
        const { currentNode: node } = walker;
        const text = node.textContent ?? '';
        const [pair] = /\d\S*–\S*\d/.exec(text) ?? [];
        if (pair === undefined || node.parentElement?.checkVisibility() !== true) continue;
        const range = document.createRange();
        range.setStart(node, text.indexOf(pair));
        range.setEnd(node, text.indexOf(pair) + pair.length);
        found.push({ text: pair, lines: new Set([...range.getClientRects()].map(({ top }) => top)).size });
      }
      return found;
    });
    expect(lines.length, hash).toBeGreaterThan(0);
    expect(
      lines.filter(({ lines }) => lines > 1),
      hash,
    ).toEqual([]);
  }
});

test('a unit stays in one piece, however narrow the window', async ({ page, fake, visit }) => {
  holdFullRecord(fake);
  const unit = 'mL/min/1.73 m²';
  fake.tests = smallTests().map((one) =>
    one.key === 'potassium'
      ? {
          ...one,
          name: 'Estimated glomerular filtration rate',
          unit,
          latest: { ...one.latest, value: '58', number: '58', unit },
          points: ['2023-01-02', '2025-01-20', '2026-09-14'].map((day, at) =>
            point(5, day, String(62 - 2 * at), unit, ['60', null], at === 2 ? { flag: one.latest.flag } : {}),
          ),
        }
      : one,
  );
  for (const [width, text] of [
    [560, 1],
    [900, 1],
    [1280, 2],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    for (const hash of ['#/labs', '#/labs/test/potassium']) {
      await page.goto('about:blank');
      await visit(hash);
      await page.evaluate((percent) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`html { font-size: ${percent}% !important; }`);
        document.adoptedStyleSheets = [sheet];
      }, text * 100);
      await expect(page.getByText(`58 ${unit}`).first()).toBeVisible();
      if (hash !== '#/labs') await page.getByRole('button', { name: 'Compare two dates' }).click();
      const found = await page.locator('main').evaluate((main, unit) => {
        const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
        const found: { text: string; lines: number; over: number }[] = [];
        while (walker.nextNode()) {
          const { currentNode: node } = walker;
          const [text, parent] = [node.textContent ?? '', node.parentElement];
          if (!text.includes(unit) || parent?.checkVisibility() !== true || parent.localName === 'option')
            continue;
          const range = document.createRange();
          range.setStart(node, text.indexOf(unit));
          range.setEnd(node, text.indexOf(unit) + unit.length);
          const cell = parent.closest('td, dd, p, figure')?.getBoundingClientRect();
          found.push({
            text,
            lines: new Set([...range.getClientRects()].map(({ top }) => top)).size,
            over: range.getBoundingClientRect().right - (cell?.right ?? 0),
          });
        }
        return found;
      }, unit);
      const where = `${hash} at ${width}, text ${text * 100} %`;
      expect(found.length, where).toBeGreaterThan(hash === '#/labs' ? 0 : 6);
      expect(
        found.filter(({ lines, over }) => lines > 1 || over > 0),
        where,
      ).toEqual([]);
    }
  }
});

for (const [name, hash, command, title] of [
  ['a test', '#/labs/test/hemoglobin', 'test', 'Hemoglobin'],
  ['a panel', '#/labs/panel/3', 'panel', 'Blood count (CBC)'],
] as const) {
  test(`${name} that failed and that is slow says so, and is tried again`, async ({ page, fake, visit }) => {
    test.slow();
    holdSmallRecord(fake);
    fake.replies[command] = () => {
      throw new Failed('internal', 'The database could not be read just now.');
    };
    await visit(hash);
    const heading = page.getByRole('heading', { level: 1 });
    await expect(page.getByText('The database could not be read just now.')).toBeVisible();
    await expect(heading).toHaveText('Labs & vitals');
    await audit(page);

    let answer: () => void = () => undefined;
    const wait = new Promise<void>((done) => (answer = done));
    const [hemoglobin] = smallTests();
    if (hemoglobin === undefined) throw new Error('no tests');
    fake.replies.test = () => wait.then(() => hemoglobin);
    fake.replies.panel = () => wait.then(smallPanel);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('Reading the results')).toBeAttached();
    await expect(heading).toHaveText('Labs & vitals');
    await expect(page).toHaveTitle('Labs & vitals · Onhand');
    await audit(page);
    answer();
    await expect(heading).toContainText(title);
    await expect(page).toHaveTitle(`${title} · Onhand`);
    await expect(page.getByText('Reading the results')).toBeHidden();
  });
}

test('a test is pinned by its button and by its key, and taken off again', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/labs/test/potassium');
  await page.getByRole('button', { name: 'Pin to the summary' }).click();
  await expect(page.getByRole('button', { name: 'Take off the summary' })).toBeVisible();
  expect(fake.last('pin')).toEqual({ person: 1, test: 'potassium', pinned: true });
  await page.evaluate(() => (location.hash = '#/labs/test/a1c'));
  await expect(page.getByRole('button', { name: 'Pin to the summary' })).toBeVisible();
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: 'Take off the summary' })).toBeVisible();
  expect(fake.pins).toEqual(['potassium', 'a1c']);

  await page.evaluate(() => (location.hash = '#/summary'));
  const pinned = page.getByRole('region', { name: 'Pinned tests' });
  await expect(pinned.getByRole('link')).toHaveText([/Potassium/, /Hemoglobin A1c/]);
  await pinned.getByRole('link', { name: /Potassium/ }).click();
  await page.getByRole('button', { name: 'Take off the summary' }).click();
  await expect(page.getByText('Taken off the summary.')).toBeVisible();
  expect(fake.pins).toEqual(['a1c']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Take off the summary' })).toBeVisible();
  expect(fake.pins).toEqual(['a1c', 'potassium']);
});

test('a pin that could not be kept is said, and the button says how it is', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.pins = ['a1c'];
  fake.replies.pin = () => {
    throw new Failed('invalid', 'There is room for 24 pinned tests. Take one off first.');
  };
  const said = page.getByRole('status', { name: 'Just now' });
  await visit('#/labs/test/potassium');
  await page.getByRole('button', { name: 'Pin to the summary' }).click();
  await expect(said).toContainText('There is room for 24 pinned tests.');
  await expect(page.getByRole('button', { name: 'Pin to the summary' })).toBeEnabled();
  await page.evaluate(() => (location.hash = '#/labs/test/a1c'));
  await expect(page.getByRole('button', { name: 'Take off the summary' })).toBeVisible();

  // Which are pinned is not known: nothing is said of this one.
  fake.replies.pins = () => {
    throw new Failed('internal', 'The database could not be read just now.');
  };
  await page.reload();
  await expect(said).toContainText('The database could not be read just now.');
  await expect(page.getByRole('button', { name: 'Pin to the summary' })).toBeDisabled();
});

test('labs without a result, that failed and that are slow, say so', async ({ page, fake, visit }) => {
  test.slow();
  holdSmallRecord(fake);
  fake.tests = [];
  await visit('#/labs');
  await expect(page.getByRole('heading', { name: 'No results to compare' })).toBeVisible();
  await audit(page);

  fake.replies.tests = () => {
    throw new Failed('internal', 'The database could not be read just now.');
  };
  await page.reload();
  await expect(page.getByText('The database could not be read just now.')).toBeVisible();
  await audit(page);
  delete fake.replies.tests;
  fake.tests = smallTests();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('link', { name: 'Potassium' })).toBeVisible();

  let answer: () => void = () => undefined;
  fake.replies.tests = () =>
    new Promise(
      (done) =>
        (answer = () =>
          done(
            smallTests().map(({ points, others, ...one }) => {
              void [points, others];
              return one;
            }),
          )),
    );
  await page.reload();
  await expect(page.getByText('Reading the results')).toBeAttached();
  await audit(page);
  answer();
  await expect(page.getByRole('link', { name: 'Potassium' })).toBeVisible();
});

test('out of range stands first, and what is only likely apart from all others', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  await visit('#/labs');
  const first = page.getByRole('region', { name: /Out of range in the newest result/ });
  await expect(first.getByRole('rowheader')).toHaveText([
    /Potassium/,
    /C-reactive/,
    /^\s*Hemoglobin\s/,
    /A1c/,
  ]);
  await expect(first.getByRole('row', { name: /Potassium/ })).toContainText('Critically low');
  await expect(first.getByRole('row', { name: /C-reactive/ })).toContainText(
    'Marked Low; its own range says inside.',
  );
  const likely = page.getByRole('region', { name: /without a name/ });
  await expect(likely.getByRole('row')).toHaveCount(3);
  await expect(first.getByText('likely')).toHaveCount(0);

  await page.getByRole('checkbox', { name: 'Out of range only' }).check();
  await expect(page).toHaveURL(/out=1/);
  await expect(page.getByRole('region', { name: /Vital signs/ })).toBeHidden();
  await page.getByRole('searchbox', { name: 'Find a test' }).fill('zzz');
  await expect(page.getByText('There are 10 tests in all.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all tests' }).click();
  await expect(page.getByText('10 tests', { exact: true })).toBeVisible();
});

test('a name that is likely is confirmed, named otherwise, and taken back', async ({ page, fake, visit }) => {
  test.slow();
  holdSmallRecord(fake);
  await visit('#/timeline/3');
  await page.getByRole('button', { name: 'Why “Hemoglobin” is likely' }).click();
  await expect(page.getByText('The unit and the range fit only hemoglobin.')).toBeVisible();
  await expect(page.getByText('nothing else in this panel fits.')).toBeVisible();
  await audit(page);
  await page.getByRole('button', { name: 'This is Hemoglobin' }).click();
  await expect(page.getByRole('button', { name: 'This is Hemoglobin' })).toBeHidden();
  const given = () => fake.calls.filter(({ name }) => name === 'name_result').map(({ input }) => input);
  expect(given().at(-1)).toEqual({ record: 3, index: 0, name: 'Hemoglobin', code: null });

  await page.getByRole('button', { name: 'Why this is one of eosinophils, basophils' }).click();
  await expect(page.getByRole('button', { name: 'This is Basophils' })).toBeVisible();
  await page.getByRole('button', { name: 'Another name…' }).click();
  await expect(page.getByLabel('Its name')).toBeFocused();
  await page.getByRole('button', { name: 'Save the name' }).click();
  await expect(page.getByText('Type a name first.')).toBeVisible();
  await audit(page);
  await page.getByLabel('Its name').fill('Eosinophils, absolute');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Its name')).toBeHidden();
  expect(given().at(-1)).toEqual({ record: 3, index: 3, name: 'Eosinophils, absolute', code: null });

  await expect(page.getByText('named by you')).toBeVisible();
  await page.getByRole('button', { name: 'Take the name back' }).click();
  await expect.poll(() => given().length).toBe(3);
  expect(given().at(-1)).toEqual({ record: 3, index: 4, name: null, code: null });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => given().length).toBe(4);
  expect(given().at(-1)).toMatchObject({ record: 3, index: 4, name: 'Ferritin' });
});

test('a name that could not be kept is said, and the reasons stay', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.replies.name_result = () => {
    throw new Failed('internal', 'The disk is full. Nothing was changed.');
  };
  await visit('#/timeline/3');
  await page.getByRole('button', { name: 'Why “Hemoglobin” is likely' }).click();
  await page.getByRole('button', { name: 'This is Hemoglobin' }).click();
  await expect(page.getByRole('alert')).toHaveText('The disk is full. Nothing was changed.');
});

test('every point of a trend is reached by key and reads itself', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/labs/test/hemoglobin');
  const chart = page.getByRole('group', { name: /Hemoglobin over time, 12 results/ });
  await expect(chart.getByRole('link')).toHaveCount(12);
  const newest = chart.getByRole('link', {
    name: 'Sep 14, 2026, 11.7 g/dL, Low, range 12.0–15.5, Preliminary',
  });
  await newest.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(
    chart.getByRole('link', { name: 'Mar 10, 2026, 10.7 g/dL, Low, range 11.1–15.9' }),
  ).toBeFocused();
  await expect(page.getByRole('row', { name: /Mar 10, 2026/ })).toHaveClass(/chosen/);
  await page.keyboard.press('Home');
  await expect(chart.getByRole('link', { name: /^Sep 10, 2019, 13.4 g\/dL/ })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(chart.getByRole('link', { name: /^Sep 10, 2019/ })).toBeFocused();
  await page.keyboard.press('End');
  await expect(newest).toBeFocused();
  await page.keyboard.press('Enter');
  // Where the link led, the focus goes too, and comes back to the page of the trend.
  await expect(page.getByRole('heading', { name: 'Blood count (CBC)', level: 1 })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole('main')).toBeFocused();
});

test('two dates are compared, exactly and only where they can be', async ({ page, fake, visit }) => {
  test.slow();
  holdSmallRecord(fake);
  await visit('#/labs/test/hemoglobin');
  await page.getByRole('button', { name: 'Compare two dates' }).click();
  const compare = page.getByRole('region', { name: 'Compare two dates' });
  await expect(compare).toContainText('+0.5 g/dL');
  await expect(compare).toContainText('104 days apart');
  await expect(compare).toContainText('The two were sent with different ranges.');
  await compare.getByRole('combobox').first().selectOption({ label: 'Sep 10, 2019, 13.4 g/dL' });
  await expect(compare).toContainText('−1.7 g/dL');
  await audit(page);

  await page.evaluate(() => (location.hash = '#/labs/test/crp'));
  await expect(page.getByRole('heading', { name: 'C-reactive protein', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Compare two dates' }).click();
  await expect(compare).toContainText('not two numbers of one unit');

  await page.evaluate(() => (location.hash = '#/labs/panel/3'));
  await expect(page.getByRole('heading', { name: 'Blood count (CBC)', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Compare two dates' }).click();
  await expect(page.getByRole('row', { name: /White blood cells/ })).toContainText('+0.7');
  await expect(page.getByRole('row', { name: /Platelets/ })).toContainText('–');
  await audit(page);
});

test('a chart says what it leaves out', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.tests = smallTests().map((one) =>
    one.key === 'a1c'
      ? {
          ...one,
          points: [
            ...one.points,
            point(4, null, '6.9', '%', null),
            point(4, '2024-01-01', 'see note', '%', null),
          ],
        }
      : one,
  );
  await visit('#/labs/test/a1c');
  await expect(
    page.getByText('1 result has no date and 1 result is no number: in the table only.'),
  ).toBeVisible();
  await expect(page.getByText('dotted bar: only the month or year is known')).toBeVisible();
  await expect(page.getByRole('row', { name: /no date/ })).toContainText('6.9 %');
});

test('results of different people are never in one list', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  const [first] = fake.start.people;
  if (first === undefined) throw new Error('nobody');
  fake.start = {
    ...fake.start,
    accounts: fake.start.accounts.map((account) => ({ ...account, unsaid: 3 })),
    people: [first, { ...first, id: 2, name: 'Teo Quinn', birth_date: '2016', counts: [] }],
  };
  await visit('#/labs');
  await expect(page.getByRole('link', { name: 'Potassium' })).toBeVisible();
  const asked = () => fake.calls.filter(({ name }) => name === 'tests').map(({ input }) => input);
  expect(asked()).toEqual([{ person: 1 }]);
  await page.getByRole('button', { name: /Change person/ }).click();
  await page.getByRole('button', { name: /Teo Quinn/ }).click();
  await expect.poll(asked).toContainEqual({ person: 2 });
  await page.getByRole('button', { name: /Change person/ }).click();
  await page.getByRole('button', { name: /Not said whose/ }).click();
  await expect(page.getByText('They may be of different people')).toBeVisible();
  expect(asked()).not.toContainEqual({ person: null });
  await audit(page);
});

for (const { width, height, text } of [
  { width: 900, height: 600, text: 1 },
  { width: 1280, height: 800, text: 2 },
  { width: 560, height: 700, text: 1 },
]) {
  test(`labs fit a window of ${width} by ${height} with text at ${text * 100} %`, async ({
    page,
    fake,
    visit,
  }) => {
    holdSmallRecord(fake);
    await page.setViewportSize({ width, height });
    await enlargeText(page, text);
    for (const hash of ['#/labs', '#/labs/panel/3', '#/labs/test/hemoglobin', '#/labs/test/crp']) {
      if (page.url() === 'about:blank') await visit(hash);
      else await page.evaluate((to) => (location.hash = to), hash);
      await page.locator('table:visible').first().waitFor();
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('main *')]
          .filter((element) => element.getClientRects().length > 0)
          .filter((element) => element.closest('.scroll-x, .sr, svg') === null)
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.outerHTML.slice(0, 120)),
      );
      expect(wide, hash).toEqual([]);
    }
  });
}

test('on paper a panel is whole', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/labs/panel/3');
  await expect(page.getByText('12 dates, newest first')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('Marisol Quinn, born March 12, 1957')).toBeVisible();
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Compare two dates' })).toBeHidden();
  await expect(page.getByRole('row', { name: /Hemoglobin/ })).toContainText('Low');
});
