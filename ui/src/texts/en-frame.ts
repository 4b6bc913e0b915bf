import { number } from '../lib/plural';
import type { DateOrder, Language, VitalUnits } from '../backend/api';

const LOCALE = 'en-US';
const n = (count: number) => number(LOCALE, count);

/** The texts of the window itself: dates, panes, keys, undoing, what a person sets. */
export const frame = {
  /** Dates within sentences; the dates themselves are written by `Intl`. */
  dates: {
    until: (date: string) => `until ${date}`,
    span: (from: string, to: string) => `${from} to ${to}`,
    today: (time: string) => `today, ${time}`,
    yesterday: (time: string) => `yesterday, ${time}`,
    todayAt: (time: string) => `today at ${time}`,
    yesterdayAt: (time: string) => `yesterday at ${time}`,
    on: (date: string) => `on ${date}`,
  },

  internal: 'Something in Onhand did not work. Your records are safe. Try again.',

  draft: {
    tag: 'Draft',
    text: 'This translation is a draft. No clinician has read its words for statuses and allergies yet. What the portal wrote and what Onhand says about it stay in English.',
    back: 'Read in English',
  },

  panes: {
    side: 'Width of the side bar',
    list: 'Width of the list',
    rem: (rem: number) => `${n(rem)} units wide`,
  },

  toast: {
    label: 'Just now',
    undo: 'Undo',
    close: 'Close this line',
    noteRemoved: 'The note is taken away.',
    unpinned: 'Taken off the summary.',
    newsAside: 'Put aside. Connection keeps the history of copies.',
    searchesForgotten: 'The searches are forgotten.',
    undone: 'It is back.',
    copying: 'Onhand asks the portal what is new.',
    notConnected: 'No portal is connected. Connect one to copy.',
    textSize: (percent: number) => `Size of text: ${n(percent)} %`,
  },

  find: {
    label: 'Find on this page',
    hits: (at: number, count: number) => (count === 0 ? 'Not found' : `${n(at)} of ${n(count)}`),
    next: 'Next',
    previous: 'Previous',
    close: 'Close',
  },

  corrected: (typed: string, shown: string) => `Nothing is spelled “${typed}”. This is “${shown}”.`,

  setting: {
    language: 'Language',
    languageText:
      'Onhand speaks the language you choose here, whatever the system speaks. Spanish is a draft: no clinician has read its words for statuses and allergies yet.',
    languages: { en: 'English', es: 'Español (borrador)' } satisfies Record<Language, string>,
    english:
      'These stay in English in any language: what the portal wrote, the names of its fields and statuses, why a name is likely, and what Onhand says about a copy or an error.',
    dates: 'Dates',
    datesText: 'How a day is written. No date is ever shown more precisely than it was sent.',
    orders: {
      month_first: 'Month first',
      day_first: 'Day first',
      year_first: 'Year first',
    } satisfies Record<DateOrder, string>,
    units: 'Units of vital signs',
    unitsText:
      'The unit that was sent always stands first. Lab results are never converted: their ranges belong to their units.',
    unitChoices: {
      as_sent: 'As they were sent',
      both: 'And in the other system: pounds and kilograms',
    } satisfies Record<VitalUnits, string>,
    contrast:
      'Where the system asks for more contrast, or for its own colors, or for less motion, Onhand does as it says.',
    keys: 'Letters as keys',
    keysText: 'J, K, G, P, N and / do something while a list or a record has the focus, never in a field.',
    keysOn: 'Let letters do something',
  },

  /** The keys, as Help lists them: what to press, and what it does. `Mod` is Ctrl, or ⌘ on a Mac. */
  keyboard: {
    title: 'Keys',
    text: 'Everything can be done without a mouse. Tab goes on, Enter presses.',
    mac: '⌘',
    other: 'Ctrl',
    groups: [
      {
        title: 'Anywhere',
        keys: [
          ['Mod+K', 'search and commands'],
          ['Mod+F', 'find on this page'],
          ['Mod+1 – Mod+9', 'the entries of the side bar'],
          ['Mod+[ , Mod+]', 'back and forward'],
          ['F6', 'next pane'],
          ['Mod+P', 'print'],
          ['Mod+R', 'copy again'],
          ['Mod++ , Mod+− , Mod+0', 'larger, smaller, usual text'],
          ['Mod+L', 'lock, where there is a passphrase'],
          ['F1', 'help'],
        ],
      },
      {
        title: 'In a list',
        keys: [
          ['↑ ↓', 'row by row'],
          ['Page ↑ , Page ↓', 'page by page'],
          ['Home , End', 'first and last'],
          ['Enter', 'open'],
          ['G', 'go to a date'],
          ['/', 'search'],
        ],
      },
      {
        title: 'In a record',
        keys: [
          ['J , K', 'next and previous record'],
          ['Esc', 'back to the list'],
          ['N', 'write a note'],
          ['P', 'pin the test, where there is one'],
          ['← →', 'points of a chart, dates of a table'],
        ],
      },
    ],
  },

  commands: {
    lock: 'Lock',
    larger: 'Larger text',
    smaller: 'Smaller text',
    usual: 'Usual size of text',
    speak: (language: string) => `Language: ${language}`,
    find: 'Find on this page',
    date: 'Go to a date',
    forget: 'Forget these searches',
    words: {
      lock: 'close passphrase',
      text: 'zoom bigger size font',
      language: 'language idioma español english',
      find: 'find in page',
      date: 'jump calendar year',
    },
  },
};
