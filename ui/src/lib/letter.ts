import type { Detail, Person } from '../backend/api';
import { t } from '../texts';
import { dateText, momentText, whenText, type Calendar } from './when';

/** Facts of the record that a letter repeats at most; who answers it has the record itself. */
const FACTS = 10;

/** A letter to the practice about a record that looks wrong, in lines ready to print or to copy. */
export function letter(
  record: Detail,
  person: Person | null,
  wrong: string,
  today: Date,
  calendar: Calendar,
): string {
  const date = new Intl.DateTimeFormat(calendar.locale, {
    dateStyle: 'long',
    timeZone: calendar.timeZone,
  }).format(today);
  const who =
    person === null
      ? ''
      : t.letter.born(
          person.name,
          person.birth_date === null ? null : dateText(person.birth_date, 'long', calendar),
        );
  const facts: [string, string][] = [[t.kindOne[record.kind], record.title_sent ?? record.title]];
  if (record.when_detail !== null)
    facts.push([t.letter.when, whenText(record.when_detail, 'long', calendar)]);
  if (record.status_text !== null) facts.push([t.letter.status, record.status_text]);
  if (record.value !== null) facts.push([t.detail.value, record.value]);
  for (const { label, text, when } of record.sections.flatMap(({ fields }) => fields)) {
    if (facts.length >= FACTS) break;
    if (facts.some(([known]) => known === label)) continue;
    facts.push([label, when === null ? oneLine(text) : whenText(when, 'long', calendar)]);
  }
  const { type, id } = record.source;
  facts.push([t.letter.source, id === null ? type : `${type}/${id}`]);
  facts.push([t.letter.seen, momentText(record.last_seen, today, calendar)]);

  return [
    date,
    t.letter.about,
    who,
    `${t.letter.dear},`,
    t.letter.opening(host(record.portal)),
    [`${t.letter.entry}:`, ...facts.map(([label, text]) => `  ${label}: ${text}`)].join('\n'),
    `${t.letter.mine}:\n${wrong.trim() === '' ? '\n\n\n' : wrong.trim()}`,
    t.letter.request,
    `${t.letter.sincerely},\n\n\n${person?.name ?? ''}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .trimEnd();
}

function host(portal: string): string {
  try {
    return new URL(portal).host;
  } catch {
    return portal;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
