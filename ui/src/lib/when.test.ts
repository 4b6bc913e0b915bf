import { describe, expect, test } from 'vitest';

import type { Precision, When, Zone } from '../backend/api';
import {
  dateText,
  dayParts,
  durationText,
  momentExact,
  momentPhrase,
  momentText,
  whenText,
  type Calendar,
} from './when';

const newYork: Calendar = { locale: 'en-US', timeZone: 'America/New_York' };
const auckland: Calendar = { locale: 'en-US', timeZone: 'Pacific/Auckland' };
const honolulu: Calendar = { locale: 'en-US', timeZone: 'Pacific/Honolulu' };

function when(
  start: string | null,
  precision: Precision,
  zone: Zone = 'none',
  end: string | null = null,
): When {
  return { start, end, precision, zone, label: 'on', sort: start ?? end ?? '' };
}

function shown(value: When, style: 'long' | 'short' = 'short', calendar = newYork): string {
  return whenText(value, style, calendar);
}

describe('a date', () => {
  test.each([newYork, auckland, honolulu])(
    'is never moved by the zone of the computer ($timeZone)',
    (calendar) => {
      expect(shown(when('2022', 'year'), 'short', calendar)).toBe('2022');
      expect(shown(when('2022-01', 'month'), 'short', calendar)).toBe('Jan 2022');
      expect(shown(when('2022-01-01', 'day'), 'short', calendar)).toBe('Jan 1, 2022');
      expect(shown(when('2022-12-31', 'day'), 'long', calendar)).toBe('December 31, 2022');
      expect(shown(when('2022-04-28T09:30:00-04:00', 'time', 'offset'), 'long', calendar)).toBe(
        'April 28, 2022, 9:30 AM',
      );
      expect(shown(when('2022-04-28T23:59:59+13:00', 'time', 'offset'), 'short', calendar)).toBe(
        'Apr 28, 2022, 11:59 PM',
      );
      expect(shown(when('2022-04-28T09:30', 'time'), 'short', calendar)).toBe('Apr 28, 2022, 9:30 AM');
    },
  );

  test('at midnight is a day under any zone', () => {
    expect(shown(when('2022-04-28T00:00:00-04:00', 'day', 'offset'))).toBe('Apr 28, 2022');
    expect(shown(when('2022-04-28T00:00:00Z', 'day', 'utc'))).toBe('Apr 28, 2022');
    expect(shown(when('2022-04-28T00:00:00Z', 'day', 'utc'), 'short', honolulu)).toBe('Apr 28, 2022');
    expect(shown(when('2022-04-28T00:00:00', 'day'))).toBe('Apr 28, 2022');
    expect(shown(when('2022-04-28T00:00:00.000Z', 'time', 'utc'), 'short', honolulu)).toBe('Apr 28, 2022');
  });

  test('is never shown more precise than it was written', () => {
    expect(shown(when('2022', 'time'))).toBe('2022');
    expect(shown(when('2022-04', 'day'))).toBe('Apr 2022');
    expect(shown(when('2022-04-28', 'time'))).toBe('Apr 28, 2022');
  });

  test('is shown as roughly as asked for', () => {
    expect(shown(when('2022-04-28T09:30:00-04:00', 'day', 'offset'))).toBe('Apr 28, 2022');
    expect(shown(when('2022-04-28', 'year'))).toBe('2022');
  });

  test('that cannot be read is shown as it was written', () => {
    expect(shown(when('sometime in spring', 'year'))).toBe('sometime in spring');
    expect(shown(when('2022-02-30', 'day'))).toBe('2022-02-30');
    expect(shown(when('2022-13', 'month'))).toBe('2022-13');
    expect(shown(when(null, 'year'))).toBe('');
  });

  test('of the first century is not taken for the twentieth', () => {
    expect(shown(when('0022-04-28', 'day'))).toBe('Apr 28, 22');
  });

  test('on a leap day is read', () => {
    expect(shown(when('2024-02-29', 'day'))).toBe('Feb 29, 2024');
  });
});

describe('an instant', () => {
  test('is shown in the zone of the computer, which is named', () => {
    const instant = when('2016-05-27T01:50:00Z', 'time', 'utc');
    expect(shown(instant)).toBe('May 26, 2016, 9:50 PM EDT');
    expect(shown(instant, 'long', honolulu)).toBe('May 26, 2016, 3:50 PM HST');
    expect(shown(instant, 'short', auckland)).toMatch(/^May 27, 2016, 1:50 PM (NZST|GMT\+12)$/);
    expect(shown(instant, 'short', { locale: 'en-US', timeZone: 'UTC' })).toBe('May 27, 2016, 1:50 AM UTC');
  });

  test('keeps its day beside winter time', () => {
    expect(shown(when('2016-01-01T04:30:00.123Z', 'time', 'utc'))).toBe('Dec 31, 2015, 11:30 PM EST');
  });
});

describe('a period', () => {
  test('tells its end apart from its start', () => {
    expect(shown(when('2022-04-28', 'day', 'none', '2022-05-02'))).toBe('Apr 28, 2022 to May 2, 2022');
    expect(shown(when('2019', 'year', 'none', '2022-05'))).toBe('2019 to May 2022');
  });

  test('within one day names the day once', () => {
    const visit = when('2022-04-28T09:30:00-04:00', 'time', 'offset', '2022-04-28T10:15:00-04:00');
    expect(shown(visit)).toBe('Apr 28, 2022, 9:30 AM to 10:15 AM');
  });

  test('that ends when it starts is one time', () => {
    expect(shown(when('2022-04-28', 'day', 'none', '2022-04-28'))).toBe('Apr 28, 2022');
    expect(shown(when('2022-04-28T09:30:00Z', 'time', 'utc', '2022-04-28T09:30:00.000Z'))).toBe(
      'Apr 28, 2022, 5:30 AM EDT',
    );
  });

  test('without a start says so', () => {
    expect(shown(when(null, 'day', 'none', '2022-05-02'))).toBe('until May 2, 2022');
  });

  test('with an end that cannot be read keeps it as written', () => {
    expect(shown(when('2022-04-28', 'day', 'none', 'ongoing'))).toBe('Apr 28, 2022 to ongoing');
    expect(shown(when('spring', 'day', 'none', '2022-05-02'))).toBe('spring to May 2, 2022');
  });
});

describe('the date column', () => {
  test('shows what is known and no more', () => {
    expect(dayParts(when('2022', 'year'), newYork)).toEqual({
      key: '2022',
      day: '2022',
      weekday: null,
      time: null,
    });
    expect(dayParts(when('2022-04', 'month'), newYork)).toEqual({
      key: '2022-04',
      day: 'Apr',
      weekday: null,
      time: null,
    });
    expect(dayParts(when('2022-04-28', 'day'), honolulu)).toEqual({
      key: '2022-04-28',
      day: 'Apr 28',
      weekday: 'Thu',
      time: null,
    });
    expect(dayParts(when('2022-04-28T14:40:00-04:00', 'time', 'offset'), auckland)).toEqual({
      key: '2022-04-28',
      day: 'Apr 28',
      weekday: 'Thu',
      time: '2:40 PM',
    });
  });

  test('puts an instant on its day here', () => {
    expect(dayParts(when('2016-05-27T01:50:00Z', 'time', 'utc'), newYork)?.key).toBe('2016-05-26');
  });

  test('tells every day by ten characters, so that one sorts them and cuts them short', () => {
    expect(dayParts(when('0022-04-08', 'day'), newYork)?.key).toBe('0022-04-08');
    expect(dayParts(when('0022-04', 'month'), newYork)?.key).toBe('0022-04');
    expect(dayParts(when('0022', 'year'), newYork)?.key).toBe('0022');
  });

  test('is empty for what cannot be read', () => {
    expect(dayParts(when('soon', 'day'), newYork)).toBeNull();
  });
});

test('a birth date is written out as sent', () => {
  expect(dateText('1957-03-12', 'long', honolulu)).toBe('March 12, 1957');
  expect(dateText('1957', 'long', honolulu)).toBe('1957');
  expect(dateText('about 1957', 'long', honolulu)).toBe('about 1957');
});

test('a moment of the computer is told from today', () => {
  const now = new Date('2026-11-23T15:00:00Z');
  expect(momentText('2026-11-23T14:12:00Z', now, newYork)).toBe('today, 9:12 AM');
  expect(momentText('2026-11-23T03:00:00Z', now, newYork)).toBe('yesterday, 10:00 PM');
  expect(momentText('2026-11-09T19:40:00Z', now, newYork)).toBe('Nov 9, 2026');
  expect(momentText('never', now, newYork)).toBe('never');
});

test('a moment within a sentence reads on', () => {
  const now = new Date('2026-11-23T15:00:00Z');
  expect(momentPhrase('2026-11-23T14:12:00Z', now, newYork)).toBe('today at 9:12 AM');
  expect(momentExact('2026-11-09T19:40:00Z', now, newYork)).toBe('Nov 9, 2026, 2:40 PM');
  expect(momentExact('2026-11-23T14:12:00Z', now, newYork)).toBe('today, 9:12 AM');
  expect(momentExact('never', now, newYork)).toBe('never');
  expect(momentPhrase('2026-11-09T19:40:00Z', now, newYork)).toBe('on Nov 9, 2026');
});

test('a duration is told in whole units', () => {
  expect(durationText(38_400, 'en-US')).toBe('38 seconds');
  expect(durationText(1_000, 'en-US')).toBe('1 second');
  expect(durationText(125_000, 'en-US')).toBe('2 minutes 5 seconds');
  expect(durationText(120_000, 'en-US')).toBe('2 minutes');
  expect(durationText(3_900_000, 'en-US')).toBe('1 hour 5 minutes');
  expect(durationText(-5, 'en-US')).toBe('0 seconds');
});
