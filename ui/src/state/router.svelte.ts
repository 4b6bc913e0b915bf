import { formatRoute, isList, parseRoute, type ListRoute, type Route } from '../lib/route';

/** Where in the app the person is. The address's fragment holds it, so that going back works. */
export class Router {
  current: Route = $state.raw(parseRoute(location.hash));
  /** Where the search began: there its end leads back. */
  #beforeSearch: ListRoute = { view: 'timeline', kinds: [], record: null };

  constructor() {
    if (isList(this.current) && this.current.view !== 'search') this.#beforeSearch = this.current;
  }

  /** Follows the address until the function given back is called. */
  follow(): () => void {
    const onHashChange = () => this.#set(parseRoute(location.hash));
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
  }

  go(route: Route): void {
    const hash = formatRoute(route);
    if (hash !== location.hash) history.pushState(null, '', hash);
    this.#set(route);
  }

  replace(route: Route): void {
    history.replaceState(null, '', formatRoute(route));
    this.#set(route);
  }

  /** Shows what a search finds; a blank one goes back to where it began. */
  search(query: string): void {
    if (query.trim() === '') {
      this.endSearch();
    } else if (this.current.view === 'search') {
      this.replace({ view: 'search', query, record: null });
    } else {
      this.go({ view: 'search', query, record: null });
    }
  }

  endSearch(): void {
    if (this.current.view === 'search') this.go(this.#beforeSearch);
  }

  #set(route: Route): void {
    if (isList(route) && route.view !== 'search') this.#beforeSearch = route;
    this.current = route;
  }
}
