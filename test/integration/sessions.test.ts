import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifiedChains } from "../support/audit-export.ts";
import type { HostAnswer, HostUser, LocalHost } from "../support/host.ts";
import { expecting, startPractice } from "../support/practice.ts";

const SESSIONS_MAX = 5;
const MINUTE_SECONDS = 60;

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

/** A sign-in of its own, as on another device. */
async function signIn(user: HostUser): Promise<string> {
  const { accessToken } = await expecting(200, host.local("POST", "/tokens", { user }));
  return String(accessToken);
}

const read = (token: string): Promise<HostAnswer> =>
  host.api("GET", "/practice", undefined, undefined, { Authorization: `Bearer ${token}` });

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as Readonly<
    Record<string, unknown>
  >;

const isRefused = ({ status, headers, body }: HostAnswer, code: string) => {
  expect(status).toBe(401);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({ status: 401, code });
};

/** What the audit says of a staff member's sign-ins, oldest first. */
async function startsOf(token: string): Promise<readonly (Readonly<Record<string, unknown>> | undefined)[]> {
  const entries = (await verifiedChains(host)).get(`actor#staff_${String(claimsOf(token)["sub"])}`) ?? [];
  return entries.filter(({ action }) => action === "session.started").map(({ details }) => details);
}

describe("a staff member's session", () => {
  it("begins on record with the first call, and serves the calls after it", async () => {
    const token = await signIn("auditor");

    expect((await read(token)).status).toBe(200);
    expect((await read(token)).status).toBe(200);
    expect(await startsOf(token)).toEqual([{ replacedOldest: false }]);
  });

  it("is ended by a sixth sign-in, though its token still verifies; the others go on", async () => {
    const tokens: string[] = [];
    for (let count = 0; count <= SESSIONS_MAX; count += 1) {
      const token = await signIn("clinician");
      expect((await read(token)).status).toBe(200);
      tokens.push(token);
    }
    const [oldest = "", ...others] = tokens;

    isRefused(await read(oldest), "session_expired");
    isRefused(await read(oldest), "session_expired");
    for (const token of others) expect((await read(token)).status).toBe(200);
    expect((await startsOf(oldest)).map((details) => details?.["replacedOldest"])).toEqual([
      ...Array.from({ length: SESSIONS_MAX }, () => false),
      true,
    ]);
  });

  it("does nothing for the caller once it has ended: the route is never reached", async () => {
    const tokens = await Promise.all(Array.from({ length: SESSIONS_MAX + 1 }, () => signIn("admin")));
    const answers: HostAnswer[] = [];
    for (const token of tokens) answers.push(await read(token));
    const switches = { sending: false, portal: false };
    const authorization = { Authorization: `Bearer ${tokens[0] ?? ""}` };

    isRefused(
      await host.api("PUT", "/practice/switches", switches, undefined, authorization),
      "session_expired",
    );
    const { switches: kept } = await expecting(200, host.api("GET", "/practice", undefined, "compliance"));
    expect(kept).toEqual({ sending: true, portal: true });
  });

  it("begins for each of many sign-ins that are used at once, and for a sign-in that many calls use at once", async () => {
    const tokens = await Promise.all(Array.from({ length: 15 }, () => signIn("auditor")));
    const token = await signIn("auditor");

    const apart = await Promise.all(tokens.map((each) => read(each)));
    const together = await Promise.all(tokens.map(() => read(token)));

    expect(apart.map(({ status }) => status)).toEqual(tokens.map(() => 200));
    expect(together.map(({ status }) => status)).toEqual(tokens.map(() => 200));
  });

  it("is bound to its sign-in: a token whose sign-in was never used lasts as long as any other", async () => {
    const token = await signIn("compliance");

    await host.advance(9 * MINUTE_SECONDS);
    expect((await read(token)).status).toBe(200);
  });

  it("ends with the ten minutes of its access token, however busy it was", async () => {
    const token = await signIn("frontdesk");
    for (const minutes of [0, 4, 5]) {
      await host.advance(minutes * MINUTE_SECONDS);
      expect((await read(token)).status).toBe(200);
    }

    await host.advance(MINUTE_SECONDS + 1);
    isRefused(await read(token), "unauthenticated");
  });

  it("makes room by itself once it has been idle for a quarter of an hour", async () => {
    for (let count = 0; count < SESSIONS_MAX; count += 1) await read(await signIn("frontdesk"));
    const before = (await startsOf(await signIn("frontdesk"))).length;

    await host.advance(16 * MINUTE_SECONDS);
    const token = await signIn("frontdesk");

    expect((await read(token)).status).toBe(200);
    expect((await startsOf(token)).slice(before)).toEqual([{ replacedOldest: false }]);
  });

  it("carries the role of its group alone", async () => {
    const token = await signIn("auditor");
    const authorization = { Authorization: `Bearer ${token}` };

    const answer = await host.api(
      "PUT",
      "/practice/switches",
      { sending: true, portal: true },
      undefined,
      authorization,
    );
    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(claimsOf(token)["cognito:groups"]).toEqual(["auditor"]);
  });
});

describe("a machine client", () => {
  it("is let in with any number of tokens, and has the machine's role whatever it says", async () => {
    const tokens = await Promise.all(Array.from({ length: SESSIONS_MAX + 2 }, () => signIn("integration")));
    for (const token of tokens) expect((await read(token)).status).toBe(200);

    const [token = ""] = tokens;
    const authorization = { Authorization: `Bearer ${token}` };
    const body = { text: "See you on Monday" };
    const answers = [
      await host.api("POST", "/classifications", body, undefined, authorization),
      await host.api("GET", "/threads", undefined, undefined, authorization),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  });

  it("is not let in with a token that is over", async () => {
    const token = await signIn("integration");
    await host.advance(10 * MINUTE_SECONDS + 1);

    isRefused(await read(token), "unauthenticated");
    expect((await read(await signIn("integration"))).status).toBe(200);
  });
});
