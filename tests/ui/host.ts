import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');
const HOST = process.env.ONHAND_HOST ?? join(ROOT, 'target/debug/onhand-host');

/** The real core behind the real interface, with a data folder of its own. */
export class Host {
  readonly origin: string;
  /** The addresses it would have opened in the browser. */
  readonly opened: string[] = [];
  readonly #process: ChildProcess;
  readonly #folder: string;

  /** Starts one; `options` as `onhand-host --help` lists them. */
  static async start(...options: string[]): Promise<Host> {
    const folder = await mkdtemp(join(tmpdir(), 'onhand-ui-'));
    const child = spawn(HOST, ['--ui', join(ROOT, 'ui/dist'), '--data-dir', folder, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const opened: string[] = [];
    const origin = await new Promise<string>((done, failed) => {
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`${HOST} ended with ${code ?? 'a signal'}`)));
      lines.on('line', (line) => {
        const [, name, address] = /^(listening|open): (\S+)$/.exec(line) ?? [];
        if (name === 'listening' && address !== undefined) done(address);
        if (name === 'open' && address !== undefined) opened.push(address);
      });
    });
    return new Host(origin, opened, child, folder);
  }

  private constructor(origin: string, opened: string[], child: ChildProcess, folder: string) {
    this.origin = origin;
    this.opened = opened;
    this.#process = child;
    this.#folder = folder;
  }

  async stop(): Promise<void> {
    const gone = new Promise((done) => this.#process.once('exit', done));
    this.#process.kill();
    await gone;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
