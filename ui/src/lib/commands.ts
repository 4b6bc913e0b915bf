/** Something the palette can do: its words, others it is found by, and the deed. */
export interface Command {
  id: string;
  label: string;
  also?: string;
  run: () => void;
}

/** The commands whose words begin with every word typed, in the order given. */
export function matchCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const wanted = words(typed);
  if (wanted.length === 0) return commands;
  return commands.filter(({ label, also = '' }) => {
    const own = words(`${label} ${also}`);
    return wanted.every((word) => own.some((one) => one.startsWith(word)));
  });
}

/** The searches to offer again, newest first: one just made comes to the front, each stands once. */
export function remember(recent: readonly string[], query: string, kept: number): string[] {
  const trimmed = query.trim();
  if (trimmed === '') return [...recent];
  const same = (one: string) => one.toLowerCase() === trimmed.toLowerCase();
  return [trimmed, ...recent.filter((one) => !same(one))].slice(0, kept);
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
