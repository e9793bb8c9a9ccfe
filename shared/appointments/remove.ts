import type { Asking } from "../audit/journal.ts";
import { languageFor } from "../consent/preferences.ts";
import { blindIndex } from "../patients/register.ts";
import { untilSettled } from "./contention.ts";
import { noticeOf, waitingNotice } from "./notices.ts";
import type { AppointmentPorts } from "./ports.ts";
import { alertsOf, changeDay, withNotice, withoutNoticesOf, writesOf } from "./replan.ts";

/** What came of removing a visit. */
export type RemoveAppointmentOutcome = { readonly kind: "removed" | "unknown" | "version-conflict" };

/** Forgets a visit and its external id; its day's reminders are planned anew without it. */
export function createRemoveAppointment(ports: AppointmentPorts) {
  const { read, journal, appointments, patients, consents, practice, now } = ports;

  async function attempt(
    externalIndex: string,
    version: number | undefined,
    asking: Asking,
  ): Promise<RemoveAppointmentOutcome | undefined> {
    const [pointer] = await read(appointments.pointer(externalIndex));
    if (pointer === undefined) return { kind: "unknown" };
    const { patientId, appointmentId } = pointer;
    const [day, patient, preferences, settings, head] = await read(
      appointments.visitDay(patientId, pointer.day),
      patients.patient(patientId),
      consents.preferences(patientId),
      practice.settings(),
      journal.head({ patientId, actor: asking.actor }),
    );
    const before = day?.appointments.find(({ id }) => id === appointmentId);
    if (day === undefined || before === undefined) return undefined;
    if (version !== undefined && version !== before.version) return { kind: "version-conflict" };

    const planning = {
      settings: settings ?? ports.settingsDefault,
      language: languageFor(patient ?? { language: "en" }, preferences),
      sender: asking.actor,
      at: now(),
      newId: ports.newId,
    };
    const alerts = await alertsOf(ports, [day]);
    const waiting = waitingNotice(day, appointmentId, alerts);
    const left = withoutNoticesOf(
      changeDay(day, { kind: "remove", appointmentId }, alerts, planning),
      appointmentId,
      alerts,
    );
    const notice = noticeOf({ before, after: undefined }, waiting, planning.settings, planning.at);
    const changed = notice === undefined ? left : withNotice(left, notice.kind, notice.visit, planning);
    const outcome = await journal.commit(
      {
        ...asking,
        action: "appointment.removed",
        patientId,
        details: {
          appointmentId,
          day: day.day,
          startsAt: before.startsAt,
          status: before.status,
          version: before.version,
          planned: changed.added.map(({ id }) => id),
          voided: changed.voided.map(({ id }) => id),
          ...(changed.untold === null ? {} : { untold: changed.untold }),
        },
      },
      [...writesOf(ports, changed), appointments.removePointer(externalIndex)],
      head ?? null,
    );
    return outcome.kind === "committed" ? { kind: "removed" } : undefined;
  }

  return async (
    externalId: string,
    version: number | undefined,
    asking: Asking,
  ): Promise<RemoveAppointmentOutcome> => {
    const externalIndex = await blindIndex(ports.indexMac, "appointment", externalId);
    return untilSettled(() => attempt(externalIndex, version, asking));
  };
}
