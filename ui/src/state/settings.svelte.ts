import type { Settings } from '../backend/api';
import type { Backend } from '../backend';

export const APPEARANCES = ['system', 'light', 'dark'] as const;
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
    this.#take(await this.#backend.call('settings', null));
  }

  /** Shows a change at once and keeps it; rejects where it could not be kept. */
  async save(change: Partial<Settings>): Promise<void> {
    if (this.kept === null) await this.load();
    const before = this.kept;
    if (before === null) return;
    this.#take({ ...before, ...change });
    try {
      this.#take(await this.#backend.call('save_settings', { ...before, ...change }));
    } catch (thrown) {
      this.#take(before);
      throw thrown;
    }
  }

  #take(settings: Settings): void {
    this.kept = settings;
    const { dataset, style } = document.documentElement;
    if (settings.appearance === 'system') delete dataset.theme;
    else dataset.theme = settings.appearance;
    style.fontSize = settings.text_percent === 100 ? '' : `${settings.text_percent}%`;
  }
}
