import * as z from "zod";
import { FILE_NAME_LENGTH_MAX } from "../domain/attachments/file-name.ts";
import { ATTACHMENT_BYTES_MAX, ATTACHMENT_STATES, ATTACHMENT_TYPES } from "../domain/attachments/kinds.ts";
import { AttachmentId, MessageId, plainText } from "./fields.ts";

/** `POST /v1/attachments`; the portal's own request has the same form. */
export const RequestUploadRequest = z
  .strictObject({
    fileName: plainText(255).meta({
      description: `Kept sealed, without folders and odd characters, and cut to ${FILE_NAME_LENGTH_MAX}.`,
    }),
    contentType: z.enum(ATTACHMENT_TYPES),
    sizeBytes: z.int().min(1).max(ATTACHMENT_BYTES_MAX).meta({ description: "At most so many are taken." }),
  })
  .meta({ id: "RequestUploadRequest" });
export type RequestUploadRequest = z.infer<typeof RequestUploadRequest>;

/** A form for one file; to be posted as multipart/form-data, the field `file` last. */
export const UploadAsked = z
  .strictObject({
    id: AttachmentId,
    upload: z.strictObject({ url: z.string(), fields: z.record(z.string(), z.string()) }),
    expiresInSeconds: z.int(),
  })
  .meta({ id: "UploadAsked" });

/** An attachment as `GET /v1/threads/{id}` lists it; its name is null where it is withheld. */
export const ListedAttachment = z
  .strictObject({
    id: AttachmentId,
    name: z.string().nullable(),
    kind: z.enum(["photo", "pdf"]),
    sizeBytes: z.int(),
    state: z.enum(ATTACHMENT_STATES),
  })
  .meta({ id: "ListedAttachment" });

/** `GET /v1/attachments/{id}`; name and address are for those who may read tier 3. */
export const AttachmentResponse = z
  .strictObject({
    id: AttachmentId,
    state: z.enum(ATTACHMENT_STATES),
    kind: z.enum(["photo", "pdf"]),
    sizeBytes: z.int(),
    messageId: MessageId.nullable(),
    name: z.string().optional(),
    download: z.strictObject({ url: z.string(), expiresInSeconds: z.int() }).optional(),
  })
  .meta({ id: "Attachment" });
