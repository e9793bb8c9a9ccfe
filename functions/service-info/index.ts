import { createApi } from "#functions/http/api.ts";
import openapi from "#shared/contracts/openapi.json" with { type: "json" };
import { createLog } from "#shared/runtime/log.ts";
import { createRoutes } from "./handler.ts";

export const handler = createApi(createRoutes({ openapi }), createLog());
