import { defineConfig } from '@playwright/test';

import base from './playwright.config';

/** Pictures of every view in every light, for a person to look at: `npm run tour`. */
export default defineConfig(base, { testDir: './ui/tour', testMatch: '*.tour.ts' });
