import * as z from "zod";
import { ALERT_STATUSES } from "../domain/words.ts";
import { Reason } from "./classifications.ts";
import {
  bodyText,
  ChannelField,
  MessageId,
  PatientId,
  PurposeField,
  plainText,
  ThreadId,
  TierField,
  Time,
} from "./fields.ts";

const Reference = z.string().regex(/^[\w-]{1,64}$/);

const TemplateChoice = z
  .strictObject({
    id: Reference,
    locationId: Reference.optional(),
    providerId: Reference.optional(),
    pharmacyId: Reference.optional(),
    at: Time.optional().meta({ description: "The moment whose day and time the text shows." }),
  })
  .meta({
    id: "TemplateChoice",
    description: "A template of use `message` for this purpose, with what each of its slots needs.",
  });

/** `POST /v1/messages` and `/v1/messages/preview`. */
export const SendMessageRequest = z
  .strictObject({
    patientId: PatientId,
    purpose: z
      .enum([...PurposeField.options, "marketing"])
      .meta({ description: "`marketing` is always refused with `marketing_refused`." }),
    subject: plainText(200).optional(),
    body: bodyText(20_000),
    threadId: ThreadId.optional(),
    attachments: z
      .array(z.string().max(64))
      .max(10)
      .optional()
      .meta({ description: "Ids of uploads; with any, the message is tier 3." }),
    reference: plainText(255).optional().meta({ description: "Yours; kept sealed." }),
    minimumTier: TierField.optional().meta({ description: "Raises the tier; never lowers it." }),
    expiresAt: Time.optional(),
    deliver: z.enum(["alert", "portal-only"]).optional(),
    template: TemplateChoice.optional().meta({ description: "In place of the plain alert." }),
  })
  .meta({ id: "SendMessageRequest" });
export type SendMessageRequest = z.infer<typeof SendMessageRequest>;

const AlertState = z
  .strictObject({
    id: z.string(),
    channel: ChannelField,
    status: z.enum(ALERT_STATUSES),
    reason: z.string().nullable(),
    until: Time.optional().meta({ description: "While it is deferred: it is not tried before." }),
  })
  .meta({ id: "AlertState" });

/** The decision receipt: what was decided and on what grounds, without the words. */
export const Receipt = z
  .strictObject({
    tier: TierField,
    classifierVersion: z.string(),
    reasonCount: z.int(),
    voices: z.array(z.string()),
    minimumTier: TierField.nullable(),
    consentId: z.string().nullable(),
    template: z.string().nullable(),
    channel: ChannelField.nullable(),
  })
  .meta({ id: "Receipt" });

/** The answer to an accepted message; `alert` is null for `portal-only`. */
export const MessageAccepted = z
  .strictObject({
    id: MessageId,
    threadId: ThreadId,
    tier: TierField,
    reasons: z.array(Reason),
    alert: AlertState.nullable(),
    receipt: Receipt,
  })
  .meta({ id: "MessageAccepted" });
export type MessageAccepted = z.infer<typeof MessageAccepted>;

/** What `preview` answers: nothing was stored or sent. */
export const MessagePreview = z
  .strictObject({
    receipt: Receipt,
    reasons: z.array(Reason),
    alert: z
      .strictObject({
        channel: ChannelField,
        text: z.string().meta({ description: "As sent, with a link of the true length." }),
        encoding: z.enum(["GSM-7", "UCS-2"]),
        segments: z.int(),
      })
      .nullable(),
  })
  .meta({ id: "MessagePreview" });

/** A message's state; never its content. */
export const MessageStatus = z
  .strictObject({
    id: MessageId,
    patientId: PatientId,
    threadId: ThreadId,
    purpose: PurposeField,
    tier: TierField,
    sender: z.string(),
    createdAt: Time,
    expiresAt: Time.nullable(),
    alert: AlertState.nullable(),
    receipt: Receipt,
  })
  .meta({ id: "MessageStatus" });

/** `GET /v1/patients/{id}/messages`, newest first. */
export const MessageList = z
  .strictObject({ items: z.array(MessageStatus), nextCursor: z.string().nullable() })
  .meta({ id: "MessageList" });

/** Query of `GET /v1/patients/{id}/messages`. */
export const ListMessagesQuery = z.strictObject({
  limit: z.coerce.number<string>().int().min(1).max(100).optional(),
  cursor: MessageId.optional(),
});

/** `POST /v1/messages/{id}/alerts`: the body may be left out. */
export const NewAlertRequest = z.strictObject({}).meta({ id: "NewAlertRequest" });

/** `POST /v1/messages/{id}/alerts`. */
export const NewAlertResponse = z.strictObject({ alert: AlertState }).meta({ id: "NewAlertResponse" });

/** `POST /v1/messages/{id}/revocation`. */
export const RevokeMessageRequest = z
  .strictObject({ reason: plainText(500) })
  .meta({ id: "RevokeMessageRequest" });
