import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, jsonBody } from "#functions/http/request.ts";
import { LINK_SECONDS } from "#shared/attachments/ports.ts";
import { createRequestUpload, type RequestUploadPorts } from "#shared/attachments/request-upload.ts";
import { RequestUploadRequest, UploadAsked } from "#shared/contracts/attachments.ts";

/** Uploads of staff and systems: gives out forms, and can read nothing of what they bring. */
export function createRoutes(
  ports: RequestUploadPorts & { readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array> },
): Routes {
  const requestUpload = createRequestUpload(ports);
  return {
    "POST /attachments": async (event) => {
      const caller = allow(event, "message.send");
      const file = jsonBody(event, RequestUploadRequest);
      const keyed = await keyedBy(event, caller, "POST /attachments", file, ports.indexMac);
      const outcome = await requestUpload(file, caller, keyed);
      if (outcome.kind === "idempotency-conflict") throw new ApiProblem("idempotency_conflict");
      const { id, upload } = outcome;
      return json(201, UploadAsked.parse({ id, upload, expiresInSeconds: LINK_SECONDS }));
    },
  };
}
