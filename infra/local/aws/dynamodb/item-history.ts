/** What was written to one item: its JSON text from that moment on, or nothing where it was deleted. */
type ItemVersion = { readonly atMs: number; readonly text: string | undefined };

/** One item that a window of time changed. */
export type ItemChange = {
  /** The last write inside the window, in milliseconds since the epoch. */
  readonly atMs: number;
  /** The item's JSON text when the window began; undefined where it did not exist. */
  readonly before: string | undefined;
  /** The item's JSON text when the window ended; undefined where it did not exist any more. */
  readonly after: string | undefined;
};

/** Every write to a table's items: what point-in-time recovery keeps, from which exports are made. */
export type ItemHistory = {
  /** Notes a write at a time that is not before the last one; without a text the item was deleted. */
  note(key: string, atMs: number, text: string | undefined): void;
  /** The JSON text of every item as it was at a time, in key order. */
  at(atMs: number): readonly string[];
  /** The items that were written from `fromMs` on and before `toMs`; what came and went in between is left out. */
  changes(fromMs: number, toMs: number): readonly ItemChange[];
};

/** An empty history. */
export function createItemHistory(): ItemHistory {
  const items = new Map<string, ItemVersion[]>();
  return {
    note(key, atMs, text) {
      const versions = items.get(key) ?? [];
      // Of writes in the same millisecond only the last can be seen later; one that was taken back was none.
      let isSameMoment = false;
      while ((versions.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) >= atMs) {
        versions.pop();
        isSameMoment = true;
      }
      if (!isSameMoment || versions.at(-1)?.text !== text) versions.push({ atMs, text });
      if (versions.length === 0) items.delete(key);
      else items.set(key, versions);
    },
    at: (atMs) =>
      [...items]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([, versions]) => versions.findLast((version) => version.atMs <= atMs)?.text)
        .filter((text) => text !== undefined),
    changes: (fromMs, toMs) =>
      [...items.values()].flatMap((versions): readonly ItemChange[] => {
        const last = versions.findLast((version) => version.atMs < toMs);
        if (last === undefined || last.atMs < fromMs) return [];
        const before = versions.findLast((version) => version.atMs < fromMs)?.text;
        return before === undefined && last.text === undefined
          ? []
          : [{ atMs: last.atMs, before, after: last.text }];
      }),
  };
}
