import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import { createReadConsents } from "#shared/consent/history.ts";
import { type ConsentPorts, createRecordConsent } from "#shared/consent/record.ts";
import {
  ConsentResponse,
  ConsentsResponse,
  ListConsentsQuery,
  RecordConsentRequest,
} from "#shared/contracts/consents.ts";
import { PatientId } from "#shared/contracts/fields.ts";

/** Recording a patient's decisions and reading them back. */
export function createRoutes(
  ports: ConsentPorts & {
    readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array>;
  },
): Routes {
  const record = createRecordConsent(ports);
  const readConsents = createReadConsents(ports);
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
          return json(
            201,
            ConsentResponse.parse({
              id: outcome.id,
              patientId,
              purpose: decision.purpose,
              channel: decision.channel,
              decision: decision.decision,
              method: decision.method,
              acknowledgements: decision.acknowledgements ?? null,
              evidence: decision.evidence ?? null,
              recordedBy: outcome.by,
              recordedAt: outcome.at,
            }),
          );
        case "unknown-patient":
          throw new ApiProblem("not_found");
        case "acknowledgement-missing":
          throw new ApiProblem("unprocessable", {
            detail: "A grant needs all three acknowledgements to be true.",
            pointer: `/acknowledgements/${outcome.which}`,
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
      const { cursor } = query(event, ListConsentsQuery);
      const found = await readConsents(patientId, cursor ?? null, caller);
      if (found === undefined) throw new ApiProblem("not_found");
      return json(
        200,
        ConsentsResponse.parse({
          state: found.state.map(({ purpose, channel, decision, since }) => ({
            purpose,
            channel,
            decision,
            since,
          })),
          history: found.history.map(({ record: entry, evidence }) => ({
            id: entry.consentId,
            patientId: entry.patientId,
            purpose: entry.purpose,
            channel: entry.channel,
            decision: entry.decision,
            method: entry.method,
            acknowledgements: entry.acknowledgements,
            evidence,
            recordedBy: entry.recordedBy,
            recordedAt: entry.recordedAt,
          })),
          nextCursor: found.next,
        }),
      );
    },
  };
}
