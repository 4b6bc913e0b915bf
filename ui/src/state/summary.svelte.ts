import type { ApiError, KindAbout, PersonDetail, Point, Row, Test, TestDetail } from '../backend/api';
import { toApiError, type Backend } from '../backend';
import { chooseVitals, inferredOut, outOfRange } from '../lib/summary';

/** Rows asked for of each kind; the page shows fewer and links to the rest. */
const ROWS = 200;
/** Tests whose earlier values are asked for. */
const TRENDS = 12;
/** How long nothing at all is shown. */
const PATIENCE_MS = 300;

/** What a person's summary holds. */
export interface Summary {
  person: PersonDetail;
  allergies: Row[];
  medicines: Row[];
  problems: Row[];
  visits: Row[];
  immunizations: Row[];
  flags: Row[];
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
    const rows = async (kinds: Row['kind'][]) =>
      (
        await backend.call('list', {
          filter: { person, kinds, query: null, folded: false, unsaid: false },
          offset: 0,
          limit: ROWS,
        })
      ).records;
    const about = (kind: Row['kind']) => backend.call('about_kind', { person, kind });
    const [known, tests, allergies, medicines, problems, visits, immunizations, others] = await Promise.all([
      backend.call('person', { person }),
      backend.call('tests', { person }),
      rows(['allergies']),
      rows(['medicines']),
      rows(['problems']),
      rows(['visits']),
      rows(['immunizations']),
      rows(['other']),
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
      flags: others.filter(({ source }) => source.type === 'Flag'),
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
}
