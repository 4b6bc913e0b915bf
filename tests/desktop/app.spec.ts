// The whole way through the app itself, by real clicks in its real window.

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { Person } from './person';
import { run, until } from './process';
import { APP, openSample, timeline } from './reading';
import { AppWindow } from './window';

let person: Person;
test.beforeEach(async () => {
  person = await Person.arrive();
});
test.afterEach(async () => {
  await person.leave();
});

test('shows a sample record without a browser, finds in it, and shows it again without its portal', async () => {
  const window = await openSample(person);
  const first = await timeline(window);
  expect(first).toContain('Sample – not a real person');
  expect(first).toContain('Marisol Quinn');
  expect(first).toMatch(/^\d{3} records$/m);

  await window.click('link', /Heart rate/);
  await window.find('heading', /^Office visit/);
  await window.shows(/84 \/min/);
  const reading = await timeline(window);

  await window.type('searchbox', /Search/, 'cholest');
  await window.find('link', /cholesterol/i);

  // The portal was a part of the app: it is gone with it, and nothing else can be reached.
  await window.close();
  const again = await AppWindow.open(person, APP);
  // What was read last is open again, and what was looked for is not.
  await again.find('heading', /^Office visit/);
  expect(await timeline(again)).toBe(reading);
  await again.close();
});

test('leaves no word of what it shows outside of its encrypted database', async () => {
  const driven = await openSample(person);
  await timeline(driven);
  await driven.close();
  // WebKit can be driven only where it keeps what it likes, so that was another window than the one
  // a person has. It is opened here without a driver, and looked at from outside.
  const webkit = [join(person.home, '.local/share/app.onhand.desktop'), join(person.home, '.cache')];
  for (const folder of webkit) await rm(folder, { recursive: true, force: true });

  const app = person.start(APP, []);
  let before = '';
  await until('its window has been drawn and stands still', async () => {
    const now = await run('import', ['-window', 'root', 'png:-'], { env: person.env });
    const drawn = now.length > 16 * 1024 && now === before;
    before = now;
    return drawn;
  });
  expect(app.over).toBe(false);
  await app.stop();

  const telling: string[] = [];
  for (const entry of await readdir(person.home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    if (content.includes('Marisol') || content.includes(Buffer.from('Marisol', 'utf16le'))) {
      telling.push(path);
    }
  }
  expect(telling).toEqual([]);
});
