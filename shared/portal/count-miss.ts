import type { Journal, Write } from "../audit/journal.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import { DAILY_MISSES_MAX, LINK_MISSES_MAX, PROOF_FAILED_DUE_MS } from "./limits.ts";
import { type LiveLink, proofEvent } from "./live-link.ts";
import type { PortalStore } from "./ports.ts";

/** What counting a miss needs. */
export interface CountMissPorts {
  readonly journal: Journal;
  readonly portal: PortalStore;
  readonly tasks: { addTask(task: TaskRecord): Write };
  readonly newTaskId: (now: Date) => string;
}

/** A miss, or undefined where somebody else was faster and nothing was written. */
export type CountedMiss = { readonly dies: boolean } | undefined;

/**
 * Counts a wrong proof. At the link's limit, or at the patient's of the day over all links, the link dies
 * and staff get a task, one for each patient and day, all in the transaction of the count.
 */
export async function countMiss(
  { journal, portal, tasks, newTaskId }: CountMissPorts,
  live: Pick<LiveLink, "link" | "day" | "dailyMisses" | "head">,
  step: "birthDate" | "pin" | "code",
  requestId: string,
  at: Date,
): Promise<CountedMiss> {
  const { link, day, dailyMisses, head } = live;
  const misses = link.misses + 1;
  const count = (dailyMisses?.count ?? 0) + 1;
  const limit = limitOf(misses, count);
  const dies = limit !== null;
  const known = dailyMisses?.taskId ?? null;
  const task = dies && known === null ? proofFailedTask(live, newTaskId(at), limit, at) : null;
  const outcome = await journal.commit(
    proofEvent(dies ? "link.died" : "proof.failed", live, requestId, {
      step,
      misses,
      ...(dies ? { limit, taskId: task?.id ?? known } : {}),
    }),
    [
      portal.changeSeenLink(link, { misses, ...(dies ? { diedAt: at.toISOString() } : {}) }),
      portal.setDailyMisses(link.patientId, day, dailyMisses, { count, taskId: task?.id ?? known }),
      ...(task === null ? [] : [tasks.addTask(task)]),
    ],
    head,
  );
  return outcome.kind === "conflict" ? undefined : { dies };
}

/** Which limit a miss reaches, if any. */
function limitOf(ofLink: number, ofDay: number): "link" | "day" | null {
  if (ofLink >= LINK_MISSES_MAX) return "link";
  return ofDay >= DAILY_MISSES_MAX ? "day" : null;
}

function proofFailedTask({ link }: Pick<LiveLink, "link">, id: string, reason: string, at: Date): TaskRecord {
  const { patientId, messageId, threadId, alertId } = link;
  return newTask(
    {
      id,
      kind: "proof-failed",
      dueAt: new Date(at.getTime() + PROOF_FAILED_DUE_MS).toISOString(),
      patientId,
      messageId,
      threadId,
      alertId,
      reason,
    },
    at,
  );
}
