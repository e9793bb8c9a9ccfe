import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { ChannelField, PatientId, PurposeField, plainText, Time } from "./fields.ts";

/** How a decision reached the practice. */
export const CONSENT_METHODS = ["paper", "tablet", "portal", "text", "verbal", "import"] as const;

const Acknowledgements = z
  .strictObject({
    unsecuredText: z.boolean().meta({ description: "Knows that texts are not fully secure." }),
    numberConfirmed: z.boolean().meta({ description: "Confirmed that the number is theirs." }),
    optOutAnytime: z.boolean().meta({ description: "Knows that they can opt out at any time." }),
  })
  .meta({ id: "Acknowledgements" });

/** `POST /v1/patients/{id}/consents`. A grant needs all three acknowledgements true. */
export const RecordConsentRequest = z
  .strictObject({
    purpose: PurposeField,
    channel: ChannelField,
    decision: z.enum(["granted", "revoked"]),
    method: z.enum(CONSENT_METHODS),
    acknowledgements: Acknowledgements.optional(),
    evidence: plainText(1000).optional().meta({ description: "Where the proof lies; kept sealed." }),
  })
  .meta({ id: "RecordConsentRequest" });
export type RecordConsentRequest = z.infer<typeof RecordConsentRequest>;

/** One decision of a patient. */
export const ConsentResponse = z
  .strictObject({
    id: z.string(),
    patientId: PatientId,
    purpose: PurposeField,
    channel: ChannelField,
    decision: z.enum(["granted", "revoked"]),
    method: z.enum(CONSENT_METHODS),
    acknowledgements: Acknowledgements.nullable(),
    evidence: z.string().nullable(),
    recordedBy: z.string(),
    recordedAt: Time,
  })
  .meta({ id: "Consent" });
export type ConsentResponse = z.infer<typeof ConsentResponse>;

/** Query of `GET /v1/patients/{id}/consents`: the id of the last decision on the page before. */
export const ListConsentsQuery = z.strictObject({
  cursor: z.string().regex(idPattern("con")).optional(),
});

/** `GET /v1/patients/{id}/consents`. */
export const ConsentsResponse = z
  .strictObject({
    state: z.array(
      z.strictObject({
        purpose: PurposeField,
        channel: ChannelField,
        decision: z.enum(["granted", "revoked"]),
        since: Time,
      }),
    ),
    history: z.array(ConsentResponse),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Consents" });
