// What a person does once records have been copied.

import { until } from './process';
import { type AppWindow } from './window';

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
