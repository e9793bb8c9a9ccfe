import { json, type Routes } from "#functions/http/api.ts";

/** The two public operations: whether the service answers, and how to talk to it. */
export function createRoutes({ openapi }: { readonly openapi: unknown }): Routes {
  return {
    "GET /health": async () => json(200, { status: "ok" }),
    "GET /openapi.json": async () => json(200, openapi),
  };
}
