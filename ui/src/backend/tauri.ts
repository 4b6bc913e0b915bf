import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Event } from './api';
import { isAction, Refusal, toApiError, type Backend } from './backend';

/** The backend inside the desktop app. */
export const tauri: Backend = {
  async call(name, input) {
    try {
      return await invoke('call', { command: name, input });
    } catch (thrown) {
      throw new Refusal(toApiError(thrown));
    }
  },

  listen(onEvent) {
    const stop = listen<Event>('onhand', ({ payload }) => onEvent(payload));
    return () => void stop.then((unlisten) => unlisten());
  },

  onMenu(onAction) {
    const stop = listen<string>('onhand-menu', ({ payload }) => {
      if (isAction(payload)) onAction(payload);
    });
    return () => void stop.then((unlisten) => unlisten());
  },
};
