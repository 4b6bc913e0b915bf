import type { Backend } from './backend';

/** The backend of where the interface runs: the desktop app, or a plain browser on the test host. */
export async function openBackend(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauri;
  return (await import('./http')).http;
}

export type { Backend } from './backend';
export { isApiError, toApiError } from './backend';
