/** A sheet's room for a page in CSS pixels: within 12 mm of the edges of both A4 and US Letter. */
export const SHEET = { width: 700, height: 905 };

/** How small a page may be set: its text of 9.5 points then has 7. */
const SIZES = [1, 0.95, 0.9, 0.85, 0.8, 0.75] as const;
/** Which share of their rows its lists keep, where all of them are too much for a sheet. */
const SHARES = [1, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2] as const;

/** How a page is set so that one sheet holds it. */
export type Fit = { share: number; scale: number };

/**
 * The height on paper of a page that is as wide as a sheet, however it is measured: WebKit gives the pixels
 * of what is zoomed as though it were not.
 */
export function heightOnPaper({ width, height }: { width: number; height: number }): number {
  return (height * SHEET.width) / width;
}

/**
 * Tries all rows at every size, then fewer of them, until one sheet holds the page.
 *
 * @param heightOf Sets the page so and gives its height on paper, in CSS pixels.
 */
export function fitSheet(heightOf: (share: number, scale: number) => number): Fit {
  for (const share of SHARES) {
    for (const scale of SIZES) {
      if (heightOf(share, scale) <= SHEET.height) return { share, scale };
    }
  }
  return { share: SHARES[SHARES.length - 1] ?? 1, scale: SIZES[SIZES.length - 1] ?? 1 };
}
