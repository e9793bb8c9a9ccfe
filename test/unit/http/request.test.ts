import { describe, expect, it } from "vitest";
import * as z from "zod";
import { json, type Routes } from "#functions/http/api.ts";
import {
  allow,
  header,
  idempotencyKey,
  ifMatch,
  jsonBody,
  pathParameter,
  query,
} from "#functions/http/request.ts";
import { PatientId } from "#shared/contracts/fields.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { aRequest, createCaller } from "#test/support/proxy-event.ts";

const Body = z.strictObject({
  text: z.string().max(10),
  choice: z.enum(["one", "two"]).optional(),
  only: z.literal("this").optional(),
  inner: z.strictObject({ list: z.array(z.strictObject({ "a/b~c": z.int() })) }).optional(),
});

const ROUTES: Routes = {
  "POST /bodies": async (event) => json(200, jsonBody(event, Body)),
  "GET /things": async (event) => json(200, query(event, z.strictObject({ limit: z.string().optional() }))),
  "GET /patients/{id}": async (event) => json(200, { id: pathParameter(event, "id", PatientId) }),
  "PUT /versions": async (event) => json(200, { version: ifMatch(event) ?? null }),
  "POST /keys": async (event) => json(200, { key: idempotencyKey(event) ?? null }),
  "GET /roles": async (event) => json(200, allow(event, "vendor.write")),
  "GET /fault": async () => {
    throw new Error("canary-of-a-fault");
  },
};

const call = createCaller(ROUTES);

describe("a request body", () => {
  it("that fits is taken as it is", async () => {
    const answer = await call("POST /bodies", { body: { text: "hello" } });

    expect(answer).toMatchObject({ status: 200, body: { text: "hello" } });
  });

  it("may come in base64", async () => {
    const rawBody = Buffer.from('{"text":"é"}').toString("base64");

    const answer = await call("POST /bodies", { rawBody, isBase64Encoded: true });

    expect(answer.body).toEqual({ text: "é" });
  });

  it.each(["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=utf-8"])(
    "may be called %s",
    async (type) => {
      const answer = await call("POST /bodies", { body: { text: "a" }, headers: { "Content-Type": type } });

      expect(answer.status).toBe(200);
    },
  );

  it.each(["text/plain", "application/jsonx", "application/fhir+json", "", "text/json, application/json"])(
    "may not be called %j",
    async (type) => {
      const answer = await call("POST /bodies", { body: { text: "a" }, headers: { "Content-Type": type } });

      expect(answer).toMatchObject({ status: 415, body: { code: "unsupported_media_type" } });
    },
  );

  it("may not have two media types", async () => {
    const answer = await call("POST /bodies", {
      body: { text: "a" },
      headers: { "Content-Type": "application/json", "content-type": "text/plain" },
    });

    expect(answer.status).toBe(415);
  });

  it.each([
    [65_536, 400],
    [65_537, 413],
  ])("of %i bytes is answered with %i", async (bytes, status) => {
    const answer = await call("POST /bodies", { rawBody: `{"text":"${"a".repeat(bytes - 11)}"}` });

    expect(answer.status).toBe(status);
  });

  it("is measured in bytes, not in characters", async () => {
    const answer = await call("POST /bodies", { rawBody: `{"text":"${"é".repeat(33_000)}"}` });

    expect(answer.status).toBe(413);
  });

  it.each([
    ["not JSON", "{"],
    ["empty", ""],
    ["with a repeated name", '{"text":"a","text":"b"}'],
  ])("that is %s is refused", async (_name, rawBody) => {
    const answer = await call("POST /bodies", { rawBody });

    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("that is not UTF-8 is refused", async () => {
    const rawBody = Buffer.from([...Buffer.from('{"text":"'), 0xff, ...Buffer.from('"}')]).toString("base64");

    const answer = await call("POST /bodies", { rawBody, isBase64Encoded: true });

    expect(answer.status).toBe(400);
  });

  it("names the place of a wrong value with a JSON pointer", async () => {
    const answer = await call("POST /bodies", {
      body: { text: "a", inner: { list: [{ "a/b~c": 1 }, { "a/b~c": "x" }] } },
    });

    expect(answer.body).toMatchObject({ code: "invalid_request", pointer: "/inner/list/1/a~1b~0c" });
  });

  it.each([
    [{ text: "a", canary: 1 }, ""],
    [{ text: "a", inner: { list: [], canary: 1 } }, "/inner"],
    [{ text: "a", inner: { list: [{ "a/b~c": 1, canary: 1 }] } }, "/inner/list/0"],
  ])("with an unknown field points to its parent and does not repeat its name", async (body, pointer) => {
    const answer = await call("POST /bodies", { body });

    expect(answer).toMatchObject({ status: 400, body: { pointer } });
    expect(answer.text).not.toContain("canary");
  });

  it.each([
    [{ choice: "canary" }, "/choice", "Expected: one of one, two."],
    [{ choice: 7 }, "/choice", "Expected: one of one, two."],
    [{ only: "canary" }, "/only", "Expected: this."],
  ])("that has none of a field's values is told them: %j", async (field, pointer, detail) => {
    const answer = await call("POST /bodies", { body: { text: "a", ...field } });

    expect(answer).toMatchObject({ status: 400, body: { pointer, detail } });
    expect(answer.text).not.toContain("canary");
  });

  it.each(["__proto__", "constructor", "toString"])("may not have the member %s", async (name) => {
    const answer = await call("POST /bodies", { rawBody: `{"text":"a","${name}":{"x":1}}` });

    expect(answer.status).toBe(400);
  });
});

describe("headers", () => {
  it("are found whatever the case of their names", () => {
    const event = aRequest("GET /x", { headers: { "IF-match": '"1"' } });

    expect(header(event, "if-match")).toBe('"1"');
  });

  it.each([{ "If-Match": ['"1"', '"2"'] }, { "If-Match": '"1"', "if-match": '"2"' }])(
    "that are repeated count as no answer",
    (headers) => {
      expect(header(aRequest("GET /x", { headers }), "if-match")).toBeUndefined();
    },
  );

  it("need not be there at all", () => {
    const event = { ...aRequest("GET /x"), multiValueHeaders: null as never };

    expect(header(event, "if-match")).toBeUndefined();
  });
});

describe("an idempotency key", () => {
  it("is optional", async () => {
    expect((await call("POST /keys")).body).toEqual({ key: null });
  });

  it("has up to 255 characters", async () => {
    const key = "k".repeat(255);

    expect((await call("POST /keys", { headers: { "idempotency-key": key } })).body).toEqual({ key });
  });

  it.each([
    ["empty", { "Idempotency-Key": "" }],
    ["blank", { "Idempotency-Key": "  " }],
    ["too long", { "Idempotency-Key": "k".repeat(256) }],
    ["repeated", { "Idempotency-Key": ["a", "a"] }],
    ["repeated in another case", { "Idempotency-Key": "a", "idempotency-key": "a" }],
  ])("that is %s is refused", async (_name, headers) => {
    expect(await call("POST /keys", { headers })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });
});

describe("If-Match", () => {
  it.each([
    [{}, null],
    [{ "If-Match": '"7"' }, 7],
    [{ "If-Match": 'W/"7"' }, 7],
  ])("asks for a version (%j: %j)", async (headers, version) => {
    expect((await call("PUT /versions", { headers })).body).toEqual({ version });
  });

  it.each(["", "7", '"x"', '"-1"', "*", '"1", "2"', '"1234567890"'])(
    "that we never gave out matches nothing: %j",
    async (value) => {
      expect(await call("PUT /versions", { headers: { "If-Match": value } })).toMatchObject({
        status: 409,
        body: { code: "version_conflict" },
      });
    },
  );

  it("that is repeated matches nothing", async () => {
    const headers = { "If-Match": ['"1"', '"1"'] };

    expect((await call("PUT /versions", { headers })).status).toBe(409);
  });
});

describe("a query", () => {
  it("that fits is taken", async () => {
    expect((await call("GET /things", { query: { limit: "5" } })).body).toEqual({ limit: "5" });
  });

  it("need not be there", async () => {
    expect((await call("GET /things")).status).toBe(200);
  });

  it.each([{ limit: ["1", "2"] }, { limit: ["1", "1"] }, { canary: "1" }])(
    "with a repeated or unknown parameter is refused: %j",
    async (parameters) => {
      const answer = await call("GET /things", { query: parameters });

      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain("canary");
    },
  );
});

describe("a path parameter", () => {
  it("that is an id is taken", async () => {
    expect((await call("GET /patients/{id}", { path: { id: PATIENT_ID } })).body).toEqual({ id: PATIENT_ID });
  });

  it.each(["", "pat_1", "canary", `${PATIENT_ID}%00`, "msg_01KAEV0000000000000000MSG1"])(
    "of another form is as unknown as an unknown id: %j",
    async (id) => {
      const answer = await call("GET /patients/{id}", { path: { id } });

      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
      expect(answer.text).not.toContain("canary");
    },
  );

  it("that is missing is not found", async () => {
    expect((await call("GET /patients/{id}")).status).toBe(404);
  });
});

describe("a caller", () => {
  it("is named with the role under which it acts", async () => {
    const answer = await call("GET /roles", { roles: "auditor compliance", actor: "staff_7" });

    expect(answer.body).toEqual({ actor: "staff_7", role: "compliance", requestId: "request-1" });
  });

  it.each(["frontdesk", "", "owner", "compliancex", "Compliance"])(
    "with the roles %j is forbidden",
    async (roles) => {
      expect(await call("GET /roles", { roles })).toMatchObject({ status: 403, body: { code: "forbidden" } });
    },
  );

  it("whom no authorizer vouches for is unauthenticated", async () => {
    expect(await call("GET /roles", { roles: null })).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
  });
});
