import { describe, expect, it } from 'vitest';

import type { Row } from '../backend/api';
import { row } from '../testing/stand-in';
import { statusTag } from './words';

const tag = (more: Partial<Row>) => statusTag(row(1, more))?.text ?? null;

describe('the status beside a title', () => {
  it('goes without saying where it is as usual', () => {
    for (const text of [
      'Final',
      'Active',
      'Active, confirmed',
      'Confirmed',
      'Completed',
      'Given',
      'Finished',
    ])
      expect(tag({ status_text: text, standing: 'current' }), text).toBeNull();
    const listed = 'Listed as active by your practice (recorded Mar 10, 2026)';
    expect(tag({ kind: 'medicines', status_text: listed, standing: 'current' })).toBeNull();
    expect(tag({ kind: 'labs', status_text: 'Completed', standing: 'past' })).toBeNull();
  });

  it('is said where it is not, of what counts too', () => {
    for (const text of [
      'Preliminary, may change',
      'Partial, not complete',
      'Corrected',
      'Unconfirmed',
      'Status not sent',
      'Active, suspected (differential)',
      'In remission',
      'No vaccine was given',
    ])
      expect(tag({ status_text: text, standing: 'current' }), text).toBe(text);
    const replaced = 'Corrected: a newer result replaces it';
    expect(tag({ kind: 'labs', status_text: replaced, standing: 'past' })).toBe(replaced);
    expect(tag({ kind: 'medicines', status_text: 'Completed', standing: 'past' })).toBe('Completed');
    expect(tag({ status_text: 'Not taken', standing: 'void' })).toBe('Not taken');
  });

  it('is not said again below a heading that says it', () => {
    const ruled = row(1, { status_text: 'Ruled out', standing: 'void' });
    expect(statusTag(ruled, 'Ruled out')).toBeNull();
    expect(statusTag(ruled)).toEqual({ text: 'Ruled out', tone: 'notice' });
  });
});
