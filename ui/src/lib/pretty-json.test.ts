import { expect, test } from 'vitest';

import { prettyJson } from './pretty-json';

test('sets JSON out on lines', () => {
  expect(prettyJson('{"a":[1,{"b":null}],"c":{},"d":[]}')).toBe(
    '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {},\n  "d": []\n}',
  );
});

test('leaves every value exactly as it was sent', () => {
  const text = '{"value":7.0,"big":12345678901234567890,"text":"a \\u00e9 { \\" ,: } \\\\","value":1e2}';
  const pretty = prettyJson(text);
  expect(pretty).toContain('"value": 7.0');
  expect(pretty).toContain('12345678901234567890');
  expect(pretty).toContain('"a \\u00e9 { \\" ,: } \\\\"');
  expect(pretty).toContain('1e2');
});

test.each(['', 'not json "', '<html>"</html>', '{"a": "unended'])('leaves %j as it is', (text) => {
  expect(prettyJson(text)).toBe(text);
});

test('reads what is set out already in the same way', () => {
  const pretty = prettyJson('{"a":{"b":[1,2]}}');
  expect(prettyJson(pretty)).toBe(pretty);
});
