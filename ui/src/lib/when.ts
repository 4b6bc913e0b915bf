import type { DateOrder, Language, Precision, When, Zone } from '../backend/api';
import { t } from '../texts';

/** The locale dates are written in, their order, and the zone of this computer. */
export type Calendar = { locale: string; timeZone: string; dates?: DateOrder };

/** `long`: April 28, 2022. `short`: Apr 28, 2022. */
export type DateStyle = 'long' | 'short';

/** A date in a narrow column beside its heading: the day, the weekday, the time of day. */
export type DayParts = { key: string; day: string; weekday: string | null; time: string | null };

/** How dates are written in a language and an order, in this computer's zone. */
export function calendarOf(language: Language, dates: DateOrder): Calendar {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const english = dates === 'day_first' ? 'en-GB' : 'en-US';
  return { locale: language === 'es' ? 'es-US' : english, timeZone, dates };
}

/**
 * When something was, in words and as precise as it was written. A time with an offset keeps the
 * civil time it was written with; `Z` is shown in this computer's zone, which is named.
 */
export function whenText(when: When, style: DateStyle, calendar: Calendar): string {
  const start = when.start === null ? null : read(when.start, when.precision, when.zone);
  if (start === null) {
    if (when.end === null) return when.start ?? '';
    const end = read(when.end, when.precision, when.zone);
    const text = end === null ? when.end : write(end, style, calendar);
    return when.start === null ? t.dates.until(text) : t.dates.span(when.start, text);
  }
  const startText = write(start, style, calendar);
  if (when.end === null || when.end === when.start) return startText;
  const end = read(when.end, null, null);
  if (end === null) return t.dates.span(startText, when.end);
  if (sameWritten(start, end)) return startText;
  const sameDay =
    start.precision === 'time' && end.precision === 'time' && key(start, calendar) === key(end, calendar);
  return t.dates.span(
    startText,
    sameDay ? format(end, { timeStyle: 'short' }, calendar) : write(end, style, calendar),
  );
}

/** The pieces of a date for the column at the left of a timeline; `null` where it cannot be read. */
export function dayParts(when: When, calendar: Calendar): DayParts | null {
  const text = when.start ?? when.end;
  const time = text === null ? null : read(text, when.precision, when.zone);
  if (time === null) return null;
  const known = time.precision === 'day' || time.precision === 'time';
  return {
    key: key(time, calendar),
    day:
      time.precision === 'year'
        ? format(time, { year: 'numeric' }, calendar)
        : format(time, known ? { month: 'short', day: 'numeric' } : { month: 'short' }, calendar),
    weekday: known ? format(time, { weekday: 'short' }, calendar) : null,
    time: time.precision === 'time' ? format(time, { timeStyle: 'short' }, calendar) : null,
  };
}

/** A date as the portal sent it (`DSTU2 date`), in words; what cannot be read is shown as sent. */
export function dateText(written: string, style: DateStyle, calendar: Calendar): string {
  const time = read(written, null, null);
  return time === null ? written : write(time, style, calendar);
}

/** A moment on this computer's own clock (RFC 3339), in words: "today, 9:12 AM", "Nov 9, 2026". */
export function momentText(moment: string, now: Date, calendar: Calendar): string {
  const found = clock(moment, now, calendar);
  if (found === null) return moment;
  const { day, time, date } = found;
  return day === null ? date : t.dates[day](time);
}

/** A moment of this computer with its time of day: "today, 9:12 AM", "Nov 9, 2026, 2:40 PM". */
export function momentExact(moment: string, now: Date, calendar: Calendar): string {
  const found = clock(moment, now, calendar);
  if (found === null) return moment;
  const { day, time, date } = found;
  return day === null ? `${date}, ${time}` : t.dates[day](time);
}

/** A moment of this computer within a sentence: "today at 9:12 AM", "on Nov 9, 2026". */
export function momentPhrase(moment: string, now: Date, calendar: Calendar): string {
  const found = clock(moment, now, calendar);
  if (found === null) return moment;
  const { day, time, date } = found;
  if (day === null) return t.dates.on(date);
  return day === 'today' ? t.dates.todayAt(time) : t.dates.yesterdayAt(time);
}

/** The pieces of a moment, in this computer's zone; `null` where it is none. */
function clock(
  moment: string,
  now: Date,
  calendar: Calendar,
): { day: 'today' | 'yesterday' | null; time: string; date: string } | null {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return null;
  const { locale, timeZone } = calendar;
  const day = (date: Date) => digits(date, timeZone);
  const known =
    day(at) === day(now)
      ? 'today'
      : day(at) === day(new Date(now.getTime() - 86_400_000))
        ? 'yesterday'
        : null;
  return {
    day: known,
    time: tidy(formatter(locale, { timeZone, timeStyle: 'short' }).format(at)),
    date: dateText(day(at), 'short', calendar),
  };
}

/** How long something took: `38 seconds`, `2 minutes 5 seconds`. */
export function durationText(milliseconds: number, locale: string): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
  const unit = (amount: number, name: 'second' | 'minute' | 'hour') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(amount);
  if (seconds < 60) return unit(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return [unit(minutes, 'minute'), seconds % 60 ? unit(seconds % 60, 'second') : ''].join(' ').trim();
  return [unit(Math.floor(minutes / 60), 'hour'), minutes % 60 ? unit(minutes % 60, 'minute') : '']
    .join(' ')
    .trim();
}

/** A time as written. `instant` is set where it must be moved to this computer's zone. */
type Written = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  precision: Precision;
  instant: Date | null;
};

const PATTERN =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/i;

const ORDER: readonly Precision[] = ['year', 'month', 'day', 'time'];

function read(text: string, precision: Precision | null, zone: Zone | null): Written | null {
  const match = PATTERN.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, offset] = match;
  const midnight = /[T ]00:00(:00(\.0+)?)?(Z|[+-]|$)/i.test(text);
  const written: Precision =
    month === undefined
      ? 'year'
      : day === undefined
        ? 'month'
        : hour === undefined || midnight
          ? 'day'
          : 'time';
  // Never more than was written, whatever was asked for.
  const shown = precision !== null && ORDER.indexOf(precision) < ORDER.indexOf(written) ? precision : written;
  const utc = zone === null ? offset?.toUpperCase() === 'Z' : zone === 'utc';
  const time: Written = {
    year: Number(year),
    month: Number(month ?? 1),
    day: Number(day ?? 1),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    precision: shown,
    instant: null,
  };
  if (!isReal(time)) return null;
  if (shown === 'time' && utc) time.instant = civil(time);
  return time;
}

/** The civil time as though it were UTC: only ever formatted in UTC, so that nothing moves it. */
function civil(time: Written): Date {
  const date = new Date(Date.UTC(2000, time.month - 1, time.day, time.hour, time.minute));
  date.setUTCFullYear(time.year, time.month - 1, time.day);
  return date;
}

function isReal(time: Written): boolean {
  const date = civil(time);
  return (
    date.getUTCMonth() === time.month - 1 &&
    date.getUTCDate() === time.day &&
    date.getUTCHours() === time.hour &&
    date.getUTCMinutes() === time.minute
  );
}

function write(time: Written, style: DateStyle, calendar: Calendar): string {
  const month = style === 'long' ? 'long' : 'short';
  const clock: Intl.DateTimeFormatOptions = {
    hour: 'numeric',
    minute: '2-digit',
    ...(time.instant === null ? {} : { timeZoneName: 'short' }),
  };
  if (calendar.dates === 'year_first') {
    const digits = key(time, calendar);
    return time.precision === 'time' ? `${digits}, ${format(time, clock, calendar)}` : digits;
  }
  switch (time.precision) {
    case 'year':
      return format(time, { year: 'numeric' }, calendar);
    case 'month':
      return format(time, { year: 'numeric', month }, calendar);
    case 'day':
      return format(time, { year: 'numeric', month, day: 'numeric' }, calendar);
    case 'time':
      return format(time, { year: 'numeric', month, day: 'numeric', ...clock }, calendar);
  }
}

function format(time: Written, options: Intl.DateTimeFormatOptions, calendar: Calendar): string {
  const timeZone = time.instant === null ? 'UTC' : calendar.timeZone;
  return tidy(formatter(calendar.locale, { ...options, timeZone }).format(time.instant ?? civil(time)));
}

/** The day, month or year as a text that is the same for the same one. */
function key(time: Written, calendar: Calendar): string {
  const timeZone = time.instant === null ? 'UTC' : calendar.timeZone;
  const day = digits(time.instant ?? civil(time), timeZone);
  return time.precision === 'year' ? day.slice(0, -6) : time.precision === 'month' ? day.slice(0, -3) : day;
}

/** The day of a moment in a zone: `2026-11-09`. Of its parts: no locale writes it so in every web view. */
function digits(moment: Date, timeZone: string): string {
  const parts = formatter('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(moment);
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

function sameWritten(a: Written, b: Written): boolean {
  return a.precision === b.precision && civil(a).getTime() === civil(b).getTime();
}

/** To make one takes longer than to write a date with it. */
const FORMATTERS = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let made = FORMATTERS.get(key);
  if (made === undefined) FORMATTERS.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** Some builds of Intl put a narrow space before AM and PM that few system fonts have. */
function tidy(text: string): string {
  return text.replaceAll(/[\u202f\u00a0]/g, ' ').replace(/ (?:at|a las?) /, ', ');
}
