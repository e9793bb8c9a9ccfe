import type { ApprovalRecord, AskedName, Directory, DirectoryEntry } from "./records.ts";

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

/** Whether the entry has the text name that was asked about. */
function isNamed(entry: DirectoryEntry, name: AskedName): boolean {
  // An entry that was taken out and put in again begins at the first version once more.
  return keyOf(entry) === keyOf(name) && entry.version === name.version && entry.textName === name.textName;
}

/**
 * The entries that a request asks about; undefined where one of them is gone, has another text name or an approved one by
 * now, or was asked about anew: such a request has lapsed.
 */
export function entriesAsked(
  directory: Directory | undefined,
  { id, names }: Pick<ApprovalRecord, "id" | "names">,
): readonly DirectoryEntry[] | undefined {
  const found = names.flatMap((name) =>
    (directory?.entries ?? []).filter(
      // Entries from before this was noted do not say who asks.
      (entry) => isNamed(entry, name) && isWaiting(entry) && (entry.asked ?? id) === id,
    ),
  );
  return found.length === names.length ? found : undefined;
}

/** The entries whose approved text name is one that was asked about. */
export function entriesInForce(
  directory: Directory | undefined,
  names: readonly AskedName[],
): readonly DirectoryEntry[] {
  return (directory?.entries ?? []).filter(({ id, kind, approved }) =>
    names.some(
      (name) =>
        keyOf(name) === keyOf({ id, kind }) &&
        approved?.version === name.version &&
        approved.textName === name.textName,
    ),
  );
}

/** The one request that all of these names were asked about in, if it asks about nothing else. */
export function requestOf(directory: Directory | undefined, names: readonly AskedName[]): string | undefined {
  const ids = names.map(
    (name) => (directory?.entries ?? []).find((entry) => keyOf(entry) === keyOf(name))?.asked,
  );
  const [first] = ids;
  const others = (directory?.entries ?? []).filter(
    (entry) => entry.asked === first && !names.some((name) => keyOf(name) === keyOf(entry)),
  );
  return ids.every((id) => id === first) && others.length === 0 ? first : undefined;
}

/** The entries, with a note of the request that asks about these names. */
export function withRequest(
  entries: readonly DirectoryEntry[],
  names: readonly AskedName[],
  asked: string,
): readonly DirectoryEntry[] {
  return entries.map((entry) =>
    names.some((name) => keyOf(name) === keyOf(entry)) ? { ...entry, asked } : entry,
  );
}
