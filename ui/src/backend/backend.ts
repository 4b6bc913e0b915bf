import { ACTIONS, type Action } from '../lib/keys';
import { t } from '../texts';
import type { ApiError, Commands, ErrorCode, Event } from './api';

/** What the interface needs of the program it runs in: commands with an answer, and events. */
export interface Backend {
  /** Runs a command. Rejects with an {@link ApiError} and nothing else. */
  call<K extends keyof Commands>(name: K, input: Commands[K]['input']): Promise<Commands[K]['reply']>;
  /** Hands over every event until the function given back is called. */
  listen(onEvent: (event: Event) => void): () => void;
  /** Hands over what is chosen in the native menu until the function given back is called. */
  onMenu(onAction: (action: Action) => void): () => void;
}

/** An {@link ApiError} as it is thrown. */
export class Refusal extends Error implements ApiError {
  readonly code: ErrorCode;

  constructor({ code, message }: ApiError) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Whether something thrown is an {@link ApiError}. */
export function isApiError(thrown: unknown): thrown is ApiError {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    typeof (thrown as ApiError).code === 'string' &&
    typeof (thrown as ApiError).message === 'string'
  );
}

/** Anything thrown, as an {@link ApiError}: what is not one already is `internal`. */
export function toApiError(thrown: unknown): ApiError {
  if (isApiError(thrown)) return thrown;
  return { code: 'internal', message: t.internal };
}

/** The language of an error's sentence: English, unless it is one of our own (`undefined`: the page's). */
export function languageOf({ message }: ApiError): 'en' | undefined {
  return message === t.internal ? undefined : 'en';
}

/** Whether a menu's word is one of ours. */
export function isAction(word: string): word is Action {
  return (ACTIONS as readonly string[]).includes(word);
}
