import type { Backend } from './backend';
import { http } from './http';
import { tauri } from './tauri';

/** The backend of where the interface runs: the desktop app, or a plain browser on the test host. */
export function openBackend(): Backend {
  return '__TAURI_INTERNALS__' in window ? tauri : http;
}

export type { Backend } from './backend';
export { isApiError, languageOf, toApiError } from './backend';
