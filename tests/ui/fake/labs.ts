import type {
  Flag,
  NameFrom,
  PanelRow,
  PanelTable,
  Point,
  Test,
  TestDetail,
  When,
} from '../../../ui/src/backend/api';

const HIGH: Flag = { code: 'H', text: 'High', tone: 'notice', direction: 'up' };
const LOW: Flag = { code: 'L', text: 'Low', tone: 'notice', direction: 'down' };
const CRITICAL: Flag = { code: 'LL', text: 'Critically low', tone: 'alarm', direction: 'down' };

function on(start: string): When {
  const precision = start.length === 4 ? 'year' : start.length === 7 ? 'month' : 'day';
  return { start, end: null, precision, zone: 'none', label: 'collected', sort: start };
}

/** One value of a test; everybody is invented. */
export function point(
  record: number,
  day: string | null,
  value: string | null,
  unit: string | null,
  range: readonly [string | null, string | null] | null,
  more: Partial<Point> = {},
): Point {
  const [low, high] = range ?? [null, null];
  const number = value === null || !/^[<>]?\d+(\.\d+)?$/.test(value) ? null : value.replace(/^[<>]/, '');
  return {
    record,
    index: 0,
    name: 'Hemoglobin',
    name_from: 'portal',
    when: day,
    when_detail: day === null ? null : on(day),
    value,
    number,
    second: null,
    comparator: value?.startsWith('<') ? '<' : value?.startsWith('>') ? '>' : null,
    unit,
    low,
    high,
    range:
      low !== null && high !== null
        ? `${low}–${high}`
        : low !== null
          ? `${low} or more`
          : high !== null
            ? `less than ${high}`
            : null,
    flag: null,
    own_flag: null,
    flag_note: null,
    range_note: range === null && number !== null ? 'No range sent' : null,
    absent: null,
    original: null,
    note: null,
    ...more,
  };
}

function series(
  key: string,
  name: string,
  points: Point[],
  panel: string | null,
  more: Partial<TestDetail> = {},
): TestDetail {
  const latest = points.filter(({ when }) => when !== null).at(-1) ?? points.at(-1);
  if (latest === undefined) throw new Error('a test without a value');
  const flagged = points.filter(({ flag, own_flag }) => (flag ?? own_flag) !== null).length;
  return {
    key,
    name,
    name_from: 'portal',
    likelihood: null,
    unit: latest.unit,
    kind: 'labs',
    latest,
    count: points.length,
    out_of_range: flagged,
    panel,
    points,
    others: [],
    ...more,
  };
}

const HGB = ['11.1', '15.9'] as const;
const CBC = 'Blood count (CBC)';

/** Tests of every sort: critical, high, unmarked, without a range, of words, likely, vitals. */
export function smallTests(): TestDetail[] {
  return [
    series(
      'hemoglobin',
      'Hemoglobin',
      [
        point(3, '2019-09-10', '13.4', 'g/dL', HGB),
        point(3, '2020-09-15', '13.2', 'g/dL', HGB),
        point(3, '2021-09-09', '13.1', 'g/dL', HGB),
        point(3, '2022-09-13', '13.3', 'g/dL', HGB),
        point(3, '2023-09-19', '13.2', 'g/dL', HGB),
        point(3, '2024-03-14', '13.1', 'g/dL', HGB),
        point(3, '2024-09-12', '13.0', 'g/dL', HGB),
        point(3, '2025-03-18', '12.6', 'g/dL', HGB),
        point(3, '2025-09-16', '11.8', 'g/dL', HGB),
        point(3, '2026-03-10', '10.7', 'g/dL', HGB, { flag: LOW }),
        point(3, '2026-06-02', '11.2', 'g/dL', HGB),
        point(3, '2026-09-14', '11.7', 'g/dL', ['12.0', '15.5'], {
          flag: LOW,
          note: 'Preliminary, may change',
        }),
      ],
      CBC,
      { others: [{ key: 'hemoglobin?', name: 'Hemoglobin', name_from: 'inferred', unit: 'g/dL' }] },
    ),
    series(
      'potassium',
      'Potassium',
      [
        point(5, '2024-02', '4.1', 'mmol/L', ['3.5', '5.1']),
        point(5, '2026-09-14', '2.4', 'mmol/L', ['3.5', '5.1'], { flag: CRITICAL }),
      ],
      'Metabolic panel',
    ),
    series(
      'a1c',
      'Hemoglobin A1c',
      [
        point(4, '2023', '6.8', '%', null),
        point(4, '2025-03-18', '7.0', '%', ['4.8', '5.6'], { own_flag: HIGH }),
        point(4, '2026-09-14', '7.0', '%', ['4.8', '5.6'], { flag: HIGH }),
      ],
      null,
    ),
    series(
      'crp',
      'C-reactive protein',
      [
        point(3, '2023-01-02', '12', 'mg/L', [null, '10'], { flag: HIGH }),
        point(3, '2025-01-20', '<5', 'mg/L', [null, '10']),
        point(3, '2026-03-10', '6', 'mg/L', [null, '10'], {
          flag: LOW,
          flag_note: 'Marked Low; its own range says inside.',
        }),
      ],
      null,
    ),
    series(
      'wbc',
      'White blood cells',
      [
        point(3, '2025-09-16', '5.8', '10*3/uL', ['3.4', '10.8']),
        point(3, '2026-09-14', '6.6', '10*3/uL', ['3.4', '10.8']),
      ],
      CBC,
    ),
    series(
      'hcv',
      'Hepatitis C antibody',
      [point(3, '2022-04-28', 'Negative', null, null), point(3, null, 'Negative', null, null)],
      null,
    ),
    series(
      'bp',
      'Blood pressure',
      [
        point(6, '2025-03-18', '128/76', 'mmHg', null, { number: '128', second: '76', range_note: null }),
        point(6, '2025-09-16', '131/80', 'mmHg', null, { number: '131', second: '80', range_note: null }),
        point(6, '2026-09-14', '134/78', 'mmHg', null, { number: '134', second: '78', range_note: null }),
      ],
      null,
      { kind: 'vitals' },
    ),
    series(
      'weight',
      'Body weight',
      [
        point(6, '2025-03-18', '72.6', 'kg', null, { original: '160 lb', range_note: null }),
        point(6, '2026-09-14', '71.7', 'kg', null, { original: '158 lb', range_note: null }),
      ],
      null,
      { kind: 'vitals' },
    ),
    likely('hemoglobin?', 'Hemoglobin', 'strong', [
      point(3, '2026-09-14', '11.7', 'g/dL', HGB),
      point(3, '2026-10-20', '11.9', 'g/dL', HGB),
    ]),
    likely('one?', 'One of eosinophils, basophils', 'one_of', [
      point(3, '2026-09-14', '0.2', '10*3/uL', null, { index: 3 }),
    ]),
  ];
}

function likely(key: string, name: string, likelihood: Test['likelihood'], points: Point[]): TestDetail {
  return series(key, name, points, CBC, { name_from: 'inferred', likelihood });
}

/** A blood count of twelve dates with everything a table of results can hold. */
export function smallPanel(): PanelTable {
  const hemoglobin = smallTests()[0]?.points ?? [];
  const days = hemoglobin.map(({ when }) => when);
  const row = (
    name: string,
    key: string | null,
    unit: string | null,
    cells: (Point | null)[],
    name_from: NameFrom = 'portal',
    likelihood: Test['likelihood'] = null,
  ): PanelRow => ({ key, name, name_from, likelihood, unit, cells });
  const across = (of: (day: string, at: number) => Point | null) =>
    days.map((day, at) => (day === null ? null : of(day, at)));
  return {
    title: CBC,
    columns: days.map((when) => ({ record: 3, when, when_detail: when === null ? null : on(when) })),
    rows: [
      row(
        'White blood cells',
        'wbc',
        '10*3/uL',
        across((day, at) =>
          point(3, day, (5.4 + ((at * 7) % 13) / 10).toFixed(1), '10*3/uL', ['3.4', '10.8']),
        ),
      ),
      row('Hemoglobin', 'hemoglobin', 'g/dL', hemoglobin),
      row(
        'Platelets',
        null,
        '10*3/uL',
        across((day, at) =>
          at === 4
            ? null
            : point(3, day, at === 11 ? '<150' : String(271 + at * 6), '10*3/uL', ['150', '400'], {
                flag: at === 11 ? LOW : null,
              }),
        ),
      ),
      row(
        'Mean cell volume',
        'mcv?',
        'fL',
        across((day, at) => (at < 10 ? null : point(3, day, '84', 'fL', ['79', '97'], { index: 2 }))),
        'inferred',
        'strong',
      ),
      row(
        'One of eosinophils, basophils',
        null,
        '10*3/uL',
        across((day, at) => (at < 11 ? null : point(3, day, '0.2', '10*3/uL', null, { index: 3 }))),
        'inferred',
        'one_of',
      ),
      row(
        'Comment of the laboratory',
        null,
        null,
        across((day, at) =>
          at === 9
            ? point(3, day, null, null, null, { absent: 'Not measured: the sample was clotted' })
            : null,
        ),
      ),
    ],
  };
}
