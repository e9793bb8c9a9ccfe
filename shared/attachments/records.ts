import type { AttachmentState, AttachmentType, Refusal } from "../domain/attachments/kinds.ts";

/** A photo or document on its way; its bytes lie in the attachments bucket, its name is sealed. */
export interface AttachmentRecord {
  readonly id: string;
  readonly origin: "practice" | "patient";
  /** `staff_…`, `client_…` or `patient:…`. */
  readonly uploader: string;
  /** Whose it is: known from the start for what a patient uploads, else once it is part of a message. */
  readonly patientId: string | null;
  readonly threadId: string | null;
  /** The one message that it is part of; null until it was sent. */
  readonly messageId: string | null;
  readonly type: AttachmentType;
  /** As declared, at most, until it is ready; then of what can be opened. */
  readonly sizeBytes: number;
  /** `removed`: nobody sees it any more, and its bytes go. */
  readonly state: AttachmentState | "removed";
  readonly refusal: Refusal | null;
  /** Sealed; null once it is erased. */
  readonly name: Uint8Array | null;
  readonly createdAt: string;
  /**
   * When it is erased unless it is part of a message by then; once it is part of one, when staff are told unless it was
   * looked into by then. Null where neither is to come.
   */
  readonly dueAt: string | null;
  readonly version: number;
}

/** So long an upload that nobody sends is kept. */
export const UNSENT_HOURS = 24;

/** So long what is part of a message may wait to be uploaded and looked into before staff are told. */
const SETTLED_WITHIN_HOURS = 1;

/** When the sweep next looks at an attachment that becomes part of a message; null where nothing is left to come. */
export function dueInMessage({ state, createdAt }: AttachmentRecord): string | null {
  if (state === "ready") return null;
  return new Date(Date.parse(createdAt) + SETTLED_WITHIN_HOURS * 3_600_000).toISOString();
}

/** A new upload's record. */
export function waitingUpload(
  upload: Pick<
    AttachmentRecord,
    "id" | "origin" | "uploader" | "patientId" | "threadId" | "type" | "sizeBytes"
  >,
  name: Uint8Array,
  at: Date,
): AttachmentRecord {
  return {
    ...upload,
    messageId: null,
    state: "waiting",
    refusal: null,
    name,
    createdAt: at.toISOString(),
    dueAt: new Date(at.getTime() + UNSENT_HOURS * 3_600_000).toISOString(),
    version: 1,
  };
}
