import type { Directory, DirectoryEntry, DirectoryKind } from "./records.ts";

/** Letters of any case, accents in any form, and runs of spaces are one name. */
function plain(name: string): string {
  return name.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
}

/**
 * The entry that a scheduler or a file means: by id, else by one of its codes, else by its name, else by its text name
 * (proposed or approved). Undefined where nothing fits, and where a code or name fits two entries: nobody guesses.
 */
export function findInDirectory(
  directory: Directory | undefined,
  kind: DirectoryKind,
  value: string,
): DirectoryEntry | undefined {
  const wanted = plain(value);
  if (directory === undefined || wanted === "") return undefined;
  const entries = directory.entries.filter((entry) => entry.kind === kind);
  const ways: readonly ((entry: DirectoryEntry) => readonly string[])[] = [
    ({ id }) => [id],
    ({ codes }) => codes,
    ({ name }) => [name],
    ({ textName, approved }) => [textName, ...(approved === null ? [] : [approved.textName])],
  ];
  for (const namesOf of ways) {
    const found = entries.filter((entry) => namesOf(entry).some((name) => plain(name) === wanted));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}
