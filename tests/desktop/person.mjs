// A person's desktop made for one test: a home with nothing in it, a display, a session bus, an
// unlocked keychain. Nothing of it touches the desktop of whoever runs the test.

import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { run, Running, until } from "./process.mjs";

export class Person {
  /** Sets the desktop up. Call {@link leave} when done. */
  static async arrive() {
    const person = new Person();
    try {
      await person.#settle();
    } catch (error) {
      await person.leave();
      throw error;
    }
    return person;
  }

  /** @type {Running[]} */
  #running = [];

  async #settle() {
    this.home = await mkdtemp(join(tmpdir(), "onhand-person-"));
    this.programs = join(this.home, "bin");
    const runtime = join(this.home, "run");
    await mkdir(this.programs);
    await mkdir(runtime, { mode: 0o700 });

    this.env = {
      HOME: this.home,
      LANG: "C.UTF-8",
      PATH: [this.programs, process.env.PATH].join(delimiter),
      TZ: "America/Chicago",
      XDG_CACHE_HOME: join(this.home, ".cache"),
      XDG_CONFIG_HOME: join(this.home, ".config"),
      XDG_DATA_HOME: join(this.home, ".local/share"),
      XDG_RUNTIME_DIR: runtime,
      // There is no assistive-technology bus here; without this GTK looks for one and waits.
      NO_AT_BRIDGE: "1",
      GTK_A11Y: "none",
    };

    // `-displayfd` lets Xvfb choose a number that is free, and says it when it can be used.
    const display = this.start("Xvfb", [
      ...["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"],
    ]);
    const [, number] = await display.says(/^(\d+)\n/);
    this.env.DISPLAY = `:${number}`;

    const bus = this.start("dbus-daemon", ["--session", "--nofork", "--print-address=1"]);
    [this.env.DBUS_SESSION_BUS_ADDRESS] = await bus.says(/^unix:\S+/);

    this.start("gnome-keyring-daemon", ["--unlock", "--components=secrets", "--foreground"], {
      input: "the password of this keychain",
    });
    await until("the keychain answers on the bus", async () => {
      const question = "org.freedesktop.DBus.NameHasOwner";
      const answer = await run(
        "dbus-send",
        ["--print-reply", "--dest=org.freedesktop.DBus", "/", question, "string:org.freedesktop.secrets"],
        { env: this.env },
      );
      return answer.includes("boolean true");
    });
  }

  /**
   * Starts a program on this desktop; it ends with it.
   * @param {string} program
   * @param {string[]} args
   */
  start(program, args, { env, ...options } = {}) {
    const running = new Running(program, args, { ...options, env: { ...this.env, ...env } });
    this.#running.push(running);
    return running;
  }

  /**
   * Puts a program of that name first on this desktop's PATH.
   * @param {string} name
   * @param {string} script
   */
  async install(name, script) {
    const path = join(this.programs, name);
    await writeFile(path, script);
    await chmod(path, 0o755);
  }

  /** Ends everything on this desktop, the last started first, and takes it away. */
  async leave() {
    for (const running of this.#running.reverse()) await running.stop();
    if (this.home) await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
