import type { VisitDay } from "../appointments/records.ts";
import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { PracticeSettings } from "../practice/records.ts";
import type { TaskRecord } from "../tasks/records.ts";
import { alertEvent } from "./alert-event.ts";
import { callPatient } from "./other-way.ts";
import { UNSENT } from "./outcome.ts";
import type { DropOutcome } from "./remind.ts";
import { isVoid, untoldVisit } from "./visits.ts";

/** What dropping a reminder needs. */
export interface DropExpiredPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly messages: {
    alert(patientId: string, id: string): Lookup<AlertRecord>;
    moveAlert(alert: AlertRecord, from: readonly AlertRecord["status"][], set: Partial<AlertRecord>): Write;
  };
  readonly appointments: { visitDay(patientId: string, day: string): Lookup<VisitDay> };
  readonly practice: { settings(): Lookup<PracticeSettings> };
  readonly tasks: { addTask(task: TaskRecord): Write };
  readonly settingsDefault: PracticeSettings;
  readonly newId: (prefix: "tsk" | "alr", now?: Date) => string;
  readonly now: () => Date;
}

/** Ends a text about a visit that could only come too late; a person calls where the visit is still to come. */
export function createDropExpired(ports: DropExpiredPorts) {
  const { read, journal, messages, appointments, practice, tasks } = ports;

  return async (
    { patientId, alertId }: { readonly patientId: string; readonly alertId: string },
    requestId: string,
  ): Promise<DropOutcome> => {
    const [alert, settings] = await read(messages.alert(patientId, alertId), practice.settings());
    if (alert === undefined) return "nothing";
    if (!UNSENT.includes(alert.status)) return "kept";
    const [visitDay] = await read(
      alert.visitDay === null ? null : appointments.visitDay(patientId, alert.visitDay),
    );
    const reason = isVoid(alert, visitDay) ? "superseded" : "expired";
    const isMissed = reason === "expired" && untoldVisit(alert, visitDay, ports.now()) !== null;
    const way = isMissed
      ? callPatient(
          { ...ports, tasks },
          { alert, settings: settings ?? ports.settingsDefault, visitDay },
          reason,
        )
      : undefined;
    const outcome = await journal.commit(
      alertEvent(alert, "alert.blocked", requestId, { reason, ...way?.set }, "function:remind"),
      [
        messages.moveAlert(alert, UNSENT, { status: "blocked", reason, dueAt: null, ...way?.set }),
        ...(way?.writes ?? []),
      ],
    );
    return outcome.kind === "committed" && reason === "expired" ? "dropped" : "nothing";
  };
}
