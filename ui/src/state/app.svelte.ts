import { createContext } from 'svelte';

import type {
  ApiError,
  Connect,
  Connecting,
  Event,
  Measurement,
  PersonAnswer,
  Removed,
  Start,
  SyncProgress,
  SyncReport,
} from '../backend/api';
import { isApiError, toApiError, type Backend } from '../backend';
import type { Action } from '../lib/keys';
import { isList } from '../lib/route';
import { calendarOf, type Calendar } from '../lib/when';
import { speaks, t } from '../texts';
import { Copies } from './copies.svelte';
import { Panes } from './panes.svelte';
import { Place, type Kept } from './place.svelte';
import { Router } from './router.svelte';
import { SettingsState } from './settings.svelte';
import { Toasts } from './toasts.svelte';

/** What the whole window knows: what is open, who is signed in, what is under way. */
export class AppState {
  readonly backend: Backend;
  readonly router = new Router();
  readonly copies: Copies;
  readonly settings: SettingsState;
  readonly panes: Panes;
  readonly place: Place;
  readonly toasts = new Toasts();

  start: Start | null = $state.raw(null);
  /** Why the very first question could not be answered. */
  failure: ApiError | null = $state.raw(null);
  connecting: Connecting | null = $state.raw(null);
  /** The guide is to be gone through again: the id or the secret was wrong. */
  mending = $state(false);
  /** The person chose to paste the address at which the portal's page ends. */
  pasting = $state(false);
  syncing: SyncProgress | null = $state.raw(null);
  /** The outcome of the last copy of this session. */
  finished: SyncReport | null = $state.raw(null);
  /** Why the last copy of this session could not run. */
  syncError: ApiError | null = $state.raw(null);
  /** Why the key of a new database could not be kept in the keychain: a passphrase is asked for instead. */
  noKeychain: ApiError | null = $state.raw(null);
  /** Rises whenever records are other than before. */
  revision = $state(0);
  /** Whose records are shown: one person's, always, as soon as there is somebody. */
  person: number | null = $state(null);
  /** Whether those are shown instead of which the portal did not say whose they are. */
  unsaid = $state(false);

  /** The focus is to go to the list as soon as it stands. */
  wantsList = $state(false);
  /** The focus is to go to the record that is open as soon as it stands. */
  wantsRecord = $state(false);

  #refreshing = false;
  #refreshAgain = false;

  constructor(backend: Backend) {
    this.backend = backend;
    this.copies = new Copies(backend);
    this.settings = new SettingsState(backend);
    this.panes = new Panes(backend);
    this.place = new Place(backend, this.router);
  }

  /** How dates are written. */
  readonly calendar: Calendar = $derived.by(() =>
    calendarOf(speaks(), this.settings.kept?.dates ?? 'month_first'),
  );

  /** Opens, and follows what happens until the function given back is called. */
  run(): () => void {
    const stopRouter = this.router.follow();
    const stopEvents = this.backend.listen((event) => this.#on(event));
    void this.open();
    return () => {
      stopEvents();
      stopRouter();
    };
  }

  async open(): Promise<void> {
    this.failure = null;
    // Without them the usual holds.
    const settings = this.settings.load().catch(() => undefined);
    const place = this.place.read();
    const panes = this.panes.load();
    try {
      const start = await this.backend.call('start', null);
      // In the language, the widths and at the place the person knows, from the first picture on.
      await Promise.all([settings, panes]);
      this.#goOn(start, await place);
    } catch (thrown) {
      this.failure = toApiError(thrown);
    }
  }

  async createDatabase(passphrase: string | null): Promise<void> {
    const vault = passphrase === null ? 'keychain' : 'passphrase';
    try {
      this.#take(await this.backend.call('create_database', { vault, passphrase }));
      this.noKeychain = null;
    } catch (thrown) {
      if (isApiError(thrown) && thrown.code === 'no_keychain') this.noKeychain = thrown;
      throw thrown;
    }
  }

  async unlock(passphrase: string): Promise<void> {
    const start = await this.backend.call('unlock', { passphrase });
    await this.panes.load();
    this.#goOn(start, await this.place.read());
    this.revision += 1;
  }

  /** Closes the database, which only the passphrase opens again. */
  async lock(): Promise<void> {
    this.#take(await this.backend.call('lock', null));
    this.finished = null;
    this.syncError = null;
  }

  async connect(input: Connect): Promise<void> {
    if (this.start?.database === 'new') await this.createDatabase(null);
    this.pasting = false;
    this.connecting = await this.backend.call('connect', input);
  }

  /** Signs in with another account at a portal that is set up already. */
  async connectAnother(account: number): Promise<void> {
    this.pasting = false;
    this.connecting = await this.backend.call('connect_another', { account });
  }

  /** Begins the sign-in once more, with what was pasted for it. */
  async connectAgain(): Promise<void> {
    this.pasting = false;
    this.connecting = await this.backend.call('connect_again', null);
  }

  async reconnect(account: number): Promise<void> {
    this.pasting = false;
    this.connecting = await this.backend.call('reconnect', { account });
  }

  /** Ends a sign-in that is under way, or puts a failed one aside. */
  async cancelConnect(): Promise<void> {
    this.connecting = null;
    await this.backend.call('cancel_connect', null);
  }

  /** Signs in in a window of this program, which shows the portal and nothing else. */
  async signInHere(): Promise<void> {
    this.pasting = false;
    this.connecting = await this.backend.call('sign_in_here', null);
  }

  /** Opens this computer's own page in the browser once more, for a person who goes past its warning. */
  async goPastWarning(): Promise<void> {
    this.pasting = false;
    this.connecting = await this.backend.call('go_past_warning', null);
  }

  /** Opens the portal in the browser, for a person who will paste the address it ends at. */
  async openForPaste(): Promise<void> {
    this.connecting = await this.backend.call('open_for_paste', null);
    this.pasting = true;
  }

  /** Ends the sign-in with the address of the page that the browser could not load. */
  async pasteAddress(address: string): Promise<void> {
    this.connecting = await this.backend.call('paste_address', { address });
  }

  /** Says whose record the sign-in brought, which of several people one is, or that it is the wrong one. */
  async confirmPerson(answer: PersonAnswer, patient: string | null = null): Promise<void> {
    const before = this.start?.people.map(({ id }) => id) ?? [];
    this.#take(await this.backend.call('confirm_person', { answer, patient_id: patient }));
    if (answer === 'no' || answer === 'another_account') return;
    const added = this.start?.people.find(({ id }) => !before.includes(id));
    if (added !== undefined) this.choose(added.id);
    this.router.go({ view: 'syncing' });
  }

  /** Takes what sign-ins have left behind out of the browsers. */
  async removeCertificates(): Promise<Removed> {
    return await this.backend.call('remove_certificates', null);
  }

  /** Shows one person's records. */
  choose(person: number): void {
    this.person = person;
    this.unsaid = false;
  }

  /** Shows the records of which the portal did not say whose they are. */
  chooseUnsaid(): void {
    this.unsaid = true;
  }

  /** Whose records are asked for, in every list and every search. */
  get whose(): { person: number | null; unsaid: boolean } {
    return this.unsaid ? { person: null, unsaid: true } : { person: this.person, unsaid: false };
  }

  /** How many records there are of which the portal did not say whose they are. */
  get unsaidCount(): number {
    return (this.start?.accounts ?? []).reduce((sum, { unsaid, strangers }) => sum + unsaid + strangers, 0);
  }

  async disconnect(account: number, deleteRecords: boolean): Promise<void> {
    this.#take(await this.backend.call('disconnect', { account, delete_records: deleteRecords }));
    this.finished = null;
    this.revision += 1;
  }

  async sync(account: number): Promise<void> {
    this.syncError = null;
    this.finished = null;
    this.syncing = await this.backend.call('sync', { account });
  }

  /** Copies again from the first connection that can; says so, or leads to where one is made. */
  async copyAgain(): Promise<void> {
    const account = this.start?.accounts.find(({ disconnected, signed_in }) => !disconnected && signed_in);
    if (account === undefined) {
      this.toasts.say(t.toast.notConnected);
      this.router.go({ view: 'connection' });
      return;
    }
    if (this.syncing !== null) return;
    try {
      await this.sync(account.id);
      this.toasts.say(t.toast.copying);
    } catch (thrown) {
      this.toasts.fail(thrown);
    }
  }

  /** Makes all text larger (`1`), smaller (`-1`) or as usual (`0`), and says how large it is. */
  async resizeText(by: 1 | -1 | 0): Promise<void> {
    const percent = this.settings.textSize(by);
    if (percent === null) return;
    try {
      await this.settings.save({ text_percent: percent });
      this.toasts.say(t.toast.textSize(percent));
    } catch (thrown) {
      this.toasts.fail(thrown);
    }
  }

  /** Does what can be done on every page, with or without the side bar; gives whether it was one of these. */
  act(action: Action): boolean {
    const go = (view: 'help' | 'settings') => {
      if (this.canLeave) this.router.go({ view });
    };
    const deeds: Partial<Record<Action, () => unknown>> = {
      back: () => history.back(),
      forward: () => history.forward(),
      print: () => this.print(),
      larger: () => this.resizeText(1),
      smaller: () => this.resizeText(-1),
      usual: () => this.resizeText(0),
      help: () => go('help'),
      settings: () => go('settings'),
    };
    deeds[action]?.();
    return action in deeds;
  }

  /** Has the focus go to what is shown: to the list, and with `record` to the one open beside it instead. */
  arrive(record: boolean): void {
    const { current } = this.router;
    if (!this.hasRecord || !(isList(current) || current.view === 'start')) {
      document.querySelector('main')?.focus();
    } else if (record && isList(current) && current.record !== null) {
      this.wantsRecord = true;
    } else {
      this.wantsList = true;
    }
  }

  /** Whether what is shown can be left for another view: nothing is half typed, nothing waits. */
  get canLeave(): boolean {
    const isOpen = this.start !== null && !['needs_passphrase', 'unavailable'].includes(this.start.database);
    return isOpen && this.connecting === null && this.router.current.view !== 'connect';
  }

  /** What printing the view that is shown takes; the page as it stands, where it set nothing. */
  printer: (() => void) | null = null;

  print(): void {
    if (this.printer === null) window.print();
    else this.printer();
  }

  async cancelSync(): Promise<void> {
    await this.backend.call('cancel_sync', null);
  }

  async openSample(browser: boolean): Promise<void> {
    this.#take(await this.backend.call('open_sample', { browser }));
    this.#forget();
    const copied = this.start !== null && this.start.people.length > 0 && this.syncing === null;
    this.router.go(copied ? { view: 'timeline', kinds: [], record: null } : { view: 'syncing' });
  }

  async leaveSample(): Promise<void> {
    this.#take(await this.backend.call('leave_sample', null));
    this.#forget();
    this.router.go({ view: 'start' });
  }

  /** A result of a record; `null` where it has none of that number. */
  async measurement(record: number, index: number): Promise<Measurement | null> {
    const detail = await this.backend.call('record', { id: record });
    return detail.components.find((part) => part.index === index) ?? detail.result;
  }

  /** Gives a result a name of the person's own, or takes it back (`null`). */
  async nameResult(record: number, index: number, name: string | null, code: string | null): Promise<void> {
    await this.backend.call('name_result', { record, index, name, code });
    this.revision += 1;
  }

  /** Whether there is anything to read, or anything on its way. */
  get hasRecord(): boolean {
    return this.start !== null && (this.start.accounts.length > 0 || this.start.people.length > 0);
  }

  #forget(): void {
    this.copies.forget();
    this.place.forget();
    this.person = this.start?.people[0]?.id ?? null;
    this.unsaid = false;
    this.finished = null;
    this.syncError = null;
    this.revision += 1;
  }

  /** Keeps to somebody who is there. */
  #keepToSomebody({ people }: Start): void {
    if (!people.some(({ id }) => id === this.person)) this.person = people[0]?.id ?? null;
    if (this.unsaidCount === 0) this.unsaid = false;
  }

  /** Shows what was looked at last. */
  #goOn(start: Start, place: Kept | null): void {
    if (place?.person != null) this.person = place.person;
    if (start.database === 'open' && start.people.length + start.accounts.length > 0)
      this.place.restore(place);
    this.#take(start);
  }

  #take(start: Start): void {
    this.start = start;
    this.connecting = start.connecting;
    this.syncing = start.syncing;
    this.#keepToSomebody(start);
  }

  #on(event: Event): void {
    switch (event.event) {
      case 'connect_progressed':
        if (event.data.stage === 'connected') {
          this.connecting = null;
          this.router.go({ view: 'syncing' });
          void this.#refresh();
        } else {
          this.connecting = event.data;
        }
        break;
      case 'sync_progressed':
        this.syncing = event.data;
        this.syncError = null;
        break;
      case 'sync_finished':
        this.syncing = null;
        this.finished = event.data;
        void this.#refresh();
        break;
      case 'sync_failed':
        this.syncing = null;
        this.syncError = event.data;
        void this.#refresh();
        break;
      case 'changed':
        void this.#refresh();
        break;
    }
  }

  /** Asks again what there is: one question at a time, and one more if something changed meanwhile. */
  async #refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#refreshAgain = true;
      return;
    }
    this.#refreshing = true;
    try {
      do {
        this.#refreshAgain = false;
        const start = await this.backend.call('start', null);
        // What is under way is told by events, which may be newer than this answer.
        this.start = start;
        this.#keepToSomebody(start);
        this.revision += 1;
      } while (this.#refreshAgain);
    } catch (thrown) {
      if (this.start === null) this.failure = toApiError(thrown);
    } finally {
      this.#refreshing = false;
    }
  }
}

export const [useApp, provideApp] = createContext<AppState>();
