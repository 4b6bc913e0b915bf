import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { keepFocus } from './focus';

let root: HTMLElement;
let stop: () => void;
const arrive = vi.fn();

function show(html: string) {
  root.innerHTML = html;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no #${id}`);
  return found;
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
  stop = keepFocus(root, arrive);
  arrive.mockReset();
});

afterEach(() => {
  stop();
  root.remove();
});

describe('where what has the focus is taken away', () => {
  test('the focus goes to what is left beside it', async () => {
    show(
      '<main><section><p><button id="one">One</button></p><a id="two" href="#/x">Two</a></section></main>',
    );
    byId('one').focus();
    byId('one').remove();
    await settled();
    expect(document.activeElement).toBe(byId('two'));
    expect(arrive).not.toHaveBeenCalled();
  });

  test('to what takes its place', async () => {
    show(
      '<main><section><h1 id="head" tabindex="-1">Head</h1><p>Text</p><form id="form"><button id="one">One</button></form><a href="#/x">More</a></section></main>',
    );
    byId('one').focus();
    const instead = document.createElement('p');
    instead.innerHTML = '<button id="instead">Instead</button>';
    byId('form').replaceWith(instead);
    await settled();
    expect(document.activeElement).toBe(byId('instead'));
  });

  test('to the heading of what is shown in its place', async () => {
    show(
      '<main><section><a href="#/y">Back</a><article id="one"><a id="link" href="#/x">Link</a></article></section></main>',
    );
    byId('link').focus();
    const instead = document.createElement('article');
    instead.innerHTML = '<h1 id="head" tabindex="-1">Head</h1><button>Copy</button>';
    byId('one').replaceWith(instead);
    await settled();
    expect(document.activeElement).toBe(byId('head'));
  });

  test('to the view, where nothing of it is left', async () => {
    show('<main><p><a id="one" href="#/x">One</a></p></main><button>Elsewhere</button>');
    byId('one').focus();
    document.querySelector('main')?.replaceChildren();
    await settled();
    expect(arrive).toHaveBeenCalledOnce();
  });

  test('back to what a dialog was opened from', async () => {
    show(
      '<main><button id="one">One</button><dialog><button id="yes">Yes</button></dialog><p><button>Two</button></p></main>',
    );
    byId('one').focus();
    const dialog = byId('yes').closest('dialog');
    dialog?.show();
    byId('yes').focus();
    dialog?.remove();
    await settled();
    expect(document.activeElement).toBe(byId('one'));
  });

  test('nowhere, where somebody let go of it or has it elsewhere', async () => {
    show('<main><button id="one">One</button><button id="two">Two</button></main>');
    byId('one').focus();
    byId('one').blur();
    await settled();
    byId('one').remove();
    await settled();
    expect(document.activeElement).toBe(document.body);
    show('<main><button id="one">One</button><button id="two">Two</button></main>');
    byId('one').focus();
    byId('one').remove();
    byId('two').focus();
    await settled();
    expect(document.activeElement).toBe(byId('two'));
    expect(arrive).not.toHaveBeenCalled();
  });
});
