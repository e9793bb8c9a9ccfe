import type { Lookup, Write } from "../audit/journal.ts";
import type { AttachmentType } from "../domain/attachments/kinds.ts";
import type { AttachmentRecord } from "./records.ts";

/** Attachments as the use cases see their table. */
export interface AttachmentStore {
  attachment(id: string): Lookup<AttachmentRecord>;
  addAttachment(attachment: AttachmentRecord): Write;
  /** Changes an attachment that is still at its version; the table may drop it a day after `forgetFrom`. */
  changeAttachment(attachment: AttachmentRecord, set: Partial<AttachmentRecord>, forgetFrom?: Date): Write;
}

/** Where wrapped data keys lie. */
export interface WrappedKeys {
  wrappedKey(owner: string, use: string): Lookup<{ readonly wrapped: Uint8Array }>;
}

/** Seals a file's name under a data key of its own. */
export type SealName = (
  attachmentId: string,
  name: string,
) => Promise<{ readonly name: Uint8Array; readonly keyWrite: Write }>;

/** Opens a file's name. */
export type OpenName = (attachmentId: string, name: Uint8Array, wrapped: Uint8Array) => Promise<string>;

/** A form that a browser or program posts one file with, straight to the bucket. */
export interface UploadForm {
  readonly url: string;
  /** To be sent as they are, before the file. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Signs a form for one file of this type and at most so many bytes; good for {@link LINK_SECONDS}. */
export type SignUpload = (upload: {
  readonly id: string;
  readonly type: AttachmentType;
  readonly bytesMax: number;
}) => Promise<UploadForm>;

/** Signs an address where one checked file can be fetched; good for {@link LINK_SECONDS}. Names stand in no address. */
export type SignDownload = (download: {
  readonly id: string;
  readonly type: AttachmentType;
}) => Promise<string>;

/** How long a signed form or address is good for, in seconds. */
export const LINK_SECONDS = 60;
