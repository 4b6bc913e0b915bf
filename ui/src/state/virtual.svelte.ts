import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { createSubscriber } from 'svelte/reactivity';

type Options = Pick<
  VirtualizerOptions<HTMLElement, HTMLElement>,
  'count' | 'estimateSize' | 'getScrollElement' | 'overscan' | 'rangeExtractor'
>;

/** TanStack's virtualizer, read as Svelte state. */
export function virtual(initial: Options) {
  const rest = { observeElementRect, observeElementOffset, scrollToFn: elementScroll };
  let update: () => void = () => undefined;
  const onChange = () => update();
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>({ ...rest, ...initial, onChange });
  const subscribe = createSubscriber((changed) => {
    update = changed;
    const stop = virtualizer._didMount();
    virtualizer._willUpdate();
    return stop;
  });
  return {
    get items() {
      subscribe();
      return virtualizer.getVirtualItems();
    },
    get height() {
      subscribe();
      return virtualizer.getTotalSize();
    },
    get offset() {
      subscribe();
      return virtualizer.scrollOffset ?? 0;
    },
    /** Takes new options; with `resized`, sizes are asked for again. */
    set(options: Options, resized: boolean) {
      virtualizer.setOptions({ ...rest, ...options, onChange });
      virtualizer._willUpdate();
      if (resized) virtualizer.measure();
      update();
    },
    show: (index: number) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    toTop: () => virtualizer.scrollToOffset(0),
  };
}
