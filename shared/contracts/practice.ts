import * as z from "zod";
import { VENDORS } from "../domain/vendors.ts";
import { TimeZone } from "./fields.ts";

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

const settings = {
  timeZone: TimeZone,
  officeHours: OfficeHours,
};

/** `PUT /v1/practice`. What is left out stays as the product has it. */
export const ChangePracticeRequest = z
  .strictObject({ ...settings, quietHours: QuietHours.optional(), caps: Caps.optional() })
  .meta({ id: "ChangePracticeRequest" });

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
