import type { Settings } from '../backend/api';

/** What is kept where the person set nothing. */
export const USUAL: Settings = {
  sync_after_hours: 6,
  requests_per_hour: null,
  appearance: 'system',
  text_percent: 100,
  dates: 'month_first',
  vitals: 'as_sent',
  language: null,
  letter_keys: true,
};
