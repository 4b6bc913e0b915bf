// The README's pictures: the app's own window, on the sample record.

import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { Person } from './person';
import { run, until } from './process';
import { APP } from './reading';
import { AppWindow } from './window';

const FOLDER = process.env.ONHAND_PICTURES ?? join(import.meta.dirname, '../../target/pictures');

/** A picture in the README is looked at by everyone who clones it. */
const LIMIT = 150 * 1024;

/** Takes a picture of the window once it stands still. */
async function take(window: AppWindow, name: string): Promise<void> {
  let before = await window.picture();
  const picture = await until(`${name} stands still`, async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const now = await window.picture();
    const still = now.equals(before) && now.length > 8 * 1024;
    before = now;
    return still ? now : null;
  });
  const file = join(FOLDER, `${name}.png`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, picture);
  // So few colours are in a window that nobody sees those that go.
  await run('mogrify', ['-strip', '+dither', '-colors', '128', '-type', 'Palette', file]);
  expect((await stat(file)).size).toBeLessThan(LIMIT);
}

test('takes a picture of each view', async () => {
  const person = await Person.arrive();
  try {
    const window = await AppWindow.open(person, APP);
    await window.shows(/Onhand copies what your doctors have written/);
    await take(window, 'welcome');

    await window.click('link', /^Connect to OnPatient$/);
    await window.shows(/Client secret/);
    await take(window, 'connect');
    await window.run('history.back()');

    await window.click('button', /^See a sample record$/);
    await window.shows(/Your record is here/, 90_000);
    await take(window, 'copied');
    await window.click('button', /^Start reading$/);

    await window.click('link', /Lipid Panel/);
    await window.find('heading', /Lipid Panel/);
    await take(window, 'timeline');

    await window.type('searchbox', /Search/, 'cholest');
    await window.click('link', /Lipid Panel/);
    await window.find('heading', /Lipid Panel/);
    await take(window, 'search');

    await window.run("location.hash = '#/connection'");
    await window.shows(/What came|Copied/i);
    await take(window, 'sync');

    await window.run("location.hash = '#/settings'");
    await window.find('heading', /Settings/);
    await take(window, 'settings');
    await window.close();

    const dark = await AppWindow.open(person, APP, { GTK_THEME: 'Adwaita:dark' });
    await dark.click('link', /Lipid Panel/);
    await dark.find('heading', /Lipid Panel/);
    await take(dark, 'timeline-dark');
    await dark.close();
  } finally {
    await person.leave();
  }
});
