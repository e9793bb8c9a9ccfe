import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FixtureApi, startFixtureApi } from "./fixture-api.ts";

let api: FixtureApi;
beforeAll(async () => {
  api = await startFixtureApi();
}, 30_000);
afterAll(() => api.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.base}${path}`, { headers });

/** Sends bytes that `fetch` would tidy up first. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(api.port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}
const rawGet = (target: string) => raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

describe("the proxy event", () => {
  it("has what API Gateway gives: header spelling, every value, null for what is absent", async () => {
    const answer = await raw(
      "GET /t/open/echo?a=1&a=2&b=%20c HTTP/1.1\r\nHost: x\r\nX-MiXed: one\r\nx-mixed: two\r\nUser-Agent: test\r\nConnection: close\r\n\r\n",
    );
    const event = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
    expect(event).toMatchObject({
      resource: "/open/{behaviour}",
      path: "/open/echo",
      httpMethod: "GET",
      headers: { "X-MiXed": "two", Host: "x", "X-Forwarded-Proto": "https" },
      multiValueHeaders: { "X-MiXed": ["one", "two"] },
      queryStringParameters: { a: "2", b: " c" },
      multiValueQueryStringParameters: { a: ["1", "2"], b: [" c"] },
      pathParameters: { behaviour: "echo" },
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
      requestContext: {
        stage: "t",
        path: "/t/open/echo",
        identity: { sourceIp: "127.0.0.1", userAgent: "test", user: null },
        apiId: expect.any(String),
      },
    });
    expect(event.headers).not.toHaveProperty("Connection");
    expect(event.requestContext).not.toHaveProperty("authorizer");
  });

  it("carries bodies as text, and binary media types as base64", async () => {
    const bytes = Buffer.from([0, 255, 1]);
    const text = await fetch(`${api.base}/open/echo`, {
      method: "POST",
      body: "größe",
      headers: { "Content-Type": "text/plain" },
    });
    expect(await text.json()).toMatchObject({ body: "größe", isBase64Encoded: false });
    const binary = await fetch(`${api.base}/open/echo`, {
      method: "POST",
      body: bytes,
      headers: { "Content-Type": "image/png" },
    });
    expect(await binary.json()).toMatchObject({ body: bytes.toString("base64"), isBase64Encoded: true });
  });

  it("gives null for query and path parameters where there are none", async () => {
    const event: unknown = await (await get("/open/fixed")).json();
    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
    });
  });
});

describe("routing", () => {
  it.each([
    ["/t/nothing", 404],
    ["/t", 404],
    ["/t/open/fixed/", 200],
    ["/t/open//fixed", 404],
    ["/t/open/../open/fixed", 404],
    ["/t/open/%2e%2e/fixed", 404],
    ["/t/open/%2e%2e", 404],
    ["/t/open/..%2f..%2fetc", 404],
    ["/t/open/%00", 400],
    ["/t/open/%zz", 400],
    ["/t/open/%c0%af", 400],
    ["/t/%6fpen/fixed", 200],
    ["/t/open/fixed/more", 404],
  ])("answers %s with %i and never with a fault", async (target, status) => {
    const answer = await rawGet(target);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
    expect(api.logs.filter((line) => line.startsWith("host fault"))).toEqual([]);
  });

  it.each(["HEAD", "OPTIONS", "DELETE", "PATCH"])(
    "does not know the method %s of a resource that lacks it",
    async (method) => {
      const answer = await fetch(`${api.base}/open/fixed`, { method });
      expect(answer.status).toBe(404);
      expect(answer.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    },
  );

  it("answers a request that is not HTTP with a problem document", async () => {
    const answer = await raw("what is this\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('"code":"invalid_request"');
  });
});

describe("gateway responses", () => {
  it("are rendered from the template, with the request's id and its headers", async () => {
    const answer = await get("/nothing");
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({
      status: 404,
      code: "not_found",
      traceId: answer.headers.get("x-amzn-requestid"),
    });
  });

  it.each(["malformed", "throw"])("stand for a function that answers wrongly: %s", async (behaviour) => {
    const answer = await get(`/open/${behaviour}`);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "internal" });
  });
});

describe("the authorizer", () => {
  const closed = (token?: string) => get("/closed/7", token === undefined ? {} : { Authorization: token });

  it("lets a request in and hands its context over as texts", async () => {
    const event: unknown = await (await closed("Bearer good")).json();
    expect(event).toMatchObject({
      requestContext: {
        authorizer: { principalId: "staff-1", role: "clinician", level: "2", fresh: "true" },
      },
    });
  });

  it("is not called without the header", async () => {
    const before = api.pool("Authorize").invocations();
    const answer = await closed();
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "unauthenticated" });
    expect(api.pool("Authorize").invocations()).toBe(before);
  });

  it.each([
    ["Bearer forged", 401, "unauthenticated"],
    ["Bearer over", 401, "session_expired"],
    ["Bearer other", 401, ""],
    ["Bearer malformed", 500, "authorizer"],
    ["Bearer nested", 500, "authorizer"],
    ["Bearer fault", 500, "authorizer"],
  ])("answers %s with %i %s", async (token, status, code) => {
    const answer = await closed(token);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });
});

describe("what comes back", () => {
  it("keeps every cookie and does not let a function write the date", async () => {
    const answer = await get("/open/cookies");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("x-amzn-remapped-date")).toBe("never");
    expect(Date.parse(answer.headers.get("date") ?? "")).toBeGreaterThan(0);
  });

  it("is logged in the stage's own format", async () => {
    const answer = await get("/closed/7", { Authorization: "Bearer good" });
    const line = api.accessLogs.find(({ message }) =>
      message.includes(answer.headers.get("x-amzn-requestid") ?? "none"),
    );
    expect(JSON.parse(line?.message ?? "{}")).toMatchObject({
      path: "/closed/{id}",
      who: "staff-1",
      status: "200",
    });
    await get("/nothing");
    expect(JSON.parse(api.accessLogs.at(-1)?.message ?? "{}")).toMatchObject({
      path: "-",
      who: "-",
      status: "404",
    });
  });
});

describe("the firewall", () => {
  it.each([65_536, 65_537, 10 * 1024 * 1024, 12 * 1024 * 1024])(
    "measures a body of %i bytes",
    async (bytes) => {
      const answer = await fetch(`${api.base}/open/notFound`, { method: "POST", body: "x".repeat(bytes) });
      expect(answer.status).toBe(bytes > 65_536 ? 413 : 404);
      expect(await answer.json()).toMatchObject({ code: bytes > 65_536 ? "payload_too_large" : "not_found" });
    },
  );

  it("refuses an address that asks too often", async () => {
    const answers = await Promise.all(
      Array.from({ length: 220 }, () => get("/nothing").then(({ status }) => status)),
    );
    expect(answers).toContain(403);
  });
});

describe("a request without a Host header", () => {
  it("is refused with a problem document", async () => {
    const answer = await raw("GET /t/open/fixed HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('"code":"invalid_request"');
  });
});
