// Every state of connecting, for the specs that hold them to their rules and for the tour.

import type { Locator, Page } from '@playwright/test';

import { connecting, copiedStart, Failed, familyStart, freshStart, refused, type Fake } from './fake/portal';
import { smallRecord } from './fake/record';
import { holdSmallRecord } from './fixture';

export type View = {
  name: string;
  hash?: string;
  set?: (fake: Fake) => void;
  /** What a person does first. */
  act?: (page: Page, fake: Fake) => Promise<void>;
  /** What is on the page once it is ready. */
  ready: string | RegExp;
  /** The part of the page that is about this, where it is not the whole. */
  part?: (page: Page) => Locator;
};

/** Of the length that the portal's own have, and nobody's. */
export const CLIENT_ID = 'qT7vLw0ZpN4cXy2RkHd9sMbJ6uEa1fGi8oVt3WnB';
export const CLIENT_SECRET = 'm3XcV9bTq8LzKp0sYwRj5uNhGf2dEa7Q'.repeat(4);

const MARISOL = { patient_id: '7', name: 'Marisol Quinn', birth_date: '1957-03-12' };
const TEO = { patient_id: '8', name: 'Teo Quinn', birth_date: '2016-08-02' };

function during(more: Parameters<typeof connecting>[0]): (fake: Fake) => void {
  return (fake) => (fake.start = { ...freshStart(), connecting: connecting(more) });
}

export const VIEWS: View[] = [
  { name: 'connect', hash: '#/connect', ready: 'Client id' },
  {
    name: 'connect-pasted',
    hash: '#/connect',
    act: async (page) => {
      await page.getByRole('button', { name: 'Open onpatient.com' }).click();
      await page.getByLabel('Client id').fill(`“${CLIENT_ID}”`);
      await page.getByLabel('Client secret').fill(CLIENT_SECRET);
    },
    ready: 'Onhand left out the quotation marks',
  },
  {
    name: 'connect-swapped',
    hash: '#/connect',
    act: async (page) => {
      await page.getByLabel('Client id').fill(CLIENT_SECRET);
      await page.getByLabel('Client secret').fill(CLIENT_ID);
    },
    ready: /the wrong way round/,
  },
  {
    name: 'connect-wrong',
    hash: '#/connect',
    act: async (page) => {
      await page.getByLabel('Client id').fill('https://localhost:27443/callback');
      await page.getByLabel('Client secret').fill(`${CLIENT_SECRET.slice(0, 50)}...`);
      await page.getByText('My portal is different').click();
      await page.getByLabel('Address of the portal').fill('https://portal.example.org');
      await page.getByLabel('Redirect addresses').fill('http://localhost:9001/cb');
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
    },
    ready: 'Onhand connects to onpatient.com and to portals',
  },
  {
    name: 'connect-white-label',
    hash: '#/connect',
    act: async (page) => {
      await page.getByText('My portal is different').click();
      await page.getByLabel('Address of the portal').fill('larkspur.onpatient.com');
      await page.getByLabel('Redirect addresses').fill('https://localhost:9001/cb');
    },
    ready: 'Open larkspur.onpatient.com',
  },
  {
    name: 'connect-what-will-be-asked',
    hash: '#/connect',
    set: (fake) => {
      fake.start = {
        ...freshStart(),
        trust_note:
          'Your Mac will ask once for your password or your fingerprint, so that your browsers trust the page that Onhand serves on this computer. It is good for a year.',
      };
    },
    ready: 'Your Mac will ask once',
  },
  {
    name: 'welcome-with-own-client',
    hash: '#/start',
    set: (fake) => (fake.start = { ...freshStart(), has_own_client: true }),
    ready: 'My portal is different',
  },
  {
    name: 'connect-with-own-client',
    hash: '#/connect',
    set: (fake) => (fake.start = { ...freshStart(), has_own_client: true }),
    ready: /registered with OnPatient already/,
  },
  {
    name: 'connect-registered',
    hash: '#/connect',
    set: (fake) => {
      fake.start = { ...freshStart(), database: 'open', registered: 'https://larkspur.onpatient.com' };
    },
    ready: /still has the id and the secret/,
  },
  {
    name: 'connect-another',
    hash: '#/connect',
    set: holdSmallRecord,
    ready: 'You have set this up before',
  },
  {
    name: 'connect-another-portal',
    hash: '#/connect',
    set: (fake) => (fake.start = familyStart(smallRecord())),
    ready: 'larkspur.onpatient.com',
  },
  {
    name: 'connect-failed-to-begin',
    hash: '#/connect',
    set: (fake) => {
      fake.start = { ...freshStart(), database: 'open' };
      fake.replies.connect = () => {
        throw new Failed('internal', 'Onhand could not begin to listen on this computer. Try again.');
      };
    },
    act: async (page) => {
      await page.getByLabel('Client id').fill(CLIENT_ID);
      await page.getByLabel('Client secret').fill(CLIENT_SECRET);
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
    },
    ready: 'Onhand could not begin to listen',
  },
  { name: 'preparing', set: during({ stage: 'preparing', start_url: null }), ready: 'Getting ready' },
  { name: 'waiting-for-browser', set: during({}), ready: 'Go on in your browser' },
  {
    name: 'waiting-with-a-note',
    set: during({
      trust_note:
        'The certificates of Firefox are guarded by a primary password, so Firefox will show a warning.',
      ways: ['in_app', 'past_warning', 'paste_address'],
    }),
    ready: 'guarded by a primary password',
  },
  {
    name: 'at-portal',
    set: during({ stage: 'at_portal', ways: ['paste_address'] }),
    ready: 'Log in at the portal',
  },
  {
    name: 'at-portal-stuck',
    set: during({ stage: 'at_portal', ways: ['paste_address'] }),
    act: async (page) => {
      await page.getByText('a page that does not load?').click();
      await page.getByLabel('Address of that page').fill('https://localhost:27443/callback');
    },
    ready: 'The end of the address is missing',
  },
  {
    name: 'signing-in-here',
    set: during({ stage: 'signing_in_here' }),
    ready: 'Log in in the window that has opened',
  },
  { name: 'exchanging', set: during({ stage: 'exchanging' }), ready: 'Coming back from the portal' },
  {
    name: 'certificate-refused',
    set: (fake) => (fake.start = { ...freshStart(), connecting: refused() }),
    ready: /did not accept the page/,
  },
  {
    name: 'pasting',
    set: (fake) => {
      fake.start = { ...freshStart(), connecting: refused() };
      fake.replies.open_for_paste = () => connecting({ stage: 'at_portal', ways: ['paste_address'] });
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Open the portal in my browser' }).click();
    },
    ready: 'Log in at the portal, then paste its last address',
  },
  {
    name: 'address-wrong',
    set: (fake) => (fake.start = { ...freshStart(), connecting: refused({ ways: ['paste_address'] }) }),
    act: async (page) => {
      await page.getByLabel('Address of that page').fill('https://onpatient.com/o/authorize/?client_id=a');
      await page.getByRole('button', { name: 'Go on with this address' }).click();
    },
    ready: 'This is a page of the portal.',
  },
  {
    name: 'port-missing',
    set: during({ port_missing: true, ways: ['in_app', 'paste_address'] }),
    ready: 'Your browser cannot come back by itself',
  },
  {
    name: 'connect-failed',
    set: during({
      stage: 'failed',
      error: {
        code: 'consent_refused',
        message: 'At the portal, access was not allowed. Nothing was copied.',
      },
    }),
    ready: 'At the portal, access was not allowed.',
  },
  {
    name: 'connect-failed-secret',
    set: during({
      stage: 'failed',
      error: {
        code: 'invalid',
        message: 'The portal does not know this client id and secret. Check both in your portal’s settings.',
      },
    }),
    ready: 'Paste the id and the secret again',
  },
  {
    name: 'confirm',
    set: during({ stage: 'confirm', people: [MARISOL] }),
    ready: 'This is the record of Marisol Quinn, born March 12, 1957.',
  },
  {
    name: 'confirm-family',
    set: during({
      stage: 'confirm',
      people: [
        MARISOL,
        {
          ...TEO,
          name: 'Teodoro-Maximilian Wilhelm Featherstonehaugh-Cholmondeley de la Cruz y Santillana',
        },
        { ...TEO, patient_id: '9', name: 'Ada Quinn', birth_date: null },
      ],
    }),
    ready: 'Which of them are you?',
  },
  { name: 'confirm-nobody', set: during({ stage: 'confirm', people: [] }), ready: /did not say whose/ },
  {
    name: 'confirm-other-person',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.start = {
        ...fake.start,
        connecting: connecting({
          stage: 'confirm',
          people: [TEO],
          other_person: { found: [TEO], expected: [MARISOL] },
        }),
      };
    },
    ready: 'This is the record of Teo Quinn, born August 2, 2016. Keep it as a separate person?',
  },
  {
    name: 'family-of-two-portals',
    hash: '#/timeline',
    set: (fake) => {
      holdSmallRecord(fake);
      fake.start = familyStart(fake.rows);
    },
    act: async (page) => {
      await page.getByRole('button', { name: /Change person/ }).click();
    },
    ready: 'Not said whose',
    part: (page) => page.getByRole('list', { name: 'Whose record' }),
  },
  {
    name: 'certificates-removed',
    hash: '#/settings',
    set: (fake) => {
      fake.start = copiedStart([]);
      fake.replies.remove_certificates = () => ({
        count: 2,
        notes: ['One from Chromium’s certificates, one from Firefox’s.'],
      });
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Remove sign-in certificates' }).click();
    },
    ready: '2 certificates were removed.',
    part: (page) => page.getByRole('region', { name: 'Sign-in certificates' }),
  },
];
