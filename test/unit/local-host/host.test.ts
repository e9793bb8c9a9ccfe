import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFixture } from "../../support/fixture-stack/template.ts";
import { type LocalHost, startLocalHost } from "../../support/host.ts";

const templatePath = writeFixture();
let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ templatePath });
}, 60_000);
afterAll(async () => {
  await host.stop();
  rmSync(dirname(templatePath), { recursive: true });
});

const logsOf = async (name: string): Promise<readonly string[]> => {
  const { body } = await host.local("GET", "/logs");
  const { items } = body as {
    readonly items: readonly { readonly function: string; readonly message: string }[];
  };
  return items.filter((line) => line.function === name).map(({ message }) => message);
};

describe("sign-in", () => {
  it.each(["frontdesk", "clinician", "compliance", "admin", "auditor"])(
    "gives %s a token that carries the role",
    async (user) => {
      const { status, body } = await host.local("POST", "/tokens", { user });
      const [, claims = ""] = (body as { accessToken: string }).accessToken.split(".");
      expect(status).toBe(200);
      expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
        "cognito:groups": [user],
        token_use: "access",
      });
    },
  );

  it("succeeds however often it is repeated, each time as a sign-in of its own", async () => {
    const sessions = new Set<unknown>();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const { body } = await host.local("POST", "/tokens", { user: "admin" });
      const [, claims = ""] = (body as { accessToken: string }).accessToken.split(".");
      sessions.add(JSON.parse(Buffer.from(claims, "base64url").toString()).origin_jti);
    }
    expect(sessions.size).toBe(8);
  });

  it("gives the machine client a token without a group", async () => {
    const { body } = await host.local("POST", "/tokens", { user: "integration" });
    const [, claims = ""] = (body as { accessToken: string }).accessToken.split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      client_id: "machineclient",
      token_use: "access",
    });
  });
});

describe("the clock", () => {
  it("moves forward, and with it the functions' and the schedules'", async () => {
    const before = (await logsOf("echo")).filter((line) => line.startsWith("START")).length;
    const { body: start } = await host.local("GET", "/clock");
    const { status, body } = await host.local("POST", "/clock", { advanceSeconds: 7200 });
    const from = Date.parse((start as { now: string }).now);

    expect(status).toBe(200);
    expect(Date.parse((body as { now: string }).now)).toBeGreaterThanOrEqual(from + 7_200_000);
    const seen = (await (await fetch(`${host.base}/t/open/date`)).json()) as { now: number };
    expect(seen.now).toBeGreaterThanOrEqual(from + 7_200_000);
    // Two hours are a hundred and twenty minutes: the schedule runs on the way, and not a hundred and twenty times.
    const fired = (await logsOf("echo")).filter((line) => line.startsWith("START")).length - before - 1;
    expect(fired).toBeGreaterThanOrEqual(20);
    expect(fired).toBeLessThanOrEqual(50);
  });

  it.each([
    [{ advanceSeconds: -1 }, 409, "constraint_violation"],
    [{ now: "2001-01-01T00:00:00Z" }, 409, "constraint_violation"],
    [{}, 400, "invalid_request"],
    [{ now: "soon" }, 400, "invalid_request"],
    [{ now: "2030-01-01T00:00:00Z", advanceSeconds: 1 }, 400, "invalid_request"],
    [{ advanceSeconds: 1e12 }, 400, "invalid_request"],
    [{ advanceSeconds: "1" }, 400, "invalid_request"],
  ])("refuses %j", async (body, status, code) => {
    const answer = await host.local("POST", "/clock", body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ status, code });
  });

  it("is the one in every answer's date", async () => {
    const answer = await host.local("GET", "/clock");
    const now = Date.parse((answer.body as { now: string }).now);
    expect(Math.abs(Date.parse(answer.headers.get("date") ?? "") - now)).toBeLessThan(2000);
  });
});

describe("the host's own addresses", () => {
  it.each([
    ["GET", "", 200],
    ["GET", "/phone", 200],
    ["GET", "/texts", 200],
    ["GET", "/emails", 200],
    ["GET", "/queues", 200],
    ["GET", "/access-logs", 200],
    ["GET", "/settled", 200],
    ["GET", "/calls?since=2020-01-01T00:00:00Z", 200],
    ["GET", "/calls?since=yesterday", 400],
    ["GET", "/exports/Nothing", 404],
    ["GET", "/objects", 200],
    ["GET", "/objects/Nothing/key", 404],
    ["GET", "/nothing", 404],
    ["GET", "/faults", 200],
    ["POST", "/faults", 400],
    ["DELETE", "/faults", 200],
    ["POST", "/texts/none/events", 400],
  ])("answer %s %s with %i", async (method, path, status) => {
    const answer = await host.local(method, path, method === "POST" ? {} : undefined);
    expect(answer.status).toBe(status);
    if (status >= 400) expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    ["/tokens", { user: "nobody" }, 400],
    ["/tokens", { user: "admin", more: 1 }, 400],
    ["/tokens", "not json", 400],
    ["/texts", { from: "5550100", body: "YES" }, 400],
    ["/texts", { from: "+12065550100", body: "" }, 400],
    ["/texts/none/events", { eventType: "TEXT_DELIVERED" }, 404],
    ["/tokens", { user: "x".repeat(70_000) }, 413],
  ])("refuse what they cannot use at %s and repeat nothing of it", async (path, body, status) => {
    const answer = await host.local("POST", path, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toMatch(/nobody|not json|5550100|none/);
  });

  it("serve pages that let nothing in from elsewhere", async () => {
    const page = await fetch(`${host.base}/_local/phone`);
    const html = await page.text();
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    const nonces = [...html.matchAll(/nonce="([^"]+)"/g)].map(([, nonce]) => nonce);
    expect(nonces.length).toBeGreaterThan(0);
    for (const nonce of nonces) expect(policy).toContain(`'nonce-${String(nonce)}'`);
    expect(html).not.toMatch(/ (?:style|onclick|onload)=/);
  });

  it("answer outside of every stage with a problem document", async () => {
    const answer = await fetch(`${host.base}/elsewhere`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not_found" });
  });
});

describe("a queue of the template", () => {
  it("comes to rest, and the access log names what was asked", async () => {
    await host.settled();
    await fetch(`${host.base}/t/closed/7`);
    const { body } = await host.local("GET", "/access-logs");
    expect(JSON.stringify(body)).toContain("/closed/{id}");
  });
});
