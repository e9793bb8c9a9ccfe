import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import {
  ImportAsked,
  ImportId,
  ImportResponse,
  ReadImportQuery,
  RequestImportRequest,
} from "#shared/contracts/imports.ts";
import { UPLOAD_SECONDS } from "#shared/domain/imports/kinds.ts";
import { createReadImport } from "#shared/imports/look.ts";
import { createRequestImport, type RequestImportPorts } from "#shared/imports/request.ts";

/** Imports of files: gives out forms for them and tells how they stand, and can read none of them. */
export function createImportRoutes(
  ports: RequestImportPorts & { readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array> },
): Routes {
  const requestImport = createRequestImport(ports);
  const readImport = createReadImport(ports);
  return {
    "POST /imports": async (event) => {
      const caller = allow(event, "import.write");
      const { kind, dryRun = false } = jsonBody(event, RequestImportRequest);
      const keyed = await keyedBy(event, caller, "POST /imports", { kind, dryRun }, ports.indexMac);
      const outcome = await requestImport({ kind, dryRun }, caller, keyed);
      if (outcome.kind === "idempotency-conflict") throw new ApiProblem("idempotency_conflict");
      const { id, upload } = outcome;
      return json(202, ImportAsked.parse({ id, upload, expiresInSeconds: UPLOAD_SECONDS }));
    },
    "GET /imports/{id}": async (event) => {
      allow(event, "import.write");
      const id = pathParameter(event, "id", ImportId);
      const { cursor = "1" } = query(event, ReadImportQuery);
      const found = await readImport(id, Number(cursor));
      if (found === undefined) throw new ApiProblem("not_found");
      const { record, state, failure, progress, rows, nextPage } = found;
      const { kind, dryRun, requestedAt, changedAt, counts, columns } = record;
      return json(
        200,
        ImportResponse.parse({
          id,
          kind,
          dryRun,
          state,
          failure,
          requestedAt,
          changedAt,
          progress,
          counts,
          columns,
          rows,
          nextCursor: nextPage === null ? null : String(nextPage),
        }),
      );
    },
  };
}
