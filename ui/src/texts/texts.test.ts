import { describe, expect, test } from 'vitest';

import { termOf } from '../lib/glossary';
import { plural } from '../lib/plural';
import { en } from './en';
import { es } from './es';
import { speak, speaks, t } from './speech.svelte';

type Leaf = { path: string; value: unknown };

/** Every text and every function that makes one, with where it stands. */
function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`));
}

const BY_PATH = new Map(leaves(en).map(({ path, value }) => [path, value]));

/** Texts that are the same in both languages: names, addresses, what a portal or a browser writes in English. */
const SAME =
  /^(app\.(name|sideBar)|connect\.(clientId|clientSecret|which|stepPortalText\.\d+|stepAddressesText\.\d+|pictures\..*)|connecting\.pictures\..*|connecting\.ways\.past_warning\.firefox|detail\.portal|settings\.loinc|setting\.languages\..*|draft\.back|lists\.standing|keyboard\..*\.keys\.\d+\.0|keyboard\.(mac|other)|list\.keys\.\d+\.0|search\.key|terms\.\d+\.(topic|also.*)|answers\..*\.id|when\.on|news\.tag\.any|sync\.(received|elapsed)|settings\.percent|number)$/;

/** All that shows texts, without the line breaks that stand around a point. */
const SHOWING = Object.values(
  import.meta.glob<string>(['../**/*.{svelte,ts}', '!./*', '!../**/*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
  .join('\n')
  .replaceAll(/\s*\.\s*/g, '.');

describe('the texts', () => {
  test('are all shown somewhere', () => {
    // The words that are explained and the answers of Help are shown as wholes.
    const named = leaves(en).filter(({ path }) => !/^(terms|answers)\./.test(path));
    const unused = named.filter(({ path }) => {
      const steps = path.split('.');
      return !steps.some((_, at) => {
        const part = steps.slice(0, at + 1).join('\\.');
        // A part of the tree that is taken as a whole shows every text in it.
        const whole = at + 1 < steps.length ? '(?![\\w.])' : '\\b';
        return new RegExp(`\\bt\\.${part}${whole}`).test(SHOWING);
      });
    });
    expect(unused.map(({ path }) => path)).toEqual([]);
  });
});

describe('the Spanish draft', () => {
  test('has every text that English has, and no other', () => {
    const texts = (value: unknown) =>
      leaves(value)
        .map(({ path }) => path)
        // A word may have more or fewer other spellings.
        .filter((path) => !/^terms\.\d+\.also\b/.test(path))
        .sort();
    expect(texts(es)).toEqual(texts(en));
  });

  test('leaves nothing in English that is not the same in both', () => {
    const left = leaves(es).filter(({ path, value }) => {
      const english = BY_PATH.get(path);
      if (value === '' || SAME.test(path) || typeof value !== typeof english) return false;
      return typeof value === 'function' ? String(value) === String(english) : value === english;
    });
    expect(left.map(({ path, value }) => `${path}: ${String(value)}`)).toEqual([]);
  });

  test('has empty texts only where English has', () => {
    const empty = leaves(es).filter(({ path, value }) => value === '' && BY_PATH.get(path) !== '');
    expect(empty).toEqual([]);
  });

  test('takes what the English texts take', () => {
    const taking = (value: unknown) => (typeof value === 'function' ? value.length : null);
    const different = leaves(es).filter(({ path, value }) => taking(value) !== taking(BY_PATH.get(path)));
    expect(different.map(({ path }) => path)).toEqual([]);
  });

  test('explains every word that English explains, by its English spelling too', async () => {
    await speak('es');
    try {
      const wrong = en.terms.filter(({ word, text }) => {
        const found = termOf(word);
        return found === undefined || found.text === text || !/[.]$/.test(found.text);
      });
      expect(wrong.map(({ word }) => word)).toEqual([]);
      expect(termOf('hemoglobina')?.text).toBe(termOf('Hemoglobin')?.text);
    } finally {
      await speak('en');
    }
  });

  test('counts by its own plural forms', () => {
    expect(es.app.records(1)).toBe('1 registro');
    expect(es.app.records(12_480)).toBe('12,480 registros');
    expect(plural('es-US', 0, { one: 'uno', other: 'otros' })).toBe('otros');
  });

  test('says of itself that it is a draft', () => {
    expect(es.draft.tag).toBe('Borrador');
    expect(es.setting.languages.es).toContain('borrador');
    expect(en.setting.languages.es).toContain('borrador');
  });
});

describe('the language', () => {
  test('is English until somebody chooses another, and every text follows', async () => {
    expect(speaks()).toBe('en');
    expect(t.list.timeline).toBe('Timeline');
    await speak('es');
    expect(t.list.timeline).toBe('Cronología');
    expect(Object.keys(t).sort()).toEqual(Object.keys(en).sort());
    await speak('en');
    expect(t.list.timeline).toBe('Timeline');
  });
});
