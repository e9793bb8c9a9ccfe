import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, ifMatch, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import { type AskPorts, type AskRefusal, createAskForConsent } from "#shared/consent/ask.ts";
import {
  createReadStaffPreferences,
  createSetStaffPreferences,
  type StaffPreferencesPorts,
} from "#shared/consent/change-preferences.ts";
import { type ConsentHistory, createReadConsents, EXPORT_PAGE_MAX } from "#shared/consent/history.ts";
import { createOptOut } from "#shared/consent/opt-out.ts";
import { createRecordConsent, type Decision, type RecordedConsent } from "#shared/consent/record.ts";
import {
  ConsentResponse,
  ConsentsResponse,
  ListConsentsQuery,
  OptOutRequest,
  OptOutResponse,
  PreferencesResponse,
  RecordConsentRequest,
  RequestConsentRequest,
  RequestConsentResponse,
  SetPreferencesRequest,
} from "#shared/contracts/consents.ts";
import { PatientId } from "#shared/contracts/fields.ts";
import { ledgerCsv } from "./ledger-csv.ts";

function presentDecision(patientId: string, decision: Decision, recorded: RecordedConsent) {
  return ConsentResponse.parse({
    id: recorded.id,
    patientId,
    purpose: decision.purpose,
    channel: decision.channel,
    decision: decision.decision,
    method: decision.method,
    acknowledgements: decision.acknowledgements ?? null,
    evidence: decision.evidence ?? null,
    wordingVersion: recorded.wording,
    language: recorded.language,
    contactId: recorded.contactId,
    recordedBy: recorded.by,
    recordedAt: recorded.at,
    ...(recorded.carrierStop ? { notice: "carrier-stop" } : {}),
  });
}

function presentHistory({ state, history, next }: ConsentHistory) {
  return ConsentsResponse.parse({
    state: state.map(({ state: { purpose, channel, decision, since }, suspended }) => ({
      purpose,
      channel,
      decision,
      since,
      ...(suspended ? { suspended } : {}),
    })),
    history: history.map(({ record, evidence }) => ({
      id: record.consentId,
      patientId: record.patientId,
      purpose: record.purpose,
      channel: record.channel,
      decision: record.decision,
      method: record.method,
      acknowledgements: record.acknowledgements,
      evidence,
      wordingVersion: record.wording,
      language: record.language,
      contactId: record.contactId,
      recordedBy: record.recordedBy,
      recordedAt: record.recordedAt,
    })),
    nextCursor: next,
  });
}

/** A page of the export; the cursor of the next one stands in a header, because rows are all that a file holds. */
function csv({ history, next }: ConsentHistory) {
  return {
    statusCode: 200,
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="consents.csv"',
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...(next === null ? {} : { "Next-Cursor": next }),
    },
    body: ledgerCsv(history),
  };
}

function notAsked(reason: AskRefusal): ApiProblem {
  switch (reason) {
    case "no-number":
      return new ApiProblem("unprocessable", { detail: "The patient has no mobile number.", pointer: "" });
    case "undeliverable":
      return new ApiProblem("unprocessable", {
        detail: "No text reaches the patient's number: it has to be confirmed or changed.",
        pointer: "",
      });
    case "disowned":
      return new ApiProblem("unprocessable", {
        detail:
          "Somebody said that the number is not the patient's: it has to be confirmed by a consent that staff record, or changed.",
        pointer: "",
      });
    case "already-granted":
      return new ApiProblem("unprocessable", {
        detail: "The patient has consented to this for the present number; there is nothing to ask.",
        pointer: "/purpose",
      });
    default:
      return new ApiProblem(reason);
  }
}

/** Recording a patient's decisions, asking for them, ending them and reading them back. */
export function createRoutes(
  ports: AskPorts &
    StaffPreferencesPorts & {
      readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array>;
    },
): Routes {
  const record = createRecordConsent(ports);
  const readConsents = createReadConsents(ports);
  const ask = createAskForConsent(ports);
  const optOut = createOptOut(ports);
  const readPreferences = createReadStaffPreferences(ports);
  const setPreferences = createSetStaffPreferences(ports);
  return {
    "POST /patients/{id}/consents": async (event) => {
      const caller = allow(event, "consent.write");
      const patientId = pathParameter(event, "id", PatientId);
      const decision = jsonBody(event, RecordConsentRequest);
      const route = `POST /patients/${patientId}/consents`;
      const keyed = await keyedBy(event, caller, route, decision, ports.indexMac);
      const outcome = await record(patientId, decision, caller, keyed);
      switch (outcome.kind) {
        case "recorded":
          return json(201, presentDecision(patientId, decision, outcome));
        case "unknown-patient":
          throw new ApiProblem("not_found");
        case "acknowledgement-missing":
          throw new ApiProblem("unprocessable", {
            detail: "A grant needs all three acknowledgements to be true.",
            pointer: `/acknowledgements/${outcome.which}`,
          });
        case "revoked-since":
          throw new ApiProblem("consent_revoked", {
            detail:
              "The patient has revoked since: an import cannot grant it again; record how the patient did.",
          });
        case "no-contact":
          throw new ApiProblem("unprocessable", {
            detail: "The patient has no contact detail for this channel.",
            pointer: "/channel",
          });
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "GET /patients/{id}/consents": async (event) => {
      const caller = allow(event, "consent.read");
      const patientId = pathParameter(event, "id", PatientId);
      const { cursor, format } = query(event, ListConsentsQuery);
      const exporting = format === "csv";
      const limit = exporting ? EXPORT_PAGE_MAX : undefined;
      const found = await readConsents(patientId, cursor ?? null, caller, limit);
      if (found === undefined) throw new ApiProblem("not_found");
      return exporting ? csv(found) : json(200, presentHistory(found));
    },
    "POST /patients/{id}/consent-requests": async (event) => {
      const caller = allow(event, "consent.ask");
      const patientId = pathParameter(event, "id", PatientId);
      const leave = jsonBody(event, RequestConsentRequest);
      const route = `POST /patients/${patientId}/consent-requests`;
      const keyed = await keyedBy(event, caller, route, leave, ports.indexMac);
      const outcome = await ask(patientId, leave, caller, keyed);
      switch (outcome.kind) {
        case "asked":
          return json(
            202,
            RequestConsentResponse.parse({
              id: outcome.id,
              purpose: leave.purpose,
              alert: { id: outcome.alertId, status: "queued" },
              expiresAt: outcome.expiresAt,
            }),
          );
        case "refused":
          throw notAsked(outcome.reason);
        case "asked-lately":
          throw new ApiProblem("rate_limited", {
            detail: "This number was asked within the last 30 days.",
            retryAfterSeconds: outcome.retryAfterSeconds,
          });
        case "not-yet":
          throw new ApiProblem("unprocessable", {
            detail: "The permission cannot be of a later time than now.",
            pointer: "/permission/when",
          });
        case "unknown-patient":
          throw new ApiProblem("not_found");
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "GET /patients/{id}/preferences": async (event) => {
      const caller = allow(event, "consent.read");
      const preferences = await readPreferences(pathParameter(event, "id", PatientId), caller);
      if (preferences === undefined) throw new ApiProblem("not_found");
      return json(200, PreferencesResponse.parse(preferences), preferences.version);
    },
    "PUT /patients/{id}/preferences": async (event) => {
      const caller = allow(event, "consent.write");
      const patientId = pathParameter(event, "id", PatientId);
      const { language = null, quietHours = null } = jsonBody(event, SetPreferencesRequest);
      const outcome = await setPreferences(patientId, { language, quietHours }, ifMatch(event), caller);
      switch (outcome.kind) {
        case "changed": {
          const { preferences } = outcome;
          return json(200, PreferencesResponse.parse(preferences), preferences.version);
        }
        case "unknown":
          throw new ApiProblem("not_found");
        case "too-quiet":
          throw new ApiProblem("unprocessable", {
            detail: "Quiet hours must leave at least two hours of the practice's sending hours.",
            pointer: "/quietHours",
          });
        case "version-conflict":
          throw new ApiProblem("version_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "POST /patients/{id}/opt-outs": async (event) => {
      const caller = allow(event, "consent.write");
      const patientId = pathParameter(event, "id", PatientId);
      const body = jsonBody(event, OptOutRequest);
      const route = `POST /patients/${patientId}/opt-outs`;
      const keyed = await keyedBy(event, caller, route, body, ports.indexMac);
      const outcome = await optOut(patientId, body, caller, keyed);
      switch (outcome.kind) {
        case "recorded":
          return json(201, OptOutResponse.parse({ revoked: outcome.revoked, at: outcome.at }));
        case "unknown-patient":
          throw new ApiProblem("not_found");
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
  };
}
