import { describe, expect, test } from 'vitest';

import { GLOSSARY, TOPICS } from '../texts/glossary';
import { searchTerms, termOf } from './glossary';

describe('the glossary', () => {
  test('explains at least 150 words, each once', () => {
    expect(GLOSSARY.length).toBeGreaterThanOrEqual(150);
    const spellings = GLOSSARY.flatMap(({ word, also = [] }) =>
      [word, ...also].map((one) => one.toLowerCase()),
    );
    const twice = spellings.filter((one, at) => spellings.indexOf(one) !== at);
    expect(twice).toEqual([]);
  });

  test('has a word under every topic, and ends each text as a sentence', () => {
    for (const topic of TOPICS) expect(GLOSSARY.some((term) => term.topic === topic)).toBe(true);
    expect(GLOSSARY.filter(({ text }) => !/[.]$/.test(text))).toEqual([]);
  });

  test('knows a word in any of its spellings', () => {
    expect(termOf('hgb')?.word).toBe('Hemoglobin');
    expect(termOf('  Mean  cell volume ')?.word).toBe('MCV');
    expect(termOf('Hemoglobin of the car')).toBeUndefined();
    expect(termOf('')).toBeUndefined();
  });

  test('finds by name before text', () => {
    const found = searchTerms('iron').map(({ word }) => word);
    expect(found[0]).toBe('Iron');
    expect(found).toContain('Ferritin');
    expect(searchTerms('no such word in here')).toEqual([]);
    expect(searchTerms(' ')).toBe(GLOSSARY);
  });
});
