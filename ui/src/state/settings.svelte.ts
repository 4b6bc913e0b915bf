import type { DateOrder, Language, Settings, VitalUnits } from '../backend/api';
import type { Backend } from '../backend';
import { speak } from '../texts';

export const APPEARANCES = ['system', 'light', 'dark'] as const;
export const LANGUAGES: readonly Language[] = ['en', 'es'];
export const DATE_ORDERS: readonly DateOrder[] = ['month_first', 'day_first', 'year_first'];
export const VITAL_UNITS: readonly VitalUnits[] = ['as_sent', 'both'];
/** Text sizes offered, in percent of the usual. */
export const TEXT_SIZES = [90, 100, 115, 130, 150, 175, 200] as const;

/** What the person set. The core keeps it; until it has answered, the usual holds. */
export class SettingsState {
  kept: Settings | null = $state.raw(null);
  /** What the core said last that it keeps. */
  #answered: Settings | null = null;
  /** Changes that it has not answered yet, the oldest first. */
  #unanswered: Partial<Settings>[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asks for what is kept and shows it; rejects where it cannot be had, and the usual holds. */
  async load(): Promise<void> {
    this.#answered = await this.#backend.call('settings', null);
    await this.#show();
  }

  /** Whether single letters do something in lists and records. */
  get letterKeys(): boolean {
    return this.kept?.letter_keys ?? true;
  }

  /** The next larger or smaller text size, or the usual one (`0`); `null` where there is none. */
  textSize(by: 1 | -1 | 0): number | null {
    const now = this.kept?.text_percent ?? 100;
    if (by === 0) return 100;
    const next = by > 0 ? TEXT_SIZES.find((size) => size > now) : TEXT_SIZES.findLast((size) => size < now);
    return next ?? null;
  }

  /**
   * Shows a change at once and keeps it; rejects where it could not be kept. Changes are kept one after
   * the other, so that the answer to one never takes back what was changed since.
   */
  async save(change: Partial<Settings>): Promise<void> {
    if (this.#answered === null) await this.load();
    this.#unanswered.push(change);
    await this.#show();
    const turn = this.#turn.then(() => this.#keep(change));
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  async #keep(change: Partial<Settings>): Promise<void> {
    try {
      const settings = { ...this.#answered, ...change } as Settings;
      this.#answered = await this.#backend.call('save_settings', settings);
    } finally {
      this.#unanswered = this.#unanswered.filter((one) => one !== change);
      await this.#show();
    }
  }

  async #show(): Promise<void> {
    const settings = Object.assign({}, this.#answered, ...this.#unanswered) as Settings;
    this.kept = settings;
    const { dataset, style } = document.documentElement;
    if (settings.appearance === 'system') delete dataset.theme;
    else dataset.theme = settings.appearance;
    style.fontSize = settings.text_percent === 100 ? '' : `${settings.text_percent}%`;
    // Never another language than the person chose: the system's is not asked.
    await speak(settings.language ?? 'en');
  }
}
