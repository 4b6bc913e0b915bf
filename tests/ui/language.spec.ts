// Where the window speaks Spanish: what the core says stays English, and says so to who hears it.

import type { Page } from '@playwright/test';

import { es } from '../../ui/src/texts/es';
import { Failed, freshStart, progress, type Fake } from './fake/portal';
import { expect, holdFullRecord, test } from './fixture';

type View = {
  name: string;
  hash: string;
  /** What is looked at. */
  part: string;
};

const MAIN = 'main';
const DETAIL = '.detail article';

const VIEWS: View[] = [
  ...(
    [
      ['labs', 3],
      ['labs', 4],
      ['medicines', 20],
      ['medicines', 8],
      ['problems', 10],
      ['allergies', 14],
      ['immunizations', 31],
      ['visits', 7],
      ['visits', 13],
      ['people', 15],
      ['other', 17],
    ] as const
  ).map(([group, id]) => ({
    name: `the record ${id} of ${group}`,
    hash: `#/kind/${group}/${id}`,
    part: DETAIL,
  })),
  ...['medicines', 'problems', 'allergies', 'immunizations', 'people'].map((group) => ({
    name: `the list of ${group}`,
    hash: `#/kind/${group}`,
    part: '#list-pane',
  })),
  { name: 'the timeline', hash: '#/timeline', part: '#list-pane' },
  { name: 'what is found', hash: '#/search?q=office', part: '#list-pane' },
  { name: 'the summary', hash: '#/summary', part: MAIN },
  { name: 'the tests', hash: '#/labs', part: MAIN },
  { name: 'a panel', hash: '#/labs/panel/3', part: MAIN },
  { name: 'a test', hash: '#/labs/test/hemoglobin', part: MAIN },
  { name: 'a test of words', hash: '#/labs/test/hcv', part: MAIN },
  { name: 'the connection', hash: '#/connection', part: MAIN },
  { name: 'a copy', hash: '#/connection/1/12', part: MAIN },
  { name: 'a copy that failed', hash: '#/connection/1/10', part: MAIN },
];

const STATES: (View & { set: (fake: Fake) => void })[] = [
  {
    name: 'a copy under way',
    hash: '#/syncing',
    part: MAIN,
    set: (fake) =>
      (fake.start = {
        ...fake.start,
        syncing: { ...progress(), waiting: 'The portal asks for a pause of 20 seconds.' },
      }),
  },
  {
    name: 'an error',
    hash: '#/summary',
    part: MAIN,
    set: (fake) =>
      (fake.replies.tests = () => {
        throw new Failed('internal', 'The database is damaged in one place.');
      }),
  },
  {
    name: 'a sign-in that failed',
    hash: '#/start',
    part: 'body',
    set: (fake) =>
      (fake.start = {
        ...freshStart(),
        notice: 'An older copy of the database was found.',
        connecting: {
          stage: 'failed',
          portal: 'https://onpatient.com',
          start_url: null,
          people: [],
          error: { code: 'consent_refused', message: 'At the portal, access was not allowed.' },
          ways: [],
          port_missing: false,
          other_person: null,
          trust_note: null,
          note: null,
        },
      }),
  },
];

/** Every text within a value. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** Words; no code, address, kind of file, moment, or number with its unit. */
const isWords = (text: string) =>
  /\p{L}{3}/u.test(text) &&
  !/^[a-z_-]+$|:\/\/|^\w+\/\w+$|^\d{4}-|^[A-Z]\w+\/\d/.test(text) &&
  (!/^\W*\d/.test(text) || /\p{L} \p{L}/u.test(text));

/** Names of people, and the name that the person gave a result. */
const SAME = /^(Dr\. |Marisol|Larkspur Family Medicine$|mmHg$|Ferritin$)/;

/** The interface's own texts, without the glossary, which has the English spellings too. */
const OURS = new Set(texts({ ...es, terms: [] }));

/** What is shown, each text with the language that it is told to be in. */
async function shown(page: Page, part: string): Promise<{ text: string; lang: string }[]> {
  return await page.evaluate((part) => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    const walker = document.createTreeWalker(document.querySelector(part) ?? document, NodeFilter.SHOW_TEXT);
    const found: { text: string; lang: string }[] = [];
    while (walker.nextNode()) {
      const { parentElement: parent, textContent } = walker.currentNode;
      const text = (textContent ?? '').trim();
      const lang = parent?.closest('[lang]')?.getAttribute('lang') ?? '';
      if (text !== '' && parent?.checkVisibility() === true) found.push({ text, lang });
    }
    return found;
  }, part);
}

async function look(page: Page, fake: Fake, { name, part }: View) {
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await expect(page.locator(part).locator('h1, h2').first()).toBeVisible();
  await page.waitForLoadState('networkidle');

  const all = await shown(page, part);
  const said = new Set(texts(fake.answers).filter((text) => isWords(text) && !SAME.test(text)));
  const english = all.filter(({ lang }) => lang === 'en').map(({ text }) => text);
  const spanish = all.filter(({ lang }) => lang === 'es').map(({ text }) => text);
  expect(english.filter((text) => said.has(text)).length, `words of the core: ${name}`).toBeGreaterThan(0);
  expect(
    english.filter((text) => OURS.has(text) && !said.has(text)),
    `ours as English: ${name}`,
  ).toEqual([]);
  const untold = spanish.filter(
    (text) => said.has(text) || [...said].some((words) => /\s/.test(words) && text.includes(words)),
  );
  expect(untold, `the core's as Spanish: ${name}`).toEqual([]);
}

test('what the core says is told to be English, in every view of a record', async ({ page, fake, visit }) => {
  // It opens view after view.
  test.setTimeout(120_000);
  holdFullRecord(fake);
  fake.settings.language = 'es';
  for (const view of VIEWS) {
    await page.goto('about:blank');
    await visit(view.hash);
    await look(page, fake, view);
  }
});

for (const view of STATES) {
  test(`what the core says is told to be English: ${view.name}`, async ({ page, fake, visit }) => {
    holdFullRecord(fake);
    view.set(fake);
    fake.settings.language = 'es';
    await visit(view.hash);
    await look(page, fake, view);
  });
}
