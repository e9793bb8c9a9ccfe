import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, ifMatch, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import {
  ApprovalId,
  ApprovalList,
  ApprovalResponse,
  DecideApprovalRequest,
  ListApprovalsQuery,
  RequestApprovalRequest,
} from "#shared/contracts/approvals.ts";
import { createDecideApproval } from "#shared/vocabulary/decide-approval.ts";
import { createListApprovals } from "#shared/vocabulary/list-approvals.ts";
import type { ApprovalPorts, PageOf } from "#shared/vocabulary/ports.ts";
import type { ApprovalRecord } from "#shared/vocabulary/records.ts";
import { createRequestApproval } from "#shared/vocabulary/request-approval.ts";

const PAGE_DEFAULT = 50;

/** What the routes about second persons need. */
export type ApprovalRoutesPorts = ApprovalPorts & {
  readonly approvalPages: PageOf<ApprovalRecord>;
  readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array>;
};

/** What one person asks and only another one decides. */
export function createApprovalRoutes(ports: ApprovalRoutesPorts): Routes {
  const requestApproval = createRequestApproval(ports);
  const decide = createDecideApproval(ports);
  const list = createListApprovals(ports);
  return {
    "GET /approvals": async (event) => {
      allow(event, "approval.read");
      const { state, limit = PAGE_DEFAULT, cursor } = query(event, ListApprovalsQuery);
      const { items, next } = await list({ state: state ?? null, limit, after: cursor ?? null });
      return json(200, ApprovalList.parse({ items, nextCursor: next }));
    },
    "POST /approvals": async (event) => {
      const caller = allow(event, "approval.request");
      const wanted = jsonBody(event, RequestApprovalRequest);
      const keyed = await keyedBy(event, caller, "POST /approvals", wanted, ports.indexMac);
      const outcome = await requestApproval(wanted, caller, keyed);
      switch (outcome.kind) {
        case "asked":
          return json(201, ApprovalResponse.parse(outcome.approval), outcome.approval.version);
        case "nothing-waits":
          throw new ApiProblem("unprocessable", {
            detail: "No text name of this target waits for approval.",
            pointer: "/target",
          });
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "POST /approvals/{id}/decision": async (event) => {
      const caller = allow(event, "approval.decide");
      const id = pathParameter(event, "id", ApprovalId);
      const { decision } = jsonBody(event, DecideApprovalRequest);
      const outcome = await decide(id, decision, ifMatch(event), caller);
      switch (outcome.kind) {
        case "decided":
          return json(200, ApprovalResponse.parse(outcome.approval), outcome.approval.version);
        case "unfit":
          throw new ApiProblem("unprocessable", {
            detail: "A text name cannot stand in a text; nothing was approved.",
            findings: outcome.findings.map(({ index, ...finding }) => ({
              pointer: `/names/${index}/textName`,
              ...finding,
            })),
          });
        case "unknown":
          throw new ApiProblem("not_found");
        case "own-work":
          throw new ApiProblem("forbidden", {
            detail: "Whoever asked, or proposed one of the names, does not decide on it.",
          });
        case "decided-already":
          throw new ApiProblem("version_conflict", { detail: "It was decided on already." });
        case "lapsed":
          throw new ApiProblem("version_conflict", {
            detail: "A name of it was changed, removed, approved or asked about anew since: ask again.",
          });
        case "not-in-force":
          throw new ApiProblem("version_conflict", { detail: "No name that it approved is in force." });
        case "version-conflict":
          throw new ApiProblem("version_conflict");
        case "too-large":
          throw new ApiProblem("unprocessable", {
            detail: "There are too many templates and names in force.",
          });
        default:
          return outcome satisfies never;
      }
    },
  };
}
