// How the views are looked at: in which light, how wide, how large.

import type { Page } from '@playwright/test';

import { enlargeText } from './fixture';

/** A light, a size of window, a size of text. */
export type Look = {
  name: string;
  width: number;
  height: number;
  dark?: boolean;
  /** How many times as large the text is as usual. */
  text?: number;
};

export const LOOKS: readonly Look[] = [
  { name: 'light', width: 1280, height: 800 },
  { name: 'dark', width: 1280, height: 800, dark: true },
  { name: 'narrow', width: 900, height: 600 },
  { name: 'twice', width: 1280, height: 800, text: 2 },
  { name: 'small', width: 560, height: 800, dark: true },
];

/** The looks named in the environment's `LOOKS`, light alone without it. */
export function wantedLooks(): Look[] {
  const wanted = (process.env.LOOKS ?? 'light').split(',');
  return LOOKS.filter(({ name }) => wanted.includes(name) || wanted.includes('all'));
}

/** Makes the next page look so. */
export async function wear(page: Page, { width, height, dark = false, text = 1 }: Look): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  if (text !== 1) await enlargeText(page, text);
}

/** The moment that every picture is of: what says "today" says the same in each. */
export const NOW = new Date('2026-11-23T15:00:00Z');
