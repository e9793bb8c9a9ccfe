import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { CHANNELS } from "../domain/words.ts";
import { ChannelField, LanguageField, PatientId, PurposeField, plainText, Time } from "./fields.ts";

/** How a decision reached the practice. */
export const CONSENT_METHODS = ["paper", "tablet", "portal", "text", "verbal", "email", "import"] as const;

const Method = z.enum(CONSENT_METHODS).meta({ id: "ConsentMethod" });

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
    method: Method,
    acknowledgements: Acknowledgements.optional(),
    evidence: plainText(1000).optional().meta({ description: "Where the proof lies; kept sealed." }),
  })
  .meta({ id: "RecordConsentRequest" });
export type RecordConsentRequest = z.infer<typeof RecordConsentRequest>;

const entry = {
  id: z.string(),
  patientId: PatientId,
  purpose: PurposeField,
  channel: ChannelField,
  acknowledgements: Acknowledgements.nullable(),
  evidence: z.string().nullable(),
  wordingVersion: z.string().meta({ description: "The wording that was confirmed, asked or answered." }),
  language: LanguageField,
  contactId: z
    .string()
    .nullable()
    .meta({ description: "Opaque name of the number or address that it was about." }),
  recordedBy: z.string(),
  recordedAt: Time,
};

/** One decision of a patient, as it was recorded. */
export const ConsentResponse = z
  .strictObject({
    ...entry,
    decision: z.enum(["granted", "revoked"]),
    method: Method,
    notice: z.literal("carrier-stop").optional().meta({
      description:
        "The consent is on record, but the number's carrier stops all texts to it: only START from that phone ends this.",
    }),
  })
  .meta({ id: "Consent" });
export type ConsentResponse = z.infer<typeof ConsentResponse>;

/** One entry of the ledger. */
const LedgerEntry = z
  .strictObject({
    ...entry,
    decision: z.enum(["granted", "revoked", "asked", "declined"]).meta({
      description: "`asked` and `declined` are of a question by text and change nothing that holds.",
    }),
    method: z.enum([...CONSENT_METHODS, "carrier", "wrong-person"]).meta({
      description: "`wrong-person`: whoever got a link said that number or address are not the patient's.",
    }),
  })
  .meta({ id: "ConsentLedgerEntry" });

/** Query of `GET /v1/patients/{id}/consents`: the id of the last decision on the page before. */
export const ListConsentsQuery = z.strictObject({
  cursor: z.string().regex(idPattern("con")).optional(),
  format: z.enum(["json", "csv"]).optional().meta({
    description:
      "`csv`: the ledger alone, as text/csv, at most 200 entries a page; the header Next-Cursor holds the next page's cursor.",
  }),
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
        suspended: z.literal(true).optional().meta({
          description:
            "Granted for another number or address than the patient has now: nothing is sent until the new one is confirmed by a new grant.",
        }),
      }),
    ),
    history: z.array(LedgerEntry),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Consents" });

/** `POST /v1/patients/{id}/consent-requests`: asks by text whether the patient may be texted. */
export const RequestConsentRequest = z
  .strictObject({
    purpose: PurposeField,
    permission: z
      .strictObject({
        how: plainText(500).meta({
          description:
            "How the patient allowed the practice to ask, such as: at check-in, verbally. Kept sealed.",
        }),
        when: z
          .union([z.iso.date(), z.iso.datetime({ offset: true })])
          .meta({ description: "When; not in the future." }),
      })
      .meta({ id: "PermissionToAsk" }),
  })
  .meta({
    id: "RequestConsentRequest",
    description:
      "One question for a number in 30 days. Like an answer, it is sent at once, also in quiet hours: ask while the patient is there.",
  });

/** Answer to a question that was accepted; YES until `expiresAt` grants exactly this purpose. */
export const RequestConsentResponse = z
  .strictObject({
    id: z.string(),
    purpose: PurposeField,
    alert: z.strictObject({ id: z.string(), status: z.literal("queued") }),
    expiresAt: Time,
  })
  .meta({ id: "ConsentRequested" });

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const wishes = {
  language: LanguageField.nullable().meta({
    description: "What texts and pages are written in; null: the language of the patient's record.",
  }),
  quietHours: z.strictObject({ from: Clock, to: Clock }).nullable().meta({
    description:
      "Clock times in the patient's zone between which no text comes that nobody waits for, over midnight where `from` is the later one; at least two of the practice's sending hours must be left.",
  }),
};

/** `PUT /v1/patients/{id}/preferences`; what is left out is none. */
export const SetPreferencesRequest = z
  .strictObject({ language: wishes.language.optional(), quietHours: wishes.quietHours.optional() })
  .meta({ id: "SetPreferencesRequest" });

/** `GET /v1/patients/{id}/preferences`. */
export const PreferencesResponse = z
  .strictObject({
    ...wishes,
    disowned: z.array(ChannelField).meta({
      description:
        "Channels whose number or address somebody said is not the patient's: nothing goes there until a new grant confirms it.",
    }),
    version: z.int(),
  })
  .meta({ id: "Preferences" });

/** `POST /v1/patients/{id}/opt-outs`: what a patient said otherwise than by text (47 CFR 64.1200(a)(10)). */
export const OptOutRequest = z
  .strictObject({
    channel: z.enum([...CHANNELS, "all"]),
    method: Method,
    evidence: plainText(1000)
      .optional()
      .meta({ description: "What was said, or where it is kept; kept sealed." }),
  })
  .meta({ id: "OptOutRequest", description: "Ends every consent of the channel, whatever its purpose." });

/** What an opt-out ended; nothing, where nothing was left to end. */
export const OptOutResponse = z
  .strictObject({
    revoked: z.array(z.strictObject({ purpose: PurposeField, channel: ChannelField })),
    at: Time,
  })
  .meta({ id: "OptOut" });
