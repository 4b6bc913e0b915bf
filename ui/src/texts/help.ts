/** A question a person may have, and its answer in paragraphs. */
export interface Answer {
  id: string;
  question: string;
  text: readonly string[];
}

/** Questions about one matter. */
export interface HelpPart {
  title: string;
  answers: readonly Answer[];
}

/** Help that is there without a network. Shortest way to what worries people first. */
export const HELP: readonly HelpPart[] = [
  {
    title: 'Reading your record',
    answers: [
      {
        id: 'whole',
        question: 'Is this my whole medical record?',
        text: [
          'It is everything your portal gives to a program that asks for you. Clinics that do not use this portal are not in it, and some things a portal shows on its own pages are not given to programs: messages, bills and most images.',
          'Connection and copy lists each kind of record, how many the portal said there are, and how many came.',
        ],
      },
      {
        id: 'range',
        question: 'What does High or Low mean?',
        text: [
          'The laboratory compared the result with its own range, which is printed beside it. A result outside of the range is common and is not by itself an illness; one inside is not by itself a sign of health.',
          'Where the laboratory sent no range, Onhand says so and adds none of its own. Your practice can tell you what a result means for you.',
        ],
      },
      {
        id: 'likely',
        question: 'Why does it say “likely” before a name?',
        text: [
          'Some portals send the values of a blood test without saying which value is which. Onhand works the names out from the unit, the range and the other values of the same test, and shows its reasons when you press “likely”.',
          'A likely name is never used in summaries or lists of what is out of range until you confirm it. If you have the report on paper, compare the two and confirm or correct the name. The value itself is never changed.',
        ],
      },
      {
        id: 'active',
        question: 'A medicine is listed that I do not take. Why?',
        text: [
          '“Listed as active” means that your practice’s list has it and nobody has marked it as ended. Practices often do not learn that somebody stopped. Tell your practice; This looks wrong, in the record, writes a letter for you.',
        ],
      },
      {
        id: 'missing',
        question: 'Something is missing, or wrong.',
        text: [
          'First look at Connection and copy: if a kind could not be copied, it says why, and you can try again.',
          'Onhand cannot change anything at your practice. Open the record that is wrong and press This looks wrong: Onhand writes a short letter with the facts, to print or to copy into a message to your practice. You have a right to ask for a correction.',
        ],
      },
      {
        id: 'gone',
        question: 'What does “Your portal no longer sends this” mean?',
        text: [
          'The record was there before, and in the last full copy it was not. It may have been corrected, moved or taken back. Onhand keeps what it has and takes it out of current lists, except for allergies, which stay and are marked.',
        ],
      },
    ],
  },
  {
    title: 'Connecting and copying',
    answers: [
      {
        id: 'who',
        question: 'Who can see my record?',
        text: [
          'You, and whoever can use your account on this computer. Onhand has no server: your record goes from the portal to this computer and nowhere else. Settings lists every address that Onhand ever spoke to.',
          'The copy is stored encrypted. Its key lies in this computer’s keychain, or is protected by a passphrase of yours.',
        ],
      },
      {
        id: 'app',
        question: 'Why must I add an app at the portal?',
        text: [
          'The portal only gives records to programs it knows. By adding an app you give your own copy of Onhand a name and a password of its own there. You are not publishing anything, and nobody else can use it.',
        ],
      },
      {
        id: 'warning',
        question: 'My browser warned me about localhost.',
        text: [
          '“localhost” is this computer. When you sign in, the portal sends your browser back to Onhand, and Onhand answers with a certificate it made itself. Some browsers do not accept that. Onhand notices, and offers other ways to finish.',
          'A warning about any other address is a real one: do not go on there.',
        ],
      },
      {
        id: 'again',
        question: 'Why am I asked to reconnect?',
        text: [
          'The portal has ended the sign-in, which it may do at any time. Everything copied is still here. Reconnect takes one click and your log-in at the portal; nothing has to be set up again.',
        ],
      },
      {
        id: 'offline',
        question: 'Does it work without the internet?',
        text: [
          'Yes. Only copying needs the portal. Everything that was copied can be read, searched and printed without a network.',
        ],
      },
      {
        id: 'several',
        question: 'I care for somebody else too.',
        text: [
          'If your portal account holds several people, each has a record of their own here, chosen at the top of the side bar. For somebody with another account, connect once more under Connection and copy. Records of different people are never mixed.',
        ],
      },
    ],
  },
  {
    title: 'Keeping it',
    answers: [
      {
        id: 'newcomputer',
        question: 'What if I get a new computer, or lose this one?',
        text: [
          'Connect again on the new one: everything the portal has is copied again. Only your own notes, pins and confirmed names are in this copy alone.',
          'Whoever finds this computer cannot read the copy without your account’s password or your passphrase.',
        ],
      },
      {
        id: 'delete',
        question: 'How do I remove everything?',
        text: [
          'Under Connection and copy press Disconnect and choose to delete the records. Onhand signs out at the portal, and forgets the sign-in and the copy. At the portal you can remove the app you added.',
        ],
      },
    ],
  },
];
