import type { ConnectStage, Kind, TypeProgressState } from '../backend/api';
import type { CredentialHint } from '../lib/connect-form';
import type { GroupName } from '../lib/kinds';
import type { PasteError } from '../lib/pasted-address';
import { number, plural } from '../lib/plural';
import { frame } from './en-frame';
import { reading } from './en-reading';
import { GLOSSARY, type Topic } from './glossary';
import { HELP } from './help';

const LOCALE = 'en-US';
const n = (count: number) => number(LOCALE, count);
const records = (count: number) => plural(LOCALE, count, { one: '# record', other: '# records' });

const list = (items: string[]) => new Intl.ListFormat(LOCALE, { type: 'conjunction' }).format(items);

/** Every text of the interface. A sentence says what is so, then what is safe, then what to do. */
export const en = {
  locale: LOCALE,
  number: n,
  ...reading,
  ...frame,
  terms: GLOSSARY,
  answers: HELP,

  app: {
    name: 'Onhand',
    skip: 'Skip to the record',
    loading: 'Opening your record',
    sideBar: 'Onhand',
    record: 'Record',
    menu: 'Menu',
    close: 'Close',
    tryAgain: 'Try again',
    back: 'Back',
    cancel: 'Cancel',
    copy: 'Copy',
    copied: 'Copied',
    records,
    changePerson: 'Change person',
    whose: 'Whose record',
    unsaid: 'Not said whose',
    unsaidText: 'The portal did not say about whom',
    mine: 'you',
    inMyCare: 'in your care',
    born: (date: string) => `born ${date}`,
    settings: 'Settings',
    print: 'Print',
    startFailed: 'Onhand could not open your record',
  },

  sample: {
    banner: 'Sample – not a real person',
    leave: 'Leave the sample',
    connectOwn: 'Connect my own record',
  },

  welcome: {
    title: ['Your medical record,', 'on your own computer.'],
    lede: 'Onhand copies what your doctors have written about you from OnPatient, keeps it here, and shows it in plain words. You can read it without the internet, for as long as you like.',
    picture: 'Your portal on the left, your computer on the right, and one line straight between them',
    portal: 'Your portal',
    computer: 'This computer',
    own: 'Copy my record',
    ownText:
      'You need the e-mail and password you use at OnPatient. You set it up once; it takes a few minutes.',
    ownTextReady:
      'You need the e-mail and password you use at OnPatient. Your browser opens for you to log in there.',
    connect: 'Connect to OnPatient',
    look: 'Look around first',
    lookText:
      'Read the record of somebody who does not exist, or practise connecting. Nothing of yours is touched.',
    sample: 'See a sample record',
    practise: 'Practise connecting',
    opening: 'Opening the sample…',
    vows: [
      'Your record goes from the portal straight to this computer. Nobody stands in between, not even us.',
      'It is stored encrypted. Only your account on this computer can open it.',
      'Onhand only reads. It cannot change anything at your doctor’s office.',
    ],
  },

  vault: {
    title: 'Choose a passphrase',
    why: 'Your record is encrypted before it is stored. The key for that would lie in this computer’s keychain, but Onhand found none here. A passphrase of yours can protect it in its place.',
    instead:
      'Your record is encrypted before it is stored. Where the keychain does not keep the key for that, a passphrase of yours can protect it.',
    ask: 'Onhand will ask for it each time it opens. Nobody can get it back for you: without it, the record on this computer cannot be read. It can be copied again from the portal.',
    passphrase: 'Passphrase',
    again: 'The same again',
    hint: 'At least 8 characters. Several words are easier to remember than one hard one.',
    tooShort: 'This is shorter than 8 characters.',
    differs: 'The two are not the same.',
    show: 'Show what I type',
    create: 'Go on',
  },

  unlock: {
    title: 'Your record is locked',
    text: 'It is on this computer, encrypted. Your passphrase opens it.',
    passphrase: 'Passphrase',
    open: 'Open',
    forgotten: 'I do not know the passphrase',
    forgottenText:
      'Nobody can open this copy without it, and Onhand deletes nothing. You can move the data folder aside and copy your record again from the portal. Should the passphrase come back to you, the old copy can still be opened.',
  },

  unavailable: {
    title: 'Your record cannot be opened',
    safe: 'Nothing was deleted and nothing was changed.',
  },

  connect: {
    title: 'Let Onhand read your OnPatient record',
    lede: 'OnPatient lets you give a program of your own access to your record. You set this up once, in about three minutes. After that it is one click.',
    stepPortal: 'Open the settings of your portal',
    stepPortalText: [
      'Log in and go to ',
      'Account settings',
      '. Find ',
      'FHIR API Application Management',
      ', press ',
      'Edit',
      ', then ',
      'Add New App',
      '.',
    ],
    openPortal: (host: string) => `Open ${host}`,
    opened: 'Opened in your browser',
    app: '“App” is the portal’s word for a program that may read your record. You are not publishing anything: nobody but you sees it.',
    stepAddresses: (count: number) =>
      plural(LOCALE, count, {
        one: 'Name the app and give it this address',
        other: 'Name the app and give it these # addresses',
      }),
    stepAddressesText: [
      'Any name will do; “Onhand” is a good one. Where the portal asks for ',
      'redirect URIs',
      ', paste all that stands here. Then press ',
      'Save',
      '.',
    ],
    address:
      'An “address” tells the portal where to send your browser once you have said yes: back to this computer, and nowhere else.',
    addresses: (count: number) => plural(LOCALE, count, { one: 'The address', other: 'All # addresses' }),
    copyAll: (count: number) => plural(LOCALE, count, { one: 'Copy', other: 'Copy all #' }),
    copyOne: (address: string) => `Copy ${address}`,
    stepPaste: 'Paste what the portal shows after you save',
    secret:
      'The “id” is the name by which the portal knows your app, and the “secret” is its password. Both stay on this computer, encrypted. Onhand shows the secret to your portal and to nobody else.',
    clientId: 'Client id',
    clientSecret: 'Client secret',
    showSecret: 'Show the secret',
    swap: 'Swap the two',
    submit: 'Connect',
    goOn: 'Go on',
    left: {
      both: 'Two things left: the id and the secret',
      clientId: 'One thing left: the id',
      clientSecret: 'One thing left: the secret',
    },
    ownClientTitle: 'Connect to OnPatient',
    ownClient:
      'Onhand is registered with OnPatient already, so there is nothing to set up. Your browser opens at the portal; you log in there and allow Onhand to read.',
    registered: (host: string) =>
      `Onhand still has the id and the secret that you pasted for ${host}, so it takes one click. Your browser opens there; log in and allow Onhand to read.`,
    pasteOthers: 'Paste another id and secret',
    anotherTitle: 'Connect another account',
    another: (hosts: number) =>
      plural(LOCALE, hosts, {
        one: 'You have set this up before, so it takes one click. Your browser opens at the portal; log in there with the other account.',
        other:
          'You have set this up before. Choose the portal; your browser opens there, and you log in with the other account.',
      }),
    anotherHint:
      'If your browser is still logged in with the first account, log out at the portal before you go on.',
    which: 'Portal',
    newApp: 'Another portal, or a new app',
    newAppText: 'You go through the three steps once more.',
    stays: 'The id and the secret stay on this computer, encrypted.',
    reads: 'Onhand only reads. It cannot change anything at your doctor’s office.',
    drawing:
      'The pictures are our drawings. Your portal may look a little different; the words are the same.',
    different: 'My portal is different',
    portal: 'Address of the portal',
    portalHelp:
      'Some practices have a portal address of their own, such as https://mypractice.onpatient.com. Leave it empty for onpatient.com.',
    redirects: 'Redirect addresses',
    redirectsHelp:
      'Only if your app at the portal has others than the ones Onhand proposes. One on each line, exactly as they stand there.',
    pictures: {
      settings:
        'Drawing of the portal’s settings: 1, Account settings; 2, the Edit button at FHIR API Application Management; 3, Add New App',
      account: 'Account settings',
      section: ['FHIR API Application', 'Management'],
      edit: 'Edit',
      add: 'Add New App',
      newApp: 'Drawing of the form for a new app: 1, its name; 2, the redirect URIs; 3, Save',
      name: 'Name',
      redirects: 'Redirect URIs',
      save: 'Save',
      credentials: 'Drawing of the app once it is saved: 1, the id; 2, the longer secret',
    },
    hints: {
      fits: 'This looks right.',
      cleaned: 'This looks right. Onhand left out the quotation marks around it.',
      idShort:
        'This is shorter than an id usually is (40 letters and numbers). If it is all that the portal shows, go on.',
      secretShort:
        'This is shorter than a secret usually is (128 letters and numbers). If it is all that the portal shows, go on.',
    } satisfies Record<CredentialHint, string>,
    errors: {
      idMissing: 'Paste the client id from the portal here.',
      secretMissing: 'Paste the client secret from the portal here.',
      isAddress:
        'This is an address. What belongs here is a line of letters and numbers; the portal shows it after you save the app.',
      hasSpace: 'There is a space in the middle. Copy it again, in one piece.',
      cutOff:
        'The end is missing: there are dots in its place. Use the portal’s copy button, or make its window wider and copy it again.',
      isStrange:
        'There is a letter in it that ids and secrets never have. Copy it again, straight from the portal.',
      isSecret: 'This is long enough to be the secret. It goes into the other field.',
      isId: 'This is as long as an id. It goes into the other field.',
      swapped: 'The two seem to be the wrong way round: the secret is the longer one.',
      same: 'This is the same as the client id. The secret is the longer line below it.',
      portalNotHttps: 'A portal’s address begins with https://.',
      portalForeign: 'Onhand connects to onpatient.com and to portals whose address ends in .onpatient.com.',
      portalUnreadable: 'This is not an address. It looks like https://mypractice.onpatient.com.',
      redirectUnreadable: (line: string) =>
        `“${line}” does not lead back to Onhand. An address that does looks like https://localhost:27443/callback: with https, localhost and a port.`,
    },
  },

  connecting: {
    title: {
      preparing: 'Getting ready',
      waiting_for_browser: 'Go on in your browser',
      at_portal: 'Log in at the portal',
      signing_in_here: 'Log in in the window that has opened',
      exchanging: 'Coming back from the portal',
      confirm: 'Is this the right person?',
      connected: 'Connected',
      failed: 'It did not work this time',
      certificate_refused: 'Your browser has not come back to Onhand',
    } satisfies Record<ConnectStage, string>,
    text: {
      preparing: 'Onhand is making a safe way back from your browser to this computer.',
      waiting_for_browser: 'Onhand has asked your browser to open.',
      at_portal:
        'Your browser is at the portal. Log in there and allow Onhand to read your record. This page goes on by itself.',
      signing_in_here:
        'It shows your portal’s own page, and its address at the top. It goes nowhere else, and forgets everything when it closes.',
      exchanging: 'The portal has said yes. Onhand is asking whose record it is.',
      confirm: '',
      connected: 'Your record is being copied.',
      failed: '',
      certificate_refused: 'Nothing was sent, and nothing is lost.',
    } satisfies Record<ConnectStage, string>,
    portMissingTitle: 'Your browser cannot come back by itself',
    portMissing:
      'Other programs on this computer use the three doors that Onhand would wait at. You can go on all the same.',
    steps: ['Your browser opens', 'You log in and allow it', 'Back on this computer'],
    byHand: 'If nothing happened, open this address in your browser yourself:',
    address: 'Address to open by hand',
    others: 'There are other ways to go on; choose the one you like best.',
    pasteTitle: 'Log in at the portal, then paste its last address',
    stuck: 'Does your browser show a warning, or a page that does not load?',
    ways: {
      label: 'Other ways to sign in',
      in_app: {
        title: 'Sign in inside Onhand',
        text: 'A window of Onhand opens on your portal’s page and shows its address. You type your password yourself: those that your browser remembers are not known here.',
        action: 'Sign in here',
      },
      past_warning: {
        title: 'Go on in my browser, past the warning',
        text: 'The warning is about a page that Onhand serves on this very computer, before you log in anywhere. It comes once. Never do this for any other page.',
        action: 'Open the page again',
        show: 'How to get past it',
        chromium: 'Chrome, Edge, Brave and others',
        chromiumText: 'Press 1, then 2.',
        firefox: 'Firefox',
        firefoxText: 'Press 1, then 2.',
      },
      paste_address: {
        title: 'Paste the address of the page that did not load',
        text: 'Log in at the portal in your browser and allow Onhand to read. The browser then shows a page that does not load, or a warning: do not go past it. Copy all of its address, at the top of the browser, and paste it here within a minute: it holds what Onhand needs.',
        open: 'Open the portal in my browser',
        field: 'Address of that page',
        action: 'Go on with this address',
      },
    },
    pictures: {
      chromium:
        'Drawing of the warning in Chrome and its relatives: 1, the Advanced button; 2, the line “Proceed to localhost (unsafe)” that then appears below it',
      chromiumTitle: 'Your connection is not private',
      chromiumAdvanced: 'Advanced',
      chromiumBack: 'Back to safety',
      chromiumProceed: 'Proceed to localhost (unsafe)',
      firefox:
        'Drawing of the warning in Firefox: 1, the Advanced button; 2, the button “Proceed to localhost (Risky)” that then appears below it',
      firefoxTitle: ['Be careful. Something', 'doesn’t look right.'],
      firefoxBack: 'Go back',
      firefoxAdvanced: 'Advanced',
      firefoxProceed: 'Proceed to localhost (Risky)',
    },
    pasteErrors: {
      missing: 'Paste the address of the page that did not load.',
      isStart:
        'This is the page that Onhand opened first. Log in and allow it; the address you need comes after that.',
      isPortal:
        'This is a page of the portal. Go on there until your browser shows a page that does not load.',
      notAddress: 'This is not an address. It begins with https://localhost, and it is long.',
      noAnswer:
        'The end of the address is missing: after “callback” there is a question mark and more. Copy all of it.',
    } satisfies Record<PasteError, string>,
    cancel: 'Cancel',
    again: 'Try again in my browser',
    retry: 'Try again',
    mend: 'Paste the id and the secret again',
    giveUp: 'Not now',
    safe: 'Everything you had before is still here.',
  },

  confirm: {
    record: (name: string, born: string | null) =>
      born === null ? `This is the record of ${name}.` : `This is the record of ${name}, born ${born}.`,
    titleMany: 'Are these the right people?',
    several:
      'This account gives the records of these people. Each is kept apart from the others. Which of them are you?',
    none: 'The portal did not say whose record this is.',
    before: 'Nothing is copied until you say so.',
    mine: 'It is mine',
    inMyCare: 'I care for them',
    thisIsMe: 'This is me',
    thisIsMeName: (name: string) => `This is me: ${name}`,
    inMyCareMany: 'None of them: I care for them',
    another: 'Use another portal account',
    anotherText:
      'Somebody else may still have been logged in at the portal in your browser. “Use another portal account” gives this access back, keeps nothing, and opens the portal once more: log out there, then log in with the right account.',
    otherTitle: 'This is somebody else’s record',
    other: (found: string[], expected: string[]) =>
      `This connection is about ${list(expected)}. This is the record of ${list(found)}. Keep it as a separate person?`,
    otherSafe: 'The two are never mixed, and nothing of what is here changes.',
    keepSeparate: 'Keep as a separate person',
    notKept: 'No, keep nothing',
  },

  sync: {
    title: 'Copying your record',
    titleDone: 'Your record is here',
    titlePartly: 'Most of your record is here',
    titleNothing: 'Nothing is being copied',
    titleFailed: 'The copy stopped',
    lede: 'What has arrived is already saved; you can start reading.',
    ledeDone: 'It stays on this computer. You can read it without the internet.',
    ledePartly: 'Some of it did not come. Everything you had before is still here.',
    ledeNothing: 'Onhand copies when you ask it to.',
    ofTotal: (total: number) => `of ${n(total)}`,
    counted: (received: number, total: number) => `${n(received)} of ${n(total)}`,
    received: (received: number) => n(received),
    elapsed: (time: string) => time,
    asking: 'Asking the portal what it has',
    types: 'Kinds of records',
    read: 'Start reading',
    stop: 'Stop',
    report: 'See what came',
    progressLabel: 'Records copied',
    foot: (received: number, total: number) => `Copying, ${n(received)} of ${n(total)}`,
    footAsking: 'Copying',
    state: {
      waiting: 'waiting',
      running: 'being copied',
      complete: 'complete',
      partial: 'partly',
      refused: 'refused',
      not_offered: 'not offered by this portal',
      failed: 'did not come',
    } satisfies Record<TypeProgressState, string>,
  },

  groups: {
    labs: 'Labs & vitals',
    medicines: 'Medicines',
    problems: 'Problems',
    allergies: 'Allergies',
    immunizations: 'Immunizations',
    visits: 'Visits & procedures',
    documents: 'Documents',
    plans: 'Care plans & goals',
    people: 'People & places',
    other: 'Everything else',
  } satisfies Record<GroupName, string>,

  kinds: {
    labs: 'Labs',
    vitals: 'Vitals',
    medicines: 'Medicines',
    problems: 'Problems',
    allergies: 'Allergies',
    immunizations: 'Immunizations',
    visits: 'Visits',
    procedures: 'Procedures',
    documents: 'Documents',
    care_plans: 'Care plans',
    goals: 'Goals',
    people: 'People',
    places: 'Places',
    other: 'Other',
  } satisfies Record<Kind, string>,

  kindOne: {
    labs: 'Lab result',
    vitals: 'Vital sign',
    medicines: 'Medicine',
    problems: 'Problem',
    allergies: 'Allergy',
    immunizations: 'Immunization',
    visits: 'Visit',
    procedures: 'Procedure',
    documents: 'Document',
    care_plans: 'Care plan',
    goals: 'Goal',
    people: 'Person',
    places: 'Place',
    other: 'Record',
  } satisfies Record<Kind, string>,

  list: {
    timeline: 'Timeline',
    show: 'Show',
    all: 'All',
    more: 'More',
    fewer: 'Fewer',
    undated: 'Undated',
    undatedText: 'The portal sent no date for these.',
    loading: 'Loading',
    notOffered: 'Not offered by this portal',
    gone: 'No longer at the portal',
    flagged: (count: number) => plural(LOCALE, count, { one: '1 to notice', other: '# to notice' }),
    failed: 'The list could not be read',
    choose: 'Choose a record to read it here',
    keys: [
      ['↑ ↓', 'move in the list'],
      ['Enter', 'open'],
      ['J K', 'next and previous record'],
      ['/', 'search'],
    ],
  },

  holds: {
    count: {
      labs: (n: number) => plural(LOCALE, n, { one: '1 lab result', other: '# lab results' }),
      vitals: (n: number) => plural(LOCALE, n, { one: '1 vital sign', other: '# vital signs' }),
      medicines: (n: number) => plural(LOCALE, n, { one: '1 medicine', other: '# medicines' }),
      problems: (n: number) => plural(LOCALE, n, { one: '1 problem', other: '# problems' }),
      allergies: (n: number) => plural(LOCALE, n, { one: '1 allergy', other: '# allergies' }),
      immunizations: (n: number) => plural(LOCALE, n, { one: '1 vaccine', other: '# vaccines' }),
      visits: (n: number) => plural(LOCALE, n, { one: '1 visit', other: '# visits' }),
      procedures: (n: number) => plural(LOCALE, n, { one: '1 procedure', other: '# procedures' }),
      documents: (n: number) => plural(LOCALE, n, { one: '1 document', other: '# documents' }),
      care_plans: (n: number) => plural(LOCALE, n, { one: '1 care plan', other: '# care plans' }),
      goals: (n: number) => plural(LOCALE, n, { one: '1 goal', other: '# goals' }),
      people: (n: number) => plural(LOCALE, n, { one: '1 person', other: '# people' }),
      places: (n: number) => plural(LOCALE, n, { one: '1 place', other: '# places' }),
      other: (n: number) => plural(LOCALE, n, { one: '1 other record', other: '# other records' }),
    } satisfies Record<Kind, (n: number) => string>,
    void: (n: number) => plural(LOCALE, n, { one: '1 that is not so', other: '# that are not so' }),
    out: (n: number) => plural(LOCALE, n, { one: '1 out of range', other: '# out of range' }),
    onlyVoid: (what: string) => `${what}, recorded as not so`,
  },

  when: {
    on: '',
    since: 'since',
    recorded: 'recorded',
    performed: 'performed',
    prescribed: 'prescribed',
    reported: 'reported',
    collected: 'collected',
    issued: 'issued',
    given: 'given',
    // The date of a statement about a medicine: not a claim that it was taken.
    'as of': 'as of',
    undated: 'undated',
  } as Record<string, string>,

  search: {
    label: 'Search',
    key: 'Ctrl K',
    title: 'Search',
    results: (count: number) => plural(LOCALE, count, { one: '1 result', other: '# results' }),
    none: (query: string) => `Nothing found for “${query}”`,
    noneText: (count: number) =>
      `Onhand looked in ${count === 1 ? 'the one record' : `all ${records(count)}`} on this computer, for every word you typed. Try fewer words, or the beginning of one.`,
    clear: 'Clear the search',
  },

  empty: {
    none: (what: string) => `No ${what} on record`,
    noneText: 'The portal holds no entry about this. That is not the same as having none.',
    nothing: 'No records yet',
    nothingText: 'Onhand has copied nothing yet.',
    nothingAction: 'Go to the connection',
    notOffered: (what: string) => `This portal does not offer ${what}`,
    notOfferedText:
      'Onhand asked, and it answered that it has none to give. Your practice can send you letters and reports another way.',
    filtered: 'No records of these kinds',
    filteredText: (count: number) => `There are ${records(count)} of other kinds.`,
    showAll: 'Show all',
    asWords: {
      labs: 'lab results or vital signs',
      medicines: 'medicines',
      problems: 'problems',
      allergies: 'allergies',
      immunizations: 'immunizations',
      visits: 'visits or procedures',
      documents: 'documents',
      plans: 'care plans or goals',
      people: 'people or places',
      other: 'other records',
    } satisfies Record<GroupName, string>,
  },

  detail: {
    loading: 'Opening the record',
    failed: 'This record could not be opened',
    likely: 'likely',
    range: 'range',
    rangeSent: 'Range sent',
    noRange: 'no range sent',
    results: 'Results',
    test: 'Test',
    value: 'Value',
    flag: 'Mark',
    notSent: 'no value sent',
    status: 'Status',
    related: 'Related records',
    notCopied: 'The portal did not send this record.',
    attachments: 'Attachments',
    attached: 'came with the record',
    elsewhere: (host: string) => `at ${host}; Onhand has not fetched it`,
    elsewherePlain: 'at the portal; Onhand has not fetched it',
    codes: (count: number) => plural(LOCALE, count, { one: '1 code', other: '# codes' }),
    codeSystem: 'System',
    code: 'Code',
    codeFor: 'For',
    codeWords: 'The portal’s words',
    problems: 'Could not be read in full',
    problemsText: 'The record is kept exactly as it came. Its source is below.',
    narrative: 'The portal’s own text',
    origin: 'Where it came from',
    portal: 'Portal',
    sourceId: 'Source',
    firstSeen: 'First copied',
    lastSeen: 'Last seen there',
    source: 'Source as the portal sent it',
    sourceLoading: 'Reading the source',
    sourceCopy: 'Copy the source',
    sourceCut: (shown: string) => `Only the first ${shown} are shown. Copy gives all of it.`,
    disclaimer: 'Not medical advice; your practice’s record decides.',
    noDate: 'The portal sent no date for this record.',
    back: (list: string) => `Back to ${list}`,
    mentionedIn: 'Mentioned in',
    roles: {
      result: 'Result',
      part_of: 'Part of',
      'part-of': 'Part of',
      has_member: 'Holds',
      'has-member': 'Holds',
      replaces: 'Replaces',
      replaces_of: 'Replaced by',
      medication: 'Medicine',
      encounter: 'Visit',
      performer: 'Done by',
      prescriber: 'Prescribed by',
      recorder: 'Written by',
      asserter: 'Said by',
      subject: 'About',
      patient: 'About',
      organization: 'Organization',
      location: 'Place',
    } as Record<string, string>,
  },

  connection: {
    title: 'Connection',
    titleMany: 'Connections',
    none: 'Not connected',
    noneText: 'No portal is connected. What was copied before is still here to read.',
    signedIn: 'Signed in',
    signedOut:
      'The portal asks you to sign in again. Nothing is lost, and within a day copying goes on from where it was.',
    signedOutShort: 'Sign in again',
    lastCopied: (when: string) => `Last copied ${when}`,
    neverCopied: 'Not copied yet',
    again: 'Copy again',
    reconnect: 'Reconnect',
    disconnect: 'Disconnect',
    another: 'Connect another portal',
    connect: 'Connect to OnPatient',
    whoseRecords: 'Records of',
    kind: 'Kind',
    state: 'State',
    promised: 'Promised',
    received: 'Received',
    new: 'New',
    changed: 'Changed',
    unchanged: 'As before',
    goneHead: 'Gone',
    all: 'All',
    notPromised: 'not said',
    goneNote:
      '“Gone” means a record the portal no longer has. Onhand keeps its copy and says so only after a complete look.',
    missingSafe: 'Everything you had before is still here.',
    missing: (count: number) => plural(LOCALE, count, { one: '1 missing', other: '# missing' }),
    dialog: {
      title: (portal: string) => `Disconnect from ${portal}?`,
      text: 'Onhand gives its access back to the portal and forgets the id and the secret. To copy again later you would connect anew.',
      records: 'And the records copied from it?',
      keep: 'Keep them on this computer',
      keepText: 'They stay here to read, as they are today.',
      delete: 'Delete them from this computer',
      deleteText: 'They cannot be brought back from here. The practice’s own record is not touched.',
      confirm: 'Disconnect',
      confirmDelete: 'Disconnect and delete',
    },
    footCopied: 'Up to date',
    footNever: 'Not copied yet',
    footPartly: (received: number, promised: number) => `${n(received)} of ${n(promised)}`,
    footSignIn: 'Sign in again',
    footNone: 'Not connected',
  },

  settings: {
    title: 'Settings',
    certificates: 'Sign-in certificates',
    certificatesText:
      'While you sign in, Onhand has your browsers trust a page on this computer, and takes that trust back right after. If a sign-in was cut short, something may have stayed behind. Removing it harms nothing; the next sign-in makes its own.',
    certificatesKeptText:
      'So that this computer asks you once a year and not at each sign-in, Onhand keeps one certificate, by which your browsers trust a page on this computer. Remove it when you no longer want to sign in here, and before you throw Onhand away. The next sign-in makes a new one, and this computer asks you again.',
    certificatesRemove: 'Remove sign-in certificates',
    certificatesRemoved: (count: number) =>
      count === 0
        ? 'There was none. No certificate of Onhand’s is trusted on this computer.'
        : plural(LOCALE, count, {
            one: 'One certificate was removed.',
            other: '# certificates were removed.',
          }),
    appearance: 'Appearance',
    appearanceText: 'How Onhand looks on this computer.',
    textSize: 'Size of text',
    textSizeText: 'Everything in the window grows with it.',
    percent: (percent: number) => `${n(percent)} %`,
    left: 'What left this computer',
    leftText:
      'Onhand speaks to your portal and to nobody else. It keeps a list of every address it asked, and how often.',
    leftLink: 'See the list',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
    about: 'About Onhand',
    version: (version: string) => `Version ${version}`,
    aboutText:
      'Onhand copies a record from OnPatient to this computer and shows it there. It sends nothing to anyone else. It is not made by DrChrono or OnPatient.',
    advice: 'Not medical advice; your practice’s record decides.',
    licence: 'Onhand is free software under the Apache License 2.0 or the MIT License, as you choose.',
    loinc:
      'This product includes all or a portion of the LOINC® codes. LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee, and is available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.',
  },

  help: {
    title: 'Help',
    lede: 'It is all on this computer; nothing is looked up anywhere.',
    glossary: 'Words of records and results',
    glossaryText:
      'What a word means, not what a value means for you. Where such a word stands over a dotted line, rest on it or press it.',
    find: 'Find a word',
    found: (count: number) => plural(LOCALE, count, { one: '1 word', other: '# words' }),
    none: (query: string) => `“${query}” is not in here`,
    noneText: 'Your practice can tell you what it means.',
    explain: (word: string) => `What is “${word}”?`,
    topics: {
      record: 'In a record',
      blood: 'Blood counts',
      chemistry: 'Blood chemistry',
      fats: 'Fats in blood',
      hormones: 'Hormones',
      urine: 'Urine',
      reading: 'Reading a result',
      vitals: 'Vital signs',
      medicines: 'Medicines',
      care: 'Visits, codes and what was done',
      portal: 'The portal and this copy',
    } satisfies Record<Topic, string>,
  },

  letter: {
    open: 'This looks wrong',
    title: 'A letter to your practice',
    lede: 'Onhand cannot change your practice’s record, and sends nothing by itself. Write what is wrong; then print the letter, or copy it into a message at the portal.',
    wrong: 'What is wrong, and what would be right',
    wrongHint: 'Say it as you would on the telephone. You can leave it empty and write by hand.',
    preview: 'The letter',
    copy: 'Copy the letter',
    print: 'Print the letter',
    about: 'A correction to my medical record',
    dear: 'To my practice',
    opening: (portal: string) =>
      `My record at ${portal} holds the entry below. I believe that it is not right, and I ask you to look at it.`,
    entry: 'The entry, as the portal sent it',
    when: 'Date',
    status: 'Status',
    source: 'Entry number',
    seen: 'Seen in the portal',
    mine: 'What is wrong, and what I believe is right',
    request:
      'Please correct the entry, or tell me in writing why it stays as it is (45 CFR 164.526 gives patients the right to ask for an amendment). Please send any correction to those who received the entry.',
    sincerely: 'With kind regards',
    born: (name: string, born: string | null) => (born === null ? name : `${name}, born ${born}`),
  },

  palette: {
    title: 'Search and commands',
    placeholder: 'Search the record, or type a command',
    recent: 'Searched before',
    search: 'Search',
    commands: 'Commands',
    all: (query: string) => `Everything found for “${query}”`,
    copyAgain: 'Copy again',
    goTo: (view: string) => `Go to ${view}`,
    appearance: { system: 'Appearance as the system', light: 'Light appearance', dark: 'Dark appearance' },
    print: 'Print this page, or save it as a PDF',
    connect: 'Connect another portal',
    words: {
      copyAgain: 'sync now refresh update fetch',
      appearance: 'theme mode colors night day',
      print: 'paper export file',
      connect: 'add account sign in',
    },
  },

  summary: {
    title: 'Summary',
    failed: 'The summary could not be put together',
    loading: 'Putting the summary together',
    unsaid: 'A summary is of one person',
    unsaidText:
      'The portal did not say whose these records are, so they are in nobody’s summary. Choose a person, or read them one by one.',
    news: 'New since you last looked:',
    seen: 'I have seen this',
    absent: 'What is not here',
    noneActive: (count: number) =>
      plural(LOCALE, count, {
        one: 'None is listed as active. 1 stands otherwise in the full list.',
        other: 'None is listed as active. # stand otherwise in the full list.',
      }),
    noneGiven: (count: number) =>
      plural(LOCALE, count, {
        one: 'None is recorded as given. 1 stands otherwise in the full list.',
        other: 'None is recorded as given. # stand otherwise in the full list.',
      }),
    age: (years: number) => plural(LOCALE, years, { one: '1 year old', other: '# years old' }),
    sex: (sex: string) => `sex recorded by the practice: ${sex}`,
    print: 'Print for a visit',
    pinned: 'Pinned tests',
    flags: 'The practice’s own warnings',
    out: 'Out of range at the last test',
    noneOut: 'No result that has a name was marked or outside of its range when it was last tested.',
    inferred: (count: number) =>
      plural(LOCALE, count, {
        one: 'One more result is out of range whose name Onhand only worked out. It is under labs, for you to confirm.',
        other:
          '# more results are out of range whose names Onhand only worked out. They are under labs, for you to confirm.',
      }),
    result: 'Result',
    before: 'Before that',
    course: (count: number) => plural(LOCALE, count, { one: 'One value', other: 'The course of # values' }),
    allLabs: 'All labs and vitals',
    all: 'All',
    more: (count: number) => plural(LOCALE, count, { one: 'and 1 more', other: 'and # more' }),
    medicines: 'Medicines listed by the practice',
    vitals: 'Last vital signs',
    visits: 'Last visits',
    due: 'Which ones are due is not guessed here. Your practice can tell you.',
  },

  note: {
    title: 'Your own note',
    hint: 'Only here, on this computer. It is encrypted with the record, and copied nowhere.',
    add: 'Write a note',
    keep: 'Keep the note',
    change: 'Change',
    remove: 'Take it away',
    written: (when: string) => `Written ${when}`,
  },

  pin: {
    add: 'Pin to the summary',
    remove: 'Take off the summary',
  },
};

/** What another language has to have: every text, of the same form. */
export type Texts = typeof en;
