import { expect, test } from 'vitest';

import type { Detail, Person } from '../backend/api';
import { letter } from './letter';

const CALENDAR = { locale: 'en-US', timeZone: 'UTC' };
const TODAY = new Date('2026-11-24T10:00:00Z');

const person = {
  id: 1,
  account: 1,
  name: 'Marisol Quinn',
  birth_date: '1957-03-12',
  counts: [],
} as unknown as Person;
const record = {
  kind: 'allergies',
  title: 'Sulfa drugs',
  title_sent: 'SULFA DRUGS',
  when_detail: null,
  status_text: 'Active',
  value: null,
  sections: [
    {
      title: '',
      fields: [
        {
          label: 'Reaction',
          text: 'Rash\n on the arms',
          when: null,
          tone: 'plain',
          reference: null,
          codes: [],
        },
      ],
    },
  ],
  source: { type: 'AllergyIntolerance', id: '77' },
  last_seen: '2026-11-24T08:00:00Z',
  portal: 'https://onpatient.com',
} as unknown as Detail;

test('a letter names the person, the entry as sent and what is wrong', () => {
  const text = letter(record, person, '  I never had this. ', TODAY, CALENDAR);
  expect(text).toContain('November 24, 2026');
  expect(text).toContain('Marisol Quinn, born March 12, 1957');
  expect(text).toContain('Allergy: SULFA DRUGS');
  expect(text).toContain('Reaction: Rash on the arms');
  expect(text).toContain('AllergyIntolerance/77');
  expect(text).toContain('I never had this.');
  expect(text).toContain('onpatient.com');
});

test('a letter writes its dates as words, as precisely as they were sent', () => {
  const month = {
    start: '2019-04',
    end: null,
    precision: 'month',
    zone: 'none',
    label: 'on',
    sort: '2019-04',
  };
  const dated = {
    ...record,
    sections: [{ title: '', fields: [{ label: 'Since', text: '2019-04', when: month, codes: [] }] }],
  } as unknown as Detail;
  expect(letter(dated, person, '', TODAY, CALENDAR)).toContain('Since: April 2019');
});

test('a letter without words leaves room to write by hand, and one without a person names nobody', () => {
  const text = letter(record, null, '', TODAY, CALENDAR);
  expect(text).toMatch(/believe is right:\n\n\n/);
  expect(text).not.toContain('born');
});
