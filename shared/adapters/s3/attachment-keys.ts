/** Where a browser puts a file that nobody has looked into; its key tells nothing but the attachment's id. */
export const incomingKey = (id: string) => `incoming/${id}`;

/** Where what may be shown of it is kept. */
export const checkedKey = (id: string) => `checked/${id}`;

/** The attachment that an upload's key names; undefined for every other key. */
export function idOfIncoming(key: string): string | undefined {
  return /^incoming\/(att_[0-9A-HJKMNP-TV-Z]{26})$/.exec(key)?.[1];
}
