// Programs that a test starts: awaited by what they say, ended with the test.

import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

export interface Surroundings {
  env?: NodeJS.ProcessEnv;
  /** What it reads from its standard input. */
  input?: string;
}

/** A program that runs beside the test. What it printed is kept for the day it fails. */
export class Running {
  readonly program: string;
  output = '';
  over = false;
  /** Its exit code, once it has ended; `null` where a signal ended it or it never began. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();

  constructor(program: string, args: string[], { env, input }: Surroundings = {}) {
    this.program = program;
    // Detached: a group of its own, so that what it starts ends with it.
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    // It may end before it has read all; that is for `ended` to say.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        this.output += text;
        this.#tell();
      });
    }
    this.ended = new Promise((resolve) => {
      const end = (code: number | null) => {
        this.over = true;
        this.#tell();
        resolve(code);
      };
      child.on('error', (error) => {
        this.output += String(error);
        end(null);
      });
      child.on('exit', end);
    });
  }

  /** Waits until its output matches, and gives the match. */
  async says(pattern: RegExp, withinMs = 20_000): Promise<RegExpMatchArray> {
    return await new Promise((resolve, reject) => {
      const look = () => {
        const match = this.output.match(pattern);
        if (match) resolve(match);
        else if (this.over) reject(this.complaint(`ended before it said ${String(pattern)}`));
        else return;
        clearTimeout(clock);
        this.#listeners.delete(look);
      };
      const clock = setTimeout(() => {
        this.#listeners.delete(look);
        reject(this.complaint(`did not say ${String(pattern)} within ${withinMs} ms`));
      }, withinMs);
      this.#listeners.add(look);
      look();
    });
  }

  /** An error that carries all it printed. */
  complaint(what: string): Error {
    return new Error(`${this.program} ${what}\n${this.output}`);
  }

  /** Ends it and all that it started, gently first. */
  async stop(): Promise<void> {
    if (this.over) return;
    this.#signal('SIGTERM');
    const clock = setTimeout(() => this.#signal('SIGKILL'), 3_000);
    await this.ended;
    clearTimeout(clock);
  }

  #signal(name: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // It had already ended.
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Runs a program to its end and gives what it printed; throws where it fails. */
export async function run(program: string, args: string[], surroundings: Surroundings = {}): Promise<string> {
  const running = new Running(program, args, surroundings);
  const code = await running.ended;
  if (code !== 0) throw running.complaint(`ended with ${code ?? 'a signal'}`);
  return running.output;
}

/** A TCP port that nothing used a moment ago. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('there is no free port'));
      });
    });
  });
}

/** Asks again and again until the answer is neither undefined, null nor false, and gives it. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false>,
  withinMs = 30_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
