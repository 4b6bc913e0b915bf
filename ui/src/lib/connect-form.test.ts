import { describe, expect, test } from 'vitest';

import {
  addressesToRegister,
  checkCredentials,
  readConnectForm,
  type ConnectErrors,
  type ConnectForm,
} from './connect-form';

const ID = 'qT7vLw0ZpN4cXy2RkHd9sMbJ6uEa1fGi8oVt3WnB';
const SECRET = `${'m3XcV9bTq8LzKp0sYwRj5uNhGf2dEa7Q'.repeat(4)}`;
const filled: ConnectForm = { clientId: ID, clientSecret: SECRET, portal: '', redirects: '' };

function errorsOf(change: Partial<ConnectForm>): ConnectErrors {
  const read = readConnectForm({ ...filled, ...change });
  return 'errors' in read ? read.errors : {};
}

function inputOf(change: Partial<ConnectForm>) {
  const read = readConnectForm({ ...filled, ...change });
  return 'input' in read ? read.input : null;
}

describe('the id and the secret, as they are pasted,', () => {
  test('fit, and nothing is said of an empty field', () => {
    const { clientId, clientSecret } = checkCredentials(ID, SECRET);
    expect(clientId).toEqual({ value: ID, error: null, hint: 'fits' });
    expect(clientSecret).toEqual({ value: SECRET, error: null, hint: 'fits' });
    expect(checkCredentials('', '').clientId).toEqual({ value: '', error: null, hint: null });
  });

  test.each([`"${ID}"`, `“${ID}”`, `'${ID}' `, `\`${ID}\``, `«${ID}»`])(
    'are freed of the quotation marks of %j',
    (text) => {
      expect(checkCredentials(text, '').clientId).toEqual({ value: ID, error: null, hint: 'cleaned' });
    },
  );

  test('are freed of space around them and of marks that nobody sees', () => {
    expect(checkCredentials(` \u200b${ID}\ufeff\r\n`, '').clientId.value).toBe(ID);
  });

  test.each([
    [SECRET, ID, 'swapped', 'swapped'],
    [SECRET, '', 'isSecret', null],
    ['', ID, null, 'isId'],
    [ID, ID, null, 'same'],
    ['https://localhost:27443/callback', SECRET, 'isAddress', null],
    [ID, 'localhost:27443/callback', null, 'isAddress'],
    [ID, 'onpatient.com', null, 'isAddress'],
    [`${ID} ${SECRET}`, '', 'hasSpace', null],
    [`${ID}\n${SECRET}`, '', 'hasSpace', null],
    [`${ID.slice(0, 20)}…`, SECRET, 'cutOff', null],
    [ID, `${SECRET.slice(0, 50)}...`, null, 'cutOff'],
    [`${ID.slice(0, 39)}é`, SECRET, 'isStrange', null],
  ] as const)('say what is wrong with %j and %j', (id, secret, idError, secretError) => {
    const { clientId, clientSecret } = checkCredentials(id, secret);
    expect([clientId.error, clientSecret.error]).toEqual([idError, secretError]);
  });

  test('are doubted, and taken all the same, where they are short', () => {
    const { clientId, clientSecret } = checkCredentials(ID.slice(0, 30), SECRET.slice(0, 100));
    expect(clientId).toMatchObject({ error: null, hint: 'idShort' });
    expect(clientSecret).toMatchObject({ error: null, hint: 'secretShort' });
    expect(inputOf({ clientId: 'abc123', clientSecret: 'def456' })).not.toBeNull();
  });
});

describe('the connect form', () => {
  test('sends what was pasted, without what is around it', () => {
    expect(inputOf({ clientId: ` ${ID}\n`, clientSecret: `\t“${SECRET}” ` })).toEqual({
      client_id: ID,
      client_secret: SECRET,
      portal: null,
      redirect_uris: null,
    });
  });

  test('names each field that is missing', () => {
    expect(errorsOf({ clientId: ' ', clientSecret: '""' })).toEqual({
      clientId: 'idMissing',
      clientSecret: 'secretMissing',
    });
  });

  test('sends nothing that is wrong', () => {
    expect(errorsOf({ clientId: SECRET, clientSecret: ID })).toEqual({
      clientId: 'swapped',
      clientSecret: 'swapped',
    });
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

  test.each([
    'http://localhost:9001/cb',
    'https://localhost/cb',
    'https://127.0.0.1:9001/cb',
    'https://localhost.example.org:9001/cb',
    'https://someone@localhost:9001/cb',
    'https://localhost:9001/cb?x=1',
    'https://localhost:9001/start',
    'https://example.org/cb',
    'localhost:9001/cb',
    'my computer',
  ])('refuses %j, at which Onhand cannot wait', (line) => {
    expect(errorsOf({ redirects: line })).toEqual({ redirects: { line } });
    expect(addressesToRegister(line, ['x'])).toEqual(['x']);
  });

  test('has those registered that were typed, or the usual ones', () => {
    expect(addressesToRegister('', ['https://localhost:27443/callback'])).toEqual([
      'https://localhost:27443/callback',
    ]);
    expect(addressesToRegister('https://localhost:9001/a\nhttp', ['x'])).toEqual([
      'https://localhost:9001/a',
    ]);
  });
});
