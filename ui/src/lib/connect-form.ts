import type { Connect } from '../backend/api';

/** What a person types on the connect page. */
export type ConnectForm = { clientId: string; clientSecret: string; portal: string; redirects: string };

/** What is wrong with it, by field, as the key of its text; `redirects` names the line. */
export type ConnectErrors = {
  clientId?: 'idMissing' | 'isAddress' | 'hasSpace';
  clientSecret?: 'secretMissing' | 'isAddress' | 'hasSpace' | 'same';
  portal?: 'portalNotHttps' | 'portalForeign' | 'portalUnreadable';
  redirects?: { line: string };
};

/** Reads the form: what to send, or what is to be mended first. */
export function readConnectForm(form: ConnectForm): { input: Connect } | { errors: ConnectErrors } {
  const errors: ConnectErrors = {};
  const clientId = form.clientId.trim();
  const clientSecret = form.clientSecret.trim();

  if (clientId === '') errors.clientId = 'idMissing';
  else if (isAddress(clientId)) errors.clientId = 'isAddress';
  else if (/\s/.test(clientId)) errors.clientId = 'hasSpace';

  if (clientSecret === '') errors.clientSecret = 'secretMissing';
  else if (isAddress(clientSecret)) errors.clientSecret = 'isAddress';
  else if (/\s/.test(clientSecret)) errors.clientSecret = 'hasSpace';
  else if (clientSecret === clientId) errors.clientSecret = 'same';

  const portal = readPortal(form.portal);
  if (portal.error !== null) errors.portal = portal.error;

  const redirects = form.redirects
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const unreadable = redirects.find((line) => !isHttps(line));
  if (unreadable !== undefined) errors.redirects = { line: unreadable };

  if (Object.keys(errors).length > 0) return { errors };
  return {
    input: {
      client_id: clientId,
      client_secret: clientSecret,
      portal: portal.origin,
      redirect_uris: redirects.length === 0 ? null : redirects,
    },
  };
}

function readPortal(text: string): {
  origin: string | null;
  error: NonNullable<ConnectErrors['portal']> | null;
} {
  const written = text.trim();
  if (written === '') return { origin: null, error: null };
  if (/^http:/i.test(written)) return { origin: null, error: 'portalNotHttps' };
  const url = parseUrl(/^[a-z]+:/i.test(written) ? written : `https://${written}`);
  if (url?.protocol !== 'https:' || !url.hostname.includes('.'))
    return { origin: null, error: 'portalUnreadable' };
  const own = url.hostname === 'onpatient.com' || url.hostname.endsWith('.onpatient.com');
  return own ? { origin: url.origin, error: null } : { origin: null, error: 'portalForeign' };
}

function isAddress(text: string): boolean {
  return /^[a-z]+:\/\//i.test(text) || text.includes('localhost');
}

function isHttps(text: string): boolean {
  return parseUrl(text)?.protocol === 'https:';
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
