// Connecting, from the first click to the right person: every state of it whole for everyone, and
// the ways a person goes through them.

import { CLIENT_ID, CLIENT_SECRET, VIEWS } from './connect-views';
import { connecting, copiedStart, Failed, familyStart, freshStart, refused } from './fake/portal';
import { smallRecord } from './fake/record';
import { audit, expect, expectToFit, holdSmallRecord, test } from './fixture';

for (const { name, hash, set, act, ready, part } of VIEWS) {
  test(`${name} is whole for everyone`, async ({ page, fake, visit }) => {
    set?.(fake);
    await visit(hash);
    await act?.(page, fake);
    await expect(page.getByText(ready).first()).toBeVisible();
    await expect(part?.(page) ?? page.locator('body')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    await audit(page);
  });
}

const SIZES = [
  { width: 560, height: 700, text: 1 },
  { width: 900, height: 700, text: 2 },
];

test('nothing is wider than its window, however narrow and however large the text', async ({
  page,
  fake,
  visit,
}) => {
  // Every view there is, one after the other.
  test.setTimeout(120_000);
  await visit();
  for (const { name, hash, set, act, ready } of VIEWS) {
    fake.start = freshStart();
    fake.replies = {};
    set?.(fake);
    await page.goto('about:blank');
    await visit(hash);
    await act?.(page, fake);
    await expect(page.getByText(ready).first(), name).toBeAttached();
    await expectToFit(page, name, SIZES, 'html', 0);
  }
});

test('is told step by step what is done and what is left', async ({ page, fake, visit }) => {
  await visit('#/connect');
  await expect(page.getByText('Two things left: the id and the secret')).toBeVisible();
  await page.getByLabel('Client id').fill(CLIENT_ID);
  await expect(page.getByText('This looks right.')).toBeVisible();
  await expect(page.getByText('One thing left: the secret')).toBeVisible();
  await page.getByLabel('Client secret').fill(CLIENT_SECRET);
  await expect(page.getByText('One thing left')).toBeHidden();

  fake.replies.connect = () => connecting({});
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeFocused();
  expect(fake.last('connect')).toEqual({
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    portal: null,
    redirect_uris: null,
  });
});

test('has the two put right by one click where they were swapped', async ({ page, visit }) => {
  await visit('#/connect');
  await page.getByLabel('Client id').fill(CLIENT_SECRET);
  await page.getByLabel('Client secret').fill(CLIENT_ID);
  await page.getByRole('button', { name: 'Swap the two' }).click();
  await expect(page.getByLabel('Client id')).toHaveValue(CLIENT_ID);
  await expect(page.getByLabel('Client secret')).toHaveValue(CLIENT_SECRET);
  await expect(page.getByText('This looks right.')).toHaveCount(2);
});

test('sends nothing while something is wrong, and leads to it', async ({ page, fake, visit }) => {
  await visit('#/connect');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByLabel('Client id')).toBeFocused();
  await expect(page.getByLabel('Client id')).toHaveAccessibleDescription(
    'Paste the client id from the portal here.',
  );
  await page.getByLabel('Client id').fill('https://localhost:27443/callback');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByLabel('Client id')).toBeFocused();
  await expect(page.getByLabel('Client id')).toHaveAccessibleDescription(/This is an address/);
  await expect(page.getByLabel('Client secret')).toHaveAccessibleDescription(
    'Paste the client secret from the portal here.',
  );
  const calls = fake.calls.map(({ name }) => name).filter((name) => name !== 'remembered');
  expect(calls.sort()).toEqual(['settings', 'start']);
});

test('opens the portal that is meant, and shows the addresses that are', async ({ page, fake, visit }) => {
  await visit('#/connect');
  await page.getByText('My portal is different').click();
  await page.getByLabel('Address of the portal').fill('larkspur.onpatient.com/login');
  await page.getByLabel('Redirect addresses').fill('https://localhost:9001/cb');
  await page.getByRole('button', { name: 'Open larkspur.onpatient.com' }).click();
  await expect(page.getByText('Opened in your browser')).toBeVisible();
  expect(fake.last('open_portal')).toEqual({ portal: 'https://larkspur.onpatient.com' });
  await expect(page.locator('code')).toHaveText(['https://localhost:9001/cb']);
});

/** What is asked of a build that is registered itself. */
const OWN_CLIENT = { client_id: '', client_secret: null, portal: null, redirect_uris: null };

test('connects in one click where this build is registered already', async ({ page, fake, visit }) => {
  fake.start = { ...freshStart(), has_own_client: true };
  fake.replies.connect = () => connecting({});
  await visit('#/start');
  await page.getByRole('button', { name: 'Connect to OnPatient' }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.calls.slice(-2)).toEqual([
    { name: 'create_database', input: { vault: 'keychain', passphrase: null } },
    { name: 'connect', input: OWN_CLIENT },
  ]);
});

test('says why the keychain does not keep the key, asks for a passphrase instead, and can try once more', async ({
  page,
  fake,
  visit,
}) => {
  const locked = 'This computer’s keychain is locked. Nothing was changed. Unlock it and try again.';
  fake.start = { ...freshStart(), has_own_client: true };
  fake.replies.connect = () => connecting({});
  fake.replies.create_database = ({ vault }) => {
    if (vault === 'keychain') throw new Failed('no_keychain', locked);
    return (fake.start = { ...fake.start, database: 'open' });
  };
  await visit('#/start');
  await page.getByRole('button', { name: 'Connect to OnPatient' }).click();
  await expect(page.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveText(locked);
  await audit(page);

  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText(locked);
  expect(fake.calls.filter(({ name }) => name === 'create_database')).toHaveLength(2);

  await page.getByLabel('Passphrase', { exact: true }).fill('four plain words here');
  await page.getByLabel('The same again').fill('four plain words here');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.last('connect')).toEqual(OWN_CLIENT);
});

test('says what will be asked before it connects a build that is registered already', async ({
  page,
  fake,
  visit,
}) => {
  const note = 'Your Mac will ask once for your password.';
  fake.start = { ...freshStart(), database: 'open', has_own_client: true, trust_note: note };
  fake.replies.connect = () => connecting({});
  await visit('#/start');
  await page.getByRole('link', { name: 'Connect to OnPatient' }).click();
  await expect(page.getByText(note)).toBeVisible();
  await expect(page.getByLabel('Client id')).toBeHidden();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.last('connect')).toEqual(OWN_CLIENT);
});

test('a registered build can go to another portal', async ({ page, fake, visit }) => {
  fake.start = { ...freshStart(), database: 'open', has_own_client: true };
  fake.replies.connect = () => connecting({});
  await visit('#/start');
  await page.getByRole('link', { name: 'My portal is different' }).click();
  await page.getByText('My portal is different').click();
  await page.getByLabel('Address of the portal').fill('larkspur.onpatient.com');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.last('connect')).toMatchObject({ portal: 'https://larkspur.onpatient.com' });
});

test('asks for another account at the portal that this build is connected to', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  fake.start = { ...fake.start, has_own_client: true };
  fake.replies.connect_another = () => connecting({});
  await visit('#/connect');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.last('connect_another')).toEqual({ account: 1 });
});

test('is asked for the id and the secret once, however often the sign-in fails', async ({
  page,
  fake,
  visit,
}) => {
  fake.replies.connect = () => {
    fake.start = { ...freshStart(), database: 'open', registered: 'https://onpatient.com' };
    return connecting({});
  };
  fake.replies.connect_again = () => connecting({});
  await visit('#/connect');
  await page.getByLabel('Client id').fill(CLIENT_ID);
  await page.getByLabel('Client secret').fill(CLIENT_SECRET);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  fake.send({ event: 'changed' });

  // A browser that did not come back, and a sign-in that took too long.
  fake.send({ event: 'connect_progressed', data: refused() });
  await page.getByRole('button', { name: 'Try again in my browser' }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  fake.send({
    event: 'connect_progressed',
    data: connecting({ stage: 'failed', error: { code: 'internal', message: 'It took too long.' } }),
  });
  await page.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.calls.filter(({ name }) => name === 'connect_again')).toHaveLength(2);

  // Put aside, and taken up later.
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Connect to OnPatient' }).click();
  await expect(page.getByText('still has the id and the secret that you pasted')).toBeVisible();
  await expect(page.getByLabel('Client id')).toBeHidden();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.last('connect_again')).toEqual(null);
});

test('goes through the guide again where the portal did not know the id or the secret', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  fake.start = {
    ...fake.start,
    connecting: connecting({
      stage: 'failed',
      error: { code: 'invalid', message: 'The portal does not know this client id and secret.' },
    }),
  };
  await visit();
  await page.getByRole('button', { name: 'Paste the id and the secret again' }).click();
  await expect(page.getByLabel('Client id')).toBeVisible();
  expect(fake.calls.map(({ name }) => name)).toContain('cancel_connect');
  // Once: whoever comes here later is offered what is set up.
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('link', { name: 'Connect another portal' }).click();
  await expect(page.getByText('You have set this up before')).toBeVisible();
});

test('says at once that Onhand cannot wait at an address', async ({ page, fake, visit }) => {
  await visit('#/connect');
  await page.getByText('My portal is different').click();
  await page.getByLabel('Redirect addresses').fill('https://example.org/cb');
  await page.getByRole('button', { name: 'Open onpatient.com' }).click();
  await expect(page.getByLabel('Redirect addresses')).toHaveAccessibleDescription(
    /does not lead back to Onhand/,
  );
  expect(fake.calls.map(({ name }) => name)).not.toContain('open_portal');
});

test('connects another account with what was set up before', async ({ page, fake, visit }) => {
  fake.start = familyStart(smallRecord());
  fake.replies.connect_another = () => connecting({});
  await visit('#/connect');
  await page.getByLabel('larkspur.onpatient.com').check();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.last('connect_another')).toEqual({ account: 2 });
});

test('goes through the guide again for another portal', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/connect');
  await page.getByLabel(/Another portal, or a new app/).check();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByLabel('Client id')).toBeVisible();
});

test('goes through the guide again once the only connection was ended', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.start = {
    ...fake.start,
    accounts: fake.start.accounts.map((account) => ({ ...account, disconnected: true })),
  };
  await visit('#/connect');
  await expect(page.getByLabel('Client id')).toBeVisible();
});

test('signs in inside Onhand where the browser refused', async ({ page, fake, visit }) => {
  fake.start = { ...freshStart(), connecting: refused() };
  fake.replies.sign_in_here = () => connecting({ stage: 'signing_in_here' });
  await visit();
  await page.getByRole('button', { name: 'Sign in here' }).click();
  await expect(page.getByRole('heading', { name: 'Log in in the window that has opened' })).toBeFocused();
  // Closed by the person: the other ways are there again.
  fake.send({ event: 'connect_progressed', data: refused() });
  await expect(page.getByRole('button', { name: 'Sign in here' })).toBeVisible();
});

test('opens the page once more for a person who goes past its warning', async ({ page, fake, visit }) => {
  fake.start = { ...freshStart(), connecting: refused() };
  fake.replies.go_past_warning = () => connecting({});
  await visit();
  await expect(page.getByRole('img', { name: /Drawing of the warning in Firefox/ })).toBeVisible();
  await page.getByRole('button', { name: 'Open the page again' }).click();
  await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
  expect(fake.last('go_past_warning')).toBeNull();
});

test('takes the address of the page that did not load, and says what is wrong with another', async ({
  page,
  fake,
  visit,
}) => {
  fake.start = { ...freshStart(), connecting: refused() };
  fake.replies.paste_address = () => {
    throw new Failed('invalid', 'This address belongs to an earlier sign-in. Copy the one of this one.');
  };
  await visit();
  const field = page.getByLabel('Address of that page');
  const send = page.getByRole('button', { name: 'Go on with this address' });
  await send.click();
  await expect(page.getByText('Paste the address of the page that did not load.')).toBeVisible();
  await field.fill('hello');
  await expect(page.getByText('This is not an address.')).toBeVisible();
  expect(fake.calls.map(({ name }) => name)).not.toContain('paste_address');

  await field.fill(' https://localhost:27443/callback?code=a&state=b ');
  await send.click();
  await expect(page.getByRole('alert')).toContainText('belongs to an earlier sign-in');

  fake.replies.paste_address = () => connecting({ stage: 'exchanging' });
  await send.click();
  await expect(page.getByRole('heading', { name: 'Coming back from the portal' })).toBeVisible();
  expect(fake.last('paste_address')).toEqual({ address: 'https://localhost:27443/callback?code=a&state=b' });
});

test('keeps what was pasted when the page it is from is refused meanwhile', async ({ page, fake, visit }) => {
  fake.start = { ...freshStart(), connecting: refused() };
  fake.replies.open_for_paste = () => connecting({ stage: 'at_portal', ways: ['in_app', 'paste_address'] });
  await visit();
  await page.getByRole('button', { name: 'Open the portal in my browser' }).click();
  const field = page.getByLabel('Address of that page');
  await field.fill('https://localhost:27443/callback?code=a');
  fake.send({ event: 'connect_progressed', data: refused() });
  await expect(page.getByText('Other ways to sign in')).toBeVisible();
  await page.getByText('Other ways to sign in').click();
  await expect(page.getByRole('button', { name: 'Open the page again' })).toBeVisible();
  await expect(field).toHaveValue('https://localhost:27443/callback?code=a');
});

test.describe('is asked whose record it is, and', () => {
  const alone = { patient_id: '7', name: 'Marisol Quinn', birth_date: '1957-03-12' };
  const other = { patient_id: '8', name: 'Teo Quinn', birth_date: null };

  for (const [words, answer] of [
    ['It is mine', 'mine'],
    ['I care for them', 'in_my_care'],
  ] as const) {
    test(`begins to copy on “${words}”`, async ({ page, fake, visit }) => {
      fake.start = { ...freshStart(), connecting: connecting({ stage: 'confirm', people: [alone] }) };
      fake.replies.confirm_person = () => (fake.start = copiedStart(smallRecord()));
      await visit();
      await page.getByRole('button', { name: words }).click();
      await expect(page).toHaveURL(/#\/syncing$/);
      expect(fake.calls.find(({ name }) => name === 'confirm_person')?.input).toEqual({
        answer,
        patient_id: null,
      });
    });
  }

  test('says which of several they are', async ({ page, fake, visit }) => {
    fake.start = { ...freshStart(), connecting: connecting({ stage: 'confirm', people: [alone, other] }) };
    fake.replies.confirm_person = () => (fake.start = copiedStart(smallRecord()));
    await visit();
    await page.getByRole('button', { name: 'This is me: Teo Quinn' }).click();
    await expect(page).toHaveURL(/#\/syncing$/);
    expect(fake.calls.find(({ name }) => name === 'confirm_person')?.input).toEqual({
      answer: 'mine',
      patient_id: '8',
    });
  });

  test('is led to the portal again for another account', async ({ page, fake, visit }) => {
    fake.start = { ...freshStart(), connecting: connecting({ stage: 'confirm', people: [alone] }) };
    fake.replies.confirm_person = () => ({ ...freshStart(), connecting: connecting({}) });
    await visit();
    await page.getByRole('button', { name: 'Use another portal account' }).click();
    await expect(page.getByRole('heading', { name: 'Go on in your browser' })).toBeVisible();
    expect(fake.last('confirm_person')).toEqual({ answer: 'another_account', patient_id: null });
  });

  test('keeps nothing and returns on no', async ({ page, fake, visit }) => {
    fake.start = { ...freshStart(), connecting: connecting({ stage: 'confirm', people: [alone] }) };
    fake.replies.confirm_person = () => (fake.start = { ...freshStart(), database: 'open' });
    await visit();
    await page.getByRole('button', { name: 'No, keep nothing' }).click();
    await expect(page.getByRole('link', { name: 'Connect to OnPatient' })).toBeVisible();
    expect(fake.last('confirm_person')).toEqual({ answer: 'no', patient_id: null });
  });

  test('is told who is missing from what their connection holds', async ({ page, fake, visit }) => {
    const note =
      'This portal account does not give the record of Teo Quinn, which this connection holds too.';
    fake.start = { ...freshStart(), connecting: connecting({ stage: 'confirm', people: [alone], note }) };
    await visit();
    await expect(page.getByText(note)).toBeVisible();
    await expect(page.getByRole('button', { name: 'It is mine' })).toBeVisible();
  });

  test('keeps another person apart only when told to', async ({ page, fake, visit }) => {
    holdSmallRecord(fake);
    const family = familyStart(fake.rows);
    fake.start = {
      ...fake.start,
      connecting: connecting({
        stage: 'confirm',
        people: [other],
        other_person: { found: [other], expected: [alone] },
      }),
    };
    fake.replies.confirm_person = () => (fake.start = family);
    await visit();
    await expect(page.getByRole('button', { name: 'It is mine' })).toBeHidden();
    await page.getByRole('button', { name: 'Keep as a separate person' }).click();
    await expect
      .poll(() => fake.last('confirm_person'))
      .toEqual({ answer: 'keep_separate', patient_id: null });
    // The one who has just come is the one who is shown.
    await page
      .getByRole('button', { name: 'Start reading' })
      .or(page.getByRole('link', { name: 'Start reading' }))
      .click();
    await expect(page.getByRole('button', { name: /Teo Quinn/ })).toBeVisible();
  });
});

test('asks every list and every search for the person who is chosen', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.start = familyStart(fake.rows);
  await visit('#/timeline');
  await expect(page.getByRole('button', { name: /Marisol Quinn/ })).toBeVisible();
  await page.getByRole('button', { name: /Change person/ }).click();
  await page.getByRole('button', { name: /Teo Quinn/ }).click();
  await expect(page.getByRole('button', { name: /Teo Quinn.*Change person/ })).toBeVisible();
  await page.getByRole('link', { name: 'Medicines' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('iron');
  await expect(page).toHaveURL(/#\/search\?q=iron$/);
  await page.getByRole('button', { name: /Change person/ }).click();
  await page.getByRole('button', { name: /Not said whose/ }).click();
  await expect.poll(() => fake.last('list')).toMatchObject({ filter: { unsaid: true } });

  const asked = fake.calls
    .filter(({ name }) => name === 'list' || name === 'periods')
    .map(({ input }) => ('filter' in (input as object) ? (input as { filter: unknown }).filter : input))
    .map((filter) => filter as { person: number | null; unsaid: boolean });
  expect(asked.filter(({ unsaid }) => !unsaid).every(({ person }) => person !== null)).toBe(true);
  expect(asked.some(({ person }) => person === 2)).toBe(true);
  expect(asked.some(({ person, unsaid }) => person === null && unsaid)).toBe(true);
});

test('says which certificate this computer keeps, where it keeps one', async ({ page, fake, visit }) => {
  fake.start = { ...freshStart(), keeps_certificate: true };
  await visit('#/settings');
  const section = page.getByRole('region', { name: 'Sign-in certificates' });
  await expect(section).toContainText('Onhand keeps one certificate');
  await expect(section).not.toContainText('right after');
});

test('says what was removed from the browsers', async ({ page, fake, visit }) => {
  await visit('#/settings');
  await page.getByRole('button', { name: 'Remove sign-in certificates' }).click();
  await expect(page.getByText('There was none.')).toBeVisible();
  // What could not be looked at may hold one.
  const left = 'Firefox could not be looked at. Close it and try again.';
  fake.replies.remove_certificates = () => ({ count: 0, notes: [left] });
  await page.getByRole('button', { name: 'Remove sign-in certificates' }).click();
  await expect(page.getByText(left)).toBeVisible();
  await expect(page.getByText('There was none.')).toBeHidden();
  fake.replies.remove_certificates = () => {
    throw new Failed('internal', 'Firefox is being updated just now, so its certificates could not be read.');
  };
  await page.getByRole('button', { name: 'Remove sign-in certificates' }).click();
  await expect(page.getByRole('alert')).toContainText('Firefox is being updated');
});
