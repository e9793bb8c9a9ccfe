import type { DirectoryEntry, DirectoryKind } from "#shared/vocabulary/records.ts";

/** What a request says of an entry. */
interface AskedEntry {
  readonly id: string;
  readonly name: string;
  readonly textName: string;
  readonly codes?: readonly string[] | undefined;
  readonly timeZone?: string | null | undefined;
}

/** The lists of the directory by their names in requests and answers. */
const LISTS = { location: "locations", provider: "providers", pharmacy: "pharmacies" } as const;
type Lists<Entry> = Readonly<Record<(typeof LISTS)[DirectoryKind], readonly Entry[]>>;

/** The entries of all lists of a request, one after the other. */
export function entriesOf(lists: Lists<AskedEntry>) {
  return (["location", "provider", "pharmacy"] as const).flatMap((kind) =>
    lists[LISTS[kind]].map(({ id, name, codes, timeZone, textName }) => ({
      id,
      kind,
      name,
      codes: codes ?? [],
      timeZone: timeZone ?? null,
      textName,
    })),
  );
}

/** The place of an entry in the request that brought it, as a JSON Pointer to its text name. */
export function pointerTo(lists: Lists<AskedEntry>, { kind, id }: Pick<DirectoryEntry, "kind" | "id">) {
  const list = LISTS[kind];
  return `/directory/${list}/${lists[list].findIndex((entry) => entry.id === id)}/textName`;
}

/** The directory as an answer tells it. */
export function listsOf(entries: readonly DirectoryEntry[]) {
  const ofKind = (kind: DirectoryKind) =>
    entries
      .filter((entry) => entry.kind === kind)
      .map(({ id, name, codes, textName, version, approved, timeZone }) => ({
        id,
        name,
        codes,
        textName,
        version,
        approved:
          approved === null
            ? null
            : { textName: approved.textName, version: approved.version, at: approved.at },
        ...(kind === "location" ? { timeZone } : {}),
      }));
  return { locations: ofKind("location"), providers: ofKind("provider"), pharmacies: ofKind("pharmacy") };
}
