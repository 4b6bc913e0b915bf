// A copy and its outcome, what it brought, its history, and what left this computer.

import { copiedStart, Failed, outcome, progress, report } from './fake/portal';
import { audit, expect, holdSmallRecord, test } from './fixture';

for (const { name, hash, ready } of [
  { name: 'news', hash: '#/news/12/any', ready: 'New in the copy of' },
  { name: 'run', hash: '#/connection/1/9', ready: 'All 652 of 652 records, checked' },
  { name: 'run-broken', hash: '#/connection/1/10', ready: 'The portal asks you to sign in again.' },
  { name: 'run-missing', hash: '#/connection/1/999', ready: 'This copy is not in the history' },
  { name: 'requests', hash: '#/requests', ready: 'Copying your record' },
]) {
  test(`${name} is whole for everyone`, async ({ page, fake, visit }) => {
    holdSmallRecord(fake);
    await visit(hash);
    await expect(page.getByText(ready).first()).toBeVisible();
    await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    await audit(page);
  });
}

test('says what the newest copy brought and opens just those', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await page.getByRole('link', { name: /3 new, 1 changed, 1 moved, 1 no longer sent/ }).click();
  await expect(page.getByRole('heading', { name: 'What is new' })).toBeVisible();
  await expect(page.getByText('4 records').first()).toBeVisible();
  expect(fake.calls.findLast(({ name }) => name === 'list')?.input).toMatchObject({
    filter: { run: 12, change: 'any' },
  });
  await page.getByRole('button', { name: /^Changed/ }).click();
  await expect(page.getByText('1 record', { exact: true }).first()).toBeVisible();
  await page.getByRole('link', { name: /Amlodipine/ }).click();
  await expect(page.getByRole('heading', { name: 'Amlodipine 5 mg tablet', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: /^No longer sent/ }).click();
  await expect(page.getByRole('link', { name: /Colonoscopy/ })).toBeVisible();
});

test('the line on what is new can be put aside, and there is none of a first copy', async ({
  page,
  fake,
  visit,
}) => {
  holdSmallRecord(fake);
  await visit('#/timeline');
  await page.getByRole('button', { name: 'Put this line aside' }).click();
  await expect(page.getByText('3 new, 1 changed')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('3 new, 1 changed')).toBeVisible();
  await page.reload();
  await expect(page.getByText('3 new, 1 changed')).toBeVisible();
  await page.getByRole('button', { name: 'Put this line aside' }).click();
  await expect(page.getByText('3 new, 1 changed')).toBeHidden();
  fake.runs = fake.runs.slice(-1);
  await page.reload();
  await expect(page.getByRole('link', { name: /Hemoglobin A1c/ })).toBeVisible();
  await expect(page.getByText(/640 new/)).toBeHidden();
});

test('what is new on the summary is put aside, and brought back', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/summary');
  const news = page.getByRole('region', { name: 'New since you last looked' });
  await expect(news).toContainText('3 new, 1 changed, 1 moved, 1 no longer sent');
  await news.getByRole('button', { name: 'I have seen this' }).click();
  await expect(news).toBeHidden();
  await expect.poll(() => fake.remembered.get('news_seen')).toBe('12');
  const said = page.getByRole('status', { name: 'Just now' });
  await expect(said).toContainText('Put aside. Connection keeps the history of copies.');
  await said.getByRole('button', { name: 'Undo' }).click();
  await expect(news).toBeVisible();
  await expect(said).toContainText('It is back.');
  await page.reload();
  await expect(news).toBeVisible();
});

test('a copy that is not whole says why, once, with one button', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  fake.replies.sync = () => ({ ...progress(), received: 0, promised: 0, types: [] });
  await visit('#/connection');
  const why = /659 of 662: your portal failed for Lab results/;
  const history = page.getByRole('region', { name: 'Earlier copies' });
  await expect(history.getByRole('row').filter({ hasText: why })).toHaveCount(1);
  await expect(page.getByRole('strong').filter({ hasText: why })).toHaveCount(1);
  await expect(page.getByText('The portal counted 446 and handed over 443, twice in a row.')).toBeVisible();
  await expect(page.getByText('Messages with your practice, bills and images')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('link', { name: 'Copying' }).first()).toBeVisible();
  expect(fake.calls.find(({ name }) => name === 'sync')?.input).toEqual({ account: 1 });
});

test('does not offer to try again what another try will hardly mend', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  const hint = 'Trying again will hardly help. Tell your practice or the portal’s support what stands here.';
  const missing = (again: boolean) => ({
    ...report(),
    can_try_again: again,
    types: [
      outcome('Procedure', 'Procedures', 189, {
        promised: 208,
        state: 'partial',
        reason: 'The portal’s pages lead back to one that was read already.',
        hint,
      }),
    ],
  });
  const hold = (again: boolean) =>
    (fake.start = {
      ...fake.start,
      accounts: fake.start.accounts.map((account) => ({ ...account, last_outcome: missing(again) })),
    });
  hold(false);
  await visit('#/connection');
  await expect(page.getByText(hint)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy again' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeHidden();
  // Where something else is missing beside it, the core says that it can be tried.
  hold(true);
  await page.reload();
  await expect(page.getByText(hint)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();

  fake.start = { ...fake.start, syncing: progress() };
  await page.goto('about:blank');
  await visit('#/syncing');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  fake.start = { ...fake.start, syncing: null };
  fake.send({ event: 'sync_finished', data: missing(false) });
  await expect(page.getByRole('link', { name: 'See what came' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeHidden();
});

test('a whole copy says so with the time, and asks for nothing', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  const finished = new Date().toISOString();
  fake.start = {
    ...fake.start,
    accounts: fake.start.accounts.map((account) => ({
      ...account,
      last_sync: finished,
      last_outcome: {
        ...report(),
        finished,
        complete: true,
        can_try_again: false,
        headline: 'All 812 of 812 records',
      },
    })),
  };
  await visit('#/connection');
  await expect(page.getByText(/^All 812 of 812 records, checked today at \d/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeHidden();
});

test('the history opens each copy and goes on to older ones', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/connection');
  const history = page.getByRole('region', { name: 'Earlier copies' });
  await expect(history.getByRole('row')).toHaveCount(9);
  await history.getByRole('button', { name: 'Show 4 older' }).click();
  await expect(history.getByRole('row')).toHaveCount(13);
  await expect(history.getByRole('row').last()).toContainText('The first copy: 640 records');
  await audit(page);
  await history.getByRole('link', { name: /Nov 9, 2026/ }).click();
  await expect(page.getByRole('heading', { name: /The copy of Nov 9, 2026/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^All / })).toContainText('652');
  await page.getByRole('link', { name: 'Connection' }).click();
  await expect(page.getByRole('heading', { name: 'Connection' })).toBeVisible();
});

test('what records only name is counted in the table, which says so', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  const people = outcome('Practitioner', 'Doctors and other professionals', 3, { new: 3, unchanged: 0 });
  fake.start = {
    ...fake.start,
    accounts: fake.start.accounts.map((account) => ({
      ...account,
      last_outcome: { ...report(), types: [...report().types, people] },
    })),
  };
  await visit('#/connection');
  await expect(page.getByRole('row', { name: 'All 665 662 10 0 652 0' })).toBeVisible();
  await expect(page.getByText(/^3 people and places that records only name/)).toBeVisible();
});

test('a copy that was stopped goes on later from where it was', async ({ page, fake, visit }) => {
  fake.start = { ...copiedStart([]), syncing: progress() };
  await visit('#/syncing');
  await page.getByRole('button', { name: 'Stop' }).click();
  fake.send({
    event: 'sync_finished',
    data: { ...report(), stopped: 'You stopped it.', headline: '477 of 662: you stopped it' },
  });
  await expect(page.getByRole('heading', { name: 'The copy was stopped' })).toBeVisible();
  await expect(page.getByText('477 of 662: you stopped it')).toBeVisible();
  await audit(page);
  fake.replies.sync = () => ({ ...progress(), goes_on: true });
  await page.getByRole('button', { name: 'Go on copying' }).click();
  await expect(page.getByText('Goes on from where the last copy was stopped.')).toBeVisible();
  fake.send({
    event: 'sync_progressed',
    data: { ...progress(), waiting: 'The portal asks for a pause of 20 seconds.' },
  });
  await expect(page.getByText('The portal asks for a pause of 20 seconds.')).toBeVisible();
  await audit(page);
});

test('the time of a copy counts on while nothing is told', async ({ page, fake, visit }) => {
  fake.start = { ...copiedStart([]), syncing: progress() };
  await visit('#/syncing');
  await expect(page.getByText(/^(39|4\d) seconds$/)).toBeVisible();
});

test('sets when it copies by itself, and keeps the other settings', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/connection');
  const choice = page.getByLabel('Copy on opening when the last copy is older than');
  await expect(choice).toHaveValue('6');
  const before = fake.settings;
  await choice.selectOption('Never by itself');
  await expect(page.getByText('Saved')).toBeVisible();
  expect(fake.settings).toEqual({ ...before, sync_after_hours: null });
  await choice.selectOption('3 days');
  await expect.poll(() => fake.settings.sync_after_hours).toBe(72);
  fake.replies.save_settings = () => {
    throw new Failed('internal', 'The disk is full.');
  };
  await choice.selectOption('1 hour');
  await expect(page.getByRole('alert')).toHaveText('This was not saved. The disk is full.');
});

test('lists everything that left this computer, or that nothing did', async ({ page, fake, visit }) => {
  holdSmallRecord(fake);
  await visit('#/connection');
  await page.getByRole('link', { name: 'Read the list' }).click();
  await expect(page.getByText('414', { exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: /Nov 9, 2026/ })).toContainText('12');
  fake.requests = [];
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Nothing has left this computer' })).toBeVisible();
  await audit(page);
});
