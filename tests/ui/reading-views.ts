// Every view one reads a record in and every state of it, for the spec that holds them to their rules
// and for the tour.

import { copiedStart, Failed, type Fake } from './fake/portal';
import { largeRecord } from './fake/record';
import { holdFullRecord, holdSmallRecord } from './fixture';
import type { View } from './connect-views';

/** Longer than anybody planned for. */
export const LONG_NAME = 'Maria-Esperanza Wilhelmina Featherstonehaugh-Cholmondeley de la Cruz y Santillana';
const LONG_TITLE =
  'Hydrochlorothiazide-triamterene 25 mg-37.5 mg combination tablet, film coated, as written by the laboratory of the hospital';

type Asked = 'list' | 'tests' | 'record' | 'test' | 'panel';

const failing = (command: Asked) => (fake: Fake) => {
  holdFullRecord(fake);
  fake.replies[command] = (): never => {
    throw new Failed('internal', 'The database could not be read just now. Nothing is lost; try again.');
  };
};

const never = (command: Asked) => (fake: Fake) => {
  holdFullRecord(fake);
  fake.replies[command] = () => new Promise<never>(() => undefined);
};

/** Only the rows of some kinds. */
const nothing = (fake: Fake) => {
  holdFullRecord(fake);
  fake.rows = fake.rows.filter(({ kind }) => kind === 'other');
  fake.start = copiedStart(fake.rows);
  fake.tests = [];
  fake.pins = [];
};

/** More of everything than a summary holds, under names longer than anybody planned for. */
export function holdLongRecord(fake: Fake): void {
  holdFullRecord(fake);
  const many = (id: number, first: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...fake.row(id),
      id: first + at,
      title: at % 3 === 0 ? `${LONG_TITLE} ${at + 1}` : `${fake.row(id).title} ${at + 1}`,
    }));
  fake.rows = [
    ...fake.rows,
    ...many(20, 200, 14),
    ...many(24, 300, 12),
    ...many(14, 400, 6),
    ...many(29, 500, 9),
    ...many(32, 600, 5),
  ];
  fake.start = copiedStart(fake.rows);
  fake.start = { ...fake.start, people: fake.start.people.map((person) => ({ ...person, name: LONG_NAME })) };
  const potassium = fake.tests.find(({ key }) => key === 'potassium');
  if (potassium === undefined) throw new Error('no potassium');
  fake.tests = [
    ...fake.tests,
    ...Array.from({ length: 12 }, (_, at) => ({
      ...potassium,
      key: `test-${at}`,
      name: at % 4 === 0 ? `${LONG_TITLE} ${at + 1}` : `Potassium ${at + 1}`,
    })),
  ];
}

const list = (name: string, hash: string, ready: string | RegExp): View => ({
  name: `list-${name}`,
  hash,
  set: holdFullRecord,
  ready,
});

const record = (name: string, hash: string, ready: string | RegExp, more: Partial<View> = {}): View => ({
  name: `record-${name}`,
  hash,
  set: holdFullRecord,
  ready,
  ...more,
});

export const VIEWS: View[] = [
  { name: 'summary', hash: '#/summary', set: holdFullRecord, ready: 'Pinned tests' },
  { name: 'summary-long', hash: '#/summary', set: holdLongRecord, ready: 'Pinned tests' },
  { name: 'summary-nothing', hash: '#/summary', set: nothing, ready: 'What is not here' },
  { name: 'summary-failed', hash: '#/summary', set: failing('list'), ready: 'could not be put together' },
  { name: 'summary-waiting', hash: '#/summary', set: never('tests'), ready: 'Putting the summary together' },

  { name: 'labs', hash: '#/labs', set: holdFullRecord, ready: 'Out of range in the newest result' },
  { name: 'labs-out', hash: '#/labs?out=1', set: holdFullRecord, ready: /^\d tests$/ },
  {
    name: 'labs-panel',
    hash: '#/labs?panel=Blood+count+%28CBC%29',
    set: holdFullRecord,
    ready: '12 dates, newest first',
  },
  {
    name: 'labs-none',
    hash: '#/labs',
    set: (fake) => {
      holdFullRecord(fake);
      fake.tests = [];
    },
    ready: 'No results to compare',
  },
  {
    name: 'labs-not-offered',
    hash: '#/labs',
    set: (fake) => {
      holdFullRecord(fake);
      fake.rows = fake.rows.filter(({ kind }) => kind !== 'labs' && kind !== 'vitals');
      fake.start = copiedStart(fake.rows, ['labs', 'vitals']);
      fake.tests = [];
      fake.pins = [];
    },
    ready: 'This portal does not offer lab results or vital signs',
  },
  { name: 'labs-failed', hash: '#/labs', set: failing('tests'), ready: 'The results could not be read' },
  { name: 'labs-waiting', hash: '#/labs', set: never('tests'), ready: 'Reading the results' },
  { name: 'panel-failed', hash: '#/labs/panel/3', set: failing('panel'), ready: 'could not be read' },
  { name: 'panel-waiting', hash: '#/labs/panel/3', set: never('panel'), ready: 'Reading the results' },
  { name: 'panel', hash: '#/labs/panel/3', set: holdFullRecord, ready: '12 dates, newest first' },
  {
    name: 'panel-compared',
    hash: '#/labs/panel/3',
    set: holdFullRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Compare two dates' }).click();
    },
    ready: 'End comparing',
  },
  {
    name: 'panel-why',
    hash: '#/labs/panel/3',
    set: holdFullRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Why this is one of eosinophils, basophils' }).click();
    },
    ready: 'This is Eosinophils',
  },
  {
    name: 'trend',
    hash: '#/labs/test/hemoglobin',
    set: holdFullRecord,
    act: async (page) => {
      await page.getByRole('link', { name: /^Mar 10, 2026, 10.7 g\/dL/ }).focus();
    },
    ready: 'All 12 results',
  },
  {
    name: 'trend-compared',
    hash: '#/labs/test/hemoglobin',
    set: holdFullRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Compare two dates' }).click();
    },
    ready: '104 days apart',
  },
  { name: 'trend-pressure', hash: '#/labs/test/bp', set: holdFullRecord, ready: 'All 3 results' },
  { name: 'trend-beyond', hash: '#/labs/test/crp', set: holdFullRecord, ready: 'All 3 results' },
  { name: 'trend-month', hash: '#/labs/test/potassium', set: holdFullRecord, ready: 'All 2 results' },
  { name: 'trend-words', hash: '#/labs/test/hcv', set: holdFullRecord, ready: 'All 2 results' },
  { name: 'trend-likely', hash: '#/labs/test/hemoglobin%3F', set: holdFullRecord, ready: 'All 2 results' },
  { name: 'trend-weight', hash: '#/labs/test/weight', set: holdFullRecord, ready: 'All 2 results' },
  { name: 'trend-missing', hash: '#/labs/test/none', set: holdFullRecord, ready: 'There is no such test' },
  { name: 'trend-failed', hash: '#/labs/test/bp', set: failing('test'), ready: 'could not be read' },
  { name: 'trend-waiting', hash: '#/labs/test/bp', set: never('test'), ready: 'Reading the results' },

  list('labs', '#/kind/labs', 'Blood pressure'),
  list('medicines', '#/kind/medicines', 'Fluticasone'),
  list('problems', '#/kind/problems', 'Chronic kidney disease'),
  list('allergies', '#/kind/allergies', 'Penicillin'),
  list('immunizations', '#/kind/immunizations', 'Pneumococcal'),
  list('visits', '#/kind/visits', 'Video visit'),
  list('documents', '#/kind/documents', 'Letter to the cardiologist'),
  list('plans', '#/kind/plans', 'Plan for diabetes'),
  list('people', '#/kind/people', 'Dr. Paul Achterberg'),
  list('other', '#/kind/other', 'Family member history'),
  {
    name: 'list-narrowed',
    hash: '#/kind/visits',
    set: holdFullRecord,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Show' }).selectOption('Finished');
      await page.getByRole('combobox', { name: 'Order' }).selectOption('By name');
    },
    ready: 'Blood draw',
  },
  {
    name: 'list-no-match',
    hash: '#/kind/medicines',
    set: holdFullRecord,
    act: async (page) => {
      await page.getByLabel('Find in this list').fill('tirzepatide');
    },
    ready: 'Nothing in this list is like that',
  },
  { name: 'list-failed', hash: '#/kind/problems', set: failing('list'), ready: 'The list could not be read' },
  { name: 'list-waiting', hash: '#/kind/problems', set: never('list'), ready: 'Loading' },
  { name: 'list-none', hash: '#/kind/visits', set: nothing, ready: 'No visits' },
  { name: 'list-not-offered', hash: '#/kind/documents', set: holdSmallRecord, ready: 'does not offer' },

  record('panel', '#/kind/labs/3', '4.0–11.0'),
  record('value', '#/kind/labs/4', 'range 4.8–5.6'),
  record('medicine', '#/kind/medicines/20', 'Two sources differ'),
  record('problem', '#/kind/problems/10', 'What it said before'),
  record('allergy', '#/kind/allergies/14', 'Hives over the whole body'),
  record('immunization', '#/kind/immunizations/31', 'Not counted'),
  record('visit', '#/kind/visits/7', 'Recorded at the same visit'),
  record('procedure', '#/kind/visits/36', 'Not done'),
  record('document', '#/kind/documents/38', 'Letter to the cardiologist'),
  record('plan', '#/kind/plans/41', 'Plan for diabetes'),
  record('goal', '#/kind/plans/43', 'Hemoglobin A1c below'),
  record('person', '#/kind/people/15', 'Family medicine'),
  record('place', '#/kind/people/47', 'Larkspur Laboratory'),
  record('other', '#/kind/other/17', 'Could not be read in full.'),
  record('gone', '#/kind/visits/13', 'no longer sends this since'),
  record('not-there', '#/kind/problems/999', 'There is no such record'),
  record('waiting', '#/kind/problems/10', 'Opening the record', { set: never('record') }),
  record('long', '#/kind/medicines/200', LONG_TITLE, { set: holdLongRecord }),
  record('likely', '#/kind/labs/3', 'The unit and the range fit only hemoglobin.', {
    act: async (page) => {
      await page.getByRole('button', { name: 'Why “Hemoglobin” is likely' }).click();
    },
  }),
  record('source', '#/kind/labs/4', '1 of 2', {
    act: async (page) => {
      await page.getByText('Source as the portal sent it').click();
      await page.getByLabel('Find in the source').fill('value');
      await page.getByText('1 of 2').scrollIntoViewIfNeeded();
    },
  }),
  record('note', '#/kind/medicines/21', 'Ask about the dose.', {
    act: async (page) => {
      await page.getByRole('button', { name: 'Write a note' }).click();
      await page.getByRole('textbox', { name: 'Your own note' }).fill('Ask about the dose.');
      await page.getByRole('button', { name: 'Keep the note' }).click();
      await page.getByText('Ask about the dose.').scrollIntoViewIfNeeded();
    },
  }),
  record('letter', '#/kind/medicines/21', 'I never took this.', {
    act: async (page) => {
      await page.getByRole('button', { name: 'This looks wrong' }).click();
      await page.getByLabel('What is wrong, and what would be right').fill('I never took this.');
    },
  }),
  {
    name: 'list-large',
    hash: '#/kind/labs',
    set: (fake) => {
      fake.rows = largeRecord(100_000);
      fake.start = copiedStart(fake.rows);
    },
    ready: 'Metabolic panel (CMP)',
  },
];
