/**
 * Marks the first time that something has been painted (User Timing, `performance.mark`). A frame's
 * callbacks run before it is painted; what they post runs after.
 */
export function painted(name: string): void {
  if (performance.getEntriesByName(name, 'mark').length > 0) return;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      if (performance.getEntriesByName(name, 'mark').length === 0) performance.mark(name);
      port1.close();
    };
    port2.postMessage(null);
  });
}
