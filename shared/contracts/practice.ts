import * as z from "zod";
import { VISIT_NOTICES } from "../domain/alerts/kinds.ts";
import { DIRECTORY_MAX } from "../domain/directory-limits.ts";
import { VENDORS } from "../domain/vendors.ts";
import { OFFSET_HOURS_MAX, OFFSETS_MAX } from "../domain/visits/offsets.ts";
import { plainText, Time, TimeZone } from "./fields.ts";

const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ id: "LocalTime" });
const Span = z.strictObject({ opens: Clock, closes: Clock }).refine(({ opens, closes }) => opens < closes);
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const OfficeHours = z
  .strictObject(Object.fromEntries(WEEKDAYS.map((day) => [day, z.array(Span).max(4).optional()])))
  .meta({ id: "OfficeHours", description: "A missing day is closed." });

const QuietHours = z
  .strictObject({ from: Clock, to: Clock })
  .refine(({ from, to }) => from > to)
  .meta({
    id: "QuietHours",
    description:
      "From evening to morning, in the patient's time zone: alerts that nobody waits for are sent afterwards.",
  });

const Caps = z
  .strictObject({ perDay: z.int().min(1).max(10), perWeek: z.int().min(1).max(50) })
  .refine(({ perDay, perWeek }) => perDay <= perWeek)
  .meta({ id: "Caps", description: "Alerts that a patient may get of one class of purposes." });

/** When reminders are due, in hours before the first visit of the day. */
export const ReminderOffsets = z
  .array(z.int().min(1).max(OFFSET_HOURS_MAX))
  .max(OFFSETS_MAX)
  .refine((offsets) => new Set(offsets).size === offsets.length)
  .meta({ id: "ReminderOffsets", description: "Hours before the day's first visit, such as [72, 24]." });

const VisitNotices = z.array(z.enum(VISIT_NOTICES)).max(VISIT_NOTICES.length).meta({
  id: "VisitNotices",
  description: "What a text tells at once, beside reminders: that a visit was booked, moved or cancelled.",
});

const CODES_MAX = 10;
/** A text name is judged with every finding, so that its form is no reason to refuse it here. */
const TEXT_NAME_LENGTH_MAX = 100;

/** Letters, digits, `-` and `_`; the word `directory` stands for all entries where one is asked for. */
export const DirectoryId = z
  .string()
  .regex(/^(?!directory$)[A-Za-z0-9_-]{1,64}$/)
  .meta({ id: "DirectoryId" });

const entry = {
  id: DirectoryId,
  name: plainText(80).meta({ description: "For staff; no text shows it." }),
  textName: plainText(TEXT_NAME_LENGTH_MAX).meta({
    description: "What texts call it, when a second person has approved it.",
  }),
};
const Codes = z
  .array(plainText(40))
  .max(CODES_MAX)
  .meta({ description: "What schedulers and files call it." });
const shown = {
  version: z.int().meta({ description: "Grows with each change of the text name." }),
  approved: z
    .strictObject({ textName: z.string(), version: z.int(), at: Time })
    .nullable()
    .meta({ description: "The text name that is in force; null: texts cannot name it yet." }),
};
/** What an answer tells of an entry may come back with it, so that what was read can be changed and written. */
const ignored = {
  version: shown.version.optional().meta({ readOnly: true, description: "Ignored." }),
  approved: shown.approved.optional().meta({ readOnly: true, description: "Ignored." }),
};
const Entry = z.strictObject({ ...entry, ...ignored, codes: Codes.optional() });
const Location = Entry.extend({ timeZone: TimeZone.nullish() });

type Named = { readonly id: string; readonly codes?: readonly string[] | undefined };

function isDistinct(values: readonly string[]): boolean {
  return new Set(values.map((value) => value.toLowerCase())).size === values.length;
}

const hasOwnCodes = (entries: readonly Named[]) => isDistinct(entries.flatMap(({ codes }) => codes ?? []));

/** The directory as the practice wants it; what is left out of it is gone. */
const ChangeDirectory = z
  .strictObject({
    locations: z.array(Location).max(DIRECTORY_MAX.location).refine(hasOwnCodes),
    providers: z.array(Entry).max(DIRECTORY_MAX.provider).refine(hasOwnCodes),
    pharmacies: z.array(Entry).max(DIRECTORY_MAX.pharmacy).refine(hasOwnCodes),
  })
  .refine(({ locations, providers, pharmacies }) =>
    isDistinct([...locations, ...providers, ...pharmacies].map(({ id }) => id)),
  )
  .meta({ id: "ChangeDirectory", description: "Ids are distinct in all of it, codes in each list." });

const ShownEntry = z.strictObject({ ...entry, ...shown, codes: z.array(z.string()) });
const DirectoryResponse = z
  .strictObject({
    locations: z.array(ShownEntry.extend({ timeZone: z.string().nullable() })),
    providers: z.array(ShownEntry),
    pharmacies: z.array(ShownEntry),
  })
  .meta({ id: "Directory" });

const settings = {
  timeZone: TimeZone,
  officeHours: OfficeHours,
};

/** `PUT /v1/practice`. What is left out stays as it is now; before anybody set it, as the product has it. */
export const ChangePracticeRequest = z
  .strictObject({
    ...settings,
    quietHours: QuietHours.optional(),
    caps: Caps.optional(),
    reminderOffsets: ReminderOffsets.optional(),
    visitNotices: VisitNotices.optional(),
    directory: ChangeDirectory.optional(),
  })
  .meta({ id: "ChangePracticeRequest", description: "What is left out stays as it is." });

/** `PUT /v1/practice/switches`. */
export const SwitchesRequest = z
  .strictObject({
    sending: z.boolean().meta({ description: "False: no alert leaves." }),
    portal: z.boolean().meta({ description: "False: no link opens." }),
  })
  .meta({ id: "Switches" });

/** `GET /v1/practice`. */
export const PracticeResponse = z
  .strictObject({
    name: z.string(),
    phone: z.string(),
    ...settings,
    quietHours: QuietHours,
    caps: Caps,
    reminderOffsets: ReminderOffsets,
    visitNotices: VisitNotices,
    directory: DirectoryResponse,
    portalHost: z.string().meta({ description: "A stage setting: the host of every link." }),
    emailSender: z.string().nullable().meta({ description: "A stage setting; null: no e-mails are sent." }),
    switches: SwitchesRequest,
    version: z.int(),
  })
  .meta({ id: "Practice" });

/** A vendor's id. */
export const VendorIdField = z.enum(VENDORS).meta({ id: "VendorId" });

/** `PUT /v1/vendors/{id}`: the business associate agreement (45 CFR 164.308(b), 164.504(e)). */
export const ChangeVendorRequest = z
  .strictObject({ baaSignedOn: z.iso.date().nullable(), baaEndsOn: z.iso.date().nullish() })
  .meta({ id: "ChangeVendorRequest" });

/** `GET /v1/vendors/{id}`. */
export const VendorResponse = z
  .strictObject({
    id: VendorIdField,
    baaSignedOn: z.string().nullable(),
    baaEndsOn: z.string().nullable(),
    inForce: z.boolean(),
    version: z.int(),
  })
  .meta({ id: "Vendor" });
