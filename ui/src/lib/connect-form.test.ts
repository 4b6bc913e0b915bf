import { describe, expect, test } from 'vitest';

import { readConnectForm, type ConnectErrors, type ConnectForm } from './connect-form';

const filled: ConnectForm = { clientId: 'abc123', clientSecret: 'def456', portal: '', redirects: '' };

function errorsOf(change: Partial<ConnectForm>): ConnectErrors {
  const read = readConnectForm({ ...filled, ...change });
  return 'errors' in read ? read.errors : {};
}

function inputOf(change: Partial<ConnectForm>) {
  const read = readConnectForm({ ...filled, ...change });
  return 'input' in read ? read.input : null;
}

describe('the connect form', () => {
  test('sends what was pasted, without the space around it', () => {
    expect(inputOf({ clientId: ' abc123\n', clientSecret: '\tdef456 ' })).toEqual({
      client_id: 'abc123',
      client_secret: 'def456',
      portal: null,
      redirect_uris: null,
    });
  });

  test('names each field that is missing', () => {
    expect(errorsOf({ clientId: ' ', clientSecret: '' })).toEqual({
      clientId: 'idMissing',
      clientSecret: 'secretMissing',
    });
  });

  test('sees that an address was pasted for the id or the secret', () => {
    expect(errorsOf({ clientId: 'https://localhost:27443/callback' })).toEqual({ clientId: 'isAddress' });
    expect(errorsOf({ clientSecret: 'localhost:27443/callback' })).toEqual({ clientSecret: 'isAddress' });
  });

  test('sees two things pasted into one field, and one pasted into both', () => {
    expect(errorsOf({ clientId: 'abc 123' })).toEqual({ clientId: 'hasSpace' });
    expect(errorsOf({ clientSecret: 'abc123' })).toEqual({ clientSecret: 'same' });
  });

  test.each([
    ['https://mypractice.onpatient.com/login', 'https://mypractice.onpatient.com'],
    ['mypractice.onpatient.com', 'https://mypractice.onpatient.com'],
    ['https://onpatient.com', 'https://onpatient.com'],
    ['  ', null],
  ])('takes %j for a portal', (portal, origin) => {
    expect(inputOf({ portal })?.portal).toBe(origin);
  });

  test.each([
    ['http://mypractice.onpatient.com', 'portalNotHttps'],
    ['https://onpatient.com.example.org', 'portalForeign'],
    ['https://evilonpatient.com', 'portalForeign'],
    ['my practice', 'portalUnreadable'],
    ['ftp://onpatient.com', 'portalUnreadable'],
  ] as const)('refuses %j as a portal', (portal, error) => {
    expect(errorsOf({ portal })).toEqual({ portal: error });
  });

  test('takes redirect addresses line by line', () => {
    expect(
      inputOf({ redirects: 'https://localhost:9001/a\n\n https://localhost:9002/b ' })?.redirect_uris,
    ).toEqual(['https://localhost:9001/a', 'https://localhost:9002/b']);
    expect(errorsOf({ redirects: 'https://localhost:9001/a\nhttp://localhost:9002' })).toEqual({
      redirects: { line: 'http://localhost:9002' },
    });
  });
});
