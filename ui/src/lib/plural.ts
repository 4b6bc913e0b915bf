/** Words for a count, by the plural categories of the language (`one`, `other`, …). `#` is the number. */
export type PluralForms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** The words for `n`, with the number written as the language writes it. */
export function plural(locale: string, n: number, forms: PluralForms): string {
  const form = forms[of(RULES, locale, () => new Intl.PluralRules(locale)).select(n)] ?? forms.other;
  return form.replaceAll('#', number(locale, n));
}

/** A whole number as the language writes it: `12,480`. */
export function number(locale: string, n: number): string {
  return of(NUMBERS, locale, () => new Intl.NumberFormat(locale)).format(n);
}

/** To make one takes longer than to use it. */
const RULES = new Map<string, Intl.PluralRules>();
const NUMBERS = new Map<string, Intl.NumberFormat>();

function of<T>(made: Map<string, T>, locale: string, make: () => T): T {
  let one = made.get(locale);
  if (one === undefined) made.set(locale, (one = make()));
  return one;
}
