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
    /** Everything that is due, in pages of at most so many of each shard; each alert stands in one page only. */
    due(now: Date, limit: number): AsyncIterable<readonly DueAlert[]>;
    claim(alert: DueAlert, next: string): Promise<boolean>;
  };
  readonly request: Readonly<
    Record<"urgent" | "bulk", (request: { patientId: string; alertId: string }) => Promise<void>>
  >;
  readonly onFailure: (alertId: string, error: unknown) => void;
  readonly now: () => Date;
}

/** What a sweep did. */
export interface RemindResult {
  readonly due: number;
  readonly requested: number;
}

const SHARD_LIMIT = 25;
const AGAIN_SECONDS = 15 * 60;
/** So many pages of what is due at most; the next minute goes on. */
const PAGES_MAX = 20;

/**
 * Asks again for every alert that something must happen to by now: deferred ones, sent ones whose next step
 * has come, and accepted ones whose request never reached the queue. Several runs at once ask once, by a claim on the due time; one alert that
 * cannot be asked for does not hold up the others.
 */
export function createRemind({ dueAlerts, request, onFailure, now }: RemindPorts) {
  async function ask(alert: DueAlert): Promise<boolean> {
    try {
      if (!(await dueAlerts.claim(alert, secondsAfter(now(), AGAIN_SECONDS)))) return false;
      await request[alert.queue](alert);
      return true;
    } catch (error) {
      onFailure(alert.alertId, error);
      return false;
    }
  }

  return async (): Promise<RemindResult> => {
    let due = 0;
    let requested = 0;
    let pages = 0;
    for await (const alerts of dueAlerts.due(now(), SHARD_LIMIT)) {
      const asked = await Promise.all(alerts.map(ask));
      due += alerts.length;
      requested += asked.filter(Boolean).length;
      pages += 1;
      if (pages === PAGES_MAX) break;
    }
    return { due, requested };
  };
}
