import * as z from "zod";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import { idPattern } from "../domain/ids.ts";
import { PurposeField, plainText, Time } from "./fields.ts";

/**
 * What a practice may have words of its own for. Questions of consent, nudges and codes stay as they ship, and so do texts
 * that law or safety need in these words: what answers STOP, START and HELP, emergencies and crises.
 */
const TEMPLATE_USES = [
  "message",
  "reminder",
  "reminder-several",
  "visit-booked",
  "visit-moved",
  "visit-cancelled",
  "received",
  "received-closed",
  "visit-confirmed",
  "change-asked",
] as const satisfies readonly AlertKind[];

export const OwnTemplateId = z.string().regex(idPattern("tpl")).meta({ id: "OwnTemplateId" });

/** Of the practice's own, or the name of one that ships with the product. */
export const TemplateId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .meta({ id: "TemplateId" });

const TemplateUse = z.enum(TEMPLATE_USES).meta({
  id: "TemplateUse",
  description:
    "`message`: tells that something waits. Others: in place of the text that ships with the product. What answers STOP, " +
    "START, HELP, an emergency or a crisis stays as it ships; `received` and `received-closed` must name 911.",
});
const TemplateState = z.enum(["draft", "approved", "declined", "withdrawn"]).meta({ id: "TemplateState" });

/** Longer than any text may be, so that the lint can say where it is too long. */
const TEXT_LENGTH_MAX = 1000;

const WrittenText = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(TEXT_LENGTH_MAX)
    .refine((text) => text.isWellFormed())
    .meta({
      description:
        "Words and `{slot}`s: practice, phone, link, code, date, time, provider, location, pharmacy.",
    }),
  reviewer: plainText(80).meta({ description: "Who read it for language and sense." }),
});

/** `POST /v1/templates`: a template, or with the id of one its next version. */
export const WriteTemplateRequest = z
  .strictObject({
    id: OwnTemplateId.optional(),
    name: plainText(80),
    use: TemplateUse.default("message"),
    purpose: PurposeField,
    texts: z.strictObject({ en: WrittenText, es: WrittenText }),
  })
  .meta({ id: "WriteTemplateRequest" });

/** What was written. */
export const TemplateWritten = z
  .strictObject({ id: OwnTemplateId, version: z.int(), state: z.literal("draft") })
  .meta({ id: "TemplateWritten" });

/** `POST /v1/templates/{id}/approval`. */
export const DecideTemplateRequest = z
  .strictObject({
    decision: z.enum(["approved", "declined"]).default("approved"),
    version: z.int().min(1).optional().meta({
      description: "The version that was looked at; another one is a conflict. Left out: the newest.",
    }),
  })
  .meta({ id: "DecideTemplateRequest" });

/** Query of `GET /v1/templates`. */
export const ListTemplatesQuery = z.strictObject({
  state: TemplateState.optional(),
  limit: z.coerce.number<string>().int().min(1).max(100).optional(),
  cursor: z
    .string()
    .regex(/^(?:tpl_[0-9A-HJKMNP-TV-Z]{26}|shipped~\d{1,4})$/)
    .optional(),
});

/** A template in its newest version; those that ship with the product are approved with it. */
export const TemplateResponse = z
  .strictObject({
    id: TemplateId,
    origin: z.enum(["own", "shipped"]),
    name: z.string(),
    use: z.string(),
    purpose: PurposeField.nullable().meta({ description: "Null: whatever the alert is about." }),
    version: z.int(),
    state: TemplateState,
    inForce: z.int().nullable().meta({ description: "The version that texts are made of." }),
    texts: z.strictObject({
      en: z.strictObject({ text: z.string(), reviewer: z.string().nullable() }),
      es: z.strictObject({ text: z.string(), reviewer: z.string().nullable() }),
    }),
    author: z.string().nullable(),
    writtenAt: Time.nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: Time.nullable(),
  })
  .meta({ id: "Template" });

/** `GET /v1/templates`: the practice's own, the oldest first, then those that ship. A page may be short. */
export const TemplateList = z
  .strictObject({ items: z.array(TemplateResponse), nextCursor: z.string().nullable() })
  .meta({ id: "TemplateList" });
