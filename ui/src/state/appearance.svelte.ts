const KEY = 'onhand.appearance';

export const APPEARANCES = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof APPEARANCES)[number];

/** Light or dark, or as the system says. Kept on this computer. */
export class AppearanceState {
  chosen: Appearance = $state(stored());

  constructor() {
    this.#apply();
  }

  choose(appearance: Appearance): void {
    this.chosen = appearance;
    try {
      localStorage.setItem(KEY, appearance);
    } catch {
      // Without storage the choice holds until the window closes.
    }
    this.#apply();
  }

  #apply(): void {
    if (this.chosen === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.chosen;
  }
}

function stored(): Appearance {
  try {
    const value = localStorage.getItem(KEY);
    return APPEARANCES.find((appearance) => appearance === value) ?? 'system';
  } catch {
    return 'system';
  }
}
