// The person's browser: a real one with a profile that nothing has touched, opened by the system's
// own way of opening an address.

import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Browser, chromium, type Page } from '@playwright/test';
import puppeteer, { type ElementHandle, type Page as BidiPage } from 'puppeteer-core';

import { type Person } from './person';
import { freePort, run, until } from './process';

/** What a test does with a page, whichever browser shows it. */
export interface BrowserPage {
  click(selector: string): Promise<void>;
  text(): Promise<string>;
}

export interface SystemBrowser {
  /** The folder of the certificate database that it reads. */
  readonly database: string;
  /** Opens it before the app does, as it mostly is. */
  open(): Promise<void>;
  /** Waits until it shows a page that has `selector`. */
  page(selector: string): Promise<BrowserPage>;
  /** The addresses that it shows. */
  addresses(): Promise<string[]>;
  /** Leaves whatever its tabs show. */
  leavePages(): Promise<void>;
  /**
   * Goes past the warnings until a page has `selector`. A person sees one; here the practice portal's
   * own certificate is as unknown to this profile as ours.
   */
  goPastWarnings(selector: string): Promise<BrowserPage>;
  /** Closes it, if it was ever opened. */
  close(): Promise<void>;
}

/** Whether Onhand looks for its profile where this one has it. */
export type Place = 'found' | 'unknown to Onhand';

/** Put before Chromium's own: quiet on a closed network, and no keychain question of its own. */
const SWITCHES = [
  '--no-sandbox', // the test may run as root
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  '--password-store=basic',
];

/** Firefox without its first-run pages and its own traffic. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.discovery.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'termsofuse.bypassNotification': true,
  'toolkit.telemetry.enabled': false,
};

/** The script that a desktop opens addresses with. Only the first process is the browser itself. */
function script(first: string, later: string): string {
  return `#!/bin/sh
if [ -e "$HOME/browser.pid" ]; then
  exec ${later} "$1"
fi
echo $$ > "$HOME/browser.pid"
exec ${first} "$1"
`;
}

/** What both have in common: how they are started and ended. */
abstract class Installed {
  abstract readonly database: string;
  protected readonly person: Person;
  protected readonly port: number;

  protected constructor(person: Person, port: number) {
    this.person = person;
    this.port = port;
  }

  abstract addresses(): Promise<string[]>;

  async open(): Promise<void> {
    this.person.start('xdg-open', ['about:blank']);
    await until('the browser has been opened', async () => (await this.addresses()).length > 0);
  }

  /** Ends the browser's own process. The app starts it in a process group of its own. */
  protected async end(): Promise<void> {
    const pid = Number(await readFile(join(this.person.home, 'browser.pid'), 'utf8').catch(() => 'none'));
    if (Number.isNaN(pid)) return;
    await until('the browser has ended', () => {
      try {
        process.kill(pid, 'SIGTERM');
        return Promise.resolve(false);
      } catch {
        return Promise.resolve(true);
      }
    });
  }
}

/** Chromium, and with it Chrome, Edge, Brave and Vivaldi, which keep certificates as it does. */
export class Chromium extends Installed implements SystemBrowser {
  readonly database: string;
  /** Addresses that could not be loaded because of their certificate. */
  readonly refused: string[] = [];
  #browser: Browser | undefined;

  private constructor(person: Person, port: number, home: string) {
    super(person, port);
    this.database = join(home, '.local/share/pki/nssdb');
  }

  /** Makes it what this person's desktop opens addresses with. */
  static async install(person: Person, place: Place = 'found'): Promise<Chromium> {
    const port = await freePort();
    const home = place === 'found' ? person.home : join(person.home, 'elsewhere');
    await mkdir(home, { recursive: true });
    const start = [
      `env HOME="${home}" XDG_DATA_HOME="${home}/.local/share" chromium`,
      ...SWITCHES,
      `--user-data-dir="${home}/chromium"`,
      `--remote-debugging-port=${port}`,
    ].join(' ');
    await person.install('xdg-open', script(start, start));
    return new Chromium(person, port, home);
  }

  async #connected(): Promise<Browser> {
    if (this.#browser !== undefined) return this.#browser;
    const browser = await until('the browser has been opened', () =>
      chromium.connectOverCDP(`http://127.0.0.1:${this.port}`),
    );
    this.#browser = browser;
    for (const context of browser.contexts()) {
      context.on('requestfailed', (request) => {
        const why = request.failure()?.errorText ?? '';
        if (why.includes('CERT') || why.includes('SSL')) this.refused.push(`${request.url()}: ${why}`);
      });
    }
    return browser;
  }

  async #pages(): Promise<Page[]> {
    return (await this.#connected()).contexts().flatMap((context) => context.pages());
  }

  async page(selector: string): Promise<BrowserPage> {
    const page = await until(`the browser shows ${selector}`, async () => {
      for (const page of await this.#pages()) {
        if ((await page.locator(selector).count()) > 0) return page;
      }
      return null;
    }).catch(async (error: unknown) => {
      const pages = await this.#pages();
      const seen = await Promise.all(pages.map((page) => page.locator('body').innerText()));
      throw new Error(`${String(error)}; the browser shows:\n${seen.join('\n---\n')}`, { cause: error });
    });
    return {
      click: (wanted) => page.locator(wanted).click(),
      text: () => page.locator('body').innerText(),
    };
  }

  async addresses(): Promise<string[]> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/json/list`);
    const targets = (await answer.json()) as { type: string; url: string }[];
    return targets.filter(({ type }) => type === 'page').map(({ url }) => url);
  }

  async leavePages(): Promise<void> {
    for (const page of await this.#pages()) await page.goto('about:blank');
  }

  async goPastWarnings(selector: string): Promise<BrowserPage> {
    await until(`a page that has ${selector} behind the warnings`, async () => {
      for (const page of (await this.#pages()).reverse()) {
        if ((await page.locator(selector).count()) > 0) return true;
        const advanced = page.locator('#details-button');
        if (await advanced.isVisible()) {
          await advanced.click({ timeout: 2_000 });
          await page.locator('#proceed-link').click({ timeout: 2_000 });
          return false;
        }
      }
      return false;
    });
    return await this.page(selector);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.end();
  }
}

/**
 * What a page answers; null where it went elsewhere while it was asked, and is to be asked again. Any
 * other error is one.
 */
async function asked<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && WENT_ELSEWHERE.test(error.message)) return null;
    throw error;
  }
}

/** What Firefox says of an element, a document or a tab that has gone (WebDriver BiDi, error codes). */
const WENT_ELSEWHERE = /\bno such (node|handle|frame)\b|Execution context was destroyed|detached/;

/**
 * The element of a page as it is now, inside of `within`'s shadow where that is named; null where there is
 * none. Not by `page.$`, which looks in the document that it asked for once and keeps it for as long as it
 * believes that to be shown.
 */
async function elementOf(
  page: BidiPage,
  selector: string,
  within?: string,
): Promise<ElementHandle<Element> | null> {
  return await asked(async () => {
    const found = await page.evaluateHandle(
      (selector, within) => {
        const root = within === null ? document : document.querySelector(within)?.shadowRoot;
        return root?.querySelector(selector) ?? null;
      },
      selector,
      within ?? null,
    );
    return found.asElement() as ElementHandle<Element> | null;
  });
}

/** Presses an element; false where it had gone before it could be pressed. */
async function pressed(element: ElementHandle): Promise<boolean> {
  return (await asked(() => element.click().then(() => true))) ?? false;
}

/** Firefox as Debian ships it, driven through WebDriver BiDi. */
export class Firefox extends Installed implements SystemBrowser {
  readonly #profile: string | null;
  #browser: Awaited<ReturnType<typeof puppeteer.connect>> | undefined;

  private constructor(person: Person, port: number, profile: string | null) {
    super(person, port);
    this.#profile = profile;
  }

  /**
   * Makes it what this person's desktop opens addresses with. It has been open once, and has made its
   * profile itself.
   */
  static async install(person: Person, place: Place = 'found'): Promise<Firefox> {
    const port = await freePort();
    const folder = join(person.home, place === 'found' ? '.config/mozilla/firefox' : 'elsewhere');
    const profile = join(folder, 'mine.default-esr');
    await mkdir(profile, { recursive: true });
    if (place === 'found') {
      const section = '[Profile0]\nName=default-esr\nIsRelative=1\nPath=mine.default-esr\nDefault=1\n';
      await writeFile(
        join(folder, 'profiles.ini'),
        `${section}\n[General]\nStartWithLastProfile=1\nVersion=2\n`,
      );
    }
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    await writeFile(join(profile, 'user.js'), lines.join(''));
    const start = `"$(command -v firefox-esr || command -v firefox)" --profile "${profile}"`;
    const once = `${start} --headless --screenshot "${join(person.home, 'first.png')}" about:blank`;
    await run('sh', ['-c', once], { env: person.env });
    await person.install('xdg-open', script(`${start} --remote-debugging-port=${port}`, start));
    return new Firefox(person, port, profile);
  }

  /** Makes one that was never opened, and has no profile, what this person's desktop opens addresses with. */
  static async installNew(person: Person): Promise<Firefox> {
    const port = await freePort();
    const start = '"$(command -v firefox-esr || command -v firefox)"';
    await person.install('xdg-open', script(`${start} --remote-debugging-port=${port}`, start));
    return new Firefox(person, port, null);
  }

  /** The profile it was given, or the one that it made itself and reads. */
  get database(): string {
    if (this.#profile !== null) return this.#profile;
    const folder = join(this.person.home, '.config/mozilla/firefox');
    const made = readdirSync(folder).find((name) => existsSync(join(folder, name, 'cert9.db')));
    if (made === undefined) throw new Error('Firefox has made no profile');
    return join(folder, made);
  }

  async #connected() {
    this.#browser ??= await until('the browser has been opened', () =>
      puppeteer.connect({
        browserWSEndpoint: `ws://127.0.0.1:${this.port}/session`,
        protocol: 'webDriverBiDi',
        acceptInsecureCerts: false,
        defaultViewport: null,
      }),
    );
    return this.#browser;
  }

  async page(selector: string): Promise<BrowserPage> {
    const browser = await this.#connected();
    const page = await until(`the browser shows ${selector}`, async () => {
      for (const page of await browser.pages()) {
        if ((await elementOf(page, selector)) !== null) return page;
      }
      return null;
    }).catch(async (error: unknown) => {
      const at = await this.addresses().catch((why: unknown) => [String(why)]);
      throw new Error(`${String(error)}; the browser is at:\n${at.join('\n')}`, { cause: error });
    });
    return {
      click: async (wanted) => {
        for (;;) {
          const found = await until(`the page has ${wanted}`, () => elementOf(page, wanted));
          if (await pressed(found)) return;
        }
      },
      text: () =>
        until('the page has words', () => asked(() => page.evaluate(() => document.body.innerText))),
    };
  }

  async addresses(): Promise<string[]> {
    const pages = await (await this.#connected()).pages();
    const addresses = await Promise.all(
      pages.map((page) =>
        until('the page has an address', () => asked(() => page.evaluate(() => document.documentURI))),
      ),
    );
    // Of a page that did not load this is the address of the warning, which holds the one in the bar.
    return addresses.map((address) =>
      address.startsWith('about:certerror?') ? (new URL(address).searchParams.get('u') ?? address) : address,
    );
  }

  async leavePages(): Promise<void> {
    for (const page of await (await this.#connected()).pages()) await page.goto('about:blank');
  }

  async goPastWarnings(selector: string): Promise<BrowserPage> {
    const browser = await this.#connected();
    await until(`a page that has ${selector} behind the warnings`, async () => {
      for (const page of (await browser.pages()).reverse()) {
        if ((await elementOf(page, selector)) !== null) return true;
        const proceed = await elementOf(page, '#exception-button', 'net-error-card');
        const button = proceed ?? (await elementOf(page, '#advanced-button', 'net-error-card'));
        if (button === null) continue;
        await pressed(button);
        return false;
      }
      return false;
    });
    return await this.page(selector);
  }

  async close(): Promise<void> {
    await this.#browser?.disconnect();
    await this.end();
  }
}

/** The programs of this machine without some of them, in a folder to be all of somebody's PATH. */
export async function programsWithout(person: Person, ...missing: string[]): Promise<string> {
  const folder = join(person.home, 'programs');
  await mkdir(folder);
  for (const name of await readdir('/usr/bin')) {
    if (!missing.includes(name)) await symlink(join('/usr/bin', name), join(folder, name));
  }
  return folder;
}
