import type { Asking, ChainHead } from "../audit/journal.ts";
import { languageFor } from "../consent/preferences.ts";
import { dayOf } from "../domain/sending/local-time.ts";
import type { PatientRecord } from "../patients/records.ts";
import { blindIndex } from "../patients/register.ts";
import { type AppointmentFields, appointmentAfter, isUnchanged } from "./appointment-after.ts";
import { untilSettled } from "./contention.ts";
import { emptyDay, VISITS_A_DAY_MAX, withToldOf } from "./days.ts";
import { noticeOf, waitingNotice } from "./notices.ts";
import { type PlaceWarning, placeOf } from "./places.ts";
import type { AppointmentPorts } from "./ports.ts";
import type { Appointment, AppointmentPointer, VisitDay } from "./records.ts";
import {
  alertsOf,
  type ChangedDay,
  changeDay,
  type Planning,
  withNotice,
  withoutNoticesOf,
  writesOf,
} from "./replan.ts";
import { type ShownAppointment, shownAppointment } from "./shown.ts";

/** How a visit is put. */
export interface PutOptions {
  /** Only where it is at this version. */
  readonly version?: number | undefined;
  /** Says what would come of it, and writes nothing. */
  readonly dryRun?: boolean;
  /** The import that it is part of; stands in the audit entry. */
  readonly importId?: string;
}

/** What a visit was kept in spite of. `in_the_past`: it is to come, it says, and has begun: nobody is reminded of it. */
export type AppointmentWarning = PlaceWarning | "in_the_past";

/** What came of putting a visit. */
export type PutAppointmentOutcome =
  | {
      readonly kind: "booked" | "changed" | "unchanged";
      readonly appointment: ShownAppointment;
      readonly warnings: readonly AppointmentWarning[];
    }
  /** There is no such patient, or no longer. */
  | { readonly kind: "unknown-patient" }
  /** The external id is that of another patient's visit. */
  | { readonly kind: "other-patient" }
  /** The external id is a record number: the patient's, or anybody's where the visit is new. */
  | { readonly kind: "record-number" }
  /** A newer version of the scheduling system is known. */
  | { readonly kind: "stale" }
  | { readonly kind: "version-conflict" }
  | { readonly kind: "day-is-full" };

/** What an external id is to one call, worked out once however often it races. */
interface Named {
  readonly externalIndex: string;
  readonly recordIndex: string;
  readonly newId: string;
}

interface Situation {
  readonly pointer: AppointmentPointer | undefined;
  readonly patient: PatientRecord;
  readonly planning: Planning;
  readonly timeZone: string;
  readonly place: ReturnType<typeof placeOf>;
  readonly head: ChainHead | null;
}

/** What to tell of a visit that is kept; one that is over by its own word may lie in the past. */
function warningsOf(
  { startsAt, status }: AppointmentFields,
  { place, planning }: Situation,
): readonly AppointmentWarning[] {
  const isToCome = status === "booked" || status === "pending";
  const isPast = Date.parse(startsAt) <= planning.at.getTime();
  return isToCome && isPast ? [...place.warnings, "in_the_past"] : place.warnings;
}

/** The action that the audit entry names. */
function actionOf(before: Appointment | undefined, after: Appointment) {
  if (before === undefined) return "appointment.booked";
  const isOff = after.status === "cancelled" && before.status !== "cancelled";
  return isOff ? "appointment.cancelled" : "appointment.changed";
}

/**
 * Keeps a visit under its external id and plans its day's reminders with it, in one transaction. What is known already
 * changes nothing; what is older than what is known is refused.
 */
export function createPutAppointment(ports: AppointmentPorts) {
  const { read, journal, appointments, messages, patients, consents, practice, vocabulary, now } = ports;

  async function look(
    fields: AppointmentFields,
    asking: Asking,
    named: Named,
  ): Promise<
    | Situation
    | Extract<PutAppointmentOutcome, { kind: "unknown-patient" | "other-patient" | "record-number" }>
  > {
    const { patientId } = fields;
    const [pointer, patient, owner, marks, preferences, settings, directory, head] = await read(
      appointments.pointer(named.externalIndex),
      patients.patient(patientId),
      patients.byExternalId(named.recordIndex),
      messages.marks(patientId),
      consents.preferences(patientId),
      practice.settings(),
      vocabulary.directory(),
      journal.head({ patientId, actor: asking.actor }),
    );
    if (patient === undefined || (marks !== undefined && marks.erasedAt !== null)) {
      return { kind: "unknown-patient" };
    }
    // Of anybody; but a visit that is known is changed and cancelled, whoever is registered since.
    const isOwners = owner?.patientId === patientId;
    if (isOwners || (owner !== undefined && pointer === undefined)) return { kind: "record-number" };
    if (pointer !== undefined && pointer.patientId !== patientId) return { kind: "other-patient" };
    const inForce = settings ?? ports.settingsDefault;
    const place = placeOf(directory, fields);
    return {
      pointer,
      patient,
      place,
      timeZone: fields.timeZone ?? place.timeZone ?? inForce.timeZone,
      planning: {
        settings: inForce,
        language: languageFor(patient, preferences),
        sender: asking.actor,
        at: now(),
        newId: ports.newId,
      },
      head: head ?? null,
    };
  }

  /** The days that the visit leaves and comes to (one, where it stays on its day); undefined if it just moved. */
  async function daysOf({ pointer, patient, timeZone }: Situation, startsAt: string) {
    const day = dayOf(new Date(startsAt), timeZone);
    const [oldDay, newDay] = await read(
      appointments.visitDay(patient.id, pointer?.day ?? day),
      appointments.visitDay(patient.id, day),
    );
    const target = newDay ?? emptyDay(patient.id, day, timeZone);
    if (pointer === undefined) return { target, source: undefined, before: undefined };
    const before = oldDay?.appointments.find(({ id }) => id === pointer.appointmentId);
    if (oldDay === undefined || before === undefined) return undefined;
    return { target, source: pointer.day === day ? undefined : oldDay, before };
  }

  async function attempt(
    fields: AppointmentFields,
    asking: Asking,
    named: Named,
    { version, dryRun = false, importId }: PutOptions,
  ): Promise<PutAppointmentOutcome | undefined> {
    const situation = await look(fields, asking, named);
    if ("kind" in situation) return situation;
    const { pointer, patient, planning, head } = situation;
    const warnings = warningsOf(fields, situation);
    const found = await daysOf(situation, fields.startsAt);
    if (found === undefined) return undefined;
    const { before } = found;
    if (version !== undefined && version !== before?.version) return { kind: "version-conflict" };
    const known = before?.sourceVersion ?? null;
    const answer = (kind: "booked" | "changed" | "unchanged", appointment: Appointment, day: VisitDay) =>
      ({ kind, appointment: shownAppointment(appointment, day), warnings }) as const;
    if (known !== null && fields.sourceVersion !== undefined && fields.sourceVersion < known) {
      return { kind: "stale" };
    }
    // The same version tells the same visit: it stays as it is, and only what is planned for its day is looked at.
    const isKnown = known !== null && fields.sourceVersion === known;
    const { source, target } = isKnown ? { source: undefined, target: found.source ?? found.target } : found;
    const wanted = appointmentAfter(fields, before, {
      ...situation,
      id: named.newId,
      externalIndex: named.externalIndex,
      at: planning.at.toISOString(),
    });
    const isSame = before !== undefined && (isKnown || isUnchanged(before, wanted));
    const after = isSame ? before : wanted;
    const others = target.appointments.filter(({ id }) => id !== after.id);
    if (others.length >= VISITS_A_DAY_MAX) return { kind: "day-is-full" };

    const alerts = await alertsOf(ports, source === undefined ? [target] : [source, target]);
    const waiting = waitingNotice(source ?? target, after.id, alerts);
    const notice = noticeOf({ before, after }, waiting, planning.settings, planning.at);
    const noticeTells = notice !== undefined && notice.kind !== "visit-cancelled";
    const plan = { ...planning, noticeTells };
    const left =
      source === undefined
        ? undefined
        : changeDay(source, { kind: "remove", appointmentId: after.id }, alerts, plan);
    const to = source === undefined ? target : withToldOf(target, source, after.id);
    const come = changeDay(to, { kind: "put", appointment: after }, alerts, plan);
    if (isSame && left === undefined && come.voided.length === 0 && come.added.length === 0) {
      return answer("unchanged", before, target);
    }

    const isAnother = before?.startsAt !== after.startsAt || before.status !== after.status;
    const clean = (day: ChangedDay) => (isAnother ? withoutNoticesOf(day, after.id, alerts) : day);
    // A reminder that leaves at once tells the same.
    const tells = notice !== undefined && (notice.kind === "visit-cancelled" || !come.remindsNow);
    const changed = tells ? withNotice(clean(come), notice.kind, notice.visit, planning) : clean(come);
    const days = left === undefined ? [changed] : [clean(left), changed];
    const shown = answer(before === undefined ? "booked" : "changed", after, changed.day);
    if (dryRun) return shown;
    const outcome = await journal.commit(
      {
        ...asking,
        action: actionOf(before, after),
        patientId: fields.patientId,
        details: {
          appointmentId: after.id,
          day: changed.day.day,
          ...(source === undefined ? {} : { fromDay: source.day }),
          startsAt: after.startsAt,
          status: after.status,
          confirmation: after.confirmation,
          version: after.version,
          planned: days.flatMap(({ added }) => added.map(({ id }) => id)),
          voided: days.flatMap(({ voided }) => voided.map(({ id }) => id)),
          ...(changed.untold === null ? {} : { untold: changed.untold }),
          ...(importId === undefined ? {} : { importId }),
        },
      },
      [
        ...days.flatMap((day) => writesOf(ports, day)),
        // Nobody was erased, or registered anew, in the meantime.
        patients.unchanged(patient),
        ...(pointer === undefined || source !== undefined
          ? [appointments.setPointer(await pointerTo(fields, after, changed.day, pointer), pointer)]
          : []),
      ],
      head,
    );
    return outcome.kind === "committed" ? shown : undefined;
  }

  async function pointerTo(
    { externalId, patientId }: AppointmentFields,
    { id, externalIndex }: Appointment,
    { day }: VisitDay,
    before: AppointmentPointer | undefined,
  ): Promise<AppointmentPointer> {
    const visit = { externalIndex, patientId, appointmentId: id };
    const { sealed, wrappedKey } = before ?? (await ports.sealExternalId(visit, externalId));
    return { ...visit, day, sealed, wrappedKey };
  }

  return async (
    fields: AppointmentFields,
    asking: Asking,
    options: PutOptions = {},
  ): Promise<PutAppointmentOutcome> => {
    const [externalIndex, recordIndex] = await Promise.all([
      blindIndex(ports.indexMac, "appointment", fields.externalId),
      blindIndex(ports.indexMac, "external", fields.externalId),
    ]);
    const named = { externalIndex, recordIndex, newId: ports.newId("apt", now()) };
    return untilSettled(() => attempt(fields, asking, named, options));
  };
}
