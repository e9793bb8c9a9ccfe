import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { isVisitExternalId } from "../domain/visits/external-id.ts";
import { durationHours, OFFSET_HOURS_MAX, OFFSETS_MAX, sortedOffsets } from "../domain/visits/offsets.ts";
import { LISTED_STATES, STATUS_WORDS, VISIT_STATES, VISIT_STATUSES } from "../domain/visits/words.ts";
import { expected } from "./expected.ts";
import { PatientId, plainText, Time, TimeZone } from "./fields.ts";

/** What the scheduling system calls a visit; in a path, so never the patient's record number. */
export const AppointmentExternalId = z
  .string()
  .min(1)
  .max(100)
  .refine(isVisitExternalId)
  .meta({
    id: "AppointmentExternalId",
    description:
      "The scheduling system's id of the visit, without control characters and percent signs. It must not be the " +
      "patient's record number.",
  });

/** Visits of these years can be kept. */
const YEARS = { from: 2000, to: 2199 } as const;

const StartsAt = z.iso
  .datetime({ offset: true, ...expected("a time with its offset such as 2026-12-01T09:30:00-05:00") })
  .refine((time) => {
    const year = new Date(time).getUTCFullYear();
    return year >= YEARS.from && year <= YEARS.to;
  })
  .meta({ id: "VisitStart", description: "ISO 8601 with `Z` or an offset." });

const Offset = z
  .union([z.int(), z.string().max(16)])
  .refine((offset) => {
    const hours = typeof offset === "number" ? offset : durationHours(offset);
    return hours !== undefined && hours >= 1 && hours <= OFFSET_HOURS_MAX;
  })
  .meta({
    id: "ReminderOffset",
    description: "Hours before the first visit of the day, or an ISO 8601 duration such as PT24H or P3D.",
  });

/** Hours of offsets as they were given. */
export function offsetsInHours(offsets: readonly (number | string)[]): readonly number[] {
  return sortedOffsets(
    offsets.flatMap((offset) => (typeof offset === "number" ? offset : (durationHours(offset) ?? []))),
  );
}

const SourceVersion = z.int().min(0).meta({
  id: "SourceVersion",
  description:
    "The scheduling system's version of the visit: an older one is refused, the same changes nothing.",
});

const DirectoryName = plainText(100).meta({
  description:
    "An id or code of the directory. One that is not there is left out, and the answer warns of it.",
});

/** `PUT /v1/appointments/{externalId}`: the whole visit. */
export const PutAppointmentRequest = z
  .strictObject({
    patientId: PatientId,
    startsAt: StartsAt,
    status: z
      .enum(STATUS_WORDS)
      .optional()
      .meta({ description: "`booked` unless told; `confirmed` is booked, with the patient's word." }),
    locationId: DirectoryName.optional(),
    providerId: DirectoryName.optional(),
    timeZone: TimeZone.optional(),
    reminderOffsets: z
      .array(Offset)
      .max(OFFSETS_MAX)
      .refine((offsets) => offsetsInHours(offsets).length === offsets.length)
      .optional()
      .meta({ description: "The practice's unless told; none at all where it is empty." }),
    sourceVersion: SourceVersion.optional(),
  })
  .meta({ id: "PutAppointmentRequest" });

const VisitStateField = z.enum(VISIT_STATES).meta({
  id: "VisitState",
  description: "`no-reply`: a reminder has asked, and nobody has answered.",
});

const AppointmentWarningField = z.enum(["unknown_location", "unknown_provider", "in_the_past"]).meta({
  id: "AppointmentWarning",
  description:
    "`in_the_past`: a visit that is still to come by its status has begun; nobody is reminded of it.",
});

/** A visit with how far it is confirmed; it has no words for what it is about. */
export const AppointmentResponse = z
  .strictObject({
    externalId: z.string(),
    id: z.string().regex(idPattern("apt")),
    patientId: PatientId,
    startsAt: Time,
    timeZone: z.string(),
    day: z.iso.date().meta({ description: "The local day in `timeZone`." }),
    locationId: z.string().nullable(),
    providerId: z.string().nullable(),
    status: z.enum(VISIT_STATUSES),
    state: VisitStateField,
    stateSince: Time,
    reminderOffsets: z.array(z.int()).nullable().meta({ description: "Hours; null: the practice's." }),
    reminders: z
      .array(z.strictObject({ alertId: z.string(), offsetHours: z.int() }))
      .meta({ description: "Of the patient's whole day, sent ones too; at most one for each offset." }),
    sourceVersion: SourceVersion.nullable(),
    version: z.int(),
    warnings: z.array(AppointmentWarningField),
  })
  .meta({ id: "Appointment" });

/** A place in the list of a date: of a patient's first visit there, and of one of that patient's visits. */
const CURSOR =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)~(pat_[0-9A-HJKMNP-TV-Z]{26})~(apt_[0-9A-HJKMNP-TV-Z]{26})$/;

/** Takes the cursor of a list of visits apart; null when it is none. */
export function parseVisitCursor(cursor: string) {
  const [, firstStart, patientId, appointmentId] = CURSOR.exec(cursor) ?? [];
  return firstStart === undefined || patientId === undefined || appointmentId === undefined
    ? null
    : { firstStart, patientId, appointmentId };
}

/** The cursor that stands for the last visit that a page looked at. */
export function formatVisitCursor(last: {
  readonly firstStart: string;
  readonly patientId: string;
  readonly appointmentId: string;
}): string {
  return `${last.firstStart}~${last.patientId}~${last.appointmentId}`;
}

/** Query of `GET /v1/appointments`. */
export const ListAppointmentsQuery = z.strictObject({
  date: z.iso
    .date(expected("a day such as 2026-12-01"))
    .meta({ description: "A day as each visit's own zone has it." }),
  state: z.enum(LISTED_STATES).optional().meta({
    description:
      "`unanswered`: booked and neither confirmed nor to be changed, whether a reminder left or not.",
  }),
  limit: z.coerce.number<string>().int().min(1).max(100).optional(),
  cursor: z.string().regex(CURSOR).optional(),
});

/** `GET /v1/appointments`. */
export const AppointmentList = z
  .strictObject({
    items: z.array(AppointmentResponse).meta({
      description:
        "By their start. Pages go by each patient's first visit, so that later visits of a patient stand on its page.",
    }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "AppointmentList" });
