import type { Period } from '../backend/api';

/**
 * A line of a list: the heading of a year with how many records it has, or the record at an offset with
 * how many lines say what it holds.
 */
export type Line =
  { type: 'year'; year: string | null; count: number } | { type: 'record'; offset: number; holds: number };

/**
 * Where the lines of a long list stand, without holding them: the headings of the years and the
 * records between them. Looking one up takes the logarithm of the number of years.
 */
export class Lines {
  /** How many rows. */
  readonly total: number;
  /** How many records: the rows, and what visits among them hold. */
  readonly records: number;
  readonly length: number;
  readonly #years: { period: Period; line: number; offset: number }[] = [];
  /** Of the rows that hold others: offset, and how many lines say what. */
  readonly #tall = new Map<number, number>();

  /** Lines of a list with year headings. The periods are in the order of the list. */
  static byYear(periods: readonly Period[]): Lines {
    const sum = (of: 'count' | 'records') => periods.reduce((sum, period) => sum + period[of], 0);
    return new Lines(sum('count'), sum('records'), periods);
  }

  /** Lines of a list without headings. */
  static flat(total: number): Lines {
    return new Lines(total, total, []);
  }

  private constructor(total: number, records: number, periods: readonly Period[]) {
    let line = 0;
    let offset = 0;
    for (const period of periods) {
      if (period.count === 0) continue;
      this.#years.push({ period, line, offset });
      for (const [at, lines] of period.tall) this.#tall.set(offset + at, lines);
      line += period.count + 1;
      offset += period.count;
    }
    this.total = total;
    this.records = records;
    this.length = total + this.#years.length;
  }

  /** What stands at a line. */
  at(line: number): Line {
    const year = this.#yearBy((candidate) => candidate.line <= line);
    if (year === undefined) return this.#record(line);
    if (year.line === line) return { type: 'year', year: year.period.year, count: year.period.records };
    return this.#record(year.offset + (line - year.line - 1));
  }

  /** The line on which the record at an offset stands. */
  lineOf(offset: number): number {
    const year = this.#yearBy((candidate) => candidate.offset <= offset);
    return year === undefined ? offset : year.line + 1 + (offset - year.offset);
  }

  /** The year a line belongs to; `undefined` in a list without headings. */
  yearAt(line: number): Period | undefined {
    return this.#yearBy((candidate) => candidate.line <= line)?.period;
  }

  /** The years there are headings of, in the order of the list. */
  get years(): readonly (string | null)[] {
    return this.#years.map(({ period }) => period.year);
  }

  /** Where the records of a year begin and end; `null` where it has none. */
  offsetsOf(year: string): { first: number; end: number } | null {
    const found = this.#years.find(({ period }) => period.year === year);
    return found === undefined ? null : { first: found.offset, end: found.offset + found.period.count };
  }

  /** Whether the record at an offset is the first of its year. */
  startsYear(offset: number): boolean {
    return this.#years.length > 0 && this.at(this.lineOf(offset) - 1).type === 'year';
  }

  #record(offset: number): Line {
    return { type: 'record', offset, holds: this.#tall.get(offset) ?? 0 };
  }

  #yearBy(holds: (year: { line: number; offset: number }) => boolean) {
    let low = 0;
    let high = this.#years.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const year = this.#years[middle];
      if (year !== undefined && holds(year)) low = middle + 1;
      else high = middle;
    }
    return this.#years[low - 1];
  }
}
