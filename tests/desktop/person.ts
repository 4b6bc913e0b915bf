// A person's desktop made for one test: a home with nothing in it, a display, a session bus, an
// unlocked keychain. Nothing of it touches the desktop of whoever runs the test.

import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { run, Running, type Surroundings, until } from './process';

export class Person {
  /** The folder that is all of this person's. */
  readonly home: string;
  /** The environment of every program on this desktop. */
  readonly env: Record<string, string>;
  /** The folder that comes first on PATH. */
  readonly #programs: string;
  readonly #running: Running[] = [];

  private constructor(home: string) {
    this.home = home;
    this.#programs = join(home, 'bin');
    this.env = {
      HOME: home,
      LANG: 'C.UTF-8',
      PATH: [this.#programs, process.env.PATH].join(delimiter),
      TZ: 'America/Chicago',
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.local/share'),
      XDG_RUNTIME_DIR: join(home, 'run'),
      // There is no assistive-technology bus here; without these GTK looks for one and waits.
      GTK_A11Y: 'none',
      NO_AT_BRIDGE: '1',
    };
  }

  /** Sets a desktop up. Call {@link leave} when done. */
  static async arrive(): Promise<Person> {
    const person = new Person(await mkdtemp(join(tmpdir(), 'onhand-person-')));
    try {
      await person.#settle();
    } catch (error) {
      await person.leave();
      throw error;
    }
    return person;
  }

  async #settle(): Promise<void> {
    await mkdir(this.#programs);
    await mkdir(join(this.home, 'run'), { mode: 0o700 });

    // `-displayfd` lets Xvfb choose a number that is free, and say it once it can be used.
    const screen = ['-screen', '0', '1280x900x24'];
    const display = this.start('Xvfb', ['-displayfd', '1', ...screen, '-nolisten', 'tcp', '-noreset']);
    this.env.DISPLAY = `:${(await display.says(/^(\d+)\n/m))[1]}`;

    const bus = this.start('dbus-daemon', ['--session', '--nofork', '--print-address=1']);
    this.env.DBUS_SESSION_BUS_ADDRESS = (await bus.says(/^unix:\S+/))[0];

    this.start('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--foreground'], {
      input: 'the password of this keychain',
    });
    await until('the keychain is on the bus', async () => {
      const answer = await run(
        'dbus-send',
        [
          '--print-reply',
          '--dest=org.freedesktop.DBus',
          '/',
          'org.freedesktop.DBus.NameHasOwner',
          'string:org.freedesktop.secrets',
        ],
        { env: this.env },
      );
      return answer.includes('boolean true');
    });
  }

  /** Starts a program on this desktop; it ends with it. */
  start(program: string, args: string[], { env, ...rest }: Surroundings = {}): Running {
    const running = new Running(program, args, { ...rest, env: { ...this.env, ...env } });
    this.#running.push(running);
    return running;
  }

  /** Whether a program runs on this desktop from that file. */
  async runs(file: string): Promise<boolean> {
    const program = await realpath(file);
    for (const process of await readdir('/proc')) {
      if (!/^\d+$/.test(process)) continue;
      // One that has ended meanwhile, or is somebody else's, cannot be looked at.
      const from = await realpath(`/proc/${process}/exe`).catch(() => '');
      if (from !== program) continue;
      const env = await readFile(`/proc/${process}/environ`, 'utf8').catch(() => '');
      if (env.split('\0').includes(`HOME=${this.home}`)) return true;
    }
    return false;
  }

  /** Puts a program of that name first on this desktop's PATH. */
  async install(name: string, script: string): Promise<void> {
    const path = join(this.#programs, name);
    await writeFile(path, script);
    await chmod(path, 0o755);
  }

  /** Ends everything on this desktop, the last started first, and takes it away. */
  async leave(): Promise<void> {
    for (const running of this.#running.reverse()) await running.stop();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
