import type { SyncReport } from '../backend/api';
import { momentPhrase, type Calendar } from '../lib/when';
import { t } from '../texts';

/** How a copy went, in one sentence: "All 812 of 812 records, checked today at 10:14 AM". */
export function headline(report: SyncReport, now: Date, calendar: Calendar): string {
  return report.complete
    ? t.copy.checked(report.headline, momentPhrase(report.finished, now, calendar))
    : report.headline;
}
