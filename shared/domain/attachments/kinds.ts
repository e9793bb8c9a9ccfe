/** What may be attached; everything else is refused, whatever it is called. */
export const ATTACHMENT_TYPES = ["image/jpeg", "image/png", "application/pdf"] as const;
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number];

/** What an attachment is to the person who opens it. */
export type AttachmentKind = "photo" | "pdf";

/** Where an attachment is on its way; only one that is ready can be opened. */
export const ATTACHMENT_STATES = ["waiting", "checking", "ready", "refused"] as const;
export type AttachmentState = (typeof ATTACHMENT_STATES)[number];

/** Why a file was refused; codes that say nothing of its content. */
export const REFUSALS = [
  "empty",
  "wrong-size",
  "unknown-type",
  "other-type",
  "damaged",
  "too-many-pixels",
  "encrypted",
  "active-content",
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Bytes that a file may have: 25 MB. */
export const ATTACHMENT_BYTES_MAX = 25 * 1024 * 1024;

/**
 * Segments or chunks that a picture may have. Programs that cut finely write one for every 8 KB, which is some 3,000 in the
 * largest file; one of a few bytes each would be millions, each of which takes a hundred bytes of memory.
 */
export const PARTS_MAX = 20_000;

/** Files that a message may have. */
export const ATTACHMENTS_MAX = 10;

/** What came of looking into a file: `parts` in a row are the file as it may be shown. */
export type Inspection =
  | { readonly kind: "clean"; readonly parts: readonly Uint8Array[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** The kind of a type. */
export function kindOf(type: AttachmentType): AttachmentKind {
  return type === "application/pdf" ? "pdf" : "photo";
}

/** The inspection of a file that is not shown. */
export function refuse(refusal: Refusal): Inspection {
  return { kind: "refused", refusal };
}
