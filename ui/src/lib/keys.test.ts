import { describe, expect, test } from 'vitest';

import { actionOf, isMac, type Press } from './keys';

function press(key: string, more: Partial<Press> = {}): Press {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more };
}

describe('a key', () => {
  test.each([
    ['k', 'palette'],
    ['K', 'palette'],
    ['f', 'find'],
    ['p', 'print'],
    ['r', 'copy'],
    ['l', 'lock'],
    ['[', 'back'],
    [']', 'forward'],
    ['+', 'larger'],
    ['=', 'larger'],
    ['-', 'smaller'],
    ['0', 'usual'],
    [',', 'settings'],
    ['1', 'go-1'],
    ['9', 'go-9'],
  ] as const)('%s with Ctrl, or with ⌘ on a Mac, is %s', (key, action) => {
    expect(actionOf(press(key, { ctrlKey: true }), false)).toBe(action);
    expect(actionOf(press(key, { metaKey: true }), true)).toBe(action);
    expect(actionOf(press(key, { metaKey: true }), false)).toBeNull();
    expect(actionOf(press(key, { ctrlKey: true }), true)).toBeNull();
    expect(actionOf(press(key), false)).toBeNull();
    expect(actionOf(press(key, { ctrlKey: true, altKey: true }), false)).toBeNull();
  });

  test('takes Shift where a keyboard needs it, and nowhere else', () => {
    expect(actionOf(press('+', { ctrlKey: true, shiftKey: true }), false)).toBe('larger');
    expect(actionOf(press('_', { ctrlKey: true, shiftKey: true }), false)).toBe('smaller');
    expect(actionOf(press('K', { ctrlKey: true, shiftKey: true }), false)).toBeNull();
    expect(actionOf(press('1', { ctrlKey: true, shiftKey: true }), false)).toBeNull();
  });

  test('of the top row works alone', () => {
    expect(actionOf(press('F1'), false)).toBe('help');
    expect(actionOf(press('F6'), true)).toBe('next-pane');
    expect(actionOf(press('F6', { shiftKey: true }), false)).toBe('previous-pane');
    expect(actionOf(press('F6', { ctrlKey: true }), false)).toBeNull();
  });

  test('goes back with Alt where that is the way', () => {
    expect(actionOf(press('ArrowLeft', { altKey: true }), false)).toBe('back');
    expect(actionOf(press('ArrowRight', { altKey: true }), false)).toBe('forward');
    expect(actionOf(press('ArrowLeft', { altKey: true }), true)).toBeNull();
  });

  test('knows a Mac', () => {
    expect(isMac('MacIntel')).toBe(true);
    expect(isMac('Linux x86_64')).toBe(false);
    expect(isMac('Win32')).toBe(false);
  });
});
