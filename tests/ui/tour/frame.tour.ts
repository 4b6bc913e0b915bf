import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { Settings } from '../../../ui/src/backend/api';
import { copiedStart, freshStart, type Fake } from '../fake/portal';
import { largeRecord } from '../fake/record';
import { enlargeText, holdSmallRecord, test } from '../fixture';

const OUT = process.env.ONHAND_TOUR ?? join(import.meta.dirname, '../.out/tour');

type View = {
  name: string;
  hash?: string;
  set?: (fake: Fake) => void;
  settings?: Partial<Settings>;
  act?: (page: Page) => Promise<void>;
};

async function type(page: Page, words: string) {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  if (words !== '') await page.keyboard.type(words);
}

/** The frame and what belongs to it, in every light. */
const VIEWS: View[] = [
  { name: 'frame-timeline', hash: '#/timeline' },
  {
    name: 'frame-large',
    hash: '#/timeline',
    set: (fake) => {
      fake.rows = largeRecord(100_000);
      fake.start = copiedStart(fake.rows);
    },
  },
  { name: 'frame-palette', hash: '#/timeline', act: (page) => type(page, '') },
  {
    name: 'frame-palette-found',
    hash: '#/timeline',
    act: async (page) => {
      await type(page, 'iron');
      await page.getByRole('option', { name: /Ferrous/ }).waitFor();
    },
  },
  {
    name: 'frame-palette-corrected',
    hash: '#/timeline',
    set: (fake) => {
      holdSmallRecord(fake);
      const found = fake.rows.filter(({ title }) => title.includes('Hemoglobin'));
      fake.replies.list = ({ filter }) =>
        filter.query === null
          ? { total: fake.rows.length, records: fake.rows }
          : { total: found.length, records: found, corrected: 'hemoglobin' };
    },
    act: async (page) => {
      await type(page, 'hemogolbin');
      await page.getByText('Nothing is spelled').waitFor();
    },
  },
  {
    name: 'frame-find',
    hash: '#/settings',
    act: async (page) => {
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
      await page.keyboard.press('Control+f');
      await page.keyboard.type('onhand');
      await page
        .getByRole('search', { name: 'Find on this page' })
        .getByText(/^\d+ of \d+$/)
        .waitFor();
    },
  },
  {
    name: 'frame-go-to-date',
    hash: '#/timeline',
    act: async (page) => {
      await page.getByRole('button', { name: 'Go to date' }).waitFor();
      await page.keyboard.press('g');
    },
  },
  {
    name: 'frame-undo',
    hash: '#/kind/medicines/7',
    act: async (page) => {
      await page.getByRole('button', { name: 'Write a note' }).click();
      await page.getByRole('textbox', { name: 'Your own note' }).fill('Ask about the dose.');
      await page.getByRole('button', { name: 'Keep the note' }).click();
      await page.getByRole('button', { name: 'Take it away' }).click();
      await page.getByRole('button', { name: 'Undo' }).waitFor();
    },
  },
  { name: 'frame-settings', hash: '#/settings' },
  {
    name: 'frame-settings-below',
    hash: '#/settings',
    act: (page) => page.getByRole('heading', { name: 'Letters as keys' }).scrollIntoViewIfNeeded(),
  },
  { name: 'frame-help', hash: '#/help' },
  {
    name: 'frame-help-keys',
    hash: '#/help',
    act: (page) => page.getByRole('heading', { name: 'Keys' }).scrollIntoViewIfNeeded(),
  },
  { name: 'frame-spanish-timeline', hash: '#/timeline', settings: { language: 'es' } },
  { name: 'frame-spanish-settings', hash: '#/settings', settings: { language: 'es' } },
  { name: 'frame-spanish-help', hash: '#/help', settings: { language: 'es' } },
  { name: 'frame-spanish-summary', hash: '#/summary', settings: { language: 'es' } },
  {
    name: 'frame-spanish-draft',
    hash: '#/timeline',
    settings: { language: 'es' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Borrador' }).click();
    },
  },
  {
    name: 'frame-spanish-welcome',
    set: (fake) => (fake.start = freshStart()),
    settings: { language: 'es' },
  },
  { name: 'frame-welcome', set: (fake) => (fake.start = freshStart()) },
  { name: 'frame-empty', hash: '#/timeline', set: (fake) => (fake.start = copiedStart([])) },
  { name: 'frame-days-first', hash: '#/timeline/4', settings: { dates: 'day_first', vitals: 'both' } },
  { name: 'frame-years-first', hash: '#/timeline/4', settings: { dates: 'year_first' } },
];

const LOOKS = [
  { name: 'light', width: 1280, height: 800, dark: false, text: 1, contrast: false },
  { name: 'dark', width: 1280, height: 800, dark: true, text: 1, contrast: false },
  { name: 'narrow', width: 900, height: 600, dark: false, text: 1, contrast: false },
  { name: 'twice', width: 1280, height: 800, dark: false, text: 2, contrast: false },
  { name: 'small', width: 560, height: 800, dark: true, text: 1, contrast: false },
  { name: 'contrast', width: 1280, height: 800, dark: false, text: 1, contrast: true },
  { name: 'contrast-dark', width: 1280, height: 800, dark: true, text: 1, contrast: true },
  { name: 'wide', width: 3840, height: 2160, dark: false, text: 1, contrast: false },
];

const wanted = (process.env.LOOKS ?? 'light').split(',');

for (const look of LOOKS.filter(({ name }) => wanted.includes(name) || wanted.includes('all'))) {
  for (const view of VIEWS) {
    test(`${view.name} ${look.name}`, async ({ page, fake, visit }) => {
      (view.set ?? holdSmallRecord)(fake);
      fake.settings = { ...fake.settings, ...view.settings };
      await page.setViewportSize(look);
      await page.emulateMedia({
        colorScheme: look.dark ? 'dark' : 'light',
        contrast: look.contrast ? 'more' : 'no-preference',
        reducedMotion: 'reduce',
      });
      if (look.text !== 1) await enlargeText(page, look.text);
      await visit(view.hash);
      await page.locator('h1:visible, h2:visible').first().waitFor();
      await view.act?.(page);
      await page.waitForTimeout(250);
      await page.screenshot({ path: join(OUT, `${view.name}.${look.name}.png`) });
    });
  }
}
