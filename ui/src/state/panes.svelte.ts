import type { Backend } from '../backend';

export type PaneName = 'side' | 'list';

/** How narrow and how wide each pane may be, in rem. */
export const PANES: Record<PaneName, { least: number; usual: number; most: number }> = {
  side: { least: 12, usual: 15, most: 24 },
  list: { least: 15, usual: 25, most: 40 },
};

const KEY = 'panes';
const REST_MS = 300;

/** How wide the panes are that the person has resized, in rem. */
export class Panes {
  widths: Readonly<Partial<Record<PaneName, number>>> = $state.raw({});
  readonly #backend: Backend;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Takes the widths that were kept; what cannot be read is as if nothing had been. */
  async load(): Promise<void> {
    try {
      const text = await this.#backend.call('remembered', { key: KEY });
      const kept: unknown = text === null ? {} : JSON.parse(text);
      if (typeof kept !== 'object' || kept === null) return;
      const found: Partial<Record<PaneName, number>> = {};
      for (const name of Object.keys(PANES) as PaneName[]) {
        const width = (kept as Record<string, unknown>)[name];
        if (typeof width === 'number' && Number.isFinite(width)) found[name] = within(name, width);
      }
      this.widths = found;
    } catch {
      // The usual holds.
    }
  }

  /** The width of a pane in rem. */
  width(name: PaneName): number {
    return this.widths[name] ?? PANES[name].usual;
  }

  /** Makes a pane so wide, or as wide as usual (`null`). */
  resize(name: PaneName, rem: number | null): void {
    const widths = { ...this.widths };
    if (rem === null) delete widths[name];
    else widths[name] = within(name, rem);
    this.widths = widths;
  }

  /** Keeps the widths as they are once they have stood for a moment: two answers never race. */
  keep(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const value = JSON.stringify(this.widths);
      this.#backend.call('remember', { key: KEY, value }).catch(() => undefined);
    }, REST_MS);
  }
}

function within(name: PaneName, rem: number): number {
  const { least, most } = PANES[name];
  return Math.round(Math.max(least, Math.min(rem, most)) * 4) / 4;
}
