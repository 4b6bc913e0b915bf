// The app's window, looked at and used through WebKitWebDriver.

import { type Person } from './person';
import { freePort, type Running, until } from './process';

/** The key under which WebDriver hands out an element (W3C WebDriver §11.2). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Where to look for a role that plain HTML elements have by themselves. */
const SELECTORS = {
  button: 'button, [role=button]',
  heading: 'h1, h2, h3, h4, h5, h6, [role=heading]',
  link: 'a[href], [role=link]',
  listitem: 'li, [role=listitem]',
  searchbox: 'input[type=search], [role=searchbox]',
  textbox: 'input, textarea, [role=textbox]',
};

/** The code points that WebDriver takes for keys (W3C WebDriver §17.4.2). */
const KEYS = {
  ArrowDown: '\uE015',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
  End: '\uE010',
  Enter: '\uE007',
  Escape: '\uE00C',
  Home: '\uE011',
  Tab: '\uE004',
};

/** A role of an element, as a screen reader tells it. */
export type Role = keyof typeof SELECTORS;

export class AppWindow {
  readonly #base: string;
  readonly #driver: Running;
  #session = '';

  private constructor(base: string, driver: Running) {
    this.#base = base;
    this.#driver = driver;
  }

  /** Opens the app on that person's desktop and gives its window. */
  static async open(person: Person, app: string, env: Record<string, string> = {}): Promise<AppWindow> {
    const port = await freePort();
    const driver = person.start('WebKitWebDriver', [`--port=${port}`], {
      // The app inherits these; without them it cannot be driven and WebKitWebDriver waits forever.
      env: { TAURI_AUTOMATION: 'true', TAURI_WEBVIEW_AUTOMATION: 'true', ...env },
    });
    const window = new AppWindow(`http://127.0.0.1:${port}`, driver);
    await until('WebKitWebDriver answers', async () => {
      const { ready } = await window.#ask<{ ready: boolean }>('GET', '/status');
      return ready;
    });
    const browser = { alwaysMatch: { 'webkitgtk:browserOptions': { binary: app, args: [] } } };
    const answer = await window.#ask<{ sessionId: string }>('POST', '/session', { capabilities: browser });
    window.#session = `/session/${answer.sessionId}`;
    return window;
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    let answer: Response;
    try {
      answer = await fetch(this.#base + path, {
        method,
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(60_000),
      });
    } catch (error) {
      throw new Error(`${method} ${path} had no answer\n${this.#driver.output}`, { cause: error });
    }
    const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${value.error ?? answer.status}: ${value.message ?? ''}`);
    return value;
  }

  /** Runs the body of a function in the page and gives what it returns. */
  async run<T>(script: string, ...args: unknown[]): Promise<T> {
    return await this.#ask('POST', `${this.#session}/execute/sync`, { script, args });
  }

  /** All that can be read in the window. */
  async text(): Promise<string> {
    return await this.run('return document.body.innerText');
  }

  /** Waits until the window shows a text that matches. */
  async shows(pattern: RegExp, withinMs = 30_000): Promise<void> {
    try {
      await until(String(pattern), async () => pattern.test(await this.text()), withinMs);
    } catch (error) {
      const text = await this.text().catch(String);
      throw new Error(`The window does not show ${String(pattern)} but:\n${text}`, { cause: error });
    }
  }

  /** Waits for a visible element with that role and name, and gives its path. */
  async find(role: Role, name: RegExp, withinMs = 30_000): Promise<string> {
    const look = async () => {
      const selector = { using: 'css selector', value: SELECTORS[role] };
      const found = await this.#ask<Record<typeof ELEMENT, string>[]>(
        'POST',
        `${this.#session}/elements`,
        selector,
      );
      for (const element of found) {
        const path = `${this.#session}/element/${element[ELEMENT]}`;
        // Of what is not displayed, WebKit cannot tell the label.
        if (!(await this.#ask<boolean>('GET', `${path}/displayed`))) continue;
        if (name.test(await this.#ask<string>('GET', `${path}/computedlabel`))) return path;
      }
      return null;
    };
    try {
      return await until(`a ${role} ${String(name)}`, look, withinMs);
    } catch (error) {
      const text = await this.text().catch(String);
      throw new Error(`There is no ${role} named ${String(name)} in:\n${text}`, { cause: error });
    }
  }

  /** How many elements with that role there are. */
  async count(role: Role): Promise<number> {
    return await this.run('return document.querySelectorAll(arguments[0]).length', SELECTORS[role]);
  }

  /** Clicks the element with that role and name. */
  async click(role: Role, name: RegExp, withinMs = 30_000): Promise<void> {
    await this.#ask('POST', `${await this.find(role, name, withinMs)}/click`, {});
  }

  /** Types into the element with that role and name, in place of what it holds. */
  async type(role: Role, name: RegExp, text: string): Promise<void> {
    const path = await this.find(role, name);
    await this.#ask('POST', `${path}/clear`, {});
    await this.#ask('POST', `${path}/value`, { text });
  }

  /** Clicks the first element that matches a CSS selector, once there is one. */
  async press(selector: string): Promise<void> {
    const path = await until(`${selector} stands there`, async () => {
      const wanted = { using: 'css selector', value: selector };
      const found = await this.#ask<Record<typeof ELEMENT, string>[]>(
        'POST',
        `${this.#session}/elements`,
        wanted,
      );
      return found[0] === undefined ? null : `${this.#session}/element/${found[0][ELEMENT]}`;
    });
    await this.#ask('POST', `${path}/click`, {});
  }

  /** Presses keys, one after the other, wherever the focus is. */
  async keys(...names: (keyof typeof KEYS)[]): Promise<void> {
    const actions = names.flatMap((name) => [
      { type: 'keyDown', value: KEYS[name] },
      { type: 'keyUp', value: KEYS[name] },
    ]);
    await this.#ask('POST', `${this.#session}/actions`, {
      actions: [{ type: 'key', id: 'keyboard', actions }],
    });
  }

  /** How many windows the app has. */
  async windows(): Promise<number> {
    return (await this.#handles()).length;
  }

  /** Waits for a second window of the app, does `work` in it, and comes back to this one. */
  async inSecondWindow(work: () => Promise<void>): Promise<void> {
    const own = await this.#ask<string>('GET', `${this.#session}/window`);
    const second = await until('the app has a second window', async () =>
      (await this.#handles()).find((handle) => handle !== own),
    );
    await this.#ask('POST', `${this.#session}/window`, { handle: second });
    try {
      await work();
    } finally {
      await this.#ask('POST', `${this.#session}/window`, { handle: own });
    }
  }

  async #handles(): Promise<string[]> {
    return await this.#ask('GET', `${this.#session}/window/handles`);
  }

  /** A picture of the page, as PNG. */
  async picture(): Promise<Buffer> {
    return Buffer.from(await this.#ask<string>('GET', `${this.#session}/screenshot`), 'base64');
  }

  /** Closes the window, and with it the app. */
  async close(): Promise<void> {
    await this.#ask('DELETE', this.#session);
    await this.#driver.stop();
  }
}
