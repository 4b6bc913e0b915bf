import type { ApiError, KindAbout, PersonDetail, Point, Row, Test, TestDetail } from '../backend/api';
import { toApiError, type Backend } from '../backend';
import { chooseVitals, inferredOut, outOfRange } from '../lib/summary';

/** Rows asked for at once. */
const ROWS = 200;
/** Tests whose earlier values are asked for. */
const TRENDS = 12;
/** How long nothing at all is shown. */
const PATIENCE_MS = 300;

/** How many of a kind the page holds before it links to the rest. */
export const MOST = { medicines: 12, problems: 10, visits: 3, immunizations: 6, out: 12, pinned: 24 };

const CURRENT_MEDICINES = new Set(['listed_active', 'listed_ended', 'not_confirmed']);
const CURRENT_PROBLEMS = new Set(['active', 'active_ended', 'suspected']);

/** The rows of a kind that belong on a summary, and how many the kind has in all. */
export type Listed = { rows: Row[]; total: number };

/** What a person's summary holds. */
export interface Summary {
  person: PersonDetail;
  allergies: Listed;
  medicines: Listed;
  problems: Listed;
  visits: Listed;
  immunizations: Listed;
  /** The practice's own warnings. */
  flags: Listed;
  /** The line of each kind: as of when, from whom, and what was not sent. */
  about: { allergies: KindAbout; medicines: KindAbout; problems: KindAbout; immunizations: KindAbout };
  /** Out of range when last tested, critical ones first, each with its earlier values. */
  out: { test: Test; earlier: Point[] }[];
  /** Those beyond the ones that are shown. */
  outFurther: Test[];
  /** How many more are, whose name Onhand only worked out. */
  inferred: number;
  vitals: Test[];
  pinned: TestDetail[];
}

/** Loads a person's summary; what is shown stays until the next one is whole. */
export class SummaryState {
  summary: Summary | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  /** It has taken so long that waiting must be shown. */
  slow = $state(false);
  readonly #backend: Backend;
  #generation = 0;
  #person: number | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(person: number): Promise<void> {
    const generation = ++this.#generation;
    // Nobody sees another person's summary under their own name, however briefly.
    if (this.#person !== person) this.summary = null;
    this.#person = person;
    this.error = null;
    this.slow = false;
    const patience = setTimeout(() => {
      if (generation === this.#generation) this.slow = true;
    }, PATIENCE_MS);
    try {
      const summary = await this.#ask(person);
      if (generation !== this.#generation) return;
      this.summary = summary;
      this.error = null;
    } catch (thrown) {
      if (generation === this.#generation) this.error = toApiError(thrown);
    } finally {
      clearTimeout(patience);
    }
  }

  async #ask(person: number): Promise<Summary> {
    const backend = this.#backend;
    const about = (kind: Row['kind']) => backend.call('about_kind', { person, kind });
    const [known, tests, allergies, medicines, problems, visits, immunizations, flags] = await Promise.all([
      backend.call('person', { person }),
      backend.call('tests', { person }),
      this.#list(person, 'allergies', ({ group }) => group?.slug === 'allergy'),
      this.#list(person, 'medicines', ({ group }) => CURRENT_MEDICINES.has(group?.slug ?? '')),
      this.#list(person, 'problems', ({ group }) => CURRENT_PROBLEMS.has(group?.slug ?? '')),
      this.#list(person, 'visits', ({ standing }) => standing !== 'planned' && standing !== 'void', {
        most: MOST.visits,
        scattered: true,
      }),
      this.#list(person, 'immunizations', ({ group }) => group?.slug === 'recorded'),
      this.#list(person, 'other', isWarning, { scattered: true }),
    ]);
    const marked = outOfRange(tests);
    const out = marked.slice(0, TRENDS);
    const [details, pins, ...abouts] = await Promise.all([
      Promise.all(out.map(({ key }) => backend.call('test', { person, key, alone: true }))),
      backend.call('pins', { person }),
      about('allergies'),
      about('medicines'),
      about('problems'),
      about('immunizations'),
    ]);
    const [ofAllergies, ofMedicines, ofProblems, ofImmunizations] = abouts;
    const pinned = await Promise.all(
      pins
        .filter((key) => tests.some((test) => test.key === key))
        .map((key) => backend.call('test', { person, key, alone: true })),
    );
    return {
      person: known,
      allergies,
      medicines,
      problems,
      visits,
      immunizations,
      flags,
      about: {
        allergies: ofAllergies,
        medicines: ofMedicines,
        problems: ofProblems,
        immunizations: ofImmunizations,
      },
      out: out.map((test, at) => ({ test, earlier: (details[at]?.points ?? []).slice(0, -1).reverse() })),
      outFurther: marked.slice(TRENDS),
      inferred: inferredOut(tests),
      vitals: chooseVitals(tests),
      pinned,
    };
  }
  /**
   * The rows of a kind that are `wanted`, page by page: all there are, or as many as `most`. They stand
   * first in their list, so that a page without any is the last to ask for, unless they are `scattered`.
   */
  async #list(
    person: number,
    kind: Row['kind'],
    wanted: (row: Row) => boolean,
    { most = Infinity, scattered = false } = {},
  ): Promise<Listed> {
    const filter = { person, kinds: [kind], query: null, folded: false, unsaid: false };
    const rows: Row[] = [];
    for (let offset = 0; ; offset += ROWS) {
      const page = await this.#backend.call('list', { filter, offset, limit: ROWS });
      const found = page.records.filter(wanted);
      rows.push(...found);
      const enough = rows.length >= most || (found.length === 0 && !scattered);
      if (enough || offset + ROWS >= page.total) return { rows: rows.slice(0, most), total: page.total };
    }
  }
}

/** A warning that the practice has neither ended nor withdrawn. */
function isWarning({ source, standing }: Row): boolean {
  return source.type === 'Flag' && standing !== 'past' && standing !== 'void';
}
