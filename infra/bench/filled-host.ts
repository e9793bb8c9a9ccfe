// A process of its own, so that the host and what measures it do not wait for each other's work.
import { MESSAGES_DUE_INDEX } from "#shared/tables/indexes.ts";
import { createClockBuffer, installClock } from "../local/aws/clock.ts";
import type { FilledVisits } from "./fill-visits.ts";

/**
 * What the parent asks: tables filled up to so many patients, so many alerts queued, a code, so many visits of which
 * some have a reminder that is due, or what queries of the due index went through since the last time it asked.
 */
export type FillRequest =
  | { readonly patients: number }
  | { readonly visits: number; readonly due: number }
  | { readonly dueReads: true }
  | { readonly alerts: number }
  | { readonly code: true };

/** What the host tells its parent. */
export type HostNews =
  | { readonly kind: "ready"; readonly base: string }
  | { readonly kind: "filled"; readonly patientIds: readonly string[] }
  | { readonly kind: "queued"; readonly alertId: string | null }
  | ({ readonly kind: "visits" } & FilledVisits)
  | ({ readonly kind: "due-reads" } & DueReads)
  | { readonly kind: "failed"; readonly reason: string };

/** Items that queries of the due index went through, and those of them that were not due yet. */
export type DueReads = { readonly items: number; readonly early: number };

const [, , templatePath = ""] = process.argv;
const tell = (news: HostNews) => process.send?.(news);
const fail = (error: unknown) =>
  tell({ kind: "failed", reason: error instanceof Error ? error.message : "unknown reason" });

// The parent is gone, however it ended.
process.once("disconnect", () => process.exit(0));

try {
  const clock = installClock(createClockBuffer());
  // Late: these modules keep the Date that they find.
  const { openHost } = await import("../local/host.ts");
  const { createFill } = await import("./fill.ts");
  const { createFillVisits } = await import("./fill-visits.ts");
  const host = await openHost({ port: 0, clock });
  const { aws } = await host.load(templatePath);
  const fill = createFill(aws);
  const fillVisits = createFillVisits(aws);
  let dueReads: DueReads = { items: 0, early: 0 };
  aws.tables.watchQueries(({ index, items }) => {
    if (index !== MESSAGES_DUE_INDEX) return;
    const now = new Date().toISOString();
    const early = items.filter(({ dueAt }) => String(dueAt?.["S"]) > now).length;
    dueReads = { items: dueReads.items + items.length, early: dueReads.early + early };
  });
  process.on("message", (request: FillRequest) => {
    if ("patients" in request) {
      fill.patients(request.patients).then((patientIds) => tell({ kind: "filled", patientIds }), fail);
    } else if ("visits" in request) {
      fillVisits(request.visits, request.due).then((filled) => tell({ kind: "visits", ...filled }), fail);
    } else if ("dueReads" in request) {
      tell({ kind: "due-reads", ...dueReads });
      dueReads = { items: 0, early: 0 };
    } else if ("alerts" in request) {
      fill.alerts(request.alerts).then(() => tell({ kind: "queued", alertId: null }), fail);
    } else {
      fill.code().then((alertId) => tell({ kind: "queued", alertId }), fail);
    }
  });
  tell({ kind: "ready", base: host.base });
} catch (error) {
  fail(error);
}
