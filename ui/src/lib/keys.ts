/** The entries of the side bar, by their place in it. */
export const PLACES = ['go-1', 'go-2', 'go-3', 'go-4', 'go-5', 'go-6', 'go-7', 'go-8', 'go-9'] as const;

/** What can be done from anywhere, by key, by the menu, or from the palette. */
export const ACTIONS = [
  ...PLACES,
  'palette',
  'find',
  'back',
  'forward',
  'print',
  'copy',
  'larger',
  'smaller',
  'usual',
  'lock',
  'help',
  'settings',
  'next-pane',
  'previous-pane',
] as const;
export type Action = (typeof ACTIONS)[number];

/** The pieces of a key press that say what it means. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Whether this is a Mac, where ⌘ is what Ctrl is elsewhere. */
export function isMac(platform: string = navigator.platform): boolean {
  return /^(mac|iphone|ipad)/i.test(platform);
}

const WITH_MOD: Record<string, Action> = {
  k: 'palette',
  f: 'find',
  p: 'print',
  r: 'copy',
  l: 'lock',
  '[': 'back',
  ']': 'forward',
  '+': 'larger',
  '=': 'larger',
  '-': 'smaller',
  '−': 'smaller',
  _: 'smaller',
  '0': 'usual',
  ',': 'settings',
};

/** What a key press asks for; `null` where it is nothing of ours. */
export function actionOf(press: Press, mac: boolean): Action | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = press;
  if (key === 'F1' && !ctrlKey && !metaKey && !altKey) return 'help';
  if (key === 'F6' && !ctrlKey && !metaKey && !altKey) return shiftKey ? 'previous-pane' : 'next-pane';
  if (!mac && altKey && !ctrlKey && !metaKey && !shiftKey) {
    if (key === 'ArrowLeft') return 'back';
    if (key === 'ArrowRight') return 'forward';
  }
  const mod = mac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (!mod || altKey) return null;
  if (!shiftKey && /^[1-9]$/.test(key)) return `go-${key}` as Action;
  const action = WITH_MOD[key.toLowerCase()];
  if (action === undefined) return null;
  // With Shift only what is typed with it: on many keyboards + needs it.
  return shiftKey && action !== 'larger' && action !== 'smaller' ? null : action;
}

/** Whether keys typed here are meant for what is written, and not for us. */
export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]') !== null
  );
}
