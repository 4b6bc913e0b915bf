import type { Detail, Kind, KindAbout, Measurement, Row, When } from '../../../ui/src/backend/api';

/** Everybody and everything here is invented. */
export const PERSON = { name: 'Marisol Quinn', birth_date: '1957-03-12' };

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function on(start: string, label = 'on'): When {
  const precision =
    start.length === 4 ? 'year' : start.length === 7 ? 'month' : start.length === 10 ? 'day' : 'time';
  const zone = start.endsWith('Z') ? 'utc' : /[+-]\d\d:\d\d$/.test(start) ? 'offset' : 'none';
  return { start, end: null, precision, zone, label, sort: start.slice(0, 16) };
}

function row(
  id: number,
  kind: Kind,
  title: string,
  subtitle: string,
  when: When | null,
  more: Partial<Row> = {},
): Row {
  return {
    id,
    kind,
    title,
    subtitle,
    when: when?.start ?? null,
    when_detail: when,
    status: null,
    status_text: null,
    standing: 'current',
    tone: 'plain',
    person: 1,
    source: { type: TYPE[kind], id: String(1000 + id) },
    gone_since: null,
    moved_from: null,
    change: null,
    part_of: null,
    value: null,
    flag: null,
    own_flag: null,
    flagged: 0,
    group: null,
    counts_as: null,
    notes: [],
    snippet: null,
    holds: [],
    ...more,
  };
}

const TYPE: Record<Kind, string> = {
  labs: 'DiagnosticReport',
  vitals: 'Observation',
  medicines: 'MedicationStatement',
  problems: 'Condition',
  allergies: 'AllergyIntolerance',
  immunizations: 'Immunization',
  visits: 'Encounter',
  procedures: 'Procedure',
  documents: 'DocumentReference',
  care_plans: 'CarePlan',
  goals: 'Goal',
  people: 'Practitioner',
  places: 'Organization',
  other: 'Basic',
};

const HIGH = { code: 'H', text: 'High', tone: 'notice', direction: 'up' } as const;
const LOW = { code: 'L', text: 'Low', tone: 'notice', direction: 'down' } as const;
const CRITICAL = { code: 'LL', text: 'Critically low', tone: 'alarm', direction: 'down' } as const;

/** A record that shows every kind of row once, newest first, undated last. */
export function smallRecord(): Row[] {
  const group = (slug: string, title: string) => ({ group: { slug, title } });
  const ended = group('past', 'Past or ended');
  const taken = group('listed_active', 'Listed as active by your practice');
  const active = group('active', 'Listed as active by your practice');
  const past = { status: 'resolved', status_text: 'Resolved', standing: 'past' } as const;
  return [
    row(1, 'immunizations', 'Influenza, high dose', 'Left arm', on('2026-11-09T14:40:00-05:00', 'given')),
    row(2, 'immunizations', 'COVID-19, mRNA', 'Patient declined', on('2026-11-09T14:40:00-05:00'), {
      status: 'not-given',
      status_text: 'Not given',
      standing: 'void',
    }),
    row(3, 'labs', 'Blood count (CBC)', '15 results', on('2026-09-14T09:30:00-04:00', 'collected'), {
      flagged: 3,
    }),
    row(4, 'labs', 'Hemoglobin A1c', '', on('2026-09-14T09:30:00-04:00', 'collected'), {
      value: '7.0 %',
      flag: HIGH,
    }),
    row(5, 'labs', 'Potassium', '', on('2026-09-14T09:30:00-04:00', 'collected'), {
      value: '2.4 mmol/L',
      flag: CRITICAL,
      tone: 'alarm',
    }),
    row(6, 'vitals', 'Blood pressure', 'Sitting', on('2026-09-14T09:30:00-04:00'), { value: '134/78 mmHg' }),
    row(7, 'visits', 'Office visit', 'Larkspur Family Medicine', on('2026-09-14T09:30:00-04:00')),
    row(
      8,
      'medicines',
      'Ferrous sulfate 325 mg (65 mg iron) tablet',
      '1 tablet by mouth every other day',
      on('2026-09', 'prescribed'),
      {
        status: 'active',
        status_text: 'Listed as active',
        ...taken,
        notes: ['May be the same as “Iron 65 mg tablet”, recorded March 2026.'],
        change: 'new',
      },
    ),
    row(
      9,
      'medicines',
      'Amlodipine 5 mg tablet',
      '1 tablet by mouth once a day',
      on('2026-03-10', 'prescribed'),
      {
        status: 'stopped',
        status_text: 'Stopped',
        standing: 'past',
        ...ended,
        change: 'changed',
      },
    ),
    row(10, 'problems', 'Iron deficiency anemia', 'Confirmed', on('2026-03-10', 'recorded'), {
      ...active,
      moved_from: 'Condition/884',
      change: 'moved',
    }),
    row(11, 'problems', 'Cough', '', on('2022', 'since'), { ...past, ...ended }),
    row(12, 'problems', 'Appendicitis', '', on('2022-04-28', 'recorded'), {
      status: 'entered-in-error',
      status_text: 'Withdrawn by the practice as an error',
      standing: 'void',
      ...group('void', 'Withdrawn as errors'),
    }),
    row(
      13,
      'procedures',
      'Colonoscopy of the whole large bowel with removal of one small growth by snare',
      'Dr. Ines Oduya',
      on('2016-05-27T01:50:00Z', 'performed'),
      {
        gone_since: '2026-10-02T08:00:00Z',
        change: 'gone',
      },
    ),
    row(14, 'allergies', 'Penicillin', 'Hives; severe', null, {
      tone: 'alarm',
      ...group('allergy', 'Allergies and intolerances'),
    }),
    row(18, 'allergies', 'No known food allergies', '', on('2026-03-10', 'recorded'), {
      ...group('none_known', 'None known'),
    }),
    row(15, 'people', 'Dr. Ines Oduya', 'Family medicine', null),
    row(16, 'places', 'Larkspur Family Medicine', '', null),
    row(17, 'other', 'Basic record', 'A kind of record Onhand has no words for', null, {
      standing: 'unclear',
      status: 'odd',
      status_text: 'odd (the portal’s own word)',
    }),
  ];
}

/**
 * The small record and more of what it has little of: every list has several rows that stand
 * differently, as a practice would have sent over some years.
 */
export function fullRecord(): Row[] {
  const group = (slug: string, title: string) => ({ group: { slug, title } });
  const active = group('listed_active', 'Listed as active by your practice');
  const unconfirmed = group('not_confirmed', 'Listed as active, not confirmed for over a year');
  const problem = group('active', 'Listed as active by your practice');
  const given = group('recorded', 'Recorded as given');
  const done = { status: 'finished', status_text: 'Finished', standing: 'past' } as const;
  const planned = { status: 'planned', status_text: 'Planned', standing: 'planned' } as const;
  const rows = smallRecord().map((one) =>
    one.kind !== 'immunizations'
      ? one
      : { ...one, ...(one.standing === 'void' ? group('not_given', 'Not given') : given) },
  );
  return [
    ...rows,
    row(
      20,
      'medicines',
      'Metformin ER 500 mg tablet',
      '2 tablets by mouth with dinner',
      on('2026-09-14', 'prescribed'),
      {
        ...active,
        notes: ['Two sources differ: 500 mg once a day, or 500 mg twice a day. Onhand does not choose.'],
      },
    ),
    row(
      21,
      'medicines',
      'Atorvastatin 40 mg tablet',
      '1 tablet by mouth at bedtime',
      on('2026-03-10', 'prescribed'),
      active,
    ),
    row(
      22,
      'medicines',
      'Losartan 50 mg tablet',
      '1 tablet by mouth once a day',
      on('2026-03-10', 'prescribed'),
      active,
    ),
    row(
      23,
      'medicines',
      'Fluticasone 50 mcg nasal spray',
      'Dose not sent. Follow your label.',
      on('2024-04', 'recorded'),
      unconfirmed,
    ),
    row(24, 'problems', 'Type 2 diabetes', 'Without complications', on('2019', 'since'), problem),
    row(
      25,
      'problems',
      'High blood pressure',
      'Essential hypertension',
      on('2014-02-11', 'recorded'),
      problem,
    ),
    row(26, 'problems', 'Chronic kidney disease, stage 3a', '', on('2026-03-10', 'recorded'), problem),
    row(27, 'problems', 'High cholesterol', 'Mixed hyperlipidemia', on('2016', 'since'), problem),
    row(28, 'immunizations', 'Influenza, high dose', 'Left arm', on('2025-10-14', 'given'), given),
    row(29, 'immunizations', 'RSV', 'Right arm', on('2024-10-21', 'given'), given),
    row(30, 'immunizations', 'Pneumococcal, PCV20', '', on('2022-05-03', 'given'), given),
    row(
      31,
      'immunizations',
      'Tetanus, diphtheria and pertussis',
      'Billed, no vaccine record',
      on('2019-06-12', 'given'),
      {
        ...given,
        counts_as: 'Not counted',
      },
    ),
    row(32, 'visits', 'Office visit', 'Larkspur Family Medicine', on('2026-06-02T10:15:00-04:00'), done),
    row(33, 'visits', 'Video visit', 'Larkspur Family Medicine', on('2026-03-10T16:00:00-05:00'), done),
    row(34, 'visits', 'Office visit', 'Larkspur Family Medicine', on('2026-12-14T09:00:00-05:00'), planned),
    row(
      35,
      'procedures',
      'Blood draw',
      'Larkspur Family Medicine',
      on('2026-09-14T09:20:00-04:00', 'performed'),
      done,
    ),
    row(36, 'procedures', 'Tests of lung function', 'Equipment failed', on('2025-01-20', 'performed'), {
      status: 'not-done',
      status_text: 'Not done',
      standing: 'void',
    }),
    row(
      37,
      'documents',
      'After-visit summary',
      'Larkspur Family Medicine',
      on('2026-09-14T11:02:00-04:00', 'created'),
    ),
    row(38, 'documents', 'Letter to the cardiologist', 'Dr. Ines Oduya', on('2026-06-03', 'created')),
    row(
      39,
      'documents',
      'Report of the colonoscopy',
      'Replaced by a newer one',
      on('2016-05-27', 'created'),
      {
        status: 'superseded',
        status_text: 'Replaced by a newer document',
        standing: 'past',
      },
    ),
    row(40, 'care_plans', 'Care team', 'Dr. Ines Oduya and two others', on('2026-03-10', 'since'), {
      status: 'active',
      status_text: 'Active',
    }),
    row(41, 'care_plans', 'Plan for diabetes', 'Blood sugar, feet, eyes', on('2025-03-18', 'since'), {
      status: 'active',
      status_text: 'Active',
    }),
    row(42, 'care_plans', 'Plan after the fracture', '', on('2018-05-02', 'since'), {
      status: 'completed',
      status_text: 'Completed',
      standing: 'past',
    }),
    row(
      43,
      'goals',
      'Hemoglobin A1c below 7 %',
      'Target: below 7 % by June 2026',
      on('2025-03-18', 'since'),
      {
        status: 'in-progress',
        status_text: 'Open',
      },
    ),
    row(44, 'goals', 'Walk half an hour on most days', '', on('2025-03-18', 'since'), {
      status: 'achieved',
      status_text: 'Achieved',
      standing: 'past',
    }),
    row(45, 'people', 'Sam Quinn', 'Spouse', null),
    row(46, 'people', 'Dr. Paul Achterberg', 'Cardiology', null),
    row(47, 'places', 'Larkspur Laboratory', '12 Mill Road, Larkspur', null),
    row(48, 'other', 'Family member history', 'Mother: breast cancer at 61', on('2024-01-09', 'recorded')),
    row(49, 'other', 'Fall risk', 'Warning of the practice', on('2026-03-10', 'since'), {
      source: { type: 'Flag', id: '1049' },
      status: 'active',
      status_text: 'Active',
    }),
    row(50, 'allergies', 'Lisinopril', 'Dry cough; mild', on('2018-04', 'recorded'), {
      tone: 'alarm',
      ...group('allergy', 'Allergies and intolerances'),
      gone_since: '2026-10-02T08:00:00Z',
    }),
  ].sort((a, b) => (b.when_detail?.sort ?? '').localeCompare(a.when_detail?.sort ?? ''));
}

/** As many records as wanted, newest first, the last few undated. */
export function largeRecord(count: number): Row[] {
  const random = seeded(7);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const titles: [Kind, string, string][] = [
    ['labs', 'Metabolic panel (CMP)', '18 results'],
    ['labs', 'Ferritin', ''],
    ['vitals', 'Body weight', ''],
    ['visits', 'Office visit', 'Larkspur Family Medicine'],
    ['procedures', 'Blood draw', ''],
    ['medicines', 'Lisinopril 10 mg tablet', '1 tablet by mouth once a day'],
    ['problems', 'High blood pressure', 'Confirmed'],
    ['immunizations', 'Influenza', ''],
  ];
  const rows: Row[] = [];
  let day = Date.UTC(2026, 10, 20);
  for (let id = 1; id <= count; id += 1) {
    const [kind, title, subtitle] = pick(titles);
    if (random() < 0.4) day -= 3_600_000 * (1 + Math.floor(((60 * 100_000) / count) * random()));
    const undated = id > count - 20;
    const when = undated ? null : on(new Date(day).toISOString().slice(0, 10));
    const value =
      title === 'Ferritin'
        ? `${Math.round(10 + random() * 200)} ng/mL`
        : title === 'Body weight'
          ? '158 lb'
          : null;
    rows.push(
      row(id, kind, title, subtitle, when, {
        value,
        flag: value !== null && random() < 0.2 ? pick([HIGH, LOW]) : null,
      }),
    );
  }
  return rows;
}

function measurement(
  index: number,
  name: string,
  value: string | null,
  unit: string | null,
  range: string | null,
  more: Partial<Measurement> = {},
): Measurement {
  return {
    index,
    name,
    name_from: 'portal',
    likelihood: null,
    reasons: [],
    candidates: [],
    value,
    unit,
    range,
    flag: null,
    code: null,
    absent: null,
    number: value,
    comparator: null,
    low: null,
    high: null,
    own_flag: null,
    flag_note: null,
    range_note: null,
    converted: null,
    likely_code: null,
    named_at: null,
    test: null,
    ...more,
  };
}

/** Everything a record can say, for each row. */
export function detailOf(row: Row, rows: readonly Row[]): Detail {
  const field = (label: string, text: string, more = {}) => ({
    label,
    text,
    when: null,
    tone: 'plain' as const,
    reference: null,
    codes: [],
    ...more,
  });
  const doctor = rows.find(({ kind }) => kind === 'people') ?? null;
  const panel = row.title === 'Blood count (CBC)';
  return {
    ...row,
    title_sent: row.title.toUpperCase(),
    name: row.value === null ? null : row.title,
    name_from: row.value === null ? null : 'portal',
    likelihood: null,
    reasons: [],
    candidates: [],
    unit: null,
    range: row.title === 'Hemoglobin A1c' ? '4.8–5.6' : null,
    code: null,
    result: null,
    components: panel
      ? [
          measurement(0, 'Hemoglobin', '11.7', 'g/dL', '12.0–15.5', {
            name_from: 'inferred',
            likelihood: 'strong',
            reasons: ['The unit and the range fit only hemoglobin.'],
            candidates: [],
            flag: LOW,
          }),
          measurement(1, 'White blood cells', '6.20', '10*3/uL', '4.0–11.0'),
          measurement(2, 'Platelets', '<150', '10*3/uL', '150–400', { flag: LOW, test: 'wbc' }),
          measurement(3, 'One of eosinophils, basophils', '0.2', '10*3/uL', null, {
            name_from: 'inferred',
            likelihood: 'one_of',
            reasons: ['Both are counted in 10*3/uL and are often below 0.5.'],
            candidates: ['Eosinophils', 'Basophils'],
            range_note: 'No range sent',
          }),
          measurement(4, 'Ferritin', '9', 'ng/mL', '15–150', {
            name_from: 'person',
            own_flag: LOW,
            test: 'hemoglobin',
          }),
          measurement(5, 'Unnamed result 6 of 15', null, null, null, {
            absent: 'Not measured: the sample was clotted',
          }),
        ]
      : [],
    sections: [
      {
        title: '',
        fields: [
          field('Recorded', '2022-04-28', { when: on('2022-04-28', 'on') }),
          field('Written by', doctor?.title ?? 'Dr. Ines Oduya', { reference: 'Practitioner/1015' }),
          ...(row.kind === 'allergies'
            ? [field('Reaction', 'Hives over the whole body', { tone: 'alarm' })]
            : []),
          field('Note', 'Ask again in three months.\nBring the list of medicines.'),
        ],
      },
      {
        title: 'Order',
        fields: [
          field('Ordered by', 'Dr. Ines Oduya', {
            codes: [
              { system: 'http://loinc.org', system_name: 'LOINC', code: '58410-2', display: 'CBC panel' },
            ],
          }),
        ],
      },
    ],
    narrative: row.kind === 'other' ? 'The portal wrote this itself.' : null,
    attachments:
      row.kind === 'visits'
        ? [
            {
              title: 'After-visit summary',
              content_type: 'application/pdf',
              size: 34567,
              url: null,
              inline: true,
            },
            {
              title: 'Note of the nurse',
              content_type: 'text/plain',
              size: 60,
              url: null,
              inline: true,
            },
            {
              title: 'Letter',
              content_type: 'text/plain',
              size: null,
              url: 'https://onpatient.com/api/fhir/Binary/7',
              inline: false,
            },
          ]
        : [],
    codes: [
      {
        system: 'http://hl7.org/fhir/sid/icd-10',
        system_name: 'ICD-10-CM',
        code: 'D50.9',
        display: 'Iron deficiency anemia, unspecified',
      },
    ],
    related: [
      { role: 'performer', target: 'Practitioner/1015', row: doctor },
      { role: 'encounter', target: 'Encounter/99', row: null },
      ...(row.kind === 'visits' ? partsOfVisit(rows) : []),
      ...(row.title.startsWith('Ferrous')
        ? [
            {
              role: 'may_be_same',
              target: 'MedicationStatement/9',
              row: rows.find(({ id }) => id === 9) ?? null,
            },
          ]
        : []),
    ],
    problems: row.kind === 'other' ? [{ path: 'Basic.created', message: '“next week” is not a date.' }] : [],
    first_seen: '2026-03-12T15:00:00Z',
    last_seen: '2026-11-20T14:12:00Z',
    versions: row.kind === 'problems' ? ['2026-03-12T15:00:00Z'] : [],
    own_note: null,
    portal: 'https://onpatient.com',
  };
}

function partsOfVisit(rows: readonly Row[]): Detail['related'] {
  const link = (role: string, id: number) => {
    const row = rows.find((one) => one.id === id) ?? null;
    return { role, target: `${row?.source.type ?? 'Basic'}/${row?.source.id ?? id}`, row };
  };
  return [
    link('same_visit', 6),
    link('folded', 13),
    link('folded', 17),
    link('same_day', 3),
    link('same_day', 5),
  ];
}

/** What is said above a list of one kind. */
export function aboutKind(kind: Kind, rows: readonly Row[]): KindAbout {
  const shown = rows.filter((row) => row.kind === kind).length;
  return {
    as_of: '2026-11-20T14:12:00Z',
    practices: ['Larkspur Family Medicine'],
    statements: [
      'As of Nov 20, 2026, from Larkspur Family Medicine. Other clinics are not here.',
      ...(kind === 'allergies' && shown === 0 ? ['Your practice has sent nothing about allergies.'] : []),
    ],
    notes: kind === 'medicines' ? [`14 copied: ${shown} shown, ${14 - shown} folded in.`] : [],
    copied: shown,
    shown,
    folded: 0,
  };
}
