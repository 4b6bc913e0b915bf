// Pictures of the views, held against those that somebody has looked at.

import { execFileSync } from 'node:child_process';

import { expect, type Page } from '@playwright/test';

/**
 * Whether letters look here as on the machine that the pictures are of: the fonts are the system's,
 * and a picture of other fonts says nothing about the view.
 */
const isComparable = (() => {
  try {
    const sans = execFileSync('fc-match', ['sans-serif'], { encoding: 'utf8' });
    return process.platform === 'linux' && sans.includes('DejaVu Sans');
  } catch {
    return false;
  }
})();

/** Holds what is seen against the picture of that name; other fonts than the picture's are let be. */
export async function expectPicture(page: Page, name: string): Promise<void> {
  if (!isComparable) return;
  await expect(page).toHaveScreenshot(`${name}.png`, {
    animations: 'disabled',
    caret: 'hide',
    // Browsers of other versions smooth edges otherwise; a line that has moved is more than that.
    threshold: 0.25,
    maxDiffPixelRatio: 0.01,
  });
}
