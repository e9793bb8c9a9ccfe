import { secondsAfter } from "../messaging/new-alert.ts";

/** An alert that something must happen to. */
interface DueAlert {
  readonly patientId: string;
  readonly alertId: string;
  readonly dueAt: string;
  readonly queue: "urgent" | "bulk";
}

/** What the sweep needs. */
export interface RemindPorts {
  readonly dueAlerts: {
    due(now: Date, limit: number): Promise<readonly DueAlert[]>;
    claim(alert: DueAlert, next: string): Promise<boolean>;
  };
  readonly request: Readonly<
    Record<"urgent" | "bulk", (request: { patientId: string; alertId: string }) => Promise<void>>
  >;
  readonly now: () => Date;
}

/** What a sweep did. */
export interface RemindResult {
  readonly due: number;
  readonly requested: number;
}

const SHARD_LIMIT = 25;
const AGAIN_SECONDS = 15 * 60;

/**
 * Asks again for every alert that is due: deferred ones, and accepted ones whose request never
 * reached the queue. Several runs at once ask once, by a claim on the due time.
 */
export function createRemind({ dueAlerts, request, now }: RemindPorts) {
  return async (): Promise<RemindResult> => {
    const due = await dueAlerts.due(now(), SHARD_LIMIT);
    let requested = 0;
    for (const alert of due) {
      if (!(await dueAlerts.claim(alert, secondsAfter(now(), AGAIN_SECONDS)))) continue;
      await request[alert.queue](alert);
      requested += 1;
    }
    return { due: due.length, requested };
  };
}
