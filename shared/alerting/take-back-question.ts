import { toldOf } from "../appointments/days.ts";
import type { Write } from "../audit/journal.ts";
import type { AlertingPorts } from "./ports.ts";
import type { Situation } from "./situation.ts";

/** Makes C and 2 answer, after a reminder that did not leave, what the one before asked, if any did. */
export async function takeBackQuestion(
  { read, appointments }: AlertingPorts,
  { alert, visitDay: before }: Pick<Situation, "alert" | "visitDay">,
): Promise<readonly Write[]> {
  if (before === undefined) return [];
  const [day] = await read(appointments.visitDay(before.patientId, before.day));
  if (day === undefined) return [];
  // A change of the day may have ended the question; then the former one is over too.
  const asked = day.asked?.alertId === alert.id ? before.asked : day.asked;
  const told = day.told?.alertId === alert.id ? toldOf(before) : day.told;
  return asked === day.asked && told === day.told ? [] : [appointments.setVisitDay({ ...day, asked, told })];
}
