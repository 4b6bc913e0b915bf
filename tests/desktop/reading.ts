// What a person does once records have been copied.

import { join } from 'node:path';

import { type Person } from './person';
import { until } from './process';
import { AppWindow } from './window';

/** The app as it was built last. */
export const APP = process.env.ONHAND_APP ?? join(import.meta.dirname, '../../target/debug/onhand-desktop');

/** Opens the app, goes through the sample without a browser, and gives the window on its timeline. */
export async function openSample(person: Person): Promise<AppWindow> {
  const window = await AppWindow.open(person, APP);
  await window.shows(/Onhand copies what your doctors have written/);
  await window.click('button', /^See a sample record$/);
  await startReading(window);
  return window;
}

/** Waits until all of a record has been copied, and begins to read. */
export async function startReading(window: AppWindow): Promise<void> {
  await window.shows(/Your record is here/, 90_000);
  await window.click('button', /^Start reading$/);
}

/** All that the window shows with a timeline in it. */
export async function timeline(window: AppWindow): Promise<string> {
  return await until('the timeline has rows and stands still', async () => {
    const [before, rows] = [await window.text(), await window.count('listitem')];
    await new Promise((resolve) => setTimeout(resolve, 250));
    return rows > 5 && before === (await window.text()) ? before : null;
  });
}
