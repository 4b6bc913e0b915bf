import type { Connect } from '../backend/api';

/** What a person types on the connect page. */
export type ConnectForm = { clientId: string; clientSecret: string; portal: string; redirects: string };

/** What keeps an id or a secret from being used, as the key of its text. */
export type CredentialError =
  | 'idMissing'
  | 'secretMissing'
  | 'isAddress'
  | 'hasSpace'
  | 'cutOff'
  | 'isStrange'
  | 'isSecret'
  | 'isId'
  | 'swapped'
  | 'same';

/** What is said of an id or a secret that can be used all the same. */
export type CredentialHint = 'fits' | 'cleaned' | 'idShort' | 'secretShort';

/** An id or a secret as it was pasted: what is sent of it, and what there is to say. */
export type Credential = { value: string; error: CredentialError | null; hint: CredentialHint | null };

/** What is wrong with the form, by field, as the key of its text; `redirects` names the line. */
export type ConnectErrors = {
  clientId?: CredentialError;
  clientSecret?: CredentialError;
  portal?: 'portalNotHttps' | 'portalForeign' | 'portalUnreadable';
  redirects?: { line: string };
};

/** Django OAuth Toolkit, which OnPatient's addresses are those of, gives ids of 40 and secrets of 128. */
const ID_LENGTH = 40;
const SECRET_LENGTH = 128;
/** From here on a text is taken for a secret, and below for an id, where the other field says so too. */
const BETWEEN = 80;

/** Checks the id and the secret as they stand in their fields, each against the other too. */
export function checkCredentials(
  idText: string,
  secretText: string,
): { clientId: Credential; clientSecret: Credential } {
  const id = clean(idText);
  const secret = clean(secretText);
  const idError = misread(id.value);
  const secretError = misread(secret.value);
  const clientId: Credential = { value: id.value, error: idError, hint: null };
  const clientSecret: Credential = { value: secret.value, error: secretError, hint: null };

  if (idError === null && secretError === null) {
    const idIsLong = id.value.length >= BETWEEN;
    const secretIsShort = secret.value !== '' && secret.value.length <= ID_LENGTH;
    if (id.value !== '' && id.value === secret.value) {
      clientSecret.error = 'same';
    } else if (idIsLong && secret.value !== '' && secret.value.length < BETWEEN) {
      clientId.error = 'swapped';
      clientSecret.error = 'swapped';
    } else if (idIsLong && secret.value === '') {
      clientId.error = 'isSecret';
    } else if (secretIsShort && secret.value.length === ID_LENGTH && id.value === '') {
      clientSecret.error = 'isId';
    }
  }
  clientId.hint = hint(clientId, id.cleaned, ID_LENGTH, 'idShort');
  clientSecret.hint = hint(clientSecret, secret.cleaned, SECRET_LENGTH, 'secretShort');
  return { clientId, clientSecret };
}

/** Reads the form: what to send, or what is to be mended first. */
export function readConnectForm(form: ConnectForm): { input: Connect } | { errors: ConnectErrors } {
  const errors: ConnectErrors = {};
  const { clientId, clientSecret } = checkCredentials(form.clientId, form.clientSecret);
  const idError = clientId.value === '' ? 'idMissing' : clientId.error;
  const secretError = clientSecret.value === '' ? 'secretMissing' : clientSecret.error;
  if (idError !== null) errors.clientId = idError;
  if (secretError !== null) errors.clientSecret = secretError;

  const place = readPlace(form);
  if ('errors' in place) Object.assign(errors, place.errors);

  if ('errors' in place || Object.keys(errors).length > 0) return { errors };
  return {
    input: { client_id: clientId.value, client_secret: clientSecret.value, ...place.input },
  };
}

/** Reads which portal is meant and by which addresses it leads back; `null` for the usual ones. */
export function readPlace({
  portal: portalText,
  redirects: redirectsText,
}: Pick<ConnectForm, 'portal' | 'redirects'>):
  | { input: Pick<Connect, 'portal' | 'redirect_uris'> }
  | { errors: Pick<ConnectErrors, 'portal' | 'redirects'> } {
  const errors: Pick<ConnectErrors, 'portal' | 'redirects'> = {};
  const portal = readPortal(portalText);
  if (portal.error !== null) errors.portal = portal.error;
  const redirects = linesOf(redirectsText);
  const unreadable = redirects.find((line) => !leadsBack(line));
  if (unreadable !== undefined) errors.redirects = { line: unreadable };
  if (Object.keys(errors).length > 0) return { errors };
  return { input: { portal: portal.origin, redirect_uris: redirects.length === 0 ? null : redirects } };
}

/** The addresses to register: those typed, as far as they can be read, or else the usual ones. */
export function addressesToRegister(redirects: string, usual: readonly string[]): readonly string[] {
  const typed = linesOf(redirects).filter(leadsBack);
  return typed.length === 0 ? usual : typed;
}

/** The name of a portal for a person: `mypractice.onpatient.com`. */
export function hostOf(portal: string): string {
  return parseUrl(portal)?.host ?? portal;
}

/** Takes away what comes along with a copied text: space and quotation marks around it, marks that are not seen. */
function clean(text: string): { value: string; cleaned: boolean } {
  // eslint-disable-next-line no-control-regex -- what is copied from a page may hold them
  const seen = text.replace(/[\u0000-\u001f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+/g, (marks) =>
    /[\t\n\r]/.test(marks) ? ' ' : '',
  );
  const bare = seen.trim().replace(/^[\s"'`“”„‘’«»‹›]+|[\s"'`“”„‘’«»‹›]+$/g, '');
  return { value: bare, cleaned: bare !== seen.trim() };
}

/** What a text cannot be, read for itself. */
function misread(value: string): CredentialError | null {
  if (value === '') return null;
  if (isAddress(value)) return 'isAddress';
  if (/(\.\.\.|…)$/.test(value) || /^(\.\.\.|…)/.test(value)) return 'cutOff';
  if (/\s/.test(value)) return 'hasSpace';
  if (!/^[\x21-\x7e]+$/.test(value)) return 'isStrange';
  return null;
}

function hint(
  { value, error }: Credential,
  cleaned: boolean,
  usual: number,
  short: CredentialHint,
): CredentialHint | null {
  if (value === '' || error !== null) return null;
  if (value.length < usual) return short;
  return cleaned ? 'cleaned' : 'fits';
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
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
  return /^[a-z]+:\/\//i.test(text) || /localhost|onpatient\.com/i.test(text);
}

/** Whether Onhand can wait at an address: on this computer, at a port of its own, and not at one of its own pages. */
function leadsBack(text: string): boolean {
  const url = parseUrl(text);
  return (
    url?.protocol === 'https:' &&
    url.hostname === 'localhost' &&
    url.port !== '' &&
    url.username + url.password + url.search + url.hash === '' &&
    !['/start', '/done', '/failed'].includes(url.pathname)
  );
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
