import type { AskedName, Directory, DirectoryEntry } from "./records.ts";

/** What the practice says of an entry. */
export type ProposedEntry = Pick<DirectoryEntry, "id" | "kind" | "name" | "codes" | "timeZone" | "textName">;

/** A directory that is to follow another, and how they differ. */
export interface DirectoryChange {
  readonly entries: readonly DirectoryEntry[];
  /** Entries whose text name is new. */
  readonly proposed: readonly DirectoryEntry[];
  readonly removed: readonly DirectoryEntry[];
  /** False: it says the same as before. */
  readonly changed: boolean;
}

const keyOf = ({ kind, id }: Pick<DirectoryEntry, "kind" | "id">) => `${kind}#${id}`;

/**
 * The directory as somebody wants it. An approved text name stays in force while another is proposed; an entry that is
 * left out is gone.
 */
export function changeDirectory(
  present: Directory | undefined,
  wanted: readonly ProposedEntry[],
  actor: string,
): DirectoryChange {
  const before = new Map((present?.entries ?? []).map((entry) => [keyOf(entry), entry]));
  const proposed: DirectoryEntry[] = [];
  const entries = wanted.map((proposal): DirectoryEntry => {
    const known = before.get(keyOf(proposal));
    before.delete(keyOf(proposal));
    if (known !== undefined && known.textName === proposal.textName) return { ...known, ...proposal };
    const version = (known?.version ?? 0) + 1;
    const entry = { ...proposal, version, approved: known?.approved ?? null, proposedBy: actor };
    proposed.push(entry);
    return entry;
  });
  const removed = [...before.values()];
  const changed = JSON.stringify(entries) !== JSON.stringify(present?.entries ?? []);
  return { entries, proposed, removed, changed };
}

/** True where a second person has still to look at the text name. */
export function isWaiting({ textName, approved }: DirectoryEntry): boolean {
  return approved?.textName !== textName;
}

/** The text names that wait, of one entry or of all. */
export function waitingNames(directory: Directory | undefined, target: string): readonly AskedName[] {
  return (directory?.entries ?? [])
    .filter((entry) => isWaiting(entry) && (target === "directory" || entry.id === target))
    .map(({ id, kind, textName, version }) => ({ id, kind, textName, version }));
}

/** The entries that were asked about; undefined where one is gone or has another text name by now. */
export function entriesAsked(
  directory: Directory | undefined,
  names: readonly AskedName[],
): readonly DirectoryEntry[] | undefined {
  const found = names.flatMap((name) =>
    (directory?.entries ?? []).filter(
      (entry) => keyOf(entry) === keyOf(name) && entry.version === name.version,
    ),
  );
  return found.length === names.length ? found : undefined;
}
