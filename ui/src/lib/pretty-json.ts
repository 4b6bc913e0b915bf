const INDENT = '  ';

/**
 * Sets JSON out on lines without reading its values: every number, escape and key stays exactly as
 * it was sent. A text that is not JSON comes back as it is.
 */
export function prettyJson(text: string): string {
  const tokens = text.match(TOKEN);
  if (tokens?.join('').replaceAll(/\s/g, '') !== text.replaceAll(/\s/g, '')) return text;
  let out = '';
  let depth = 0;
  const line = () => '\n' + INDENT.repeat(Math.max(0, depth));
  tokens.forEach((token, at) => {
    if (token === '{' || token === '[') {
      depth += 1;
      out += token;
      const next = tokens[at + 1];
      if (next !== '}' && next !== ']') out += line();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const before = tokens[at - 1];
      out += (before === '{' || before === '[' ? '' : line()) + token;
    } else if (token === ',') {
      out += token + line();
    } else if (token === ':') {
      out += ': ';
    } else {
      out += token;
    }
  });
  return out;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;
