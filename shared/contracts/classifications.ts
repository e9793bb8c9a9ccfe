import * as z from "zod";
import { bodyText, TierField } from "./fields.ts";

/** `POST /v1/classifications`. */
export const ClassifyRequest = z
  .strictObject({
    text: bodyText(20_000),
    direction: z.enum(["outbound", "inbound"]).optional(),
  })
  .meta({ id: "ClassifyRequest" });

/** Why a text is in its tier; `start` and `end` are UTF-16 offsets into the text. */
export const Reason = z
  .strictObject({
    rule: z.string(),
    category: z.string(),
    start: z.int(),
    end: z.int(),
    explanation: z.string(),
  })
  .meta({ id: "Reason" });
export type Reason = z.infer<typeof Reason>;

/** What a text is and what may be done with it. */
export const ClassificationResponse = z
  .strictObject({
    tier: TierField,
    name: z.enum(["administrative", "notification", "clinical"]),
    smsAllowed: z.boolean().meta({ description: "True for tier 1 only; even then as a template." }),
    reasons: z.array(Reason),
    classifierVersion: z.string().optional().meta({
      description:
        "Only where a second reader is set up: with `+reader-…` where it was asked, and why it was silent.",
    }),
    suggestion: z.string().optional(),
  })
  .meta({ id: "Classification" });

/** Names of the tiers (DESIGN §2). */
export const TIER_NAMES = { 1: "administrative", 2: "notification", 3: "clinical" } as const;
