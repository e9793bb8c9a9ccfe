// A process of its own, so that the host and what measures it do not wait for each other's work.
import { createClockBuffer, installClock } from "../local/aws/clock.ts";

/** What the parent asks: tables filled up to so many patients, so many alerts queued, or a code. */
export type FillRequest =
  | { readonly patients: number }
  | { readonly alerts: number }
  | { readonly code: true };

/** What the host tells its parent. */
export type HostNews =
  | { readonly kind: "ready"; readonly base: string }
  | { readonly kind: "filled"; readonly patientIds: readonly string[] }
  | { readonly kind: "queued"; readonly alertId: string | null }
  | { readonly kind: "failed"; readonly reason: string };

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
  const host = await openHost({ port: 0, clock });
  const { aws } = await host.load(templatePath);
  const fill = createFill(aws);
  process.on("message", (request: FillRequest) => {
    if ("patients" in request) {
      fill.patients(request.patients).then((patientIds) => tell({ kind: "filled", patientIds }), fail);
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
