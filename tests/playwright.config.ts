import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  // Twice the usual: what is whole for everyone is audited in every light.
  timeout: 60_000,
  testDir: './ui',
  outputDir: './ui/.out/results',
  snapshotPathTemplate: '{testDir}/aria/{testFileName}/{arg}{ext}',
  expect: { toHaveScreenshot: { pathTemplate: '{testDir}/pictures/{testFileName}/{arg}{ext}' } },
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    timezoneId: 'America/New_York',
    launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
  },
});
