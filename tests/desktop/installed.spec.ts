// The app where a package has put it.

import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { Person } from './person';
import { run } from './process';
import { AppWindow } from './window';

const TOP = process.env.ONHAND_INSTALLED_AT ?? '/';

test('opens on the welcome page from its installed place', async () => {
  const person = await Person.arrive();
  try {
    const window = await AppWindow.open(person, join(TOP, 'usr/bin/onhand-desktop'));
    await window.shows(/Onhand copies what your doctors have written/);
    await window.find('button', /^See a sample record$/);
    await window.close();
  } finally {
    await person.leave();
  }
});

test('brings the command and an entry in the menu', async () => {
  const help = await run(join(TOP, 'usr/bin/onhand'), ['--help']);
  for (const command of ['connect', 'sync', 'records', 'show', 'status', 'sandbox']) {
    expect(help).toContain(command);
  }
  await access(join(TOP, 'usr/share/applications/Onhand.desktop'));
});
