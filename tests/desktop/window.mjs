// The app's window, looked at and used through WebKitWebDriver.

import { freePort, until } from "./process.mjs";

/** The key under which WebDriver hands out an element (W3C WebDriver §11.2). */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export class AppWindow {
  /**
   * Opens the app and gives its window.
   * @param {import("./person.mjs").Person} person on whose desktop
   * @param {string} binary the app
   */
  static async open(person, binary, env = {}) {
    const port = await freePort();
    const driver = person.start("WebKitWebDriver", [`--port=${port}`], {
      // The app inherits these; without them it cannot be driven and WebKitWebDriver waits forever.
      env: { TAURI_AUTOMATION: "true", TAURI_WEBVIEW_AUTOMATION: "true", ...env },
    });
    const window = new AppWindow(`http://127.0.0.1:${port}`, driver);
    await until("WebKitWebDriver answers", async () => (await window.#ask("GET", "/status")).ready);
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary, args: [] } } };
    const { sessionId } = await window.#ask("POST", "/session", { capabilities }, 60_000);
    window.session = `/session/${sessionId}`;
    return window;
  }

  constructor(base, driver) {
    this.base = base;
    this.driver = driver;
  }

  async #ask(method, path, body, within = 30_000) {
    let answer;
    try {
      answer = await fetch(this.base + path, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(within),
      });
    } catch (error) {
      throw new Error(`${method} ${path}: ${error}\n${this.driver.output}`, { cause: error });
    }
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  /**
   * Runs a script in the page and gives what it returns.
   * @param {string} script the body of a function
   */
  async run(script, ...args) {
    return await this.#ask("POST", `${this.session}/execute/sync`, { script, args });
  }

  /** All that can be read in the window. */
  async text() {
    return await this.run("return document.body.innerText");
  }

  /**
   * Waits until the window shows a text that matches.
   * @param {RegExp} pattern
   */
  async shows(pattern, within = 30_000) {
    try {
      await until(`the window shows ${pattern}`, async () => pattern.test(await this.text()), within);
    } catch (error) {
      const text = await this.text().catch(String);
      throw new Error(`${error.message}; it shows:\n${text}`, { cause: error });
    }
  }

  /**
   * Waits for the one visible element with that role and name, as a screen reader would call it.
   * @param {string} role
   * @param {RegExp} name
   */
  async find(role, name, within = 30_000) {
    return await until(
      `there is a ${role} named ${name}`,
      async () => {
        const candidates = SELECTORS[role] ?? `[role="${role}"]`;
        const elements = await this.#ask("POST", `${this.session}/elements`, {
          using: "css selector",
          value: candidates,
        });
        for (const element of elements) {
          const path = `${this.session}/element/${element[ELEMENT]}`;
          if (
            name.test(await this.#ask("GET", `${path}/computedlabel`)) &&
            (await this.#ask("GET", `${path}/displayed`))
          ) {
            return path;
          }
        }
        return null;
      },
      within,
    );
  }

  /**
   * Clicks the element with that role and name.
   * @param {string} role
   * @param {RegExp} name
   */
  async click(role, name, within = 30_000) {
    const path = await this.find(role, name, within);
    await this.#ask("POST", `${path}/click`, {});
  }

  /**
   * Types into the element with that role and name, in place of what it holds.
   * @param {string} role
   * @param {RegExp} name
   * @param {string} text
   */
  async type(role, name, text) {
    const path = await this.find(role, name);
    await this.#ask("POST", `${path}/clear`, {});
    await this.#ask("POST", `${path}/value`, { text });
  }

  /** A picture of the page, as PNG. */
  async picture() {
    return Buffer.from(await this.#ask("GET", `${this.session}/screenshot`), "base64");
  }

  /** Closes the window, and with it the app. */
  async close() {
    await this.#ask("DELETE", this.session);
    await this.driver.stop();
  }
}

/** Where to look for a role that plain HTML elements have by themselves. */
const SELECTORS = {
  button: "button, [role=button]",
  heading: "h1, h2, h3, h4, h5, h6, [role=heading]",
  link: "a[href], [role=link]",
  searchbox: "input[type=search], [role=searchbox]",
  textbox: "input, textarea, [role=textbox]",
};
