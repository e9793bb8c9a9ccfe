import { createApi } from "#functions/http/api.ts";
import { classify } from "#shared/domain/classification/classify.ts";
import { createLog } from "#shared/runtime/log.ts";
import { createRoutes } from "./handler.ts";

export const handler = createApi(createRoutes({ classify }), createLog());
