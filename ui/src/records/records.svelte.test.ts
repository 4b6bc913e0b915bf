import '../styles/tokens.css';
import '../styles/base.css';

import type { Component } from 'svelte';
import { describe, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { page } from 'vitest/browser';

import type { ApiError, Detail, Row } from '../backend/api';
import { AppState } from '../state/app.svelte';
import { DetailState } from '../state/detail.svelte';
import { USUAL } from '../testing/settings';
import { day, detail, measurement, row, StandIn } from '../testing/stand-in';
import Within from '../testing/Within.svelte';
import RecordDetail from './RecordDetail.svelte';
import RecordRow from './RecordRow.svelte';

function within<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
  backend = new StandIn(),
) {
  const app = new AppState(backend);
  return render(Within as unknown as Component<Record<string, unknown>>, {
    props: { app, component, props },
  });
}

function showRow(more: Partial<Row>, searched: string | null = null) {
  return within(RecordRow, { row: row(1, more), showDay: true, showLabel: true, searched });
}

async function showDetail(more: Partial<Detail>, backend = new StandIn({ record: () => detail(1, more) })) {
  const state = new DetailState(backend);
  await state.open(1);
  return within(RecordDetail, { detail: state, hrefOf: (id: number) => `#/timeline/${id}` }, backend);
}

/** A command that fails. */
function failing(code: ApiError['code'], message: string) {
  return () => {
    throw Object.assign(new Error(message), { code });
  };
}

describe('a row', () => {
  test('names the date it stands under', async () => {
    await showRow({ when: '2022-04-28', when_detail: day('2022-04-28', 'recorded') });
    await expect.element(page.getByText('Apr 28', { exact: true })).toBeVisible();
    await expect.element(page.getByText('recorded', { exact: true })).toBeVisible();
  });

  test('shows a value with its mark in words and sign', async () => {
    const { container } = await showRow({
      value: '7.0 %',
      flag: { code: 'H', text: 'High', tone: 'notice', direction: 'up' },
    });
    await expect.element(page.getByText('7.0 %')).toBeVisible();
    await expect.element(page.getByText('High')).toBeVisible();
    expect(container.querySelectorAll('svg').length).toBe(2);
  });

  test('says a status only where it is not the usual one', async () => {
    await showRow({ kind: 'labs', standing: 'past', status_text: 'Final' });
    await expect.element(page.getByText('Record 1')).toBeVisible();
    await expect.element(page.getByText('Final')).not.toBeInTheDocument();
  });

  test.each([
    ['medicines', 'past', 'Stopped'],
    ['labs', 'void', 'Withdrawn by the practice as an error'],
    ['procedures', 'planned', 'Planned'],
    ['other', 'unclear', 'odd'],
  ] as const)('says of %s that is %s: %s', async (kind, standing, status_text) => {
    await showRow({ kind, standing, status_text });
    await expect.element(page.getByText(status_text)).toBeVisible();
  });

  test('says that the portal no longer has it', async () => {
    await showRow({ gone_since: '2026-10-02T08:00:00Z' });
    await expect.element(page.getByText('No longer at the portal')).toBeVisible();
  });

  test('marks what was searched for and lets no text become markup', async () => {
    const { container } = await showRow(
      { title: '<b>Iron</b> tablet', snippet: '<img src=x onerror=alert(1)> \u0002iron\u0003' },
      'iron',
    );
    expect([...container.querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual([
      'Iron',
      'iron',
    ]);
    expect(container.querySelector('img, b')).toBeNull();
    await expect.element(page.getByText('<b>Iron</b> tablet')).toBeVisible();
    await expect.element(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
  });
});

describe('a record in full', () => {
  test('puts its date in words, with which one it is', async () => {
    await showDetail({ when: '2022-04-28', when_detail: day('2022-04-28', 'recorded') });
    await expect.element(page.getByText(/recorded\s+April 28, 2022/)).toBeVisible();
  });

  test('says that it has no date', async () => {
    await showDetail({});
    await expect.element(page.getByText('The portal sent no date for this record.')).toBeVisible();
  });

  test('shows a guessed name with the word for it and its reasons', async () => {
    await showDetail({
      title: 'Hemoglobin',
      name: 'Hemoglobin',
      name_from: 'inferred',
      likelihood: 'strong',
      result: measurement({
        name_from: 'inferred',
        likelihood: 'strong',
        reasons: ['The unit and the range fit only hemoglobin.'],
        candidates: ['Myoglobin'],
        value: '11.7',
        unit: 'g/dL',
      }),
      value: '11.7 g/dL',
      range: '12.0–15.5',
    });
    await page.getByRole('button', { name: /Hemoglobin.* is likely/ }).click();
    await expect.element(page.getByText('The unit and the range fit only hemoglobin.')).toBeVisible();
    await expect.element(page.getByText(/Would also fit: Myoglobin/)).toBeVisible();
    await expect.element(page.getByText('range 12.0–15.5')).toBeVisible();
  });

  test('leads on to the records it can open and names the others', async () => {
    await showDetail({
      related: [
        {
          role: 'performer',
          target: 'Practitioner/2',
          row: row(2, { title: 'Dr. Ines Oduya', kind: 'people' }),
        },
        { role: 'result', target: 'Observation/3', row: row(3, { title: 'Ferritin' }) },
        { role: 'encounter', target: 'Encounter/9', row: null },
      ],
      sections: [
        {
          title: '',
          fields: [
            {
              label: 'Seen by',
              text: 'Dr. Oduya',
              when: null,
              tone: 'plain',
              reference: 'Practitioner/2',
              codes: [],
            },
          ],
        },
      ],
    });
    await expect
      .element(page.getByRole('link', { name: 'Dr. Oduya' }))
      .toHaveAttribute('href', '#/timeline/2');
    // What a field leads to already is not named again.
    await expect.element(page.getByRole('link', { name: /Dr. Ines Oduya/ })).not.toBeInTheDocument();
    await expect
      .element(page.getByRole('link', { name: /Ferritin/ }))
      .toHaveAttribute('href', '#/timeline/3');
    await expect.element(page.getByText('Encounter/9')).toBeVisible();
    await expect.element(page.getByText(/The portal did not send this record/)).toBeVisible();
  });

  test('asks for its source only when it is opened, and shows every digit of it', async () => {
    const backend = new StandIn({
      record: () => detail(1),
      raw: () => ({ text: '{"valueQuantity":{"value":7.0}}' }),
    });
    await showDetail({}, backend);
    expect(backend.calls.map(({ name }) => name)).toEqual(['record']);
    await page.getByText('Source as the portal sent it').click();
    await expect.element(page.getByText('"value": 7.0')).toBeVisible();
  });

  test('lists what could not be read', async () => {
    await showDetail({ problems: [{ path: 'Basic.created', message: '“next week” is not a date.' }] });
    await expect.element(page.getByText('“next week” is not a date.')).toBeVisible();
    await expect.element(page.getByText('Basic.created')).toBeVisible();
  });

  test('has its codes one click away', async () => {
    await showDetail({
      codes: [
        { system: 'http://loinc.org', system_name: 'LOINC', code: '4548-4', display: 'Hemoglobin A1c' },
      ],
    });
    await expect.element(page.getByText('4548-4')).not.toBeVisible();
    await page.getByText('1 code').click();
    await expect.element(page.getByText('4548-4')).toBeVisible();
  });

  test('says where an attachment is without going there', async () => {
    await showDetail({
      attachments: [
        { title: 'Summary', content_type: 'application/pdf', size: 34567, url: null, inline: true },
        {
          title: 'Letter',
          content_type: null,
          size: null,
          url: 'https://onpatient.com/api/fhir/Binary/7',
          inline: false,
        },
      ],
    });
    await expect.element(page.getByText('35 kB')).toBeVisible();
    await expect.element(page.getByText('at onpatient.com; Onhand has not fetched it')).toBeVisible();
  });

  test('drops the answer about a record that was left', async () => {
    let answer: (found: Detail) => void = () => undefined;
    const backend = new StandIn({
      record: ({ id }) => (id === 1 ? new Promise((done) => (answer = done)) : detail(id)),
    });
    const state = new DetailState(backend);
    const first = state.open(1);
    await state.open(2);
    answer(detail(1));
    await first;
    expect(state.record?.id).toBe(2);
  });

  test('follows the order of dates and the language while it is open', async () => {
    const when = day('2022-04-28', 'recorded');
    const backend = new StandIn({
      record: () => detail(1, { when: when.start, when_detail: when }),
      settings: () => USUAL,
      save_settings: (settings) => settings,
    });
    const app = new AppState(backend);
    const state = new DetailState(backend);
    await state.open(1);
    const props = { detail: state, hrefOf: (id: number) => `#/timeline/${id}` };
    await render(Within as unknown as Component<Record<string, unknown>>, {
      props: { app, component: RecordDetail, props },
    });
    await expect.element(page.getByText(/April 28, 2022/)).toBeVisible();
    await app.settings.save({ dates: 'day_first' });
    await expect.element(page.getByText(/28 April 2022/)).toBeVisible();
    try {
      await app.settings.save({ language: 'es' });
      await expect.element(page.getByText(/28 de abril de 2022/)).toBeVisible();
    } finally {
      await app.settings.save({ language: 'en' });
    }
  });

  test('says that there is no such record, which no other try finds', async () => {
    const backend = new StandIn({ record: failing('not_found', 'There is no such record.') });
    await showDetail({}, backend);
    await expect.element(page.getByText('There is no such record.')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
  });

  test('says why it could not be opened, and tries again', async () => {
    const backend = new StandIn({ record: failing('internal', 'The database is busy.') });
    await showDetail({}, backend);
    await expect.element(page.getByText('The database is busy.')).toBeVisible();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.element(page.getByText('The database is busy.')).toBeVisible();
    expect(backend.calls).toHaveLength(2);
    backend.replies.record = () => detail(1);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.element(page.getByRole('heading', { name: 'Record 1' })).toBeVisible();
    await expect.element(page.getByText('The database is busy.')).not.toBeInTheDocument();
  });

  test('asks again for what it said before, and for its source', async () => {
    const backend = new StandIn({
      record: () => detail(1, { versions: ['2026-03-12T15:00:00Z'] }),
      versions: failing('internal', 'The versions cannot be read.'),
      raw: failing('internal', 'The source cannot be read.'),
    });
    await showDetail({}, backend);
    const versions = page.getByRole('region', { name: 'What it said before' });
    await expect.element(versions.getByText('The versions cannot be read.')).toBeVisible();
    backend.replies.versions = () => [];
    await versions.getByRole('button', { name: 'Try again' }).click();
    await expect.element(page.getByText('The versions cannot be read.')).not.toBeInTheDocument();

    await page.getByText('Source as the portal sent it').click();
    await expect.element(page.getByText('The source cannot be read.')).toBeVisible();
    backend.replies.raw = () => ({ text: '{"valueQuantity":{"value":7.0}}' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.element(page.getByText('"value": 7.0')).toBeVisible();
    await expect.element(page.getByText('The source cannot be read.')).not.toBeInTheDocument();
  });
});
