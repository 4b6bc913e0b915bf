/** A plain decimal as the core writes it: `-12.30`. */
const PLAIN = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * `later − earlier`, exactly, with as many digits behind the point as the finer of the two, and a
 * sign: `+1.30`, `−0.5`, `0`. `null` where either is not a plain decimal.
 */
export function difference(later: string, earlier: string): string | null {
  const [a, b] = [read(later), read(earlier)];
  if (a === null || b === null) return null;
  const places = Math.max(a.places, b.places);
  const result = scaled(a, places) - scaled(b, places);
  if (result === 0n) return '0';
  const digits = (result < 0n ? -result : result).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const rest = places === 0 ? '' : `.${digits.slice(digits.length - places)}`;
  return `${result < 0n ? '−' : '+'}${whole}${rest}`;
}

/** The place of a decimal on a drawing; never for showing. `null` where it is not a plain decimal. */
export function placeOf(text: string | null | undefined): number | null {
  return text != null && PLAIN.test(text) ? Number(text) : null;
}

function read(text: string): { digits: bigint; places: number } | null {
  const match = PLAIN.exec(text);
  if (match === null) return null;
  const [, sign, whole = '0', rest = ''] = match;
  const digits = BigInt(whole + rest);
  return { digits: sign === '-' ? -digits : digits, places: rest.length };
}

function scaled({ digits, places }: { digits: bigint; places: number }, to: number): bigint {
  return digits * 10n ** BigInt(to - places);
}
