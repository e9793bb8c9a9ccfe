import type { ReadSnapshot } from "../audit/journal.ts";
import { type AttachmentKind, type AttachmentState, kindOf } from "../domain/attachments/kinds.ts";
import type { AttachmentStore, OpenName, WrappedKeys } from "./ports.ts";
import type { AttachmentRecord } from "./records.ts";

/** An attachment as somebody sees it who may know its name. */
export interface NamedAttachment {
  readonly id: string;
  readonly name: string;
  readonly kind: AttachmentKind;
  readonly sizeBytes: number;
  readonly state: AttachmentState;
}

/** What opening names needs. */
export interface NamePorts {
  readonly read: ReadSnapshot;
  readonly attachments: Pick<AttachmentStore, "attachment">;
  readonly contentKeys: WrappedKeys;
  readonly openName: OpenName;
}

/** Attachments that one read asks for: record and key each, of the 100 items that DynamoDB gives at once. */
const READ_MAX = 50;

/** What an attachment is without its name; undefined where nobody may see it any more. */
export function unnamed(record: AttachmentRecord): Omit<NamedAttachment, "name"> | undefined {
  const { id, type, sizeBytes, state } = record;
  return state === "removed" ? undefined : { id, kind: kindOf(type), sizeBytes, state };
}

/** A record with its name opened; undefined where it was removed or erased. */
export async function named(
  { contentKeys, openName, read }: Omit<NamePorts, "attachments">,
  record: AttachmentRecord,
): Promise<NamedAttachment | undefined> {
  const shown = unnamed(record);
  if (shown === undefined || record.name === null) return undefined;
  const [key] = await read(contentKeys.wrappedKey(record.id, record.id));
  if (key === undefined) return undefined;
  return { ...shown, name: await openName(record.id, record.name, key.wrapped) };
}

/**
 * Opens the names of attachments, in the order of `ids`; those that were removed are left out. The caller has written
 * its audit entry before, and has made sure that whoever asks may see them: this asks for nothing.
 */
export function createNamesOf(ports: NamePorts) {
  const { read, attachments, contentKeys, openName } = ports;

  async function some(ids: readonly string[]): Promise<NamedAttachment[]> {
    const [records, keys] = await Promise.all([
      read(...ids.map((id) => attachments.attachment(id))),
      read(...ids.map((id) => contentKeys.wrappedKey(id, id))),
    ]);
    const opened = await Promise.all(
      records.map(async (record, index) => {
        const shown = record === undefined ? undefined : unnamed(record);
        const wrapped = keys[index]?.wrapped;
        if (shown === undefined || wrapped === undefined || !record?.name) return [];
        return [{ ...shown, name: await openName(record.id, record.name, wrapped) }];
      }),
    );
    return opened.flat();
  }

  return async (ids: readonly string[]): Promise<readonly NamedAttachment[]> => {
    const found: NamedAttachment[] = [];
    for (let from = 0; from < ids.length; from += READ_MAX) {
      found.push(...(await some(ids.slice(from, from + READ_MAX))));
    }
    return found;
  };
}

/** An attachment as a thread lists it; its name is null where it is withheld. */
export interface ListedAttachment extends Omit<NamedAttachment, "name"> {
  readonly name: string | null;
}

/**
 * Lists attachments for staff by their ids, with the names of those in `readable` opened; those that were removed are left
 * out. The caller has written its audit entry before.
 */
export function createListedOf(ports: NamePorts) {
  const namesOf = createNamesOf(ports);
  return async (
    ids: readonly string[],
    readable: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, ListedAttachment>> => {
    const listed = new Map<string, ListedAttachment>();
    const named = ids.filter((id) => readable.has(id));
    for (const one of await namesOf(named)) listed.set(one.id, one);
    const withheld = ids.filter((id) => !readable.has(id));
    for (let from = 0; from < withheld.length; from += READ_MAX) {
      const lookups = withheld.slice(from, from + READ_MAX).map((id) => ports.attachments.attachment(id));
      for (const record of await ports.read(...lookups)) {
        const shown = record === undefined ? undefined : unnamed(record);
        if (shown !== undefined) listed.set(shown.id, { ...shown, name: null });
      }
    }
    return listed;
  };
}

/** Lists attachments for staff. */
export type ListedOf = ReturnType<typeof createListedOf>;

/** Opens the names of attachments. */
export type NamesOf = ReturnType<typeof createNamesOf>;
