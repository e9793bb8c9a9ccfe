import { json, type Operation, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import { createReadEntries, type EntriesAsked } from "#shared/audit/read-entries.ts";
import type { ReadAuditPorts } from "#shared/audit/read-ports.ts";
import { createGiveReport, type PatientReport } from "#shared/audit/read-reports.ts";
import {
  AuditList,
  formatAuditCursor,
  ListAuditQuery,
  parseAuditCursor,
  ReportQuery,
  ReviewMonth,
  SignOffRequest,
  SignOffResponse,
} from "#shared/contracts/audit.ts";
import { PatientId } from "#shared/contracts/fields.ts";
import { dayOf } from "#shared/domain/sending/local-time.ts";
import { createSignOff, type SignOffPorts } from "#shared/reviews/sign-off.ts";
import { document } from "./document.ts";

const PAGE_DEFAULT = 50;
/** No entry is further ahead than the clocks of two functions may be. */
const CLOCKS_APART_MS = 60 * 1000;

function ofAnotherQuery(): ApiProblem {
  const detail = "A cursor is for the query that it came from.";
  return new ApiProblem("invalid_request", { detail, pointer: "/cursor" });
}

/** Whose entries the query asks for; a cursor of another list is refused. */
function askedIn(event: Parameters<Operation>[0], now: Date): EntriesAsked {
  const { patientId, actor, from, to, limit, cursor } = query(event, ListAuditQuery);
  const after = cursor === undefined ? null : parseAuditCursor(cursor, actor);
  const common = { from: from ?? null, to: to ?? null, limit: limit ?? PAGE_DEFAULT, after };
  // All that a patient did stands in the patient's own chain, and so does the reading of it.
  const own = actor?.startsWith("patient:") === true ? actor.slice("patient:".length) : undefined;
  const chain = patientId ?? own;
  if (chain !== undefined) {
    if (after !== null && after.chain !== chain) throw ofAnotherQuery();
    return { ...common, patientId: chain, actor: actor ?? null };
  }
  if (actor !== undefined) {
    // Places in time: outside of it there is no next one. A patient's chain is read by number.
    const isOutside =
      after !== null &&
      ((from !== undefined && after.at < from) ||
        (to !== undefined && after.at >= to) ||
        !(Date.parse(after.at) <= now.getTime() + CLOCKS_APART_MS));
    if (isOutside) throw ofAnotherQuery();
    return { ...common, patientId: null, actor };
  }
  // The query's schema refuses a query without both.
  throw new ApiProblem("invalid_request");
}

/** What auditors read: entries, reports about a patient, and the signing of access reviews. */
export function createRoutes(
  ports: ReadAuditPorts &
    SignOffPorts & {
      readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array>;
      /** The practice's, IANA name. */
      readonly timeZone: string;
    },
): Routes {
  const readEntries = createReadEntries(ports);
  const giveReport = createGiveReport(ports, ports);
  const signOff = createSignOff(ports);

  function report(kind: PatientReport): Operation {
    return async (event) => {
      const caller = allow(event, "audit.read");
      const patientId = pathParameter(event, "id", PatientId);
      const { format = "json", asOf } = query(event, ReportQuery);
      const until = asOf === undefined ? ports.now() : new Date(asOf);
      if (until > ports.now()) {
        throw new ApiProblem("invalid_request", {
          detail: "Expected: a time that is not in the future.",
          pointer: "/asOf",
        });
      }
      const outcome = await giveReport(kind, patientId, { format, asOf: until }, caller);
      switch (outcome.kind) {
        case "given":
          return document(kind, format, outcome);
        case "unknown":
          throw new ApiProblem("not_found");
        case "too-large":
          throw new ApiProblem("unprocessable", {
            detail:
              "The patient's record is too long for one answer: make the report from an export (npm run -s audit -- report).",
            pointer: "",
          });
        default:
          return outcome satisfies never;
      }
    };
  }

  return {
    "GET /audit": async (event) => {
      const caller = allow(event, "audit.read");
      const found = await readEntries(askedIn(event, ports.now()), caller);
      if (found === undefined) throw new ApiProblem("not_found");
      return json(
        200,
        AuditList.parse({
          items: found.entries,
          nextCursor: found.next === null ? null : formatAuditCursor(found.next),
        }),
      );
    },
    "GET /patients/{id}/disclosures": report("disclosures"),
    "GET /patients/{id}/accesses": report("accesses"),
    "POST /audit/access-reviews/{month}/sign-off": async (event) => {
      const caller = allow(event, "access-review.sign");
      const month = pathParameter(event, "month", ReviewMonth);
      const review = jsonBody(event, SignOffRequest);
      if (month >= dayOf(ports.now(), ports.timeZone).slice(0, month.length)) {
        throw new ApiProblem("unprocessable", {
          detail: "A month is reviewed when it is over.",
          pointer: "",
        });
      }
      const route = `POST /audit/access-reviews/${month}/sign-off`;
      const keyed = await keyedBy(event, caller, route, review, ports.indexMac);
      const outcome = await signOff({ month, ...review }, caller, keyed);
      switch (outcome.kind) {
        case "signed":
          return json(
            201,
            SignOffResponse.parse({
              month,
              sha256: review.sha256,
              remark: review.remark ?? null,
              signedBy: caller.actor,
              signedAt: outcome.at,
            }),
          );
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
  };
}
