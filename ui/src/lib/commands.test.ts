import { expect, test } from 'vitest';

import { matchCommands, remember, type Command } from './commands';

const COMMANDS: Command[] = [
  { id: 'sync', label: 'Copy again', also: 'sync refresh update', run: () => undefined },
  { id: 'dark', label: 'Dark appearance', also: 'theme night', run: () => undefined },
];

test('commands are found by the beginnings of their words and of others for the same', () => {
  expect(matchCommands(COMMANDS, 'dar').map(({ id }) => id)).toEqual(['dark']);
  expect(matchCommands(COMMANDS, 'sync').map(({ id }) => id)).toEqual(['sync']);
  expect(matchCommands(COMMANDS, 'appearance theme').map(({ id }) => id)).toEqual(['dark']);
  expect(matchCommands(COMMANDS, 'opy')).toEqual([]);
  expect(matchCommands(COMMANDS, ' ')).toHaveLength(2);
});

test('recent searches stand once, newest first, and only so many', () => {
  expect(remember(['b', 'a'], ' A ', 5)).toEqual(['A', 'b']);
  expect(remember(['b', 'a'], 'c', 2)).toEqual(['c', 'b']);
  expect(remember(['b'], '  ', 2)).toEqual(['b']);
});
