// The ways through the interface, by keyboard wherever a person might.

import {
  byVisit,
  connecting,
  copiedStart,
  Failed,
  freshStart,
  progress,
  report,
  outcome,
} from './fake/portal';
import { largeRecord, smallRecord } from './fake/record';
import { audit, enlargeText, expect, holdFullRecord, holdSmallRecord, test } from './fixture';

test('goes from the welcome page over the sign-in and the copy to the first record', async ({
  page,
  fake,
  visit,
}) => {
  const rows = smallRecord();
  fake.replies.create_database = () => (fake.start = { ...freshStart(), database: 'open' });
  fake.replies.connect = () => connecting({ stage: 'preparing', start_url: null });
  fake.replies.confirm_person = () =>
    (fake.start = { ...copiedStart([]), syncing: { ...progress(), promised: 0, types: [] } });
  await visit();

  await page.getByRole('link', { name: 'Connect to OnPatient' }).click();
  await page.getByLabel('Client id').fill('qT7vLw0ZpN4cXy2RkHd9sMbJ6uEa1fGt');
  await page.getByLabel('Client secret').fill('not-a-real-secret');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Getting ready' })).toBeVisible();
  const ASIDE = ['settings', 'remembered'];
  expect(fake.calls.map(({ name }) => name).filter((name) => !ASIDE.includes(name))).toEqual([
    'start',
    'create_database',
    'connect',
  ]);
  expect(fake.last('connect')).toEqual({
    client_id: 'qT7vLw0ZpN4cXy2RkHd9sMbJ6uEa1fGt',
    client_secret: 'not-a-real-secret',
    portal: null,
    redirect_uris: null,
  });

  fake.send({ event: 'connect_progressed', data: connecting({}) });
  await expect(page.getByText('https://localhost:27443/start?n=4fH2kQ')).toBeVisible();
  fake.send({ event: 'connect_progressed', data: connecting({ stage: 'at_portal' }) });
  await expect(page.getByRole('heading', { name: 'Log in at the portal' })).toBeFocused();
  fake.send({
    event: 'connect_progressed',
    data: connecting({
      stage: 'confirm',
      people: [{ patient_id: '7', name: 'Marisol Quinn', birth_date: '1957-03-12' }],
    }),
  });
  await page.getByRole('button', { name: 'It is mine' }).click();
  await expect(page.getByText('Asking the portal what it has')).toBeVisible();

  fake.send({ event: 'sync_progressed', data: progress() });
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '477');
  await expect(page.getByText('300 of 446')).toBeVisible();

  fake.rows = rows;
  fake.start = copiedStart(rows);
  fake.send({
    event: 'sync_finished',
    data: { ...report(), complete: true, types: [outcome('Patient', 'Patient', 812)] },
  });
  await expect(page.getByRole('heading', { name: 'Your record is here' })).toBeVisible();
  await page.getByRole('button', { name: 'Start reading' }).click();
  await page.getByRole('link', { name: /Hemoglobin A1c/ }).click();
  await expect(page.getByRole('heading', { name: 'Office visit', level: 1 })).toBeVisible();
});

test('asks for a passphrase where there is no keychain, and goes on to the form', async ({
  page,
  fake,
  visit,
}) => {
  fake.replies.create_database = (input) => {
    if (input.vault === 'keychain') throw new Failed('no_keychain', 'There is no keychain on this computer.');
    return (fake.start = { ...freshStart(), database: 'open' });
  };
  await visit('#/connect');
  await page.getByLabel('Client id').fill('abc');
  await page.getByLabel('Client secret').fill('def');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();

  await expect(page.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('This is shorter than 8 characters.')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill('four plain words here');
  await page.getByLabel('The same again').fill('four plain words');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('The two are not the same.')).toBeVisible();
  await page.getByLabel('The same again').fill('four plain words here');
  await page.getByRole('button', { name: 'Go on' }).click();

  await expect(page.getByLabel('Client id')).toHaveValue('abc');
  expect(fake.last('create_database')).toEqual({ vault: 'passphrase', passphrase: 'four plain words here' });
});

test('says what is wrong with a passphrase and opens with the right one', async ({ page, fake, visit }) => {
  fake.start = { ...freshStart(), database: 'needs_passphrase' };
  fake.replies.unlock = ({ passphrase }) => {
    if (passphrase !== 'right') throw new Failed('locked', 'That is not the passphrase.');
    holdSmallRecord(fake);
    return fake.start;
  };
  await visit();
  await expect(page.getByLabel('Passphrase')).toBeFocused();
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('That is not the passphrase.');
  await page.keyboard.type('right');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
});

test('opens the sample in one click and says on every view that it is one', async ({ page, fake, visit }) => {
  fake.replies.open_sample = () => {
    holdSmallRecord(fake);
    return (fake.start = { ...fake.start, sample: true });
  };
  fake.replies.leave_sample = () => (fake.start = freshStart());
  await visit();
  await page.getByRole('button', { name: 'See a sample record' }).click();
  await expect(page.getByRole('link', { name: /Hemoglobin A1c/ })).toBeVisible();
  for (const hash of [
    '#/timeline/4',
    '#/kind/labs',
    '#/search?q=iron',
    '#/connection',
    '#/settings',
    '#/syncing',
  ]) {
    await page.evaluate((to) => (location.hash = to), hash);
    await expect(page.getByRole('complementary', { name: 'Sample – not a real person' })).toBeVisible();
  }
  await page.getByRole('button', { name: 'Connect my own record' }).click();
  await expect(page.getByLabel('Client id')).toBeVisible();
  await expect(page.getByText('Sample – not a real person')).toBeHidden();
});

test('reads a list by keyboard alone', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  const row = (name: RegExp) => page.getByRole('link', { name });
  await row(/Influenza/).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(row(/Sep 14.*Office visit/)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(row(/COVID-19/)).toBeFocused();
  await page.keyboard.press('End');
  await expect(row(/Basic record/)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(row(/Influenza/)).toBeFocused();
  await page.keyboard.press('PageDown');
  await expect(row(/Influenza/)).not.toBeFocused();
  await page.keyboard.press('Home');

  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Influenza, high dose', level: 1 })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row(/Influenza/)).toBeFocused();

  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: 'COVID-19, mRNA', level: 1 })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: 'Office visit', level: 1 })).toBeVisible();
  await expect(row(/Sep 14.*Office visit/)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { name: 'COVID-19, mRNA', level: 1 })).toBeVisible();
});

test('has one stop for the list, and the order of the page is the order of the keys', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await expect(page.getByRole('link', { name: /Hemoglobin A1c/ })).toBeVisible();
  const stops: string[] = [];
  for (let at = 0; at < 40; at += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const { activeElement: focused } = document;
      if (focused === null || focused === document.body) return null;
      const outline = getComputedStyle(focused.closest('.find') ?? focused);
      return {
        name: focused.getAttribute('aria-label') ?? focused.textContent.trim(),
        seen: outline.outlineStyle !== 'none',
      };
    });
    if (stop === null) break;
    expect(stop.seen, `the focus on “${stop.name}” can be seen`).toBe(true);
    stops.push(stop.name.replaceAll(/\s+/g, ' '));
  }
  expect(stops[0]).toBe('Skip to the record');
  expect(stops[1]).toBe('Search');
  expect(stops.filter((name) => /Influenza|COVID|Blood count/.test(name))).toHaveLength(1);
});

test('searches as one types and comes back with Escape', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/medicines');
  await expect(page.getByRole('link', { name: /Amlodipine/ })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('iron');
  await expect(page.getByRole('heading', { name: 'Search' })).toBeVisible();
  await expect(page.getByText('2 results')).toBeVisible();
  await expect(page.locator('mark')).toHaveText(['iron', 'Iron']);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('link', { name: /Ferrous sulfate/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /Ferrous sulfate/, level: 1 })).toBeFocused();

  await page.keyboard.press('/');
  await page.keyboard.type('tirzepatide');
  await expect(page.getByText('Nothing found for “tirzepatide”')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Medicines', level: 1 })).toBeVisible();
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(page.getByRole('link', { name: /Ferrous sulfate/ })).toBeFocused();
});

test('searches and commands by one key, and offers the search again', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await expect(palette).toBeVisible();
  await page.keyboard.type('iron');
  await expect(palette.getByRole('option', { name: /Ferrous sulfate/ })).toBeVisible();
  await expect(palette.locator('.title mark')).toHaveText(['iron', 'Iron']);
  await audit(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /Ferrous sulfate/, level: 1 })).toBeVisible();

  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('option', { name: 'iron' })).toBeVisible();
  await page.keyboard.type('dark');
  await page.keyboard.press('ArrowUp');
  await expect(palette.getByRole('option', { name: 'Dark appearance' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark');
  expect(fake.settings.appearance).toBe('dark');

  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});

test('keeps a note and a pin, and makes a letter of what looks wrong', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/kind/medicines/7');
  await page.getByRole('button', { name: 'Write a note' }).click();
  await page.getByRole('textbox', { name: 'Your own note' }).fill('Ask about the dose.');
  await page.getByRole('button', { name: 'Keep the note' }).click();
  await expect(page.getByText('Ask about the dose.')).toBeVisible();
  await audit(page);

  await page.getByRole('button', { name: 'This looks wrong' }).click();
  await page.getByLabel('What is wrong, and what would be right').fill('I never took this.');
  await expect(page.getByRole('region', { name: 'The letter' })).toContainText('I never took this.');
  await audit(page);
});

test('opens on a summary, and helps without a network', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/summary');
  await expect(page.getByRole('heading', { name: 'Marisol Quinn', level: 1 })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Out of range at the last test' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Potassium' })).toBeVisible();
  await audit(page);

  await page.getByRole('link', { name: 'Help' }).click();
  await page.getByRole('searchbox', { name: 'Find a word' }).fill('hgb');
  await expect(page.getByText('The red substance in blood cells that carries oxygen.')).toBeVisible();
  await audit(page);
});

test('a summary holds every warning that stands, and counts all that it links to', async ({
  page,
  fake,
  visit,
}) => {
  holdFullRecord(fake);
  const many = (id: number, first: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...fake.row(id), id: first + at }));
  const [warning, medicine] = [fake.row(49), fake.row(20)];
  fake.rows = [
    ...fake.rows,
    ...many(48, 1_000, 450),
    { ...warning, id: 2_000, title: 'Latex in the room' },
    { ...warning, id: 2_001, title: 'Pacemaker', status: 'inactive', standing: 'past' },
    { ...warning, id: 2_002, title: 'Entered for another', status: 'entered-in-error', standing: 'void' },
    ...many(medicine.id, 3_000, 405),
    ...many(9, 4_000, 500),
  ];
  fake.start = copiedStart(fake.rows);
  await visit('#/summary');
  const warnings = page.getByRole('region', { name: 'The practice’s own warnings' });
  await expect(warnings.getByRole('link')).toHaveText([/Fall risk/, /Latex in the room/]);
  const current = fake.rows.filter(
    ({ kind, group }) => kind === 'medicines' && group?.slug !== 'past',
  ).length;
  await expect(page.getByText(`and ${current - 12} more`)).toBeVisible();
  // What stands behind those that are current is not asked for to its end.
  const asked = fake.calls
    .filter(({ name }) => name === 'list')
    .map(({ input }) => input as { filter: { kinds: string[] }; offset: number })
    .filter(({ filter }) => filter.kinds[0] === 'medicines')
    .map(({ offset }) => offset);
  expect(asked).toEqual([0, 200, 400, 600]);
});

test('the keys that go everywhere go before there is a record too', async ({ page, visit }) => {
  await visit();
  await expect(page.getByRole('link', { name: 'Connect to OnPatient' })).toBeVisible();
  await page.keyboard.press('Control+=');
  await expect(page.getByText('Size of text: 115 %')).toBeVisible();
  await page.keyboard.press('F1');
  await expect(page.getByRole('heading', { name: 'Help', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(page.getByRole('heading', { name: 'Help', level: 1 })).toBeVisible();
});

test('what does away with itself gives the focus to what is left', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline/4');
  await page.getByRole('button', { name: 'Write a note' }).click();
  await page.getByRole('textbox', { name: /note/i }).fill('Ask about this.');
  await page.getByRole('button', { name: 'Keep the note' }).click();
  await expect(page.getByRole('button', { name: 'Change', exact: true })).toBeFocused();
  await page.getByRole('button', { name: 'Take it away' }).click();
  await expect(page.getByRole('button', { name: 'Write a note' })).toBeFocused();
  await page.keyboard.press('F6');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Ask about this.')).toBeVisible();
  await expect(page.locator('body')).not.toBeFocused();
});

test('a part of a list that does not come is said, and asked for again', async ({ page, fake, visit }) => {
  fake.rows = largeRecord(1_000);
  fake.start = copiedStart(fake.rows);
  await visit('#/timeline');
  await expect(page.getByText('1,000 records').first()).toBeVisible();
  fake.replies.list = () => {
    throw new Failed('internal', 'The database reported an error (IoErr).');
  };
  const body = page.locator('[role=list]');
  await body.evaluate((list) => list.parentElement?.scrollTo(0, list.scrollHeight));
  await expect(page.getByText('The database reported an error (IoErr).')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('The database reported an error')).toBeVisible();
  await expect(page.getByText('1,000 records').first()).toBeVisible();
  delete fake.replies.list;
  await body.evaluate((list) => list.parentElement?.scrollTo(0, 0));
  await body.evaluate((list) => list.parentElement?.scrollTo(0, list.scrollHeight));
  await expect(page.getByText('The database reported an error')).toBeHidden();
  await expect(body.getByRole('link').last()).toBeVisible();
});

test('a slash typed in a field is a slash', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await page.getByRole('searchbox').click();
  await page.keyboard.type('10/2');
  await expect(page.getByRole('searchbox')).toHaveValue('10/2');
});

test('shows the answer to the last letter typed, whatever order the answers come in', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await expect(page.getByRole('link', { name: /Hemoglobin A1c/ })).toBeVisible();
  let release = () => undefined as void;
  const late = new Promise<void>((done) => (release = done));
  fake.replies.list = async ({ filter }) => {
    const query = filter.query ?? '';
    if (query === 'i') await late;
    const records = smallRecord().filter(({ title }) =>
      query === 'i' ? title === 'Cough' : title === 'Penicillin',
    );
    return { total: records.length, records };
  };
  await page.keyboard.press('/');
  await page.keyboard.type('ir');
  await expect(page.getByRole('link', { name: /Penicillin/ })).toBeVisible();
  const answered = page.waitForResponse((response) => response.url().endsWith('/call/list'));
  release();
  await answered;
  await expect(page.getByRole('link', { name: /Penicillin/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /Cough/ })).toBeHidden();
});

test('chooses kinds and says when none are left', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await page.getByRole('button', { name: 'Medicines', exact: true }).click();
  await expect(page.getByText('2 records').first()).toBeVisible();
  await expect(page).toHaveURL(/#\/timeline\?kinds=medicines$/);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: /^Problems/ }).click();
  await expect(page.getByText('5 records').first()).toBeVisible();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await expect(page.getByText('17 records').first()).toBeVisible();
});

test('one person of a family at a time', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  const [first] = fake.start.people;
  if (first === undefined) throw new Error('nobody');
  fake.start = {
    ...fake.start,
    people: [first, { ...first, id: 2, name: 'Teo Quinn', birth_date: '2016', counts: [] }],
  };
  fake.rows = fake.rows.map((row) => (row.id === 14 ? { ...row, person: 2 } : row));
  await visit('#/timeline');
  await page.getByRole('button', { name: /Change person/ }).click();
  await page.getByRole('button', { name: /Teo Quinn/ }).click();
  await expect(page.getByText('1 record').first()).toBeVisible();
  await expect(page.getByRole('link', { name: /Penicillin/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /Teo Quinn born 2016/ }).first()).toBeVisible();
});

test('holds a hundred thousand records and reaches the last of them', async ({ page, fake, visit }) => {
  fake.rows = largeRecord(100_000);
  fake.start = copiedStart(fake.rows);
  await visit('#/timeline');
  await expect(page.getByText('100,000 records')).toBeVisible();
  const rows = page.getByRole('list', { name: 'Timeline' }).getByRole('link');
  await rows.first().focus();
  expect(await page.getByRole('listitem').count()).toBeLessThan(80);

  await page.keyboard.press('End');
  const total = byVisit(fake.rows).length;
  const last = page.locator(`[data-offset="${total - 1}"]`);
  await expect(last).toBeFocused();
  await expect(last).toHaveAttribute('href', /#\/timeline\/100000$/);
  await expect(page.locator(`[aria-posinset="${total}"]`)).toHaveAttribute('aria-setsize', String(total));
  expect(await page.getByRole('listitem').count()).toBeLessThan(80);

  // The row that has the focus stays in the document while one scrolls away from it.
  await page.locator('[role=list]').evaluate((list) => list.parentElement?.scrollTo(0, 2_000_000));
  await expect(page.locator('[aria-posinset]').first()).not.toHaveAttribute('aria-posinset', '1');
  await expect(last).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.locator('[data-offset="0"]')).toBeFocused();

  // It asked for pages, never for everything.
  const asked = fake.calls.filter(({ name }) => name === 'list').length;
  expect(asked).toBeLessThan(20);
});

test('takes in what a copy brings without losing the place', async ({ page, fake, visit }) => {
  fake.rows = largeRecord(400);
  fake.start = copiedStart(fake.rows);
  await visit('#/timeline');
  await expect(page.getByText('400 records').first()).toBeVisible();
  const body = page.locator('[role=list]');
  await body.evaluate((list) => list.parentElement?.scrollTo(0, 9_000));
  fake.rows = [...largeRecord(500)];
  fake.start = copiedStart(fake.rows);
  fake.send({ event: 'changed' });
  await expect(page.getByText('500 records').first()).toBeVisible();
  expect(await body.evaluate((list) => list.parentElement?.scrollTop)).toBe(9_000);
});

test('says that the portal ended the session, and reconnects', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.replies.sync = () => {
    throw new Failed('session_ended', 'OnPatient asks you to sign in again. Nothing is lost.');
  };
  fake.replies.reconnect = () => connecting({});
  await visit('#/connection');
  await page.getByRole('button', { name: 'Copy again' }).click();
  await expect(page.getByRole('alert')).toHaveText('OnPatient asks you to sign in again. Nothing is lost.');
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'Connection' })).toBeVisible();
  expect(fake.calls.map(({ name }) => name)).toContain('cancel_connect');
});

test('disconnects only after asking, and keeps the records unless told otherwise', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  fake.replies.disconnect = () => (fake.start = { ...fake.start, accounts: [] });
  await visit('#/connection');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeFocused();
  expect(fake.calls.map(({ name }) => name)).not.toContain('disconnect');

  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('radio', { name: /Keep them/ })).toBeChecked();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('No portal is connected.')).toBeVisible();
  expect(fake.last('disconnect')).toEqual({ account: 1, delete_records: false });
});

test('stops a copy and says what is safe', async ({ page, fake, visit }) => {
  fake.start = { ...copiedStart([]), syncing: progress() };
  await visit('#/syncing');
  await page.getByRole('button', { name: 'Stop' }).click();
  fake.send({ event: 'sync_finished', data: { ...report(), stopped: 'You stopped it.' } });
  await expect(page.getByRole('heading', { name: 'The copy was stopped' })).toBeVisible();
  expect(fake.calls.map(({ name }) => name)).toContain('cancel_sync');
});

test('follows a copy at the foot of the side bar', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await expect(page.getByRole('link', { name: /659 of 662/ })).toBeVisible();
  fake.send({ event: 'sync_progressed', data: progress() });
  await page.getByRole('link', { name: 'Copying, 477 of 662' }).click();
  await expect(page.getByRole('heading', { name: 'Copying your record' })).toBeVisible();
});

test('keeps the appearance one chose', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/settings');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark');
});

test('one setting leaves the others as they are', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/settings');
  await page.getByLabel('Copy on opening when the last copy is older than').selectOption('72');
  await expect.poll(() => fake.settings.sync_after_hours).toBe(72);
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect.poll(() => fake.settings.appearance).toBe('dark');
  expect(fake.settings.sync_after_hours).toBe(72);
});

test('copies the addresses to the clipboard', async ({ page, context, visit }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await visit('#/connect');
  await page.getByRole('button', { name: 'Copy all' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'https://localhost:27443/callback\nhttps://localhost:27444/callback\nhttps://localhost:27445/callback',
  );
});

test('shows one pane at a time in a narrow window, with a way back', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await page.setViewportSize({ width: 560, height: 800 });
  await visit('#/timeline');
  await page.getByRole('link', { name: /Hemoglobin A1c/ }).click();
  await expect(page.getByRole('heading', { name: 'Office visit', level: 1 })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeHidden();
  await page.getByRole('link', { name: 'Back to Timeline' }).click();
  await expect(page.getByRole('link', { name: /Hemoglobin A1c/ })).toBeFocused();
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: /Medicines/ }).click();
  await expect(page.getByRole('heading', { name: 'Medicines', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Menu' })).toHaveAttribute('aria-expanded', 'false');
});

for (const { width, height, text } of [
  { width: 900, height: 600, text: 1 },
  { width: 1280, height: 800, text: 2 },
  { width: 480, height: 700, text: 1 },
]) {
  test(`nothing is wider than a window of ${width} by ${height} with text at ${text * 100} %`, async ({
    page,
    fake,
    visit,
  }) => {
    holdSmallRecord(fake);
    await page.setViewportSize({ width, height });
    await enlargeText(page, text);
    for (const hash of [
      '#/timeline',
      '#/timeline/3',
      '#/timeline/7',
      '#/connection',
      '#/settings',
      '#/connect',
      '#/search?q=iron',
      '#/syncing',
    ]) {
      await visitAgain(page, visit, hash);
      await page.locator('h1:visible').first().waitFor();
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('body *')]
          .filter(
            (element) =>
              element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden',
          )
          .filter((element) => element.closest('.scroll-x, .sr, .skip, pre, .body, svg') === null)
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.outerHTML.slice(0, 120)),
      );
      expect(wide, hash).toEqual([]);
    }
  });
}

/** The first time opens the page, later ones only change the fragment. */
async function visitAgain(
  page: import('@playwright/test').Page,
  visit: (hash: string) => Promise<void>,
  hash: string,
) {
  if (page.url() === 'about:blank') await visit(hash);
  else await page.evaluate((to) => (location.hash = to), hash);
}
