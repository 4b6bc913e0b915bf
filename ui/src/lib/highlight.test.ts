import { describe, expect, test } from 'vitest';

import { highlight } from './highlight';
import { pieces } from './marked';

const hits = (text: string, query: string) =>
  pieces(highlight(text, query))
    .filter(({ hit }) => hit)
    .map(({ text }) => text);

describe('what was searched for, in a text', () => {
  test.each([
    ['Ferrous sulfate 325 mg (65 mg iron) tablet', 'iron', ['iron']],
    ['Hemoglobin A1c, hemoglobin', 'hemo A1', ['Hemoglobin', 'A1c', 'hemoglobin']],
    // A word is found by how it begins, not by what it holds.
    ['Environment', 'iron', []],
    ['Iron', 'iron-deficiency', ['Iron']],
    ['Iron', 'irons', []],
    // Accents count no more than the search counts them, however they are written.
    ['Crème pour la peau', 'creme', ['Crème']],
    ['Cre\u0300me', 'crème', ['Cre\u0300me']],
    ['Creme', 'CRÈME', ['Creme']],
    // One letter is found where it stands alone; with other words it begins some.
    ['Vitamin D, 25-hydroxy (D2 and D3)', 'd', ['D']],
    ['Vitamin D2', 'vitamin d', ['Vitamin', 'D2']],
    ['Iron', '', []],
    ['Iron', '" * (', []],
    ['B12 и железо', 'желе', ['железо']],
  ])('%j by %j', (text, query, found) => {
    expect(hits(text, query)).toEqual(found);
  });

  test('loses no letter, and takes no mark of another for its own', () => {
    const text = '  (Iron), 65 mg – iron \u0002sulfate\u0003 ';
    const marked = pieces(highlight(text, 'iron'));
    expect(marked.map(({ text }) => text).join('')).toBe('  (Iron), 65 mg – iron sulfate ');
    expect(marked.filter(({ hit }) => hit)).toHaveLength(2);
  });
});
