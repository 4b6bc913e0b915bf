// How long the window takes, beside an empty one on the same machine: `cargo xtask bench window`.
// Both are driven in the same way and timed from the start of their process to a mark that the page
// makes after its first frame with what counts has been painted (User Timing).

import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { Person } from './person';
import { run, until } from './process';
import { AppWindow } from './window';

const ROOT = join(import.meta.dirname, '../../target/release');
const APP = process.env.ONHAND_APP ?? join(ROOT, 'onhand-desktop');
const BENCH = process.env.ONHAND_BENCH ?? join(ROOT, 'onhand-bench');
const EMPTY = process.env.ONHAND_EMPTY_WINDOW ?? join(ROOT, 'examples/empty_window');
const RECORDS = Number(process.env.ONHAND_PACE_RECORDS ?? 100_000);

/** Times each window is opened, by turns; the best of each counts, as in the other benchmarks. */
const ROUNDS = 7;
/** Times each search is made. */
const TIMES = 10;
const QUERIES = ['g', 'gl', 'glu', 'gluc', 'hem', 'hemo', 'visit', 'office v', 'mg', 'blood p'].concat([
  'zzzz',
  '7',
  '2',
  'a',
  'p',
  'losartan',
  'losatran',
  'final',
  'lab glucose',
  '2019',
  'cough',
]);

/** A field of proc_pid_stat(5) that counts ticks, of which Linux makes a hundred a second. */
const TICKS = 100;

/** When the youngest process of a program was started, in milliseconds since 1970. */
async function started(program: string): Promise<number> {
  let youngest: number | null = null;
  const uptime = Number((await readFile('/proc/uptime', 'utf8')).split(' ')[0]);
  const now = Date.now();
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      if ((await readlink(`/proc/${pid}/exe`)) !== program) continue;
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // The name, which may hold blanks, ends with the last parenthesis; the start is field 22.
      const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
      youngest = Math.max(youngest ?? 0, ticks);
    } catch {
      // It ended meanwhile, or is another's.
    }
  }
  if (youngest === null) throw new Error(`no process of ${program}`);
  return now - (uptime - youngest / TICKS) * 1000;
}

/** Opens a window and gives it with the times from the start of its process, in ms: to a mark, and to
 *  where its page began, before which nothing of a page's own has run. */
async function opened(person: Person, program: string, mark: string): Promise<[AppWindow, number, number]> {
  const window = await AppWindow.open(person, program);
  const start = await started(program);
  const at = await until(`the mark ${mark}`, () =>
    window.run<number | null>(
      `const [mark] = performance.getEntriesByName(arguments[0], 'mark');
       return mark === undefined ? null : performance.timeOrigin + mark.startTime;`,
      mark,
    ),
  );
  return [window, at - start, (await window.run<number>('return performance.timeOrigin')) - start];
}

/** Runs the body of an asynchronous function in the page and gives what it returns. */
async function inPage<T>(window: AppWindow, body: string, ...args: unknown[]): Promise<T> {
  await window.run(
    `window.paceDone = undefined;
     (async (args) => { ${body} })(arguments[0]).then(
       (value) => (window.paceDone = { value }),
       (error) => (window.paceDone = { error: String(error?.message ?? error) }));`,
    args,
  );
  const done = await until(
    'the page has done it',
    () => window.run<{ value?: T; error?: string } | null>('return window.paceDone ?? null'),
    600_000,
  );
  if (done.error !== undefined) throw new Error(done.error);
  return done.value as T;
}

function percentile(times: number[], percent: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor((sorted.length * percent) / 100), sorted.length - 1)] ?? Number.NaN;
}

test(`opens ${RECORDS} records as soon as an empty window, finds in them, and scrolls through them`, async () => {
  const person = await Person.arrive();
  try {
    const folder = join(person.home, '.local/share/onhand');
    console.log(
      (
        await run(BENCH, ['fill', '--data-dir', folder, '--resources', String(RECORDS)], { env: person.env })
      ).trim(),
    );

    const [ours, empty]: [number[], number[]] = [[], []];
    const [ourPages, emptyPages]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [bare, bareTook, bareBegan] = await opened(person, EMPTY, 'painted');
      await bare.close();
      empty.push(bareTook);
      emptyPages.push(bareBegan);
      const [window, took, began] = await opened(person, APP, 'onhand:records');
      await window.close();
      ours.push(took);
      ourPages.push(began);
    }
    const ratio = Math.min(...ours) / Math.min(...empty);
    const list = (times: number[]) => times.map((time) => time.toFixed(0)).join(', ');
    console.log(`empty window, painted after ms: ${list(empty)}; its page began after ${list(emptyPages)}`);
    console.log(`Onhand, records painted after ms: ${list(ours)}; its page began after ${list(ourPages)}`);
    console.log(
      `first records ÷ empty window: best ${ratio.toFixed(2)}, median ${(percentile(ours, 50) / percentile(empty, 50)).toFixed(2)} (at most 1.30)`,
    );

    const [window] = await opened(person, APP, 'onhand:records');
    const times = await inPage<number[]>(
      window,
      `const call = (command, input) => window.__TAURI_INTERNALS__.invoke('call', { command, input });
       const { people } = await call('start', null);
       const [queries, times] = args;
       const took = [];
       for (let time = 0; time < times; time += 1)
         for (const query of queries) {
           const filter = { person: people[0].id, unsaid: false, kinds: [], query, folded: false };
           const began = performance.now();
           await call('list', { filter, offset: 0, limit: 24 });
           took.push(performance.now() - began);
         }
       return took;`,
      QUERIES,
      TIMES,
    );
    const p95 = percentile(times, 95);
    console.log(
      `search in the window, ${times.length} times: median ${percentile(times, 50).toFixed(1)} ms, 95th percentile ${p95.toFixed(1)} ms (at most 16)`,
    );

    const { frames, blank } = await inPage<{ frames: number; blank: number }>(
      window,
      `const body = document.querySelector('[role=list]').parentElement;
       const frame = () => new Promise(requestAnimationFrame);
       let blank = 0;
       for (let at = 0; at < args[0]; at += 1) {
         body.scrollTop += 240;
         await frame();
         const { top, bottom } = body.getBoundingClientRect();
         const rows = [...body.querySelectorAll('.coming')].filter((row) => {
           const box = row.getBoundingClientRect();
           return box.bottom > top && box.top < bottom;
         });
         if (rows.length > 0) blank += 1;
       }
       return { frames: args[0], blank };`,
      600,
    );
    console.log(`scrolled ${frames} frames of 240 px: ${blank} with a row that had not come`);
    await window.close();

    expect(blank, 'frames with a blank row').toBe(0);
    expect(p95, 'the 95th percentile of a search').toBeLessThanOrEqual(16);
    expect(ratio, 'first records ÷ empty window').toBeLessThanOrEqual(1.3);
  } finally {
    await person.leave();
  }
});
