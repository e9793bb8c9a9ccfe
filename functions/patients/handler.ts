import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, ifMatch, jsonBody, pathParameter } from "#functions/http/request.ts";
import { PatientId } from "#shared/contracts/fields.ts";
import {
  ChangePatientRequest,
  CreatePatientRequest,
  LookupPatientRequest,
  LookupPatientResponse,
  PatientResponse,
} from "#shared/contracts/patients.ts";
import { createChangePatient } from "#shared/patients/change.ts";
import { createFindPatient, createReadPatient } from "#shared/patients/look.ts";
import { createRegisterPatient, type OpenedPatient, type PatientPorts } from "#shared/patients/register.ts";
import { createRemovePatientPin } from "#shared/patients/remove-pin.ts";

function present({ record, contact }: OpenedPatient): PatientResponse {
  const { id, language, timeZone, constraints, createdAt, version } = record;
  return PatientResponse.parse({
    id,
    ...contact,
    language,
    timeZone,
    constraints,
    createdAt,
    version,
  });
}

/** Registering, finding, reading and changing patients. */
export function createRoutes(ports: PatientPorts): Routes {
  const register = createRegisterPatient(ports);
  const find = createFindPatient(ports);
  const readPatient = createReadPatient(ports);
  const change = createChangePatient(ports);
  const removePin = createRemovePatientPin(ports);
  return {
    "POST /patients": async (event) => {
      const caller = allow(event, "patient.write");
      const fields = jsonBody(event, CreatePatientRequest);
      const keyed = await keyedBy(event, caller, "POST /patients", fields, ports.indexMac);
      const outcome = await register(fields, caller, keyed);
      switch (outcome.kind) {
        case "registered":
          return json(201, present(outcome.patient), 1);
        case "exists":
          throw new ApiProblem("version_conflict", {
            detail: "A patient with this external id exists. Look it up.",
            pointer: "/externalId",
          });
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "POST /patients/lookup": async (event) => {
      const caller = allow(event, "patient.read");
      const { externalId } = jsonBody(event, LookupPatientRequest);
      const id = await find(externalId, caller);
      if (id === undefined) throw new ApiProblem("not_found");
      return json(200, LookupPatientResponse.parse({ id }));
    },
    "GET /patients/{id}": async (event) => {
      const caller = allow(event, "patient.read");
      const patient = await readPatient(pathParameter(event, "id", PatientId), caller);
      if (patient === undefined) throw new ApiProblem("not_found");
      return json(200, present(patient), patient.record.version);
    },
    "PATCH /patients/{id}": async (event) => {
      const caller = allow(event, "patient.write");
      const id = pathParameter(event, "id", PatientId);
      const fields = jsonBody(event, ChangePatientRequest);
      const outcome = await change(id, fields, ifMatch(event), caller);
      switch (outcome.kind) {
        case "changed":
          return json(200, present(outcome.patient), outcome.patient.record.version);
        case "unknown":
          throw new ApiProblem("not_found");
        case "version-conflict":
          throw new ApiProblem("version_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "DELETE /patients/{id}/pin": async (event) => {
      const caller = allow(event, "pin.remove");
      const known = await removePin(pathParameter(event, "id", PatientId), caller);
      if (!known) throw new ApiProblem("not_found");
      return { statusCode: 204, headers: { "Cache-Control": "no-store" }, body: "" };
    },
  };
}
