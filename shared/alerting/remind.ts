import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { UNSENT } from "./outcome.ts";
import { tellsOfVisit } from "./visits.ts";

/** An alert that something must happen to. */
export interface DueAlert {
  readonly patientId: string;
  readonly alertId: string;
  readonly dueAt: string;
  readonly queue: "urgent" | "bulk";
  readonly kind: AlertKind;
  /** After this it is never sent. */
  readonly expiresAt: string | null;
}

/** What the sweep needs. */
export interface RemindPorts {
  readonly dueAlerts: {
    /** Everything of a queue that is due, the longest due first, each alert once. */
    due(
      queue: "urgent" | "bulk",
      now: Date,
    ): {
      next(count: number): Promise<readonly DueAlert[]>;
      /** Items that were met since it was asked last, and make no sense. */
      unreadable(): readonly { readonly alertId: string; readonly error: Error }[];
      rest(): Promise<number>;
    };
    claim(alert: DueAlert, next: string): Promise<boolean>;
  };
  /** Asks for alerts on their queue; gives those that it did not take. */
  readonly request: Readonly<
    Record<
      "urgent" | "bulk",
      (
        alerts: readonly { readonly patientId: string; readonly alertId: string }[],
      ) => Promise<readonly { readonly alertId: string; readonly error: unknown }[]>
    >
  >;
  /** Whether it was never tried: then it ends unsent once its time is over. */
  readonly isUntried: (alert: DueAlert) => Promise<boolean>;
  /** Message parts a second that the originator sends; null: no limit. */
  readonly textsPerSecond: number | null;
  readonly onExpired: (alert: DueAlert) => void;
  readonly onFailure: (alertId: string, error: unknown) => void;
  readonly now: () => Date;
}

/** What a sweep did. */
export interface RemindResult {
  /** What was due when it began. */
  readonly due: number;
  /** Asked for on a queue. */
  readonly requested: number;
  /** About visits, and so late that they end unsent: `send-alert` is asked to put that on record. */
  readonly expired: number;
  /** Not looked at: more than leaves in a minute. The next run goes on with them. */
  readonly left: number;
  /** Could not be read or asked for; they come back in a quarter of an hour at the latest. */
  readonly failed: number;
}

/** Tells whether an alert was never tried. */
export function createIsUntried({
  read,
  messages,
}: {
  readonly read: ReadSnapshot;
  readonly messages: { alert(patientId: string, id: string): Lookup<AlertRecord> };
}): RemindPorts["isUntried"] {
  return async ({ patientId, alertId }) => {
    const [alert] = await read(messages.alert(patientId, alertId));
    return alert !== undefined && UNSENT.includes(alert.status);
  };
}

const AGAIN_SECONDS = 15 * 60;
const MINUTE_SECONDS = 60;
/** Bulk requests of one run where neither pace nor event say how many. */
const REQUESTS_DEFAULT = 2000;
/** At once: each is a claim, and ten together a call of a queue. */
const CHUNK = 50;
/** A run stops taking more after this, well within the function's time-out. */
const RUN_SECONDS_MAX = 40;

/**
 * Asks again for every alert that something must happen to by now: reminders, deferred ones, sent ones whose next step
 * has come, and accepted ones whose request never reached the queue. Several runs at once ask once, by a claim on the due
 * time; one alert that cannot be read or asked for does not hold up the others. After an outage bulk alerts come back the longest
 * due first, as many a run as leave in a minute; what nobody claimed stays due. Urgent ones are never held back.
 */
export function createRemind(ports: RemindPorts) {
  const { dueAlerts, request, isUntried, onExpired, onFailure, now } = ports;
  const aMinute =
    ports.textsPerSecond === null
      ? REQUESTS_DEFAULT
      : Math.max(1, Math.floor(ports.textsPerSecond * MINUTE_SECONDS));

  /** Makes an alert this run's; tells what is asked for with it, or why nothing is. */
  async function claim(alert: DueAlert): Promise<"requested" | "expired" | "elsewhere" | "failed"> {
    try {
      const isOver = alert.expiresAt !== null && Date.parse(alert.expiresAt) <= now().getTime();
      const isTooLate = isOver && tellsOfVisit(alert.kind) && (await isUntried(alert));
      if (!(await dueAlerts.claim(alert, secondsAfter(now(), AGAIN_SECONDS)))) return "elsewhere";
      return isTooLate ? "expired" : "requested";
    } catch (error) {
      onFailure(alert.alertId, error);
      return "failed";
    }
  }

  /** Claims alerts of a queue and asks for those that no other run has; tells what came of each. */
  async function handle(queue: "urgent" | "bulk", alerts: readonly DueAlert[]) {
    const claims = await Promise.all(alerts.map(async (alert) => ({ alert, outcome: await claim(alert) })));
    const mine = claims.filter(({ outcome }) => outcome === "requested" || outcome === "expired");
    const lost = new Map(
      (await request[queue](mine.map(({ alert }) => alert))).map(({ alertId, error }) => [alertId, error]),
    );
    for (const [alertId, error] of lost) onFailure(alertId, error);
    return claims.map(({ alert, outcome }) => {
      if (lost.has(alert.alertId)) return "failed";
      if (outcome === "expired") onExpired(alert);
      return outcome;
    });
  }

  async function sweep(queue: "urgent" | "bulk", budget: number): Promise<RemindResult> {
    const reader = dueAlerts.due(queue, now());
    const until = now().getTime() + RUN_SECONDS_MAX * 1000;
    const counts = { requested: 0, expired: 0, failed: 0, elsewhere: 0 };
    while (counts.requested < budget && now().getTime() < until) {
      const alerts = await reader.next(Math.min(CHUNK, budget - counts.requested));
      for (const { alertId, error } of reader.unreadable()) {
        onFailure(alertId, error);
        counts.failed += 1;
      }
      if (alerts.length === 0) break;
      for (const outcome of await handle(queue, alerts)) counts[outcome] += 1;
    }
    const left = await reader.rest();
    const { requested, expired, failed, elsewhere } = counts;
    return { due: requested + expired + failed + elsewhere + left, requested, expired, left, failed };
  }

  return async (maxRequests?: number): Promise<RemindResult> => {
    const urgent = await sweep("urgent", Number.POSITIVE_INFINITY);
    const bulk = await sweep("bulk", maxRequests ?? aMinute);
    return {
      due: urgent.due + bulk.due,
      requested: urgent.requested + bulk.requested,
      expired: urgent.expired + bulk.expired,
      left: urgent.left + bulk.left,
      failed: urgent.failed + bulk.failed,
    };
  };
}
