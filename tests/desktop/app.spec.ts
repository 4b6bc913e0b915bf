import { expect, test } from '@playwright/test';

import { Person } from './person';
import { AppWindow } from './window';

test('try', async () => {
  const p = await Person.arrive();
  try {
    const w = await AppWindow.open(p, process.env.ONHAND_APP ?? '');
    await w.shows(/Placeholder/);
    await w.click('button', /Press/);
    await w.shows(/refused/);
    expect(await w.text()).toContain('"version":"x"');
    await w.close();
  } finally {
    await p.leave();
  }
});
