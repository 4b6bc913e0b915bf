// Every view: no violation of an accessibility rule in light and dark, and the tree that a screen
// reader is given.

import { copiedStart, Failed, freshStart, progress, report, type Fake } from './fake/portal';
import { smallRecord } from './fake/record';
import { audit, expect, holdSmallRecord, test } from './fixture';

type View = {
  name: string;
  hash?: string;
  set?: (fake: Fake) => void;
  /** What is on the page once it is ready. */
  ready: string | RegExp;
};

const VIEWS: View[] = [
  { name: 'welcome', ready: 'Your medical record,' },
  {
    name: 'welcome-after-damage',
    set: (fake) =>
      (fake.start = { ...freshStart(), notice: 'The database was damaged. It was moved aside and kept.' }),
    ready: 'The database was damaged.',
  },
  { name: 'settings-before-any-record', hash: '#/settings', ready: 'Settings' },
  {
    name: 'passphrase',
    hash: '#/connect',
    set: (fake) => (fake.start = { ...freshStart(), database: 'new_needs_passphrase' }),
    ready: 'Choose a passphrase',
  },
  {
    name: 'unlock',
    set: (fake) => (fake.start = { ...freshStart(), database: 'needs_passphrase' }),
    ready: 'Your record is locked',
  },
  {
    name: 'unavailable',
    set: (fake) =>
      (fake.start = {
        ...freshStart(),
        database: 'unavailable',
        notice: 'It was written by a newer Onhand. Install that one.',
      }),
    ready: 'It was written by a newer Onhand.',
  },
  {
    name: 'syncing',
    hash: '#/syncing',
    set: (fake) => (fake.start = { ...copiedStart([]), syncing: progress() }),
    ready: '300 of 446',
  },
  { name: 'timeline', hash: '#/timeline', set: holdSmallRecord, ready: 'Hemoglobin A1c' },
  {
    name: 'timeline-by-kind',
    hash: '#/timeline?kinds=medicines',
    set: holdSmallRecord,
    ready: 'Amlodipine 5 mg tablet',
  },
  { name: 'labs-by-date', hash: '#/kind/labs', set: holdSmallRecord, ready: 'Blood pressure' },
  { name: 'panel', hash: '#/timeline/3', set: holdSmallRecord, ready: '4.0–11.0' },
  { name: 'single-result', hash: '#/kind/labs/4', set: holdSmallRecord, ready: 'range 4.8–5.6' },
  { name: 'visit', hash: '#/timeline/7', set: holdSmallRecord, ready: 'After-visit summary' },
  { name: 'allergy', hash: '#/kind/allergies/14', set: holdSmallRecord, ready: 'Hives over the whole body' },
  { name: 'gone', hash: '#/timeline/13', set: holdSmallRecord, ready: /no longer sends this since/ },
  {
    name: 'unknown-type',
    hash: '#/kind/other/17',
    set: holdSmallRecord,
    ready: 'Could not be read in full.',
  },
  {
    name: 'record-not-found',
    hash: '#/timeline/999',
    set: holdSmallRecord,
    ready: 'There is no such record',
  },
  { name: 'search', hash: '#/search?q=iron', set: holdSmallRecord, ready: '2 results' },
  {
    name: 'search-without-a-hit',
    hash: '#/search?q=tirzepatide',
    set: holdSmallRecord,
    ready: 'Nothing found for “tirzepatide”',
  },
  {
    name: 'not-offered',
    hash: '#/kind/documents',
    set: holdSmallRecord,
    ready: 'This portal does not offer documents',
  },
  {
    name: 'none-on-record',
    hash: '#/kind/allergies',
    set: (fake) => {
      fake.rows = smallRecord().filter(({ kind }) => kind === 'labs');
      fake.start = copiedStart(fake.rows);
    },
    ready: 'No allergies on record',
  },
  {
    name: 'empty',
    hash: '#/timeline',
    set: (fake) => (fake.start = copiedStart([])),
    ready: 'No records yet',
  },
  {
    name: 'list-failed',
    hash: '#/timeline',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.replies.list = () => {
        throw new Failed('internal', 'The database could not be read just now. Nothing is lost; try again.');
      };
    },
    ready: 'The list could not be read',
  },
  { name: 'connection', hash: '#/connection', set: holdSmallRecord, ready: '3 missing' },
  {
    name: 'connection-signed-out',
    hash: '#/connection',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.start = {
        ...fake.start,
        accounts: fake.start.accounts.map((account) => ({ ...account, signed_in: false })),
      };
    },
    ready: 'The portal asks you to sign in again.',
  },
  {
    name: 'not-connected',
    hash: '#/connection',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.start = { ...fake.start, accounts: [] };
    },
    ready: 'No portal is connected.',
  },
  { name: 'settings', hash: '#/settings', set: holdSmallRecord, ready: 'About Onhand' },
  {
    name: 'sample',
    hash: '#/timeline/4',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.start = { ...fake.start, sample: true };
    },
    ready: 'range 4.8–5.6',
  },
];

for (const { name, hash, set, ready } of VIEWS) {
  test(`${name} is whole for everyone`, async ({ page, fake, visit }) => {
    set?.(fake);
    await visit(hash);
    await expect(page.getByText(ready).first()).toBeVisible();
    await expect(page.locator('body')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    await audit(page);
  });
}

test('syncing that ended without a part of it is whole for everyone', async ({ page, fake, visit }) => {
  fake.start = { ...copiedStart([]), syncing: progress() };
  await visit('#/syncing');
  await expect(page.getByText('300 of 446')).toBeVisible();
  fake.send({ event: 'sync_finished', data: report() });
  await expect(page.getByRole('heading', { name: 'Most of your record is here' })).toBeVisible();
  await expect(page.locator('body')).toMatchAriaSnapshot({ name: 'synced-partly.aria.yml' });
  await audit(page);
});

test('the dialog to disconnect is whole for everyone', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/connection');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('dialog')).toMatchAriaSnapshot({ name: 'disconnect.aria.yml' });
  await audit(page);
});

test('the reasons of a likely name are whole for everyone', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline/3');
  await page.getByRole('button', { name: 'Why “Hemoglobin” is likely' }).click();
  await expect(page.getByText('The unit and the range fit only hemoglobin.')).toBeVisible();
  await audit(page);
});

test('the source of a record is whole for everyone', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline/4');
  await page.getByText('Source as the portal sent it').click();
  await expect(page.getByText('"value": 7.0')).toBeVisible();
  await audit(page);
});
