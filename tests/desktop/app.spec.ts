// The whole way through the app itself, by real clicks in its real window.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { SystemBrowser } from './browser';
import { Person } from './person';
import { run, until } from './process';
import { AppWindow } from './window';

const APP = process.env.ONHAND_APP ?? join(import.meta.dirname, '../../target/debug/onhand-desktop');

let person: Person;
test.beforeEach(async () => {
  person = await Person.arrive();
});
test.afterEach(async () => {
  await person.leave();
});

/** Opens the timeline once the copying is done, and gives what its list shows. */
async function timeline(window: AppWindow): Promise<string> {
  await window.click('button', /^Start reading$/, 90_000);
  await window.shows(/Marisol Quinn/);
  return await window.text();
}

test('shows a sample record without a browser, finds in it, and shows it again without its portal', async () => {
  const window = await AppWindow.open(person, APP);
  await window.shows(/Onhand copies what your doctors have written/);
  await window.click('button', /^See a sample record$/);
  const first = await timeline(window);
  expect(first).toContain('Sample – not a real person');

  await window.close();
  const again = await AppWindow.open(person, APP);
  await again.shows(/Marisol Quinn/);
  expect(await again.text()).toBe(first);
  await again.close();
});

test('practises connecting in the system browser without a certificate error and leaves no trace', async () => {
  const browser = await SystemBrowser.install(person);
  const window = await AppWindow.open(person, APP);
  try {
    await window.click('button', /^Practise connecting$/);

    const page = await browser.page('#log-in-form');
    await page.locator('#use-marisol').click();
    await page.locator('#allow').click();
    await expect(page.locator('body')).toContainText(/close this tab/i);

    await window.click('button', /^Yes, copy this record$/);
    await timeline(window);
    expect(browser.refused).toEqual([]);

    const database = `sql:${join(person.home, '.local/share/pki/nssdb')}`;
    const certificates = await run('certutil', ['-L', '-d', database], { env: person.env });
    expect(certificates).toContain('Certificate Nickname');
    expect(certificates).not.toMatch(/onhand/i);
  } finally {
    await browser.close();
    await window.close();
  }
});

test('keeps nothing of what it shows outside of its own data when nobody drives it', async () => {
  const app = person.start(APP, []);
  const drawn = await until('its window has been drawn', async () => {
    const picture = await run('import', ['-window', 'root', 'png:-'], { env: person.env });
    return picture.length > 8 * 1024;
  });
  expect(drawn).toBe(true);
  expect(app.over).toBe(false);
  const files = await readdir(person.home, { recursive: true });
  expect(files.filter((file) => /webkit|localstorage|indexeddb|cookies/i.test(file))).toEqual([]);
});
