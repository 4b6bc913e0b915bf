// Playwright only runs these tests: what they drive is the app itself, not a page.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../../target/reports/desktop',
  // One app at a time: two cores and one set of sign-in ports are all there is.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 240_000,
  reporter: 'list',
  projects: [
    // The app as it was just built. The others are for `cargo xtask dist --check`, `screenshots`, `bench`.
    { name: 'app', testMatch: ['app.spec.ts', 'connect.spec.ts', 'views.spec.ts'] },
    { name: 'installed', testMatch: 'installed.spec.ts' },
    { name: 'pictures', testMatch: 'pictures.spec.ts' },
    { name: 'pace', testMatch: 'pace.spec.ts', timeout: 1_800_000 },
  ],
});
