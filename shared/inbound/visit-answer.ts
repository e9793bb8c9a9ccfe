import { isReminder } from "../alerting/visits.ts";
import { bookedVisits } from "../appointments/days.ts";
import type { Appointment, VisitDay } from "../appointments/records.ts";
import { daysBefore } from "../domain/sending/local-time.ts";
import type { Confirmation } from "../domain/visits/words.ts";
import { dueBefore } from "../tasks/due.ts";
import { newTask } from "../tasks/records.ts";
import { answerTo, mayAnswerInGeneral, mayAnswerVisits, takesAnswers } from "./answers.ts";
import { type Plan, simplePlan } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import { ACTOR, type Owner, type Situation, writerOf } from "./situation.ts";

/** A day that a reminder asked about, with those of its visits that are still to come. */
interface AskedDay {
  readonly day: VisitDay;
  readonly visits: readonly Appointment[];
}

/** True where our text that is answered went to somebody else, who has the number no more. */
function answersAnother({ answered }: Situation, patientId: string): boolean {
  if (answered === undefined) return false;
  const to = answered.patientId.startsWith("pat_") ? answered.patientId : answered.concerns;
  return to !== null && to !== patientId;
}

/** The day that C and 2 speak of: that of the reminder which they answer, else the one asked about last; null: none. */
function askedDay(days: readonly VisitDay[], { answered, at }: Situation): AskedDay | null {
  const open = days
    .filter(({ asked }) => asked !== null)
    .map((day) => ({
      day,
      visits: bookedVisits(day).filter(({ startsAt }) => Date.parse(startsAt) > at.getTime()),
    }))
    .filter(({ visits }) => visits.length > 0)
    .toSorted((one, other) => (other.day.asked?.at ?? "").localeCompare(one.day.asked?.at ?? ""));
  const [newest] = open;
  if (answered === undefined || !isReminder(answered.kind)) return newest ?? null;
  return open.find(({ day }) => day.day === answered.visitDay) ?? null;
}

function changed({ day, visits }: AskedDay, confirmation: Confirmation, at: Date): VisitDay {
  const ids = new Set(visits.map(({ id }) => id));
  const appointments = day.appointments.map((visit) =>
    ids.has(visit.id) && visit.confirmation !== confirmation
      ? { ...visit, confirmation, confirmedAt: at.toISOString(), version: visit.version + 1 }
      : visit,
  );
  return { ...day, appointments };
}

/**
 * C confirms every visit to come of the day that was asked about; 2 asks for another time, which a person sees to before
 * the first of them. Null where nobody can tell who wrote, or no reminder of a visit to come asked: then it is a reply
 * like any other.
 */
export async function planVisitAnswer(
  ports: InboundPorts,
  said: "confirm" | "change",
  situation: Situation,
): Promise<Plan | null> {
  const { at, number, officeHours } = situation;
  const writer: Owner | null = writerOf(situation);
  if (writer === null) return null;
  const patientId = writer.patient.id;
  if (answersAnother(situation, patientId)) return null;
  const { daysFrom, setVisitDay } = await ports.openVisits();
  // A day earlier than UTC's: it may still be today at the practice.
  const asked = askedDay(await daysFrom(patientId, daysBefore(at.toISOString().slice(0, 10), 1)), situation);
  if (asked === null) return null;
  const { day, visits } = asked;
  const confirmation = said === "confirm" ? "confirmed" : "change-requested";
  const isNew = visits.some((visit) => visit.confirmation !== confirmation);
  const alertId = day.asked?.alertId ?? null;
  const [known] = await ports.read(day.changeTask === null ? null : ports.tasks.task(day.changeTask));
  const open = known === undefined || known.completedAt !== null ? null : known;
  const task =
    said === "change" && isNew && open === null
      ? newTask(
          {
            id: ports.newId("tsk", at),
            kind: "visit-change",
            dueAt: dueBefore(new Date(visits[0]?.startsAt ?? at), at, officeHours).toISOString(),
            patientId,
            alertId,
            numberId: number.id,
          },
          at,
        )
      : null;
  const kind = said === "confirm" ? "visit-confirmed" : "change-asked";
  // Said twice it changes nothing, and is answered as other replies are.
  const answers =
    takesAnswers(situation) && (isNew ? mayAnswerVisits(situation) : mayAnswerInGeneral(situation));
  // What was asked for is not wanted any more.
  const settled = said === "confirm" ? open : null;
  return simplePlan(
    said,
    {
      concerns: writer,
      purpose: "scheduling",
      details: {
        alertId,
        visitDay: day.day,
        appointmentIds: visits.map(({ id }) => id),
        ...(task === null ? {} : { taskId: task.id }),
        ...(settled === null ? {} : { settledTaskId: settled.id }),
      },
      writes: [
        ...(isNew
          ? [
              setVisitDay({
                ...changed(asked, confirmation, at),
                changeTask: task?.id ?? day.changeTask,
              }),
            ]
          : []),
        ...(task === null ? [] : [ports.tasks.addTask(task)]),
        ...(settled === null
          ? []
          : [ports.tasks.completeTask(settled.id, at.toISOString(), ACTOR, "not-needed")]),
      ],
    },
    answers
      ? { atLast: { answeredAt: at.toISOString() }, alerts: [answerTo(ports, situation, kind)], answer: kind }
      : {},
  );
}
