import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRoutes as classificationRoutes } from "#functions/classifications/handler.ts";
import { createRoutes as serviceInfoRoutes } from "#functions/service-info/handler.ts";
import { OPENAPI_PATH, openapiText } from "#infra/openapi.ts";
import { PROBLEMS } from "#shared/contracts/problem.ts";
import { classifyByWord, createWorld } from "#test/support/core-world.ts";
import { createCaller } from "#test/support/proxy-event.ts";

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly responses: Readonly<Record<string, { readonly content?: object; readonly headers?: object }>>;
}

const committed = readFileSync(OPENAPI_PATH, "utf8");
const document = JSON.parse(committed) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const OPERATIONS = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);
const ROUTES = {
  ...createWorld().routes,
  ...classificationRoutes({
    classify: classifyByWord,
    classifierVersion: "test-1",
    secondReader: null,
    hasAgreement: async () => false,
  }),
  ...serviceInfoRoutes({ openapi: document }),
};

describe("the OpenAPI document", () => {
  it("that is committed is the one that the schemas make (npm run openapi)", () => {
    expect(committed).toBe(openapiText());
  });

  it("has every operation that the functions answer, and no other", () => {
    expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it("names each operation once", () => {
    const ids = OPERATIONS.map(({ operation }) => operation.operationId);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it("needs no token for health and itself only", () => {
    const open = OPERATIONS.filter(({ operation }) => operation.security?.length === 0).map(
      ({ name }) => name,
    );

    expect(open.sort()).toEqual(["GET /health", "GET /openapi.json"]);
  });

  it("has reports in three forms, with the fingerprint of what they say in a header", () => {
    const reports = OPERATIONS.filter(({ name }) => /\/(?:disclosures|accesses)$/.test(name));

    expect(reports).toHaveLength(2);
    for (const { operation } of reports) {
      const answer = operation.responses["200"];
      expect(Object.keys(answer?.content ?? {})).toEqual(["application/json", "text/csv", "text/html"]);
      expect(Object.keys(answer?.headers ?? {})).toEqual(["Report-Sha256"]);
    }
  });

  it("asks for an idempotency key on messages, and takes one where something is created", () => {
    const keyed = OPERATIONS.flatMap(({ name, operation }) =>
      (operation.parameters ?? [])
        .filter((parameter) => parameter.name === "Idempotency-Key")
        .map(({ required }) => [name, required === true]),
    );

    expect(keyed).toEqual(
      expect.arrayContaining([
        ["POST /messages", true],
        ["POST /patients", false],
        ["POST /patients/{id}/consents", false],
      ]),
    );
  });

  it.each(OPERATIONS)("tells of problem documents at $name", ({ operation }) => {
    expect(JSON.stringify(operation.responses["default"])).toContain("application/problem+json");
  });

  it.each(OPERATIONS.filter(({ name }) => name.includes("{id}")))(
    "tells of the path parameter of $name",
    ({ operation }) => {
      expect(operation.parameters).toEqual(
        expect.arrayContaining([expect.objectContaining({ name: "id", in: "path", required: true })]),
      );
    },
  );
});

describe("every operation but the public ones", () => {
  const closed = Object.keys(ROUTES).filter((name) => name !== "GET /health" && name !== "GET /openapi.json");
  const call = createCaller(ROUTES);

  it.each(closed)("%s answers nobody whom no authorizer vouches for", async (name) => {
    expect(await call(name, { roles: null, rawBody: "{" })).toMatchObject({
      status: 401,
      body: { code: "unauthenticated", title: PROBLEMS.unauthenticated.title },
    });
  });

  it.each(closed)(
    "%s is forbidden to somebody without a role, before the request is looked at",
    async (name) => {
      expect(await call(name, { roles: "", rawBody: "{" })).toMatchObject({ status: 403 });
    },
  );
});

describe("the public operations", () => {
  const call = createCaller(ROUTES);

  it("answer without an authorizer", async () => {
    const health = await call("GET /health", { roles: null });
    const openapi = await call("GET /openapi.json", { roles: null });

    expect(health).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(openapi.body).toEqual(document);
  });
});
