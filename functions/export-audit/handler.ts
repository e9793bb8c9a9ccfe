import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, jsonBody } from "#functions/http/request.ts";
import { isExportable } from "#shared/audit/export-windows.ts";
import type { ReadSnapshot } from "#shared/audit/journal.ts";
import {
  createRequestExports,
  EXPORTS_PREFIX,
  type RequestExportsOutcome,
  type RequestExportsPorts,
  type ScheduledExports,
} from "#shared/audit/request-exports.ts";
import { ExportAccepted, RequestExportRequest } from "#shared/contracts/audit-exports.ts";
import { type RequestMemory, recall, remembering, slotOf } from "#shared/idempotency/idempotency.ts";
import type { Log } from "#shared/runtime/log.ts";

const ROUTE = "POST /audit/exports";

/** What the operations need. */
export interface ExportAuditPorts extends RequestExportsPorts {
  readonly read: ReadSnapshot;
  readonly memory: RequestMemory;
  readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array>;
}

function present(
  kind: "full" | "incremental",
  outcome: RequestExportsOutcome & { readonly kind: "started" },
) {
  return ExportAccepted.parse({
    id: outcome.id,
    kind,
    tables: outcome.exports.map(({ table, exportArn }) => ({ table, exportArn })),
    prefix: EXPORTS_PREFIX,
    newestAnchor: outcome.newestAnchor,
  });
}

/** Has the auditors' tables exported on request. */
export function createRoutes(ports: ExportAuditPorts): Routes {
  const { read, memory, indexMac, now } = ports;
  const { requested } = createRequestExports(ports);
  return {
    [ROUTE]: async (event) => {
      const caller = allow(event, "audit.export");
      const body = jsonBody(event, RequestExportRequest);
      const asked = body.kind === "incremental" ? body : ({ kind: "full" } as const);
      if (asked.kind === "incremental" && !isExportable(asked, now())) {
        throw new ApiProblem("unprocessable", {
          detail: "A window is 15 minutes to 24 hours long, over, and within the last 34 days.",
          pointer: "/from",
        });
      }
      const keyed = await keyedBy(event, caller, ROUTE, body, indexMac);
      const answered = async () => {
        const [known] = await read(memory.remembered(slotOf(keyed)));
        const recalled = recall<unknown>(keyed, known);
        if (recalled.kind === "conflict") throw new ApiProblem("idempotency_conflict");
        return recalled.kind === "same" ? json(202, ExportAccepted.parse(recalled.answer)) : undefined;
      };
      const before = await answered();
      if (before !== undefined) return before;
      const outcome = await requested(asked, caller, keyed?.slot ?? caller.requestId, (started) =>
        remembering(memory, keyed, present(asked.kind, started), now()),
      );
      switch (outcome.kind) {
        case "started":
          return json(202, present(asked.kind, outcome));
        case "raced": {
          const other = await answered();
          if (other === undefined) throw new ApiProblem("request_in_progress");
          return other;
        }
        case "too-soon":
          throw new ApiProblem("rate_limited", { retryAfterSeconds: outcome.waitSeconds });
        case "out-of-reach":
          throw new ApiProblem("unprocessable", {
            detail: "A table cannot be shown that far back: its point-in-time recovery began later.",
            pointer: "/from",
          });
        case "failed":
          throw new ApiProblem("unavailable", {
            detail: "AWS did not take the export. The audit entry of the attempt says why.",
          });
        default:
          return outcome satisfies never;
      }
    },
  };
}

/** A request of the API is answered; any other event is a schedule's, and is not looked at. */
export function createHandler(
  api: (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>,
  scheduled: (requestId: string) => Promise<ScheduledExports>,
  log: Log,
) {
  return async (event: unknown, context: Context): Promise<APIGatewayProxyResult | ScheduledExports> => {
    if (isApiEvent(event)) return api(event, context);
    const result = await scheduled(context.awsRequestId);
    log.info("EXPORT_STARTED", { ...result });
    return result;
  };
}

function isApiEvent(event: unknown): event is APIGatewayProxyEvent {
  return typeof event === "object" && event !== null && "httpMethod" in event;
}
