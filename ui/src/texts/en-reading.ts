import type { Change, Purpose, TypeState } from '../backend/api';
import { number, plural } from '../lib/plural';
import type { Arrangement } from '../lib/groups';
import type { Order, TestGroup } from '../lib/tests';
import type { PeriodName } from '../lib/trend';

const LOCALE = 'en-US';
const n = (count: number) => number(LOCALE, count);
const records = (count: number) => plural(LOCALE, count, { one: '# record', other: '# records' });
const list = (items: readonly string[]) => new Intl.ListFormat(LOCALE).format(items);

/** The texts of the copy, of what it brought, and of reading in depth. */
export const reading = {
  /** A copy and its outcome. */
  copy: {
    checked: (when: string) => `, checked ${when}`,
    footUnknown: 'Not all came',
    goesOnAt: (when: string) => `The rest can be asked for ${when}.`,
    safe: 'Everything you had before is still here.',
    again: 'Try again',
    reasons: 'What did not come, and why',
    refused: 'What this portal did not permit',
    notOffered: 'What this portal does not offer',
    notOfferedText:
      'Onhand asked for these, and the portal answered that it has none to give. Your practice may hold them all the same.',
    took: (time: string) => `took ${time}`,
    requests: (count: number) => plural(LOCALE, count, { one: '1 request', other: '# requests' }),
    /** What the table counts and the sentence does not. */
    named: (count: number) =>
      plural(LOCALE, count, {
        one: '1 person or place that records only name is counted in the table and not in its heading.',
        other: '# people and places that records only name are counted in the table and not in its heading.',
      }),
    /** What the table has no column for. */
    besides: ({ moved, back, refused }: { moved: number; back: number; refused: number }) =>
      [
        moved === 0
          ? ''
          : plural(LOCALE, moved, {
              one: '1 came under a new number; it is the same record, and your note stays with it.',
              other: '# came under new numbers; they are the same records, and your notes stay with them.',
            }),
        back === 0 ? '' : plural(LOCALE, back, { one: '1 is sent again.', other: '# are sent again.' }),
        refused === 0
          ? ''
          : plural(LOCALE, refused, {
              one: '1 was asked for and not given.',
              other: '# were asked for and not given.',
            }),
      ]
        .filter((words) => words !== '')
        .join(' '),
    unfinished: 'Stopped before its end; what had come was kept.',
    goesOn: 'Goes on from where the last copy was stopped.',
    canStop: 'You can stop at any time. What has come is kept, and a copy within a day goes on from there.',
    stopping: 'Stopping…',
    stopped: 'The copy was stopped',
    stoppedText: 'What had come is kept. A copy within a day goes on from there.',
    goOn: 'Go on copying',
  },

  /** What a copy brought. */
  news: {
    title: (date: string) => `New in the copy of ${date}`,
    short: 'What is new',
    counts: (counts: Record<Exclude<Change, 'any'>, number>) =>
      [
        counts.new > 0 ? `${n(counts.new)} new` : '',
        counts.changed > 0 ? `${n(counts.changed)} changed` : '',
        counts.moved > 0 ? `${n(counts.moved)} moved` : '',
        counts.gone > 0 ? `${n(counts.gone)} no longer sent` : '',
        counts.back > 0 ? `${n(counts.back)} sent again` : '',
      ]
        .filter((words) => words !== '')
        .join(', '),
    nothing: 'Nothing new',
    first: (count: number) => `The first copy: ${records(count)}`,
    dismiss: 'Put this line aside',
    filter: 'What changed',
    changes: {
      any: 'All',
      new: 'New',
      changed: 'Changed',
      gone: 'No longer sent',
      moved: 'Moved',
      back: 'Sent again',
    } satisfies Record<Change, string>,
    tag: {
      any: '',
      new: 'new',
      changed: 'changed',
      gone: 'no longer sent',
      moved: 'moved',
      back: 'sent again',
    } satisfies Record<Change, string>,
    noneTitle: 'Nothing of this kind in that copy',
    noneText: 'It may be in the record of somebody else of your family, or a later copy changed it again.',
  },

  /** The history of copies. */
  runs: {
    title: 'Earlier copies',
    text: 'Every time Onhand asked the portal, what came and what changed. Open one to read it.',
    noneText: 'The first one is made when you press “Copy now”.',
    table: 'Copies, newest first',
    when: 'When',
    outcome: 'Outcome',
    what: 'What changed',
    byHand: 'by hand',
    byItself: 'by itself',
    running: 'Did not end',
    of: (date: string) => `The copy of ${date}`,
    missing: 'This copy is not in the history',
    missingText: 'It may belong to a portal that was disconnected.',
    back: 'Connection',
    perKind: 'Kind by kind',
    more: (count: number) => `Show ${n(count)} older`,
  },

  /** A record's earlier versions, its loss and its move. */
  versions: {
    title: 'What it said before',
    text: (count: number) =>
      plural(LOCALE, count, {
        one: 'The portal has changed this record once since it was first copied.',
        other: 'The portal has changed this record # times since it was first copied.',
      }),
    span: (from: string, until: string) => `As it was from ${from} until ${until}`,
    field: 'What',
    before: 'Before',
    after: 'After',
    removed: 'not there any more',
    added: 'not there before',
    alike: (count: number) =>
      plural(LOCALE, count, { one: '1 line stayed the same', other: '# lines stayed the same' }),
    same: 'Nothing that Onhand shows is different; the change is in the source below.',
    loading: 'Reading the earlier versions',
  },

  gone: (date: string) =>
    `Your portal no longer sends this since ${date}. It may have been corrected or moved; ask your practice.`,
  moved: (from: string) =>
    `The portal gave this record a new number; before, it was ${from}. Its content is the same.`,

  /** Labs and vitals. */
  labs: {
    title: 'Labs & vitals',
    loading: 'Reading the results',
    failed: 'The results could not be read',
    all: 'All tests',
    byDate: 'Reports by date',
    panels: 'Panels',
    onlyOut: 'Out of range only',
    find: 'Find a test',
    sort: 'Order',
    orders: {
      marked: 'Out of range first',
      name: 'By name',
      newest: 'Newest first',
    } satisfies Record<Order, string>,
    tests: (count: number) => plural(LOCALE, count, { one: '1 test', other: '# tests' }),
    results: (count: number) => plural(LOCALE, count, { one: '1 result', other: '# results' }),
    groups: {
      marked: 'Out of range in the newest result',
      labs: 'Other lab tests',
      vitals: 'Vital signs',
      likely: 'Results the portal sent without a name',
    } satisfies Record<TestGroup['slug'], string>,
    likelyText:
      'Onhand worked these names out from units, ranges and values. They stay apart from the others until you say that a name is right.',
    test: 'Test',
    newest: 'Newest result',
    mark: 'Mark',
    range: 'Range sent',
    when: 'When',
    outOf: (out: number, count: number) => `${n(out)} of ${n(count)} out of range`,
    none: 'No results to compare',
    noneText: 'The portal sent no lab results or vital signs with a value.',
    hidden: 'No test is like that',
    hiddenText: (count: number) =>
      `There are ${plural(LOCALE, count, { one: '1 test', other: '# tests' })} in all.`,
    showAll: 'Show all tests',
    unsaid: 'Results that do not say whose they are',
    unsaidText:
      'They may be of different people, so they are not joined over time. Each is in the list by date.',
    sendersMark: 'The mark is the sender’s own, unless it says otherwise.',
    ourMark: 'by the range sent',
    ourMarkLong: 'The sender put no mark; the number is outside the range it sent.',

    chartLabel: (name: string, count: number) =>
      `${name} over time, ${plural(LOCALE, count, { one: '1 result', other: '# results' })}. Arrow keys go from one to the next, Enter opens the record.`,
    legend: {
      dot: 'not marked',
      up: 'high',
      down: 'low',
      other: 'marked',
      band: 'range sent with the result',
      guess: 'dotted: the name is likely, not sent',
      broken: 'the line stops at a long pause and at what is no plain number',
      reach: 'dotted bar: only the month or year is known',
      beyond: 'arrow: beyond what the instrument tells',
    },
    leftOut: (undated: number, wordless: number) =>
      [
        undated > 0
          ? plural(LOCALE, undated, { one: '1 result has no date', other: '# results have no date' })
          : '',
        wordless > 0
          ? plural(LOCALE, wordless, { one: '1 result is no number', other: '# results are no numbers' })
          : '',
      ]
        .filter((words) => words !== '')
        .join(' and ') + ': in the table only.',
    allResults: (count: number) => plural(LOCALE, count, { one: 'The one result', other: 'All # results' }),
    period: 'Period',
    periods: {
      year: '1 year',
      three: '3 years',
      all: 'All',
    } satisfies Record<PeriodName, string>,
    twin: 'The same as a table',
    last: 'Last result',
    against: 'Mark',
    unmarked: 'Not marked',
    before: 'Before that',
    extremes: 'Lowest and highest',
    since: (count: number, year: string) =>
      `${plural(LOCALE, count, { one: '1 result', other: '# results' })} since ${year}`,
    onlyOne: 'No earlier result',
    compare: 'Compare two dates',
    compareEnd: 'End comparing',
    earlier: 'Earlier',
    later: 'Later',
    change: 'Difference',
    noChange: 'the same',
    notComparable: 'not two numbers of one unit',
    apart: (time: string) => `${time} apart`,
    differentRanges: 'The two were sent with different ranges.',
    days: (count: number) => plural(LOCALE, count, { one: '1 day', other: '# days' }),
    asSent: (original: string) => `as sent: ${original}`,
    undated: 'no date',
    openRecord: (date: string) => `Open the record of ${date}`,
    trendOf: (name: string) => `${name} over time`,
    missing: 'There is no such test',
    missingText: 'It may have got another name, or its results are no longer here.',
    back: 'Labs & vitals',

    panelDates: (count: number) => plural(LOCALE, count, { one: '1 date', other: '# dates, newest first' }),
    notMeasured: 'not measured',
    newerDates: 'Newer dates',
    olderDates: 'Older dates',
    unit: 'Unit',
    panelTable: (title: string) => `${title}, all dates`,
    allDates: 'All dates as a table',
    overTime: 'Over time',
    why: 'why',
    others: 'May be the same test',
    othersText: 'Kept apart because the unit differs, or because the name was given another way.',
  },

  /** A name worked out, and the person's word on it. */
  naming: {
    why: (name: string) => `Why “${name}” is likely`,
    whyOneOf: (name: string) => `Why this is ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    whyUnnamed: 'Why this result has no name',
    sent: (value: string) => `The portal sent ${value} without a name.`,
    strength: {
      strong: [
        'Strong',
        'nothing else in this panel fits. In tests with names removed, no name called strong was wrong.',
      ],
      likely: ['Likely', 'it fits better than the others, but another could fit too.'],
      one_of: ['One of several', 'the numbers do not tell which.'],
    },
    next: (candidates: readonly string[]) => `Would also fit: ${list(candidates)}.`,
    confirm: (name: string) => `This is ${name}`,
    another: 'Another name…',
    yours: 'Its name',
    yoursText: 'As your lab’s own paper or your practice calls it.',
    save: 'Save the name',
    named: (date: string | null) => (date === null ? 'named by you' : `named by you, ${date}`),
    undo: 'Take the name back',
    undone: 'The name is taken back.',
    note: 'The portal’s own record is not changed. Your name is kept beside it.',
    empty: 'Type a name first.',
  },

  /** Lists under headings. */
  lists: {
    sort: 'Order',
    orders: {
      group: 'As grouped',
      newest: 'Newest first',
      oldest: 'Oldest first',
      name: 'By name',
    } satisfies Record<Arrangement, string>,
    anyStanding: 'All of them',
    standing: (name: string, count: number) => `${name} (${n(count)})`,
    gone: 'No longer sent by your portal',
    goneCount: (count: number) =>
      plural(LOCALE, count, {
        one: '1 record that your portal no longer sends',
        other: '# records that your portal no longer sends',
      }),
    find: 'Find in this list',
    noMatch: 'Nothing in this list is like that',
    print: 'Print this list',
    found: (words: string) => `Found by “${words}”`,
    printed: (date: string) => `Printed from Onhand on ${date}`,
    printCut: (shown: number, total: number) =>
      `The first ${n(shown)} of ${n(total)} are printed. Choose kinds or a search to print fewer.`,
    goTo: 'Go to date',
    year: 'Year',
    month: 'Month',
    anyMonth: 'Any',
    go: 'Go',
    sameDayText: 'Recorded the same day. That does not mean one led to the other.',
    foldedTitle: (count: number) =>
      plural(LOCALE, count, { one: '1 line folded into this', other: '# lines folded into this' }),
  },

  /** Everything that left this computer. */
  requests: {
    title: 'Everything that left this computer',
    lede: 'Onhand keeps this list itself: each day, whom it spoke to, what for, and how often.',
    hosts: 'Hosts',
    total: 'Requests',
    since: (date: string) => `since ${date}`,
    day: 'Day',
    host: 'To',
    purpose: 'What for',
    count: 'Requests',
    purposes: {
      sign_in: ['Signing in', 'the sign-in code, your client id and secret'],
      refresh: ['Renewing the sign-in', 'your client id, secret and the key to renew it'],
      sign_out: ['Signing out', 'the access that was given back'],
      records: ['Copying your record', 'the access you gave, nothing else'],
    } satisfies Record<Purpose, readonly [string, string]>,
    utc: 'Days are counted in universal time (UTC).',
    none: 'Nothing has left this computer',
    noneText: 'Onhand has not spoken to anyone from here yet.',
    never: 'What never leaves',
    nevers: [
      'Your record, your notes and what you search for.',
      'Your portal password. You type it at the portal; Onhand never sees it.',
      'How you use Onhand. There is no counting, no crash report, no advertisement.',
    ],
    failed: 'The list could not be read',
    loading: 'Reading the list',
    link: 'Everything that left this computer',
    open: 'Read the list',
    linkText: 'Which host, when, what for, how many requests.',
  },

  /** When Onhand copies by itself. */
  syncSettings: {
    title: 'Copying by itself',
    text: 'When you open Onhand and the last copy is older than this, it asks the portal what is new.',
    label: 'Copy on opening when the last copy is older than',
    hours: (count: number) => plural(LOCALE, count, { one: '1 hour', other: '# hours' }),
    days: (count: number) => plural(LOCALE, count, { one: '1 day', other: '# days' }),
    off: 'Never by itself',
    offText: 'Onhand asks only when you press “Copy again”.',
    saved: 'Saved',
    failed: 'This was not saved',
  },

  /** Reading a record in depth. */
  reading: {
    sourceFind: 'Find in the source',
    sourceHits: (at: number, count: number) => (count === 0 ? 'not found' : `${n(at)} of ${n(count)}`),
    sourceNext: 'Next',
    sourcePrevious: 'Previous',
    open: 'Show',
    hide: 'Hide',
    save: 'Save',
    saveText: (name: string) => `Save ${name}`,
    openName: (name: string) => `Show ${name}`,
    hideName: (name: string) => `Hide ${name}`,
    cannotShow: 'Onhand cannot show this kind of file. You can save it and open it with another program.',
    saved: (path: string) => `Saved as ${path}`,
    relatedGroups: {
      result: 'Results',
      folded: 'Folded into this',
      same_visit: 'Recorded at the same visit',
      same_day: 'Recorded the same day',
      same_medicine: 'Other sources on this medicine',
      may_be_same: 'May be the same',
    } as Record<string, string>,
  },

  states: {
    complete: 'Complete',
    partial: 'Partly',
    refused: 'Not permitted',
    not_offered: 'Not offered',
    failed: 'Did not come',
  } satisfies Record<TypeState, string>,
};
