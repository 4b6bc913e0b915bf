// The person's browser: a real Chromium with a profile that nothing has touched, opened by the
// system's own way of opening an address.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Browser, chromium, type Page } from '@playwright/test';

import { type Person } from './person';
import { freePort, until } from './process';

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

export class SystemBrowser {
  /** Addresses that the browser could not load because of their certificate. */
  readonly refused: string[] = [];
  readonly #port: number;
  readonly #pid: string;
  #browser: Browser | undefined;

  private constructor(port: number, pid: string) {
    this.#port = port;
    this.#pid = pid;
  }

  /** Makes Chromium what this person's desktop opens addresses with. It opens with the first one. */
  static async install(person: Person): Promise<SystemBrowser> {
    const port = await freePort();
    const profile = `--user-data-dir="$HOME/browser" --remote-debugging-port=${port}`;
    const start = `exec chromium ${SWITCHES.join(' ')} ${profile} "$1"`;
    await person.install('xdg-open', `#!/bin/sh\necho $$ > "$HOME/browser.pid"\n${start}\n`);
    return new SystemBrowser(port, join(person.home, 'browser.pid'));
  }

  /** Waits until the browser has been opened and shows a page that has `selector`. */
  async page(selector: string): Promise<Page> {
    const browser = await until('the browser has been opened', () =>
      chromium.connectOverCDP(`http://127.0.0.1:${this.#port}`),
    );
    this.#browser = browser;
    for (const context of browser.contexts()) {
      context.on('requestfailed', (request) => {
        const why = request.failure()?.errorText ?? '';
        if (why.includes('CERT') || why.includes('SSL')) this.refused.push(`${request.url()}: ${why}`);
      });
    }
    const pages = () => browser.contexts().flatMap((context) => context.pages());
    const page = await until(`the browser shows ${selector}`, async () => {
      for (const page of pages()) {
        if ((await page.locator(selector).count()) > 0) return page;
      }
      return null;
    }).catch(async (error: unknown) => {
      const seen = await Promise.all(pages().map((page) => page.locator('body').innerText()));
      throw new Error(`${String(error)}; the browser shows:\n${seen.join('\n---\n')}`, { cause: error });
    });
    return page;
  }

  /** Closes it, if it was ever opened. The app starts it in a process group of its own. */
  async close(): Promise<void> {
    await this.#browser?.close();
    const pid = Number(await readFile(this.#pid, 'utf8').catch(() => 'none'));
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
