// The views that one reads in, in the web view that the app has: what Chromium shows of them is not all.
// They are of one window, in which nothing is changed.

import { expect, test } from '@playwright/test';

import { Person } from './person';
import { until } from './process';
import { openSample, timeline } from './reading';
import { type AppWindow } from './window';

let person: Person;
let window: AppWindow;
test.beforeAll(async () => {
  person = await Person.arrive();
  window = await openSample(person);
  await timeline(window);
});
test.afterAll(async () => {
  await window.close();
  await person.leave();
});

/** What has the focus, as a screen reader names it. */
async function focused(): Promise<string> {
  return await window.run(
    'const { ariaLabel, innerText } = document.activeElement; return ariaLabel ?? innerText',
  );
}

test('the summary has its parts in order, allergies loudest, and goes to paper on one sheet', async () => {
  await window.press('a[href="#/summary"]');
  await window.find('button', /^Print for a visit$/);
  const headings = await window.run<string[]>(
    'return [...document.querySelectorAll("main h1, main h2")].map((one) => `${one.tagName} ${one.innerText}`)',
  );
  expect(headings).toEqual([
    'H1 Marisol Quinn',
    'H2 Allergies',
    'H2 Medicines listed by the practice',
    'H2 Out of range at the last test',
    'H2 Problems',
    'H2 Last vital signs',
    'H2 Last visits',
    'H2 Immunizations',
    'H2 What is not here',
  ]);

  const allergies = await window.run<{ text: string; loud: boolean; inSight: boolean }>(`
    const look = (part) => {
      const section = document.querySelector('[aria-labelledby=sum-' + part + ']');
      const { color, fontWeight } = getComputedStyle(section.querySelector('li a'));
      return { section, color, weight: Number(fontWeight), back: getComputedStyle(section).backgroundColor };
    };
    const [one, other] = [look('allergies'), look('medicines')];
    return {
      text: one.section.innerText,
      loud: one.color !== other.color && one.back !== other.back && one.weight > other.weight,
      inSight: one.section.getBoundingClientRect().bottom <= innerHeight,
    };
  `);
  expect(allergies.text).toMatch(/Penicillin\s+Hives/);
  expect(allergies).toMatchObject({ loud: true, inSight: true });

  // A date is written as precisely as it was sent: a day, a month, a year.
  const dates = await window.run<string[]>(
    'return [...document.querySelectorAll("[aria-labelledby=sum-problems] .end")].map((one) => one.innerText)',
  );
  expect(dates).toContain('2014');
  for (const date of dates) expect(date).toMatch(/^([A-Z][a-z]{2} (\d{1,2}, )?)?\d{4}$/);

  await window.run('globalThis.printed = 0; globalThis.print = () => { globalThis.printed += 1; }');
  await window.click('button', /^Print for a visit$/);
  expect(await window.run('return globalThis.printed')).toBe(1);
  const sheet = await window.run<{ height: number; rows: number }>(`
    dispatchEvent(new Event('beforeprint'));
    const page = document.querySelector('.for-paper');
    const { width, height } = page.getBoundingClientRect();
    const rows = page.querySelectorAll('li').length;
    dispatchEvent(new Event('afterprint'));
    return { height: (height * 700) / width, rows };
  `);
  expect(sheet.height).toBeLessThanOrEqual(905);
  expect(sheet.rows, 'what the sheet has room for').toBeGreaterThan(15);
});

test('labs open as a panel, whose tests are a chart by keys and the same as a table', async () => {
  await window.press('a[href="#/labs"]');
  await window.click('button', /^CBC with Differential\/Platelet$/);
  await window.find('heading', /^CBC with Differential\/Platelet$/);
  const row = await window.run<{ name: string; text: string; stays: boolean }>(`
    const [row] = [...document.querySelectorAll('main tbody tr')].filter(
      (one) => one.querySelector('th').innerText.trim() === 'Hemoglobin',
    );
    const name = row.querySelector('th');
    const scroller = name.closest('.scroll-x');
    scroller.scrollLeft = 400;
    const left = name.getBoundingClientRect().left - scroller.getBoundingClientRect().left;
    const stays = scroller.scrollLeft > 0 && Math.abs(left) <= 1;
    scroller.scrollLeft = 0;
    return { name: name.innerText.trim(), text: row.innerText, stays };
  `);
  expect(row).toMatchObject({ name: 'Hemoglobin', stays: true });
  expect(row.text).toMatch(/g\/dL\s+11\.1–15\.9[^]*Low\s+10\.7/);

  await window.click('link', /^Hemoglobin$/);
  await window.find('heading', /^The same as a table$/);
  const table = await window.run<string[]>(
    'return [...document.querySelectorAll(".twin tbody th a")].map((one) => one.innerText)',
  );
  expect(table.length).toBeGreaterThan(5);
  // One Tab behind the period the chart takes the focus, at the newest result.
  await window.run('[...document.querySelectorAll("[role=group] button[aria-pressed]")].at(-1).focus()');
  await window.keys('Tab');
  const walked = [await focused()];
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowRight', 'Home', 'End'] as const) {
    await window.keys(key);
    walked.push(await focused());
    const chosen = await window.run<string>(
      'return document.querySelector(".twin tr.chosen th a").innerText',
    );
    expect(walked.at(-1)).toContain(chosen);
  }
  const [newest, second, third, oldest] = [table[0], table[1], table[2], table.at(-1)];
  expect(walked.map((name) => table.find((date) => name.startsWith(`${date}, `)))).toEqual([
    newest,
    second,
    third,
    second,
    oldest,
    newest,
  ]);
  expect(walked[1]).toMatch(/10\.7 g\/dL, Low, range 11\.1–15\.9$/);
});

test('a record is opened by key, shows its source, and gives the focus back to its row', async () => {
  await window.press('a[href="#/timeline"]');
  await timeline(window);
  await window.run('document.querySelector("[data-offset]").focus()');
  await window.keys('ArrowDown', 'ArrowDown');
  const [row, title] = await window.run<[string, string]>(
    'const row = document.activeElement; return [row.dataset.offset, row.querySelector(".title").innerText]',
  );
  expect(row).toBe('2');
  await window.keys('Enter');
  await until('the title of the record has the focus', async () => (await focused()) === title);
  expect(await window.run('return document.activeElement.tagName')).toBe('H1');

  await window.run(
    '[...document.querySelectorAll(".detail summary")].find((one) => one.innerText.startsWith("Source")).focus()',
  );
  await window.keys('Enter');
  await window.shows(/"resourceType": "\w+"/);
  await window.keys('Escape');
  const back =
    'const { dataset, ariaCurrent } = document.activeElement; return [dataset.offset, ariaCurrent]';
  expect(await window.run(back)).toEqual([row, 'true']);
});
