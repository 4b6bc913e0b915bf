/** What can have the focus by itself or by Tab, and the headings that take it when a view opens. */
const FOCUSABLE =
  'h1[tabindex], [tabindex="0"], :is(a[href], button, input, select, textarea, summary):not([tabindex="-1"], [disabled])';
const OVER = 'dialog, [popover]';

/** An element and what stood before it. */
type Step = { at: Element; before: Element | null };

/**
 * Hands the focus on where what had it is taken out of the document: a link that leads to another view,
 * a button that does away with itself. It goes to what comes next in the nearest part that is left; where
 * that is the whole page, `arrive` says where. Gives what ends it.
 */
export function keepFocus(root: HTMLElement, arrive: () => void): () => void {
  /** What has the focus, and all that it stands in, from within. */
  let path: Step[] = [];
  /** The same of what had it before a dialog opened, or anything else that lies over the page. */
  let beneath: Step[] = [];

  function onfocusin({ target }: FocusEvent) {
    if (!(target instanceof Element)) return;
    if (target.closest(OVER) !== null && path[0]?.at.closest(OVER) == null) beneath = path;
    path = [];
    for (let at: Element | null = target; at !== null; at = at.parentElement)
      path.push({ at, before: at.previousElementSibling });
  }

  // Whoever lets go of it, by a click beside everything, does not want it back.
  function onfocusout({ target }: FocusEvent) {
    queueMicrotask(() => {
      const last = path[0]?.at;
      // A button that waits for an answer loses it against its will.
      if (last !== target || last?.isConnected !== true || last.matches(':disabled')) return;
      if (document.activeElement === document.body) path = [];
    });
  }

  function mend() {
    if (path[0]?.at.isConnected !== false || document.activeElement !== document.body) return;
    const ways = path.some(({ at }) => at.matches(OVER)) ? [beneath, path] : [path];
    path = [];
    beneath = [];
    for (const way of ways) {
      const next = nextOn(way, root);
      next?.focus();
      if (next !== null && document.activeElement === next) return;
    }
    arrive();
  }

  const observer = new MutationObserver(() => {
    // What takes the focus by itself when it comes does so first.
    if (path[0]?.at.isConnected === false) setTimeout(mend);
  });
  root.addEventListener('focusin', onfocusin);
  root.addEventListener('focusout', onfocusout);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    root.removeEventListener('focusin', onfocusin);
    root.removeEventListener('focusout', onfocusout);
    observer.disconnect();
  };
}

/** What is left of a way, or comes next to it in the nearest part that is left below the whole page. */
function nextOn(way: readonly Step[], root: HTMLElement): HTMLElement | null {
  for (const [depth, { at }] of way.entries()) {
    if (at === root || at.matches('main, body')) return null;
    if (!at.isConnected) continue;
    if (depth === 0) return at as HTMLElement;
    const before = way[depth - 1]?.before ?? null;
    const all = [...at.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) =>
      one.checkVisibility({ visibilityProperty: true }),
    );
    const after = before?.isConnected
      ? all.find((one) => before.compareDocumentPosition(one) === Node.DOCUMENT_POSITION_FOLLOWING)
      : undefined;
    const next = after ?? all[0];
    if (next !== undefined) return next;
  }
  return null;
}
