import { describe, expect, it } from "vitest";
import { json, type Routes } from "#functions/http/api.ts";
import { ApiProblem, problemResponse } from "#functions/http/problem.ts";
import { PROBLEMS, type ProblemCode } from "#shared/contracts/problem.ts";
import { Problem } from "#shared/contracts/problem-document.ts";
import { createCaller, createTestLog } from "#test/support/proxy-event.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

const ROUTES: Routes = {
  "GET /fine": async () => json(200, { fine: true }, 3),
  "GET /refused": async () => {
    throw new ApiProblem("rate_limited", { detail: "Wait.", pointer: "/a" });
  },
  "GET /fault": async () => {
    throw Object.assign(new Error("canary in a message"), { code: "E_CODE" });
  },
  "GET /thrown": async () => {
    const thrown: unknown = "canary";
    throw thrown;
  },
};

describe("an answer", () => {
  it("is JSON that nobody may keep, with its version as ETag", async () => {
    const answer = await createCaller(ROUTES)("GET /fine");

    expect(answer.headers).toEqual({
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ETag: '"3"',
    });
  });

  it("to an operation that does not exist is not_found", async () => {
    const call = createCaller(ROUTES);

    const answers = await Promise.all(
      ["POST /fine", "GET /other", "GET toString", "constructor /"].map((operation) => call(operation)),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });
});

describe("a refusal", () => {
  it("is a problem document and one line of log, without stack", async () => {
    const log = createTestLog();

    const answer = await createCaller(ROUTES, log)("GET /refused");

    expect(answer).toMatchObject({
      status: 429,
      headers: {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
      },
      body: { type: "about:blank", code: "rate_limited", detail: "Wait.", pointer: "/a", status: 429 },
    });
    expect(log.lines).toEqual([
      'info REQUEST_REFUSED {"problem":"rate_limited","traceId":"request-1","resource":"/refused"}',
    ]);
  });
});

describe("a fault", () => {
  it("is answered with a trace id and nothing else of it", async () => {
    const log = createTestLog();

    const answer = await createCaller(ROUTES, log)("GET /fault");

    expect(answer.body).toEqual({
      type: "about:blank",
      title: PROBLEMS.internal.title,
      status: 500,
      code: "internal",
      traceId: "request-1",
    });
    expect(log.lines).toEqual([expect.stringContaining("REQUEST_FAILED")]);
  });

  it("that is no error object is answered the same way", async () => {
    const answer = await createCaller(ROUTES)("GET /thrown");

    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("canary");
  });
});

describe("problem documents", () => {
  it.each(CODES)("for %s fit the contract", (code) => {
    const { statusCode, body } = problemResponse(code);

    const problem = Problem.parse(JSON.parse(body));

    expect(problem).toMatchObject({ status: statusCode, code, title: PROBLEMS[code].title });
  });

  it("have exactly the codes and statuses of the API", () => {
    const statuses = Object.fromEntries(CODES.map((code) => [code, PROBLEMS[code].status]));

    expect(statuses).toEqual({
      invalid_request: 400,
      unauthenticated: 401,
      session_expired: 401,
      forbidden: 403,
      not_found: 404,
      consent_required: 409,
      consent_revoked: 409,
      vendor_without_baa: 409,
      constraint_violation: 409,
      idempotency_conflict: 409,
      request_in_progress: 409,
      version_conflict: 409,
      marketing_refused: 409,
      payload_too_large: 413,
      unsupported_media_type: 415,
      unprocessable: 422,
      rate_limited: 429,
      internal: 500,
      unavailable: 503,
    });
  });
});
