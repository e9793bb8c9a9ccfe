import type { AlertKind } from "../domain/alerts/kinds.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
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

/** What is done with an alert about a visit whose time is over: `kept` where it was tried before, and its end is open. */
export type DropOutcome = "dropped" | "kept" | "nothing";

/** What the sweep needs. */
export interface RemindPorts {
  readonly dueAlerts: {
    /** Everything of a queue that is due, the longest due first, each alert once. */
    due(
      queue: "urgent" | "bulk",
      now: Date,
    ): { next(count: number): Promise<readonly DueAlert[]>; rest(): Promise<number> };
    claim(alert: DueAlert, next: string): Promise<boolean>;
  };
  readonly request: Readonly<
    Record<"urgent" | "bulk", (request: { patientId: string; alertId: string }) => Promise<void>>
  >;
  /** Ends an alert whose time is over, on record. */
  readonly drop: (alert: DueAlert, requestId: string) => Promise<DropOutcome>;
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
  /** Dropped, because they could only come too late. */
  readonly expired: number;
  /** Not looked at: more than leaves in a minute. The next run goes on with them. */
  readonly left: number;
  /** Could not be asked for or dropped; they come back in a quarter of an hour at the latest. */
  readonly failed: number;
}

const AGAIN_SECONDS = 15 * 60;
const MINUTE_SECONDS = 60;
/** Bulk requests of one run where neither pace nor event say how many. */
const REQUESTS_DEFAULT = 2000;
/** At once: each is a claim and a message to a queue. */
const CHUNK = 50;
/** A run stops taking more after this, well within the function's time-out. */
const RUN_SECONDS_MAX = 40;

/**
 * Asks again for every alert that something must happen to by now: reminders, deferred ones, sent ones whose next step
 * has come, and accepted ones whose request never reached the queue. Several runs at once ask once, by a claim on the due
 * time; one alert that cannot be asked for does not hold up the others. After an outage bulk alerts come back the longest
 * due first, as many a run as leave in a minute; what nobody claimed stays due. Urgent ones are never held back.
 */
export function createRemind(ports: RemindPorts) {
  const { dueAlerts, request, drop, onExpired, onFailure, now } = ports;
  const aMinute =
    ports.textsPerSecond === null
      ? REQUESTS_DEFAULT
      : Math.max(1, Math.floor(ports.textsPerSecond * MINUTE_SECONDS));

  async function ask(alert: DueAlert): Promise<"requested" | "elsewhere"> {
    if (!(await dueAlerts.claim(alert, secondsAfter(now(), AGAIN_SECONDS)))) return "elsewhere";
    await request[alert.queue](alert);
    return "requested";
  }

  async function handle(alert: DueAlert, requestId: string) {
    try {
      const isOver = alert.expiresAt !== null && Date.parse(alert.expiresAt) <= now().getTime();
      if (!isOver || !tellsOfVisit(alert.kind)) return await ask(alert);
      const outcome = await drop(alert, requestId);
      if (outcome === "kept") return await ask(alert);
      if (outcome === "nothing") return "elsewhere";
      onExpired(alert);
      return "expired";
    } catch (error) {
      onFailure(alert.alertId, error);
      return "failed";
    }
  }

  async function sweep(queue: "urgent" | "bulk", budget: number, requestId: string): Promise<RemindResult> {
    const reader = dueAlerts.due(queue, now());
    const until = now().getTime() + RUN_SECONDS_MAX * 1000;
    const counts = { requested: 0, expired: 0, failed: 0, elsewhere: 0 };
    while (counts.requested < budget && now().getTime() < until) {
      const alerts = await reader.next(Math.min(CHUNK, budget - counts.requested));
      if (alerts.length === 0) break;
      for (const outcome of await Promise.all(alerts.map((alert) => handle(alert, requestId)))) {
        counts[outcome] += 1;
      }
    }
    const left = await reader.rest();
    const { requested, expired, failed, elsewhere } = counts;
    return { due: requested + expired + failed + elsewhere + left, requested, expired, left, failed };
  }

  return async (requestId: string, maxRequests?: number): Promise<RemindResult> => {
    const urgent = await sweep("urgent", Number.POSITIVE_INFINITY, requestId);
    const bulk = await sweep("bulk", maxRequests ?? aMinute, requestId);
    return {
      due: urgent.due + bulk.due,
      requested: urgent.requested + bulk.requested,
      expired: urgent.expired + bulk.expired,
      left: urgent.left + bulk.left,
      failed: urgent.failed + bulk.failed,
    };
  };
}
