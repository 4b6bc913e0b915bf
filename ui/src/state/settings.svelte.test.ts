import { describe, expect, test } from 'vitest';

import type { Settings } from '../backend/api';
import { USUAL } from '../testing/settings';
import { StandIn } from '../testing/stand-in';
import { SettingsState } from './settings.svelte';

/** A backend that answers a save when it is told to. */
function slow() {
  const answers: (() => void)[] = [];
  const refuse: (() => void)[] = [];
  const backend = new StandIn({
    settings: () => USUAL,
    save_settings: (settings: Settings) =>
      new Promise((resolve, reject) => {
        answers.push(() => resolve(settings));
        refuse.push(() => reject(new Error('disk full')));
      }),
  });
  return { backend, answers, refuse };
}

/** Lets everything that can go on go on. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('settings', () => {
  test('the answer to one change does not take back the next', async () => {
    const { backend, answers } = slow();
    const settings = new SettingsState(backend);
    await settings.load();
    const first = settings.save({ text_percent: 200 });
    const second = settings.save({ text_percent: 100, letter_keys: false });
    await settled();
    expect(answers).toHaveLength(1);
    answers[0]?.();
    await first;
    expect(settings.kept).toMatchObject({ text_percent: 100, letter_keys: false });
    expect(document.documentElement.style.fontSize).toBe('');
    await settled();
    answers[1]?.();
    await second;
    expect(settings.kept).toMatchObject({ text_percent: 100, letter_keys: false });
  });

  test('a change that could not be kept is taken back alone', async () => {
    const { backend, answers, refuse } = slow();
    const settings = new SettingsState(backend);
    await settings.load();
    const first = settings.save({ text_percent: 200 });
    const second = settings.save({ dates: 'day_first' });
    await settled();
    refuse[0]?.();
    await expect(first).rejects.toThrow('disk full');
    expect(settings.kept).toMatchObject({ text_percent: 100, dates: 'day_first' });
    await settled();
    answers[1]?.();
    await second;
    expect(backend.calls.at(-1)?.input).toEqual({ ...USUAL, dates: 'day_first' });
  });
});
