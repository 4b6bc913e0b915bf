// Programs that a test starts: awaited by what they say, ended with the test.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** A program that runs beside the test. What it printed is kept for the day it fails. */
export class Running {
  /**
   * @param {string} program
   * @param {string[]} args
   * @param {import("node:child_process").SpawnOptions & { input?: string }} options
   */
  constructor(program, args, options = {}) {
    this.program = program;
    this.output = "";
    this.listeners = new Set();
    const { input, ...rest } = options;
    this.child = spawn(program, args, { ...rest, stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.child.stdin.on("error", () => {});
    this.child.stdin.end(input ?? "");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        this.output += text;
        for (const listener of this.listeners) listener();
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => {
        this.failure = error;
        resolve(null);
      });
      this.child.on("close", (code) => resolve(code));
    }).then((code) => {
      this.over = true;
      for (const listener of this.listeners) listener();
      return code;
    });
  }

  /**
   * Waits until its output matches, and gives the match.
   * @param {RegExp} pattern
   */
  async says(pattern, within = 20_000) {
    const found = () => this.output.match(pattern);
    return await new Promise((resolve, reject) => {
      const look = () => {
        const match = found();
        if (match) done(() => resolve(match));
        else if (this.over) done(() => reject(this.complaint(`ended before it said ${pattern}`)));
      };
      const clock = setTimeout(
        () => done(() => reject(this.complaint(`did not say ${pattern} within ${within} ms`))),
        within,
      );
      const done = (then) => {
        clearTimeout(clock);
        this.listeners.delete(look);
        then();
      };
      this.listeners.add(look);
      look();
    });
  }

  complaint(what) {
    return new Error(`${this.program} ${what}\n${this.failure ?? ""}${this.output}`);
  }

  /** Ends it and all that it started, gently first. */
  async stop() {
    if (!this.over) {
      this.signal("SIGTERM");
      const clock = setTimeout(() => this.signal("SIGKILL"), 3_000);
      await this.ended;
      clearTimeout(clock);
    }
  }

  signal(name) {
    try {
      process.kill(-this.child.pid, name);
    } catch {
      // It had already ended.
    }
  }
}

/**
 * Runs a program to its end and gives what it printed; throws where it fails.
 * @param {string} program
 * @param {string[]} args
 */
export async function run(program, args, options = {}) {
  const running = new Running(program, args, options);
  const code = await running.ended;
  if (code !== 0) throw running.complaint(`ended with ${code}`);
  return running.output;
}

/** A TCP port that nothing used a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Asks again and again until the answer is neither undefined, null nor false, and gives it.
 * @template T
 * @param {string} what what is awaited, for the message
 * @param {() => Promise<T> | T} ask
 * @returns {Promise<T>}
 */
export async function until(what, ask, within = 30_000) {
  const end = Date.now() + within;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${within} ms in vain: ${what}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
