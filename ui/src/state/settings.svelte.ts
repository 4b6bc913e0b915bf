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
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asks for what is kept and shows it; rejects where it cannot be had, and the usual holds. */
  async load(): Promise<void> {
    await this.#take(await this.#backend.call('settings', null));
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

  /** Shows a change at once and keeps it; rejects where it could not be kept. */
  async save(change: Partial<Settings>): Promise<void> {
    if (this.kept === null) await this.load();
    const before = this.kept;
    if (before === null) return;
    await this.#take({ ...before, ...change });
    try {
      await this.#take(await this.#backend.call('save_settings', { ...before, ...change }));
    } catch (thrown) {
      await this.#take(before);
      throw thrown;
    }
  }

  async #take(settings: Settings): Promise<void> {
    this.kept = settings;
    const { dataset, style } = document.documentElement;
    if (settings.appearance === 'system') delete dataset.theme;
    else dataset.theme = settings.appearance;
    const size = settings.text_percent === 100 ? '' : `${settings.text_percent}%`;
    if (style.fontSize !== size) {
      style.fontSize = size;
      foldAnew();
    }
    // Never another language than the person chose: the system's is not asked.
    await speak(settings.language ?? 'en');
  }
}

/** Has every container query looked at again: Chromium keeps their answers when only the rem changes. */
function foldAnew(): void {
  const all = document.querySelectorAll<HTMLElement>('#app, #app *');
  const containers = [...all].filter((one) => getComputedStyle(one).containerType === 'inline-size');
  for (const one of containers) one.style.containerType = 'normal';
  void document.body.offsetWidth;
  for (const one of containers) one.style.containerType = '';
}
