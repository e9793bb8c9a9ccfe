import * as z from "zod";
import type { SealContent } from "../messaging/ports.ts";
import type { MessageContent, NoteRecord } from "../messaging/records.ts";
import type { ContentKeysTable } from "./dynamodb/content-keys-table.ts";
import { open, type Place, seal } from "./envelope.ts";
import type { NewDataKey, OpenDataKey } from "./kms/data-keys.ts";

const Content = z.object({
  tier: z.literal([1, 2, 3]),
  subject: z.string().nullable(),
  body: z.string(),
  reference: z.string().nullable(),
  reasons: z.array(z.object({ rule: z.string(), category: z.string(), start: z.int(), end: z.int() })),
});

const Note = z.object({ text: z.string() });

function placeOf(patientId: string, sk: string): Place {
  return { table: "Messages", pk: patientId, sk, attribute: "content" };
}

/** Seals a message's words under a fresh data key of ContentKey, kept in `ContentKeys`. */
export function createSealContent(newDataKey: NewDataKey, contentKeys: ContentKeysTable): SealContent {
  return async (patientId, messageId, content) => {
    const key = await newDataKey({ patientId, use: messageId });
    return {
      content: seal(content, key.plaintext, placeOf(patientId, `msg#${messageId}`)),
      keyWrite: contentKeys.addWrappedKey(patientId, messageId, key.wrapped),
    };
  };
}

/** Opens a message's words with its wrapped key; only the content plane can. */
export function createOpenContent(openDataKey: OpenDataKey) {
  return async (
    message: { readonly patientId: string; readonly id: string; readonly content: Uint8Array },
    wrapped: Uint8Array,
  ): Promise<MessageContent> => {
    const key = await openDataKey(wrapped, { patientId: message.patientId, use: message.id });
    return Content.parse(open(message.content, key, placeOf(message.patientId, `msg#${message.id}`)));
  };
}

/** Seals a note of staff like a message. */
export function createSealNote(newDataKey: NewDataKey, contentKeys: ContentKeysTable) {
  return async (patientId: string, noteId: string, text: string) => {
    const key = await newDataKey({ patientId, use: noteId });
    return {
      content: seal({ text }, key.plaintext, placeOf(patientId, `note#${noteId}`)),
      keyWrite: contentKeys.addWrappedKey(patientId, noteId, key.wrapped),
    };
  };
}

/** Opens a note of staff. */
export function createOpenNote(openDataKey: OpenDataKey) {
  return async (patientId: string, note: NoteRecord, wrapped: Uint8Array): Promise<string> => {
    const key = await openDataKey(wrapped, { patientId, use: note.id });
    return Note.parse(open(note.content, key, placeOf(patientId, `note#${note.id}`))).text;
  };
}
