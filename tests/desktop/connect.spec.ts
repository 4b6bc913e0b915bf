// Signing in, by real clicks in the real window and a real browser. The portal is the app's own for
// practising, so that nothing but this machine takes part.

import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { Chromium, Firefox, type Place, programsWithout, type SystemBrowser } from './browser';
import { Display } from './display';
import { Person } from './person';
import { run, until } from './process';
import { APP, startReading, timeline } from './reading';
import { AppWindow } from './window';

let person: Person;
test.beforeEach(async () => {
  person = await Person.arrive();
});
test.afterEach(async () => {
  await person.leave();
});

/** Says that it is the right person, and reads. */
async function read(window: AppWindow): Promise<void> {
  await window.shows(/This is the record of Marisol Quinn, born March 12, 1957/);
  await window.click('button', /^It is mine$/);
  await startReading(window);
  expect(await timeline(window)).toContain('Marisol Quinn');
}

/** From the click to the records, with the browser doing nothing but what the portal asks. */
async function connect(window: AppWindow, browser: SystemBrowser): Promise<void> {
  await window.click('button', /^Practise connecting$/);
  const page = await browser.page('#log-in-form');
  await page.click('#use-marisol');
  await page.click('#allow');
  await until('the browser says that it is done', async () =>
    /you can close this tab/i.test(await page.text()),
  );
  await read(window);
}

/** What a certificate database holds, in words. */
async function certificatesIn(database: string): Promise<string> {
  return await run('certutil', ['-L', '-d', `sql:${database}`], { env: person.env });
}

/** Nothing of a sign-in is left in a certificate database. */
async function expectNoTrace(database: string): Promise<void> {
  const certificates = await certificatesIn(database);
  expect(certificates).toContain('Certificate Nickname');
  expect(certificates).not.toMatch(/onhand|localhost|practice/i);
  // Chromium would look into this one alone, were it there.
  await expect(access(join(person.home, '.pki/nssdb'))).rejects.toThrow();
}

const BROWSERS = [
  { name: 'Chromium', install: (place?: Place) => Chromium.install(person, place) },
  { name: 'Firefox', install: (place?: Place) => Firefox.install(person, place) },
];

for (const { name, install } of BROWSERS) {
  test(`connects through a ${name} that it opens, without a certificate error and without a trace`, async () => {
    const browser = await install();
    // Without certutil, which few people have.
    const programs = await programsWithout(person, 'certutil');
    const window = await AppWindow.open(person, APP, { PATH: `${join(person.home, 'bin')}:${programs}` });
    try {
      await connect(window, browser);
      if (browser instanceof Chromium) expect(browser.refused).toEqual([]);
    } finally {
      await browser.close();
      await window.close();
    }
    await expectNoTrace(browser.database);
  });

  test(`connects through a ${name} that has been running`, async () => {
    const browser = await install();
    await browser.open();
    const window = await AppWindow.open(person, APP);
    try {
      await connect(window, browser);
      if (browser instanceof Chromium) expect(browser.refused).toEqual([]);
    } finally {
      await browser.close();
      await window.close();
    }
    await expectNoTrace(browser.database);
  });
}

test('connects through a Firefox that opens for the first time', async () => {
  const browser = await Firefox.installNew(person);
  const window = await AppWindow.open(person, APP);
  try {
    // It makes its certificate database only as it opens, and is then sent to the page once more.
    await connect(window, browser);
  } finally {
    await browser.close();
    await window.close();
  }
  await expectNoTrace(browser.database);
});

test('leaves no trace where its window is closed while the browser is at the portal', async () => {
  const browser = await Chromium.install(person);
  const window = await AppWindow.open(person, APP);
  try {
    await window.click('button', /^Practise connecting$/);
    await browser.page('#log-in-form');
    await window.shows(/Log in at the portal/);
    expect(await certificatesIn(browser.database)).toMatch(/Onhand sign-in/);
    const display = await Display.look(person.env.DISPLAY ?? '');
    try {
      const titled = await display.windows();
      const own = titled.filter(({ title }) => title === 'Onhand');
      expect(own.length, JSON.stringify(titled)).toBeGreaterThan(0);
      for (const { id } of own) await display.wishClosed(id);
    } finally {
      display.leave();
    }
    await until('the app has ended by itself', async () => !(await person.runs(APP)));
  } finally {
    await browser.close();
  }
  await expectNoTrace(browser.database);
});

test('asks the portal for another account where the browser was logged in as somebody else', async () => {
  const browser = await Chromium.install(person);
  const window = await AppWindow.open(person, APP);
  try {
    await window.click('button', /^Practise connecting$/);
    const first = await browser.page('#log-in-form');
    await first.click('#use-edwin');
    await first.click('#allow');
    await window.shows(/This is the record of Edwin/);
    await window.click('button', /^Use another portal account$/);
    // The browser still holds Edwin's session; the portal asks all the same.
    const second = await browser.page('#log-in-form');
    await second.click('#use-marisol');
    await second.click('#allow');
    await read(window);
    expect(await window.text()).not.toContain('Edwin');
  } finally {
    await browser.close();
    await window.close();
  }
  await expectNoTrace(browser.database);
});

for (const { name, install } of BROWSERS) {
  test.describe(`where ${name} refuses the certificate`, () => {
    let browser: SystemBrowser;
    let window: AppWindow;
    test.beforeEach(async () => {
      browser = await install('unknown to Onhand');
      window = await AppWindow.open(person, APP);
      await window.click('button', /^Practise connecting$/);
      await window.shows(/Your browser did not accept the page on this computer/);
    });
    test.afterEach(async () => {
      await browser.close();
      await window.close();
    });

    /** Goes on to the records, and leaves nothing where the app looks for browsers. */
    async function readWithoutTrace(): Promise<void> {
      await read(window);
      await until('nothing of the sign-in is left', async () => {
        await expectNoTrace(join(person.home, '.local/share/pki/nssdb'));
        return true;
      });
    }

    test('connects in a window of its own that can ask for nothing', async () => {
      await window.click('button', /^Sign in here$/);
      await window.inSecondWindow(async () => {
        await until('the portal stands there', () =>
          window.run('return document.querySelector("#log-in-form") !== null'),
        );
        // Neither the app's command nor another page is within reach of what the portal sends.
        expect(
          await window.run<string>(`
          const tauri = window.__TAURI_INTERNALS__;
          if (tauri === undefined) return 'nothing to ask';
          window.said = 'waits';
          tauri.invoke('call', { command: 'start', input: null }).then(
            () => (window.said = 'answered'),
            () => (window.said = 'refused'),
          );
          return 'asked';
        `),
        ).toMatch(/asked|nothing/);
        await until('it was refused', () =>
          window.run('return window.said === undefined || window.said === "refused"'),
        );
        await window.run('location.href = "https://127.0.0.1:9/"');
        await window.press('#use-marisol');
        await window.press('#allow');
      });
      await window.shows(/This is the record of Marisol Quinn/);
      expect(await window.windows()).toBe(1);
      await readWithoutTrace();
    });

    test('offers the other ways again when that window is closed', async () => {
      await window.click('button', /^Sign in here$/);
      await window.shows(/Log in in the window that has opened/);
      const display = await Display.look(person.env.DISPLAY ?? '');
      try {
        const second = await until('the window says where it is', async () =>
          (await display.windows()).find(({ title }) =>
            /^https:\/\/localhost:\d+\/\S+ – Onhand$/.test(title),
          ),
        );
        await display.wishClosed(second.id);
      } finally {
        display.leave();
      }
      await window.find('button', /^Sign in here$/);
    });

    test('connects past the warning', async () => {
      await window.click('button', /^Open the page again$/);
      const page = await browser.goPastWarnings('#log-in-form');
      await page.click('#use-marisol');
      await page.click('#allow');
      await readWithoutTrace();
    });

    test('connects with the address of the page that did not load', async () => {
      await browser.leavePages();
      await window.click('button', /^Open the portal in my browser$/);
      const page = await browser.goPastWarnings('#log-in-form');
      await page.click('#use-marisol');
      await page.click('#allow');
      const address = await until('the browser is where the portal sent it', async () => {
        const shown = await browser.addresses();
        const answer = shown.find((one) => /^https:\/\/localhost:\d+\/callback\?/.test(one));
        if (answer === undefined) throw new Error(shown.join('\n'));
        return answer;
      });
      await window.type('textbox', /^Address of that page$/, address);
      await window.click('button', /^Go on with this address$/);
      await readWithoutTrace();
    });
  });
}
