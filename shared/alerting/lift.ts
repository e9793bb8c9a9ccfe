import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import { alertEvent, patientOf } from "./alert-event.ts";
import { UNSENT } from "./outcome.ts";
import type { AlertingPorts } from "./ports.ts";
import type { Situation } from "./situation.ts";
import { CALL_SECONDS } from "./times.ts";

/** The task for a number that wants texts again and stays on the carrier's list. */
export function keptOnList(ports: AlertingPorts, alert: AlertRecord, reason: string): TaskRecord {
  const at = ports.now();
  return newTask(
    {
      id: ports.newId("tsk", at),
      kind: "number-not-lifted",
      dueAt: secondsAfter(at, CALL_SECONDS),
      patientId: patientOf(alert) ?? null,
      alertId: alert.id,
      numberId: alert.patientId,
      reason,
    },
    at,
  );
}

/** Takes the number off the carrier's list; false where the list keeps it, which a person is told of. */
export async function liftNumber(
  ports: AlertingPorts,
  situation: Situation,
  phone: string,
  requestId: string,
): Promise<boolean> {
  const { journal, messages } = ports;
  const { alert, number, head } = situation;
  if (alert.optOutList !== "lift" || ports.optOutList === null || number === undefined) return true;
  if ((await ports.optOutList.lift(phone)) !== "refused") return true;
  // The carrier lets no text through, so none may be accepted either: as after a STOP.
  await ports.recordCarrierStop(number.index, requestId);
  const task = keptOnList(ports, alert, "once_in_30_days");
  const taskId = task.id;
  await journal.commit(
    alertEvent(alert, "alert.blocked", requestId, { reason: "number_not_lifted", taskId }),
    [
      messages.moveAlert(alert, UNSENT, {
        status: "blocked",
        reason: "number_not_lifted",
        dueAt: null,
        taskId,
      }),
      ports.tasks.addTask(task),
    ],
    head,
  );
  return false;
}
