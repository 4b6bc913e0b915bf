import type { Flag, Point, When } from '../backend/api';
import { whenText, type Calendar } from '../lib/when';
import { valueText } from '../records/words';
import { t } from '../texts';

/** A result with its unit, or why there is none. Never empty. */
export function pointText({ value, unit, absent }: Point): string {
  return value === null ? (absent ?? t.detail.notSent) : valueText(value, unit);
}

/** The date of a result as precise as it was written. */
export function dateOf(when: When | null, calendar: Calendar): string {
  return when === null ? t.labs.undated : whenText(when, 'short', calendar);
}

/** The range that came with a result, or that none came. */
export function rangeText({ range, range_note }: Point): string {
  return range ?? range_note ?? '–';
}

/** Both marks in one line for a table: the sender's, or ours named as ours. */
export function marks({
  flag,
  own_flag,
}: Pick<Point, 'flag' | 'own_flag'>): { flag: Flag; ours: boolean } | null {
  if (flag !== null) return { flag, ours: false };
  return own_flag === null ? null : { flag: own_flag, ours: true };
}
