import * as z from "zod";
import { expected } from "./expected.ts";
import { LanguageField, PurposeField, TierField, Time } from "./fields.ts";

const Moment = z.union(
  [z.iso.date(), z.iso.datetime()],
  expected("a day such as 2026-11-22, or a time in UTC such as 2026-11-22T17:00:00Z"),
);

/** Query of `GET /v1/vocabulary`: as it was at a moment, or how it changed between two. */
export const VocabularyQuery = z
  .strictObject({
    at: Moment.optional().meta({ description: "A day means its end, in the practice's time zone." }),
    from: Moment.optional().meta({ description: "With `to`: the differences. A day means its beginning." }),
    to: Moment.optional().meta({ description: "A day means its end." }),
  })
  .refine(
    ({ at, from, to }) =>
      (from === undefined) === (to === undefined) && !(at !== undefined && from !== undefined),
    {
      path: ["from"],
      ...expected("from and to together, or at alone"),
    },
  );

const Digits = z
  .string()
  .regex(/^\d+$/)
  .meta({ id: "Count", description: "Decimal digits: it may be large." });

const Verdict = {
  tier: TierField,
  passes: z.boolean().meta({ description: "It may leave: a stranger would learn nothing of the patient." }),
};

const PossibleText = z
  .strictObject({
    text: z.string().meta({ description: "With a link's token left out." }),
    encoding: z.enum(["GSM-7", "UCS-2"]),
    units: z.int().meta({ description: "As sent, with a token." }),
    segments: z.int(),
    ...Verdict,
  })
  .meta({ id: "PossibleText" });

const Story = z
  .strictObject({
    name: z.string(),
    reviewers: z
      .strictObject({ en: z.string(), es: z.string() })
      .meta({ description: "Who read each for language and sense." }),
    author: z.string(),
    writtenAt: Time,
    approvedBy: z.string(),
  })
  .nullable()
  .meta({ id: "TemplateStory", description: "Null for templates that ship with the product." });

const TemplateInForce = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    origin: z.enum(["shipped", "own"]),
    use: z.string(),
    purpose: PurposeField.nullable(),
    language: LanguageField,
    text: z.string(),
    slots: z.array(z.string()),
    count: Digits,
    longest: z.array(PossibleText).meta({ description: "Worst cases by length, at most five." }),
    approvedAt: Time.nullable(),
    about: Story,
  })
  .meta({ id: "TemplateInForce" });

const EmailInForce = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    language: LanguageField,
    subject: z.string(),
    text: z.string(),
    ...Verdict,
  })
  .meta({ id: "EmailInForce" });

const SlotInForce = z
  .strictObject({
    slot: z.string(),
    language: LanguageField.nullable().meta({ description: "Null: the same in each." }),
    count: Digits,
    values: z.array(z.string()).nullable().meta({ description: "Every one; null where there are over 500." }),
    rule: z.string().nullable(),
    pattern: z
      .string()
      .nullable()
      .meta({ description: "A regular expression that each value fits, where there is a rule." }),
  })
  .meta({ id: "SlotInForce" });

const Name = z
  .strictObject({
    id: z.string(),
    kind: z.enum(["location", "provider", "pharmacy"]),
    textName: z.string(),
    version: z.int(),
  })
  .meta({ id: "NameInForce" });

/** `GET /v1/vocabulary`: everything that a text can say. */
export const VocabularyResponse = z
  .strictObject({
    version: z.int().meta({ description: "Of approved templates and names; 0: none yet." }),
    since: Time.meta({ description: "When this version came into force." }),
    asOf: Time,
    practice: z.strictObject({
      name: z.string(),
      phone: z.string(),
      portalHost: z.string(),
      emailSender: z.string().nullable(),
    }),
    count: Digits,
    countSays: z.string(),
    templates: z.array(TemplateInForce),
    emails: z.array(EmailInForce),
    slots: z.array(SlotInForce),
    names: z.array(Name),
    shipped: z.strictObject({ sha256: z.string(), says: z.string() }),
  })
  .meta({ id: "Vocabulary" });
export type VocabularyResponse = z.infer<typeof VocabularyResponse>;

const Texts = z.strictObject({ en: z.string(), es: z.string() });
const OwnTemplate = z.strictObject({
  id: z.string(),
  version: z.int(),
  use: z.string(),
  purpose: PurposeField,
  texts: Texts,
  approvedAt: Time,
  about: Story,
});

function differences<Schema extends z.ZodType>(schema: Schema) {
  return z.strictObject({
    added: z.array(schema),
    removed: z.array(schema),
    changed: z.array(z.strictObject({ before: schema, after: schema })),
  });
}

/** `GET /v1/vocabulary?from=&to=`. */
export const VocabularyDiffResponse = z
  .strictObject({
    from: z.strictObject({ asOf: Time, version: z.int() }),
    to: z.strictObject({ asOf: Time, version: z.int() }),
    templates: differences(OwnTemplate),
    names: differences(Name),
    shipped: z.strictObject({ sha256: z.string(), says: z.string() }),
  })
  .meta({ id: "VocabularyDiff" });
export type VocabularyDiffResponse = z.infer<typeof VocabularyDiffResponse>;
