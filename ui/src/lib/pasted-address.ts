/** Why an address that was pasted cannot end the sign-in, as the key of its text. */
export type PasteError = 'missing' | 'isStart' | 'isPortal' | 'notAddress' | 'noAnswer';

/**
 * Looks at the address of the page that did not load: `null` where it may hold the portal's answer.
 * Whether the answer is this sign-in's own is for the core to say.
 */
export function checkPastedAddress(text: string, portal: string): PasteError | null {
  const address = text.trim();
  if (address === '') return 'missing';
  let url: URL;
  try {
    url = new URL(/^localhost[:/]/i.test(address) ? `https://${address}` : address);
  } catch {
    return 'notAddress';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'notAddress';
  if (url.origin === portal || url.hostname === 'onpatient.com' || url.hostname.endsWith('.onpatient.com')) {
    return 'isPortal';
  }
  if (url.searchParams.has('code') || url.searchParams.has('error')) return null;
  return url.pathname === '/start' ? 'isStart' : 'noAnswer';
}
