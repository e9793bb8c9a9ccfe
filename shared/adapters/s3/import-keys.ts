/** Where a file to be imported is put; its key tells nothing but the import's id. */
export const importKey = (id: string) => `incoming/${id}`;

/** The import that an upload's key names; undefined for every other key. */
export function idOfImport(key: string): string | undefined {
  return /^incoming\/(imp_[0-9A-HJKMNP-TV-Z]{26})$/.exec(key)?.[1];
}
