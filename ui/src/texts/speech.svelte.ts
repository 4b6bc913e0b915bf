import type { Language } from '../backend/api';
import { en, type Texts } from './en';

let spoken: Texts = $state.raw(en);
let language: Language = $state('en');

/** Every text of the interface, in the language that is spoken. What shows one follows a change. */
export const t: Texts = Object.defineProperties(
  {},
  Object.fromEntries(
    (Object.keys(en) as (keyof Texts)[]).map((key) => [
      key,
      { enumerable: true, get: () => spoken[key] } satisfies PropertyDescriptor,
    ]),
  ),
) as Texts;

/** The language that is spoken. */
export function speaks(): Language {
  return language;
}

/** Speaks a language from now on. The texts of another than English are fetched first. */
export async function speak(wanted: Language): Promise<void> {
  if (wanted === language) return;
  spoken = wanted === 'es' ? (await import('./es')).es : en;
  language = wanted;
  if (typeof document !== 'undefined') document.documentElement.lang = wanted;
}
