import { createContext } from 'svelte';

import type { ApiError, Connect, Connecting, Event, Start, SyncProgress, SyncReport } from '../backend/api';
import { toApiError, type Backend } from '../backend';
import { calendarHere, type Calendar } from '../lib/when';
import { AppearanceState } from './appearance.svelte';
import { Copies } from './copies.svelte';
import { Router } from './router.svelte';

/** What the whole window knows: what is open, who is signed in, what is under way. */
export class AppState {
  readonly backend: Backend;
  readonly router = new Router();
  readonly appearance = new AppearanceState();
  readonly calendar: Calendar = calendarHere();
  readonly copies: Copies;

  start: Start | null = $state.raw(null);
  /** Why the very first question could not be answered. */
  failure: ApiError | null = $state.raw(null);
  connecting: Connecting | null = $state.raw(null);
  syncing: SyncProgress | null = $state.raw(null);
  /** The outcome of the last copy of this session. */
  finished: SyncReport | null = $state.raw(null);
  /** Why the last copy of this session could not run. */
  syncError: ApiError | null = $state.raw(null);
  /** Rises whenever records are other than before. */
  revision = $state(0);
  /** Whose records are shown; `null` for everybody's. */
  person: number | null = $state(null);

  /** The focus is to go to the list as soon as it stands. */
  wantsList = $state(false);

  #refreshing = false;
  #refreshAgain = false;

  constructor(backend: Backend) {
    this.backend = backend;
    this.copies = new Copies(backend);
  }

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
    try {
      this.#take(await this.backend.call('start', null));
    } catch (thrown) {
      this.failure = toApiError(thrown);
    }
  }

  async createDatabase(passphrase: string | null): Promise<void> {
    const vault = passphrase === null ? 'keychain' : 'passphrase';
    this.#take(await this.backend.call('create_database', { vault, passphrase }));
  }

  async unlock(passphrase: string): Promise<void> {
    this.#take(await this.backend.call('unlock', { passphrase }));
    this.revision += 1;
  }

  async connect(input: Connect): Promise<void> {
    if (this.start?.database === 'new') await this.createDatabase(null);
    this.connecting = await this.backend.call('connect', input);
  }

  async reconnect(account: number): Promise<void> {
    this.connecting = await this.backend.call('reconnect', { account });
  }

  /** Ends a sign-in that is under way, or puts a failed one aside. */
  async cancelConnect(): Promise<void> {
    this.connecting = null;
    await this.backend.call('cancel_connect', null);
  }

  async confirmPerson(accept: boolean): Promise<void> {
    this.#take(await this.backend.call('confirm_person', { answer: accept ? 'mine' : 'no' }));
    if (accept) this.router.go({ view: 'syncing' });
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
    this.person = null;
    this.finished = null;
    this.syncError = null;
    this.revision += 1;
  }

  #take(start: Start): void {
    this.start = start;
    this.connecting = start.connecting;
    this.syncing = start.syncing;
    if (!start.people.some(({ id }) => id === this.person)) this.person = null;
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
        if (!start.people.some(({ id }) => id === this.person)) this.person = null;
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
