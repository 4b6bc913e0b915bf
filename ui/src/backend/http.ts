import type { Commands, Event } from './api';
import { isApiError, Refusal, toApiError, type Backend } from './backend';

/** The backend in a plain browser: the host that tests use speaks this over loopback. */
export const http: Backend = {
  async call<K extends keyof Commands>(name: K, input: Commands[K]['input']): Promise<Commands[K]['reply']> {
    let answer: Response;
    let body: unknown;
    try {
      answer = await fetch(`/call/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      body = await answer.json();
    } catch (thrown) {
      throw new Refusal(toApiError(thrown));
    }
    if (!answer.ok || isApiError(body)) throw new Refusal(toApiError(body));
    return body as Commands[K]['reply'];
  },

  listen(onEvent) {
    const source = new EventSource('/events');
    source.onmessage = ({ data }: MessageEvent<string>) => onEvent(JSON.parse(data) as Event);
    return () => source.close();
  },

  // A browser's menu is its own.
  onMenu: () => () => undefined,
};
