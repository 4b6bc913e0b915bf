import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { connecting, copiedStart, Failed, freshStart, progress, report, type Fake } from '../fake/portal';
import { largeRecord, smallRecord } from '../fake/record';
import { holdSmallRecord, test } from '../fixture';
import { wantedLooks, wear } from '../look';

const OUT = process.env.ONHAND_TOUR ?? join(import.meta.dirname, '../.out/tour');

type View = {
  name: string;
  hash?: string;
  set: (fake: Fake) => void;
  act?: (page: Page, fake: Fake) => Promise<void>;
};

const LONG = 'Maria-Esperanza Wilhelmina Featherstonehaugh-Cholmondeley de la Cruz y Santillana';

const VIEWS: View[] = [
  { name: 'welcome', set: () => undefined },
  {
    name: 'welcome-notice',
    set: (fake) =>
      (fake.start = {
        ...freshStart(),
        notice:
          'The database was damaged. It was moved aside to “onhand-damaged-2026-11-20” and kept; a new one was begun. Connect again to copy your record.',
      }),
  },
  { name: 'settings-alone', hash: '#/settings', set: () => undefined },
  { name: 'connect', hash: '#/connect', set: () => undefined },
  {
    name: 'connect-errors',
    hash: '#/connect',
    set: () => undefined,
    act: async (page) => {
      await page.getByLabel('Client id').fill('https://localhost:27443/callback');
      await page.getByText('My portal is different').click();
      await page.getByLabel('Address of the portal').fill('https://portal.example.org');
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
    },
  },
  {
    name: 'vault',
    hash: '#/connect',
    set: (fake) => (fake.start = { ...freshStart(), database: 'new_needs_passphrase' }),
  },
  { name: 'unlock', set: (fake) => (fake.start = { ...freshStart(), database: 'needs_passphrase' }) },
  {
    name: 'unlock-wrong',
    set: (fake) => {
      fake.start = { ...freshStart(), database: 'needs_passphrase' };
      fake.replies.unlock = () => {
        throw new Failed('locked', 'That is not the passphrase. Nothing was changed; try again.');
      };
    },
    act: async (page) => {
      await page.getByLabel('Passphrase').fill('no');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'unavailable',
    set: (fake) =>
      (fake.start = {
        ...freshStart(),
        database: 'unavailable',
        notice:
          'This record was written by a newer Onhand (schema 9; this one knows 4). Install the newer Onhand to read it.',
      }),
  },
  { name: 'waiting', set: (fake) => (fake.start = { ...freshStart(), connecting: connecting({}) }) },
  {
    name: 'at-portal',
    set: (fake) => (fake.start = { ...freshStart(), connecting: connecting({ stage: 'at_portal' }) }),
  },
  {
    name: 'certificate',
    set: (fake) =>
      (fake.start = { ...freshStart(), connecting: connecting({ stage: 'certificate_refused' }) }),
  },
  {
    name: 'connect-failed',
    set: (fake) =>
      (fake.start = {
        ...freshStart(),
        connecting: connecting({
          stage: 'failed',
          error: {
            code: 'consent_refused',
            message:
              'At the portal, access was not allowed. Nothing was copied. If that was a slip, try again and press “Allow”.',
          },
        }),
      }),
  },
  {
    name: 'confirm',
    set: (fake) =>
      (fake.start = {
        ...freshStart(),
        connecting: connecting({
          stage: 'confirm',
          people: [{ patient_id: '7', name: 'Marisol Quinn', birth_date: '1957-03-12' }],
        }),
      }),
  },
  {
    name: 'confirm-family',
    set: (fake) =>
      (fake.start = {
        ...freshStart(),
        connecting: connecting({
          stage: 'confirm',
          people: [
            { patient_id: '7', name: 'Marisol Quinn', birth_date: '1957-03-12' },
            { patient_id: '8', name: LONG, birth_date: '2016' },
          ],
        }),
      }),
  },
  {
    name: 'syncing',
    hash: '#/syncing',
    set: (fake) => (fake.start = { ...copiedStart([]), syncing: progress() }),
  },
  {
    name: 'synced-partly',
    hash: '#/syncing',
    set: (fake) => (fake.start = { ...copiedStart([]), syncing: progress() }),
    act: async (page, fake) => {
      await page.getByText('300 of 446').waitFor();
      fake.send({ event: 'sync_finished', data: report() });
      await page.getByText('Most of your record').waitFor();
    },
  },
  { name: 'timeline', hash: '#/timeline', set: holdSmallRecord },
  { name: 'timeline-detail', hash: '#/timeline/10', set: holdSmallRecord },
  { name: 'detail-panel', hash: '#/timeline/3', set: holdSmallRecord },
  { name: 'detail-value', hash: '#/kind/labs/4', set: holdSmallRecord },
  { name: 'detail-visit', hash: '#/timeline/7', set: holdSmallRecord },
  { name: 'detail-allergy', hash: '#/kind/allergies/14', set: holdSmallRecord },
  { name: 'detail-gone', hash: '#/timeline/13', set: holdSmallRecord },
  {
    name: 'detail-other',
    hash: '#/kind/other/17',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByText('Source as the portal sent it').click();
      await page.getByText('1 code').or(page.getByText('2 codes')).click();
      await page.getByText('"resourceType"').waitFor();
    },
  },
  { name: 'detail-missing', hash: '#/timeline/999', set: holdSmallRecord },
  {
    name: 'likely',
    hash: '#/timeline/3',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Why “Hemoglobin” is likely' }).click();
    },
  },
  {
    name: 'large',
    hash: '#/timeline',
    set: (fake) => {
      fake.rows = largeRecord(100_000);
      fake.start = copiedStart(fake.rows);
    },
  },
  {
    name: 'large-scrolled',
    hash: '#/timeline',
    set: (fake) => {
      fake.rows = largeRecord(100_000);
      fake.start = copiedStart(fake.rows);
    },
    act: async (page) => {
      await page
        .getByRole('link', { name: /Office|Metabolic|Ferritin|Body|Blood|Lisin|High|Influ/ })
        .first()
        .focus();
      await page.keyboard.press('End');
      await page.getByText('Undated').first().waitFor();
    },
  },
  {
    name: 'search',
    hash: '#/timeline',
    set: holdSmallRecord,
    act: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('iron');
      await page.getByText('2 results').or(page.getByText('3 results')).waitFor();
    },
  },
  { name: 'search-none', hash: '#/search?q=tirzepatide', set: holdSmallRecord },
  { name: 'not-offered', hash: '#/kind/documents', set: holdSmallRecord },
  {
    name: 'none',
    hash: '#/kind/visits',
    set: (fake) => {
      fake.rows = smallRecord().filter(({ kind }) => kind === 'labs');
      fake.start = copiedStart(fake.rows);
    },
  },
  { name: 'empty', hash: '#/timeline', set: (fake) => (fake.start = copiedStart([])) },
  {
    name: 'list-error',
    hash: '#/timeline',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.replies.list = () => {
        throw new Failed('internal', 'The database could not be read just now. Nothing is lost; try again.');
      };
    },
  },
  {
    name: 'slow',
    hash: '#/timeline',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.replies.list = () => new Promise(() => undefined);
    },
    act: async (page) => {
      await page.locator('.grey').first().waitFor();
      await page.waitForTimeout(400);
    },
  },
  { name: 'connection', hash: '#/connection', set: holdSmallRecord },
  {
    name: 'connection-below',
    hash: '#/connection',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByRole('heading', { name: 'Copying by itself' }).scrollIntoViewIfNeeded();
    },
  },
  { name: 'run', hash: '#/connection/1/9', set: holdSmallRecord },
  { name: 'run-broken', hash: '#/connection/1/10', set: holdSmallRecord },
  { name: 'news', hash: '#/news/12/any', set: holdSmallRecord },
  { name: 'requests', hash: '#/requests', set: holdSmallRecord },
  {
    name: 'requests-none',
    hash: '#/requests',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.requests = [];
    },
  },
  {
    name: 'labs-error',
    hash: '#/labs',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.replies.tests = () => {
        throw new Failed('internal', 'The database could not be read just now. Nothing is lost; try again.');
      };
    },
  },
  {
    name: 'labs-slow',
    hash: '#/labs',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.replies.tests = () => new Promise(() => undefined);
    },
    act: async (page) => {
      await page.locator('.grey').first().waitFor();
    },
  },
  {
    name: 'labs-below',
    hash: '#/labs',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByText('Onhand worked these names out').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'panel-compare',
    hash: '#/labs/panel/3',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Compare two dates' }).click();
    },
  },
  {
    name: 'trend-compare',
    hash: '#/labs/test/hemoglobin',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Compare two dates' }).click();
    },
  },
  { name: 'trend-a1c', hash: '#/labs/test/a1c', set: holdSmallRecord },
  { name: 'medicines', hash: '#/kind/medicines/8', set: holdSmallRecord },
  { name: 'problems', hash: '#/kind/problems/10', set: holdSmallRecord },
  { name: 'allergies', hash: '#/kind/allergies', set: holdSmallRecord },
  {
    name: 'versions',
    hash: '#/kind/problems/10',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByRole('heading', { name: 'What it said before' }).scrollIntoViewIfNeeded();
      await page.getByText('stayed the same').click();
    },
  },
  {
    name: 'visit-below',
    hash: '#/kind/visits/7',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByText('2 lines folded into this').click();
      await page.getByRole('button', { name: /^Save After-visit/ }).click();
      await page.getByText('Saved as').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'go-to-date',
    hash: '#/timeline',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Go to date' }).click();
    },
  },
  {
    name: 'source-find',
    hash: '#/timeline/4',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByText('Source as the portal sent it').click();
      await page.getByLabel('Find in the source').fill('value');
      await page.getByText('1 of 2').waitFor();
    },
  },
  {
    name: 'syncing-waits',
    hash: '#/syncing',
    set: (fake) =>
      (fake.start = {
        ...copiedStart([]),
        syncing: { ...progress(), goes_on: true, waiting: 'The portal asks for a pause of 20 seconds.' },
      }),
  },
  {
    name: 'connection-signed-out',
    hash: '#/connection',
    set: (fake) => {
      holdSmallRecord(fake);
      const [account] = fake.start.accounts;
      if (account) fake.start = { ...fake.start, accounts: [{ ...account, signed_in: false }] };
    },
  },
  {
    name: 'disconnect',
    hash: '#/connection',
    set: holdSmallRecord,
    act: async (page) => {
      await page.getByRole('button', { name: 'Disconnect' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'settings', hash: '#/settings', set: holdSmallRecord },
  {
    name: 'sample',
    hash: '#/timeline/7',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.start = { ...fake.start, sample: true };
    },
  },
  {
    name: 'long-names',
    hash: '#/timeline/1',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.rows = fake.rows.map((row, at) =>
        at < 6
          ? {
              ...row,
              title: `${row.title} — ${'as written by the laboratory in one very long line '.repeat(3)}`,
              subtitle: LONG,
            }
          : row,
      );
      fake.start = { ...fake.start, people: fake.start.people.map((person) => ({ ...person, name: LONG })) };
    },
  },
  {
    name: 'family',
    hash: '#/timeline',
    set: (fake) => {
      holdSmallRecord(fake);
      const [first] = fake.start.people;
      if (first)
        fake.start = {
          ...fake.start,
          people: [first, { ...first, id: 2, name: 'Teo Quinn', birth_date: '2016' }],
        };
    },
    act: async (page) => {
      await page.getByRole('button', { name: /Change person/ }).click();
    },
  },
];

for (const look of wantedLooks()) {
  for (const view of VIEWS) {
    test(`${view.name} ${look.name}`, async ({ page, fake, visit }) => {
      view.set(fake);
      await wear(page, look);
      await visit(view.hash);
      await page.locator('h1:visible, h2:visible').first().waitFor();
      await view.act?.(page, fake);
      await page.waitForTimeout(250);
      await page.screenshot({ path: join(OUT, `${view.name}.${look.name}.png`) });
    });
  }
}
