/** A key of links with the id that its tokens state. */
export interface LinkKey {
  /** 1 to 255. */
  readonly id: number;
  /** MAC under the key: links, and codes of these links. */
  readonly mac: (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;
}

/** The keys of links that are in force. */
export interface LinkKeys {
  /** Under which new links are minted. */
  readonly current: LinkKey;
  /** Under which older links still open, while keys overlap; null where none does. */
  readonly previous: LinkKey | null;
}

/** The key with this id, where it is in force. */
export function linkKeyOf({ current, previous }: LinkKeys, id: number): LinkKey | undefined {
  if (id === current.id) return current;
  return previous !== null && id === previous.id ? previous : undefined;
}
