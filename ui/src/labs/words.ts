import type { Point, When } from '../backend/api';
import { whenText, type Calendar } from '../lib/when';
import { valueLang, valueText } from '../records/words';
import { t } from '../texts';

/** A result with its unit, or why there is none. Never empty. */
export function pointText({ value, unit, absent }: Point): string {
  return value === null ? (absent ?? t.detail.notSent) : valueText(value, unit);
}

/** The language of that text. */
export function pointLang({ value, absent }: Point): 'en' | undefined {
  return value !== null ? valueLang(value) : absent === null ? undefined : 'en';
}

/** The date of a result as precise as it was written. */
export function dateOf(when: When | null, calendar: Calendar): string {
  return when === null ? t.labs.undated : whenText(when, 'short', calendar);
}
