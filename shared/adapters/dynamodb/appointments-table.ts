import * as z from "zod";
import type { DayPosition } from "../../appointments/ports.ts";
import type { AppointmentPointer, VisitDay } from "../../appointments/records.ts";
import type { Lookup, Write } from "../../audit/journal.ts";
import { CONFIRMATIONS, VISIT_STATUSES } from "../../domain/visits/words.ts";
import { TTL_ATTRIBUTE } from "../../tables/indexes.ts";
import { ABSENT, atVersion, check, put, remove } from "./items.ts";

const Time = z.iso.datetime();
const Bytes = z.instanceof(Uint8Array);
const Offsets = z.array(z.number());

const VisitDayItem = z.object({
  patientId: z.string(),
  day: z.iso.date(),
  timeZone: z.string(),
  appointments: z.array(
    z.object({
      id: z.string(),
      externalIndex: z.string(),
      startsAt: Time,
      timeZone: z.string(),
      locationId: z.string().nullable(),
      providerId: z.string().nullable(),
      reminderOffsets: Offsets.nullable(),
      status: z.enum(VISIT_STATUSES),
      confirmation: z.enum(CONFIRMATIONS),
      confirmedAt: Time.nullable(),
      sourceVersion: z.number().nullable(),
      changedAt: Time,
      version: z.int(),
    }),
  ),
  reminders: z.array(z.object({ alertId: z.string(), offsetHours: z.number() })),
  notices: z.array(z.object({ alertId: z.string(), appointmentId: z.string() })),
  asked: z.object({ alertId: z.string(), at: Time }).nullable(),
  told: z
    .object({
      alertId: z.string(),
      at: Time,
      startsAt: Time,
      visits: z.array(z.object({ id: z.string(), startsAt: Time })),
    })
    .nullable()
    .default(null),
  changeTask: z.string().nullable().default(null),
  version: z.int(),
});

const PointerItem = z.object({
  externalIndex: z.string(),
  patientId: z.string(),
  day: z.iso.date(),
  appointmentId: z.string(),
  sealed: Bytes,
  wrappedKey: Bytes,
});

const EMPTY_DAY_KEPT_SECONDS = 30 * 24 * 60 * 60;

/** Where a day stands in the list of its date. */
export function orderOf({ firstStart, patientId }: DayPosition): string {
  return `${firstStart}#${patientId}`;
}

/** A day's place in the list, by its first visit whatever its status; a day without visits has none. */
function listed({ day, patientId, appointments }: VisitDay) {
  const [firstStart] = appointments.map(({ startsAt }) => startsAt).toSorted();
  return firstStart === undefined
    ? { [TTL_ATTRIBUTE]: Date.parse(day) / 1000 + EMPTY_DAY_KEPT_SECONDS }
    : { listDay: day, listOrder: orderOf({ firstStart, patientId }) };
}

/** Lookups and writes of the `Appointments` table: a patient's days with their visits, and where a visit is found. */
export function createAppointmentsTable(table: string) {
  const keys = {
    visitDay: (patientId: string, day: string) => ({ pk: patientId, sk: `day#${day}` }),
    pointer: (externalIndex: string) => ({ pk: `external#${externalIndex}`, sk: "appointment" }),
  };
  return {
    table,
    keys,
    parse: { visitDay: (item: unknown): VisitDay => VisitDayItem.parse(item) },
    /** A patient's visits of a local day. */
    visitDay: (patientId: string, day: string): Lookup<VisitDay> => ({
      table,
      key: keys.visitDay(patientId, day),
      parse: (item) => VisitDayItem.parse(item),
    }),
    /**
     * Replaces a day that is still as it was read (version 0: none yet). A day without visits leaves the list, and
     * DynamoDB may drop it a month later.
     */
    setVisitDay: (day: VisitDay): Write =>
      put(
        table,
        {
          ...keys.visitDay(day.patientId, day.day),
          ...day,
          version: day.version + 1,
          ...listed(day),
        },
        atVersion(day.version),
      ),
    /** Holds a transaction to a day as it was read. */
    visitDayUnchanged: (day: VisitDay): Write =>
      check(table, keys.visitDay(day.patientId, day.day), atVersion(day.version)),
    /** Where a visit is, by the blind index of its external id. */
    pointer: (externalIndex: string): Lookup<AppointmentPointer> => ({
      table,
      key: keys.pointer(externalIndex),
      parse: (item) => PointerItem.parse(item),
    }),
    /** Says where a visit is, as long as it still is where it was found (undefined: nowhere). */
    setPointer: (pointer: AppointmentPointer, before: AppointmentPointer | undefined): Write =>
      put(
        table,
        { ...keys.pointer(pointer.externalIndex), ...pointer },
        before === undefined
          ? ABSENT
          : {
              expression: "#day = :day AND appointmentId = :id",
              names: { "#day": "day" },
              values: { ":day": before.day, ":id": before.appointmentId },
            },
      ),
    /** Forgets where a visit was. */
    removePointer: (externalIndex: string): Write => remove(table, keys.pointer(externalIndex)),
  };
}

/** Lookups and writes of the `Appointments` table. */
export type AppointmentsTable = ReturnType<typeof createAppointmentsTable>;
