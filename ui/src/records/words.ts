import type { NameFrom, Row, When } from '../backend/api';
import type { Heading } from '../lib/groups';
import { dateText, dayParts, whenText, type Calendar, type DateStyle } from '../lib/when';
import { t } from '../texts';

/** The word for which date it is; empty where it is simply when it happened. */
export function labelWord(label: string): string {
  return t.when[label] ?? label.replaceAll(/[-_]+/g, ' ');
}

/** A date with the word for which one it is: "recorded Apr 28, 2022". */
export function whenWords(when: When, style: DateStyle, calendar: Calendar): string {
  const text = whenText(when, style, calendar);
  const word = labelWord(when.label);
  return word === '' ? text : `${word} ${text}`;
}

/** The day, month or year of a date, without its time of day: for lists that one looks down. */
export function dayText(when: When, calendar: Calendar): string {
  const parts = dayParts(when, calendar);
  return parts === null ? whenText(when, 'short', calendar) : dateText(parts.key, 'short', calendar);
}

/** A value with its unit, which some values already end with. */
export function valueText(value: string, unit: string | null): string {
  return shownUnit(unit === null || unit === '' || value.endsWith(unit) ? value : `${value} ${unit}`);
}

/** The language of a test's name: English, unless the person gave it. */
export function nameLang(from: NameFrom | null): 'en' | undefined {
  return from === 'person' ? undefined : 'en';
}

/** The language of a value or a range: words are English, numbers with a unit are read as the page is. */
export function valueLang(value: string): 'en' | undefined {
  return /^\W*\d/.test(value) && !/\p{L} \p{L}/u.test(value) ? undefined : 'en';
}

const RAISED = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** A unit, or a value with one, with its powers of ten raised: `10*3/uL` reads 10³/uL. */
export function shownUnit(text: string): string {
  return text.replaceAll(
    /\b10[*^](\d+)/g,
    (_, power: string) => `10${[...power].map((digit) => RAISED[Number(digit)] ?? digit).join('')}`,
  );
}

/** The heading of a part of a list; empty where it has none. */
export function headingText(heading: Heading): string {
  switch (heading.of) {
    case 'text':
      return heading.text;
    case 'kind':
      return t.kinds[heading.kind];
    case 'year':
      return heading.year ?? t.list.undated;
    case 'gone':
      return t.lists.gone;
    case 'none':
      return '';
  }
}

/** The word for what one record is to another. */
export function roleWord(role: string): string {
  const known = t.detail.roles[role];
  if (known !== undefined) return known;
  if (role.endsWith('_of')) return t.detail.mentionedIn;
  const words = role.replaceAll(/[-_]+/g, ' ').trim();
  return words === '' ? t.detail.related : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The status to show beside a title: only where it says more than "as usual", and than the heading above. */
export function statusTag(row: Row, heading = ''): { text: string; tone: 'plain' | 'notice' } | null {
  if (row.status_text === heading) return null;
  if (row.status_text === null || row.standing === null) return null;
  // A finished result, visit or procedure is the usual case; a finished medicine or problem is not.
  const isKept = row.standing === 'past' && KEEPS_PAST.has(row.kind);
  if (USUAL.test(row.status_text) && !isKept) return null;
  return {
    text: row.status_text,
    tone: row.standing === 'void' || row.standing === 'unclear' ? 'notice' : 'plain',
  };
}

/** What goes without saying. A list entry's "Listed as active by your practice (…)" is its heading and date. */
const USUAL =
  /^(Listed as active.*|Final|Active|Confirmed|Active, confirmed|Completed|Complete|Given|Finished|Current|Arrived|Took place|Available)$/;

const KEEPS_PAST = new Set<Row['kind']>(['medicines', 'problems', 'allergies', 'care_plans', 'goals']);
