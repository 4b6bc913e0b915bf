import { GROUPS, type GroupName } from './kinds';
import type { Change, Kind } from '../backend/api';

/** A list of records: everything by time, one group of kinds, or what a search found. */
export type ListRoute =
  | { view: 'timeline'; kinds: Kind[]; record: number | null }
  | { view: 'group'; group: GroupName; kinds: Kind[]; record: number | null }
  | { view: 'search'; query: string; record: number | null }
  /** What one copy brought. */
  | { view: 'news'; run: number; change: Change; record: number | null };

/** Labs and vitals: all tests or those of one panel, a test over time, a panel over time. */
export type LabsRoute =
  | { view: 'labs'; panel: string | null; out: boolean }
  | { view: 'test'; key: string }
  | { view: 'panel'; record: number };

/** One copy of the history of copies. */
export type RunRoute = { view: 'run'; account: number; run: number };

/** A page without a list. */
export type PageRoute = {
  view: 'start' | 'summary' | 'help' | 'connect' | 'syncing' | 'connection' | 'requests' | 'settings';
};

export type Route = ListRoute | LabsRoute | RunRoute | PageRoute;

const PAGES: readonly string[] = [
  'start',
  'summary',
  'help',
  'connect',
  'syncing',
  'connection',
  'requests',
  'settings',
];
const CHANGES: readonly Change[] = ['any', 'new', 'changed', 'gone', 'moved', 'back'];

/** The route of an address's fragment; an unknown one is the start. */
export function parseRoute(hash: string): Route {
  const [path = '', queryText = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const parts = path.split('/').map(decode);
  const query = new URLSearchParams(queryText);
  const [head = ''] = parts;

  if (head === 'timeline') {
    return { view: 'timeline', kinds: kindsOf(query, ALL_KINDS), record: idOf(parts[1]) };
  }
  if (head === 'kind') {
    const group = GROUPS.find(({ name }) => name === parts[1]);
    if (group === undefined) return { view: 'timeline', kinds: [], record: null };
    return { view: 'group', group: group.name, kinds: kindsOf(query, group.kinds), record: idOf(parts[2]) };
  }
  if (head === 'news') {
    const run = idOf(parts[1]);
    const change = CHANGES.find((name) => name === parts[2]);
    if (run === null || change === undefined) return { view: 'connection' };
    return { view: 'news', run, change, record: idOf(parts[3]) };
  }
  if (head === 'labs') {
    const record = idOf(parts[2]);
    if (parts[1] === 'test' && parts[2] !== undefined && parts[2] !== '')
      return { view: 'test', key: parts[2] };
    if (parts[1] === 'panel' && record !== null) return { view: 'panel', record };
    return { view: 'labs', panel: query.get('panel'), out: query.get('out') === '1' };
  }
  if (head === 'connection') {
    const [account, run] = [idOf(parts[1]), idOf(parts[2])];
    if (account !== null && run !== null) return { view: 'run', account, run };
  }
  if (head === 'search') return { view: 'search', query: query.get('q') ?? '', record: idOf(parts[1]) };
  return { view: PAGES.includes(head) ? (head as PageRoute['view']) : 'start' };
}

/** The fragment of a route, with its `#`. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'timeline':
      return `#/timeline${idPart(route.record)}${kindsPart(route.kinds)}`;
    case 'group':
      return `#/kind/${route.group}${idPart(route.record)}${kindsPart(route.kinds)}`;
    case 'search': {
      const query = new URLSearchParams({ q: route.query });
      return `#/search${idPart(route.record)}?${query.toString()}`;
    }
    case 'news':
      return `#/news/${route.run}/${route.change}${idPart(route.record)}`;
    case 'labs': {
      const query = new URLSearchParams({
        ...(route.panel === null ? {} : { panel: route.panel }),
        ...(route.out ? { out: '1' } : {}),
      }).toString();
      return `#/labs${query === '' ? '' : `?${query}`}`;
    }
    case 'test':
      return `#/labs/test/${encodeURIComponent(route.key)}`;
    case 'panel':
      return `#/labs/panel/${route.record}`;
    case 'run':
      return `#/connection/${route.account}/${route.run}`;
    case 'start':
    case 'summary':
    case 'help':
    case 'connect':
    case 'syncing':
    case 'connection':
    case 'requests':
    case 'settings':
      return `#/${route.view}`;
  }
}

/** Whether a route shows a list of records. */
export function isList(route: Route): route is ListRoute {
  return (
    route.view === 'timeline' || route.view === 'group' || route.view === 'search' || route.view === 'news'
  );
}

const ALL_KINDS: readonly Kind[] = GROUPS.flatMap(({ kinds }) => kinds);

function idOf(part: string | undefined): number | null {
  return part !== undefined && /^\d{1,15}$/.test(part) ? Number(part) : null;
}

function idPart(id: number | null): string {
  return id === null ? '' : `/${id}`;
}

function kindsOf(query: URLSearchParams, allowed: readonly Kind[]): Kind[] {
  const asked = (query.get('kinds') ?? '').split(',');
  return allowed.filter((kind) => asked.includes(kind));
}

function kindsPart(kinds: readonly Kind[]): string {
  return kinds.length === 0 ? '' : `?kinds=${kinds.join(',')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
