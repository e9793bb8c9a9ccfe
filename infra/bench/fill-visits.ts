import { createAppointmentsTable } from "#shared/adapters/dynamodb/appointments-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createSealExternalId } from "#shared/adapters/external-id-seal.ts";
import { emptyDay } from "#shared/appointments/days.ts";
import type { Appointment } from "#shared/appointments/records.ts";
import { changeDay, writesOf } from "#shared/appointments/replan.ts";
import type { ChainHead } from "#shared/audit/journal.ts";
import { dayOf } from "#shared/domain/sending/local-time.ts";
import { blindIndex } from "#shared/patients/register.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { newId } from "#shared/runtime/ids.ts";
import type { Aws } from "../local/aws/aws.ts";
import { createFillPatient, FILL_ACTOR, fillJournal, stackVariable } from "./fill-patient.ts";
import { inProcessDataKeys, inProcessMac } from "./in-process.ts";

/** Visits of each patient at most; there are no more numbers than for 10,000 patients. */
const VISITS_EACH_MAX = 10;
const ZONE = "America/New_York";
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** The reminder that is due belongs to a visit so many hours later; the other of the day is long past. */
const DUE_OFFSET_HOURS = 24;
/** From the end of the filling until the reminders are due. */
const DUE_AFTER_MS = 10 * 60_000;
/** The visits whose reminders are not due lie so far after each other, the first after all of these. */
const APART_DAYS = 3;
const FIRST_AFTER_DAYS = 10;

/** What was filled in. */
export type FilledVisits = {
  readonly visits: number;
  /** Reminders that wait for a later time than the due ones. */
  readonly waiting: number;
  readonly patientIds: readonly string[];
  /** When the due ones are due, ISO 8601 UTC. */
  readonly dueAt: string;
};

/**
 * Fills the tables with so many visits of a tenth as many patients (a thousand patients at least), each on a day of its
 * own, under the records, entries and planned reminders that putting them would write. The reminders of exactly `due`
 * visits, of as many patients, are due some minutes later; all others are days away.
 */
export function createFillVisits(aws: Aws) {
  const journal = fillJournal(aws, "puts");
  const fillPatient = createFillPatient(aws);
  const tables = {
    appointments: createAppointmentsTable(stackVariable(aws, "APPOINTMENTS_TABLE_NAME")),
    messages: createMessagesTable(stackVariable(aws, "MESSAGES_TABLE_NAME")),
  };
  const indexMac = inProcessMac(aws, stackVariable(aws, "INDEX_KEY_ARN"));
  const sealExternalId = createSealExternalId(inProcessDataKeys(aws, stackVariable(aws, "CONTACT_KEY_ARN")));
  const settings = settingsDefaultOf(ZONE);
  const heads = new Map<string, ChainHead>();
  let put = 0;

  const commit = async (patientId: string, action: string, writes: Parameters<typeof journal.commit>[1]) => {
    const event = { action, actor: FILL_ACTOR, role: "function", patientId, requestId: "bench" } as const;
    const outcome = await journal.commit(event, writes, heads.get(patientId) ?? null);
    if (outcome.kind === "conflict") throw new Error("what was filled in is there already");
    heads.set(patientId, outcome.entry);
    // Gives way now and then, so that a signal to end is heard.
    if (heads.size % 100 === 0 || put % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  };

  /** Puts a visit and plans its reminders; tells how many. */
  const addVisit = async (patientId: string, startsAt: Date): Promise<number> => {
    const at = new Date();
    const externalId = `bench-visit-${String(put)}`;
    put += 1;
    const visit: Appointment = {
      id: newId("apt", at),
      externalIndex: await blindIndex(indexMac, "appointment", externalId),
      startsAt: startsAt.toISOString(),
      timeZone: ZONE,
      locationId: null,
      providerId: null,
      reminderOffsets: null,
      status: "booked",
      confirmation: "none",
      confirmedAt: null,
      sourceVersion: null,
      changedAt: at.toISOString(),
      version: 1,
    };
    const changed = changeDay(
      emptyDay(patientId, dayOf(startsAt, ZONE), ZONE),
      { kind: "put", appointment: visit },
      new Map(),
      { settings, language: "en", sender: FILL_ACTOR, at, newId },
    );
    const pointed = { externalIndex: visit.externalIndex, patientId, appointmentId: visit.id };
    const sealed = await sealExternalId(pointed, externalId);
    await commit(patientId, "appointment.booked", [
      ...writesOf(tables, changed),
      tables.appointments.setPointer({ ...pointed, day: changed.day.day, ...sealed }, undefined),
    ]);
    return changed.added.length;
  };

  return async (visits: number, due: number): Promise<FilledVisits> => {
    const patientIds: string[] = [];
    for (let index = 0; index < Math.max(due, visits / VISITS_EACH_MAX); index += 1) {
      const at = new Date();
      const { patient, writes } = await fillPatient(index, "scheduling", at);
      await commit(patient.id, "bench.filled", writes);
      patientIds.push(patient.id);
    }
    let waiting = 0;
    const others = visits - due;
    const begun = Date.now();
    for (let index = 0; index < others; index += 1) {
      const patientId = patientIds[index % patientIds.length] ?? "";
      const days = FIRST_AFTER_DAYS + Math.floor(index / patientIds.length) * APART_DAYS;
      waiting += await addVisit(patientId, new Date(begun + days * DAY_MS));
    }
    const dueMs = Math.ceil((Date.now() + DUE_AFTER_MS) / 60_000) * 60_000;
    for (const patientId of patientIds.slice(0, due)) {
      const planned = await addVisit(patientId, new Date(dueMs + DUE_OFFSET_HOURS * HOUR_MS));
      if (planned !== 1) throw new Error("a visit has not exactly one reminder that is due");
    }
    return { visits: put, waiting, patientIds, dueAt: new Date(dueMs).toISOString() };
  };
}
