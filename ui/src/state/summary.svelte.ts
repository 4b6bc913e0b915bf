import type { ApiError, KindAbout, PersonDetail, Point, Row, Test, TestDetail } from '../backend/api';
import { toApiError, type Backend } from '../backend';
import { chooseVitals, inferredOut, outOfRange } from '../lib/summary';

/** Rows asked for of each kind; the page shows fewer and links to the rest. */
const ROWS = 60;
/** Tests whose earlier values are asked for. */
const TRENDS = 12;

/** What a person's summary holds. */
export interface Summary {
  person: PersonDetail | null;
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
  /** How many more are, whose name Onhand only worked out. */
  inferred: number;
  vitals: Test[];
  pinned: TestDetail[];
}

/** Loads a person's summary; what is shown stays until the next one is whole. */
export class SummaryState {
  summary: Summary | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  readonly #backend: Backend;
  #generation = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(person: number | null): Promise<void> {
    const generation = ++this.#generation;
    try {
      const summary = await this.#ask(person);
      if (generation !== this.#generation) return;
      this.summary = summary;
      this.error = null;
    } catch (thrown) {
      if (generation === this.#generation) this.error = toApiError(thrown);
    }
  }

  async #ask(person: number | null): Promise<Summary> {
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
      person === null ? Promise.resolve(null) : backend.call('person', { person }),
      backend.call('tests', { person }),
      rows(['allergies']),
      rows(['medicines']),
      rows(['problems']),
      rows(['visits']),
      rows(['immunizations']),
      rows(['other']),
    ]);
    const out = outOfRange(tests).slice(0, TRENDS);
    const [details, pins, ...abouts] = await Promise.all([
      Promise.all(out.map(({ key }) => backend.call('test', { person, key }))),
      person === null ? Promise.resolve([]) : backend.call('pins', { person }),
      about('allergies'),
      about('medicines'),
      about('problems'),
      about('immunizations'),
    ]);
    const [ofAllergies, ofMedicines, ofProblems, ofImmunizations] = abouts;
    const pinned = await Promise.all(
      pins
        .filter((key) => tests.some((test) => test.key === key))
        .map((key) => backend.call('test', { person, key })),
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
      inferred: inferredOut(tests),
      vitals: chooseVitals(tests),
      pinned,
    };
  }
}
