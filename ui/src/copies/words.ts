import type { SyncReport } from '../backend/api';
import { outcome } from '../lib/outcome';
import { momentPhrase, type Calendar } from '../lib/when';
import { t } from '../texts';

/** How a copy went, in one sentence: "All 812 of 812 records, checked today at 10:14 AM". */
export function headline(report: SyncReport, now: Date, calendar: Calendar): string {
  const found = outcome(report);
  const checked = momentPhrase(report.finished, now, calendar);
  switch (found.extent) {
    case 'all':
      return t.copy.all(found.received, checked);
    case 'uncounted':
      return t.copy.allUncounted(found.received, checked);
    case 'permitted':
      return t.copy.allPermitted(found.received, checked);
    case 'more':
      return t.copy.more(found.received, found.promised);
    case 'partly':
      return t.copy.partly(found.received, found.promised);
    case 'unknown':
      return t.copy.partlyUncounted(found.received);
  }
}
