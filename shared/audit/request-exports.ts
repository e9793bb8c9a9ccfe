import { createHash } from "node:crypto";
import { memoryOf as anchorMemoryOf } from "./anchor-memory.ts";
import type { ChainEnd, RememberedEntry } from "./chain-end.ts";
import { type ExportMemory, memoryOf, type OpenExport, storedMemory } from "./export-memory.ts";
import { dueExports, EXPORTED_TABLES, type ExportedTable, type ExportOrder } from "./export-windows.ts";
import type { Asking, AuditEvent, AuditValue, CommitOutcome, Journal, Write } from "./journal.ts";
import { ANCHOR_ACTOR } from "./make-anchors.ts";

/** Who exports on schedule; its own chain is the only memory of where the last export ended. */
export const EXPORT_ACTOR = "function:export-audit";

/** Where exports of a table go in their bucket. */
export function exportPrefix(table: ExportedTable): string {
  return `${EXPORTS_PREFIX}${table}`;
}
export const EXPORTS_PREFIX = "tables/";

/** So far back in its own chain a scheduled run looks for the last export that was started. */
const LOOK_BACK_ENTRIES = 50;
/** One actor starts exports at most this often, as far as the newest entries of its own chain tell. */
const PAUSE_MS = 60 * 1000;
const PAUSE_BEGINS: readonly string[] = ["audit.export-requested", "audit.exported"];
/** DynamoDB's refusal for good of a window that it does not hold. */
export const TIME_OUT_OF_REACH = "time-out-of-reach";

/** What became of one order; a started full export tells the moment that it shows. */
export type StartOutcome =
  | { readonly kind: "started"; readonly exportArn: string; readonly at: string | null }
  /** `reason` is a closed word. */
  | { readonly kind: "refused"; readonly reason: string; readonly error: unknown };

/** What became of an export that was started: AWS takes it first, and finds out later whether it can write it. */
export type ExportState =
  | { readonly kind: "running" }
  | { readonly kind: "completed" }
  /** `code` is AWS's word for why, where it gave one. */
  | { readonly kind: "failed"; readonly code: string | null };

/** What exporting needs. */
export interface RequestExportsPorts {
  readonly chainEnd: ChainEnd;
  readonly journal: Pick<Journal, "commit" | "record">;
  /** Starts an export, or finds that the same token has started it already. */
  readonly startExport: (order: ExportOrder, prefix: string, token: string) => Promise<StartOutcome>;
  readonly stateOf: (exportArn: string) => Promise<ExportState>;
  /** Lays the safeguards report of the deployed template beside the exports, where there is one. */
  readonly laySafeguards: () => Promise<void>;
  readonly onFailure: (table: ExportedTable, error: unknown) => void;
  readonly now: () => Date;
}

/** An export that was started. */
export interface StartedExport {
  readonly table: ExportedTable;
  readonly kind: ExportOrder["kind"];
  readonly exportArn: string;
  readonly from: string | null;
  /** Until when it shows what happened; null for a full export whose moment AWS did not tell. */
  readonly to: string | null;
}

/** What an auditor asks for. */
export type RequestedExport =
  | { readonly kind: "full" }
  | { readonly kind: "incremental"; readonly from: string; readonly to: string };

/** What became of an auditor's request. */
export type RequestExportsOutcome =
  | {
      readonly kind: "started";
      /** Id of the audit entry of the request. */
      readonly id: string;
      readonly exports: readonly StartedExport[];
      /** Number of the newest anchor; null where there is none. */
      readonly newestAnchor: number | null;
    }
  | { readonly kind: "too-soon"; readonly waitSeconds: number }
  /** A table does not reach back as far as the window does. */
  | { readonly kind: "out-of-reach" }
  | { readonly kind: "failed" };

/** What a scheduled run did. */
export interface ScheduledExports {
  readonly started: number;
  readonly failed: number;
}

interface FailedExport {
  readonly table: ExportedTable;
  readonly reason: string;
  readonly code?: string | null;
  readonly exportArn?: string;
}

/** Has AWS export the auditors' tables: on request, and on schedule so that nothing is left out between two exports. */
export function createRequestExports(ports: RequestExportsPorts) {
  const { chainEnd, journal, startExport, stateOf, laySafeguards, onFailure, now } = ports;

  async function startAll(orders: readonly ExportOrder[], key: string) {
    const started: StartedExport[] = [];
    const failed: FailedExport[] = [];
    for (const order of orders) {
      // Windows of a table must follow one another: behind one that failed there would be a gap.
      if (failed.some(({ table }) => table === order.table)) continue;
      const outcome = await startExport(order, exportPrefix(order.table), tokenOf(order, key));
      if (outcome.kind === "refused") {
        onFailure(order.table, outcome.error);
        failed.push({ table: order.table, reason: outcome.reason });
        continue;
      }
      started.push({
        table: order.table,
        kind: order.kind,
        exportArn: outcome.exportArn,
        from: order.kind === "full" ? null : order.from,
        to: order.kind === "full" ? outcome.at : order.to,
      });
    }
    return { started, failed };
  }

  /** What is still known once AWS was asked about the exports that may have failed since: those are made again. */
  async function settled({ until, open }: ExportMemory) {
    const reached: Record<string, string | undefined> = { ...until };
    const running: OpenExport[] = [];
    const lost: FailedExport[] = [];
    for (const one of open) {
      const state = await stateOf(one.exportArn);
      if (state.kind === "running") running.push(one);
      if (state.kind !== "failed") continue;
      const { table, from, exportArn } = one;
      onFailure(table, new Error("an export that was started was not written"));
      lost.push({ table, reason: "not-written", code: state.code, exportArn });
      const end = reached[table];
      reached[table] = from === null || end === undefined ? undefined : earlierOf(from, end);
    }
    return { until: reached as ExportMemory["until"], running, lost };
  }

  /** For how long the actor must wait after other requests than this among its entries, the newest first; null: not at all. */
  function pause(newest: readonly RememberedEntry[], key: string) {
    const last = newest.find((entry) => PAUSE_BEGINS.includes(entry.action) && entry.details["key"] !== key);
    const waitMs = last === undefined ? 0 : Date.parse(last.at) + PAUSE_MS - now().getTime();
    return waitMs > 0 ? ({ kind: "too-soon", waitSeconds: Math.ceil(waitMs / 1000) } as const) : null;
  }

  async function newestAnchor(): Promise<number | null> {
    const [last] = await chainEnd(ANCHOR_ACTOR, 1);
    return last === undefined ? null : (anchorMemoryOf(last)?.anchor ?? null);
  }

  return {
    /**
     * Exports all tables for whoever asks. `key` is the same for a repeated request: AWS then starts nothing anew.
     * `remember` goes with the entry that tells what was started; where its condition fails, another run of the same
     * request was first.
     */
    async requested(
      asked: RequestedExport,
      asking: Asking,
      key: string,
      remember: (outcome: RequestExportsOutcome & { readonly kind: "started" }) => readonly Write[],
    ): Promise<RequestExportsOutcome | { readonly kind: "raced" }> {
      const keyed = { key: fingerprintOf(key) };
      const tooSoon = pause(await chainEnd(asking.actor, LOOK_BACK_ENTRIES), keyed.key);
      if (tooSoon !== null) return tooSoon;
      const anchor = await newestAnchor();
      const orders = EXPORTED_TABLES.map((table): ExportOrder => ({ ...asked, table }));
      const request = await journal.record(requestedEvent(asking, asked.kind, orders, keyed));
      // Of requests at once the one goes on whose entry came first.
      const newest = await chainEnd(asking.actor, LOOK_BACK_ENTRIES);
      const own = newest.findIndex(({ details }) => details["key"] === keyed.key);
      const beaten = pause(newest.slice(own + 1), keyed.key);
      if (beaten !== null) {
        const failed = EXPORTED_TABLES.map((table) => ({ table, reason: "too-soon" }));
        await journal.record(failedEvent(asking, request.id, [], failed));
        return beaten;
      }
      await laySafeguards();
      const { started, failed } = await startAll(orders, key);
      if (failed.length > 0) {
        await journal.record(failedEvent(asking, request.id, started, failed));
        const isForGood = failed.some(({ reason }) => reason === TIME_OUT_OF_REACH);
        return { kind: isForGood ? "out-of-reach" : "failed" };
      }
      const outcome = { kind: "started", id: request.id, exports: started, newestAnchor: anchor } as const;
      const committed: CommitOutcome = await journal.commit(
        exportedEvent(asking, request.id, started, keyed),
        remember(outcome),
      );
      return committed.kind === "conflict" ? { kind: "raced" } : outcome;
    },

    /** Exports what is due since the last scheduled export of each table; `requestId` stands in the audit entries. */
    async scheduled(requestId: string): Promise<ScheduledExports> {
      const asking: Asking = { actor: EXPORT_ACTOR, role: "function", requestId };
      const { until, running, lost } = await settled(
        memoryOf(await chainEnd(EXPORT_ACTOR, LOOK_BACK_ENTRIES)),
      );
      if (lost.length > 0) await journal.record(failedEvent(asking, null, [], lost));
      const orders = EXPORTED_TABLES.flatMap((table) => dueExports(table, until[table] ?? null, now()));
      if (orders.length === 0) return { started: 0, failed: lost.length };
      const request = await journal.record(requestedEvent(asking, "scheduled", orders));
      // Before anything is started: what fails in between would leave exports that no entry tells of.
      await laySafeguards();
      const { started, failed } = await startAll(orders, requestId);
      if (started.length > 0) {
        const ends = started.flatMap(({ table, to }) => (to === null ? [] : [[table, to] as const]));
        const reached = { ...until, ...Object.fromEntries(ends) };
        await journal.record(exportedEvent(asking, request.id, started, storedMemory(reached, running)));
      }
      if (failed.length > 0) await journal.record(failedEvent(asking, request.id, [], failed));
      return { started: started.length, failed: failed.length + lost.length };
    },
  };
}

/** The same order of the same request always has the same token, which AWS remembers for eight hours. */
function tokenOf(order: ExportOrder, key: string): string {
  // AWS refuses a token that comes back with another window.
  const parts = order.kind === "full" ? [order.table, key] : [order.table, order.from, order.to, key];
  return createHash("sha256").update(parts.join("\0"), "utf8").digest("hex").slice(0, 36);
}

function told(exports: readonly StartedExport[]): readonly AuditValue[] {
  return exports.map((one) => ({ ...one }));
}

/** By which a request is known again in its entries, without its key. */
function fingerprintOf(key: string): string {
  return createHash("sha256").update(`request\0${key}`, "utf8").digest("hex").slice(0, 16);
}

function requestedEvent(
  asking: Asking,
  kind: string,
  orders: readonly ExportOrder[],
  keyed: Readonly<Record<string, AuditValue>> = {},
): AuditEvent {
  return {
    ...asking,
    action: "audit.export-requested",
    details: { kind, exports: orders.map((order) => ({ ...order })), ...keyed },
  };
}

function exportedEvent(
  asking: Asking,
  request: string,
  exports: readonly StartedExport[],
  more: Readonly<Record<string, AuditValue>>,
): AuditEvent {
  return { ...asking, action: "audit.exported", details: { request, exports: told(exports), ...more } };
}

function failedEvent(
  asking: Asking,
  request: string | null,
  exports: readonly StartedExport[],
  failed: readonly FailedExport[],
): AuditEvent {
  return {
    ...asking,
    action: "audit.export-failed",
    details: { request, exports: told(exports), failed: failed.map((one) => ({ ...one })) },
  };
}

function earlierOf(one: string, other: string): string {
  return one < other ? one : other;
}
