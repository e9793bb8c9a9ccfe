import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aWorld, type World, WRONG_DATE } from "./world.ts";

/** Tokens of every kind that must not be told apart. */
async function badTokens(world: World): Promise<Readonly<Record<string, string>>> {
  const flipped = `${world.token.slice(0, -1)}${world.token.endsWith("A") ? "B" : "A"}`;
  const dead = await world.addLink(2, { diedAt: "2026-11-04T16:00:00.000Z", misses: 5 });
  const expired = await world.addLink(3, { expiresAt: "2026-11-04T16:59:59.000Z" });
  const unknown = await world.addLink(4);
  world.items.delete(world.keys.link(unknown.lookup));
  return {
    forged: flipped,
    dead: dead.token,
    expired: expired.token,
    unknown: unknown.token,
    short: "abc",
    empty: "",
    garbage: "<script>alert(1)</script>",
    long: "A".repeat(3000),
    percent: "%00%ff",
    surrogate: "\ud800",
    version: `B${world.token.slice(1)}`,
  };
}

describe("the first page of a link", () => {
  it("is the same for every token, and reads, calls and records nothing", async () => {
    const world = await aWorld();
    const first = await world.get(world.token);

    for (const token of Object.values(await badTokens(world))) {
      expect(await world.get(token)).toEqual(first);
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (token) => {
        expect(await world.get(token)).toEqual(first);
      }),
    );
    expect(first.statusCode).toBe(200);
    expect(world.calls).toEqual([]);
    expect(world.entries).toEqual([]);
    expect(world.logs).toEqual([]);
  });

  it("names the practice and its phone and asks for a date of birth, not for a code", async () => {
    const { get, token } = await aWorld();

    const { body } = await get(token);

    expect(body).toContain("<title>Riverside Clinic</title>");
    expect(body).toContain("555-010-0199");
    expect(body).toContain('name="birthDate"');
    expect(body).not.toContain('name="code"');
    expect(body).not.toMatch(/name="birthDate"[^>]*required/);
  });

  it("lets nobody end a link with one press by mistake, and needs no script for that", async () => {
    const { get, token } = await aWorld();

    const { body } = await get(token);

    expect(body).toMatch(
      /<input type="checkbox" name="sure"[^>]* required>[\s\S]{0,200}value="wrong-person">I am not this person</,
    );
  });

  it("speaks Spanish when asked or when the browser does", async () => {
    const { get, token } = await aWorld();

    const asked = await get(token, { query: { lang: "es" } });
    const preferred = await get(token, { headers: { "accept-language": "es-MX,es;q=0.9,en;q=0.5" } });
    const overruled = await get(token, { headers: { "accept-language": "es" }, query: { lang: "en" } });

    expect(asked.body).toContain('<html lang="es">');
    expect(asked.body).toContain("Fecha de nacimiento");
    expect(preferred.body).toBe(asked.body);
    expect(overruled.body).toContain('<html lang="en">');
  });
});

describe("the answer to a proof that does not work", () => {
  it("is the first page again, for a wrong date and for every bad link", async () => {
    const world = await aWorld();
    const wrong = await world.post(world.token, { birthDate: WRONG_DATE });

    expect(wrong).toEqual(await world.get(world.token));

    for (const token of Object.values(await badTokens(world))) {
      expect(await world.post(token, { birthDate: WRONG_DATE })).toEqual(wrong);
      expect(await world.post(token, { birthDate: "1980-05-17" })).toEqual(wrong);
      expect(await world.post(token)).toEqual(wrong);
    }
    expect(wrong.statusCode).toBe(200);
  });

  it("is the same while the portal is off, after a revocation and after an erasure", async () => {
    const world = await aWorld();
    const wrong = await world.post(world.token, { birthDate: WRONG_DATE });

    world.setSwitches({ sending: true, portal: false, version: 1 });
    expect(await world.post(world.token, { birthDate: "1980-05-17" })).toEqual(wrong);
    world.setSwitches({ sending: true, portal: true, version: 2 });
    world.setMarks({ linksRevokedBefore: "2026-11-04T16:30:00.000Z", erasedAt: null });
    expect(await world.post(world.token, { birthDate: "1980-05-17" })).toEqual(wrong);
    world.setMarks({ linksRevokedBefore: null, erasedAt: "2026-11-04T16:30:00.000Z" });
    expect(await world.post(world.token, { birthDate: "1980-05-17" })).toEqual(wrong);
  });

  it("takes the same reads and calls whether the link is unknown or the patient known", async () => {
    const world = await aWorld();
    const tokens = await badTokens(world);
    const callsOf = async (token: string) => {
      world.calls.length = 0;
      await world.post(token, { birthDate: WRONG_DATE, code: "000000" });
      return [...world.calls];
    };
    const known = await callsOf(world.token);

    const uncounted = known.filter((call) => call !== "commit");
    for (const token of Object.values(tokens)) expect(await callsOf(token)).toEqual(uncounted);
    const macs = { first: ["linkMac", "proofMac"], code: ["linkMac"], secrets: ["proofMac", "proofMac"] };
    expect(known).toEqual([
      ...macs.first,
      ...macs.code,
      "read 4",
      "read 14",
      ...macs.secrets,
      // Of a live link the count, for which the wait leaves room.
      "commit",
      "answer 250 ms later",
    ]);
  });

  it("leaves no audit entry when a stranger provoked it", async () => {
    const world = await aWorld();

    for (const token of Object.values(await badTokens(world))) {
      await world.post(token, { birthDate: WRONG_DATE });
    }

    expect(world.entries).toEqual([]);
    expect(JSON.stringify(world.logs)).not.toContain(WRONG_DATE);
  });

  it("is no fault, whatever is sent", async () => {
    const world = await aWorld({ tier: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.string({ unit: "binary", maxLength: 80 }),
        fc.boolean(),
        async (token, body, cookie, isBase64Encoded) => {
          const options = { body, isBase64Encoded, headers: { cookie, "accept-language": cookie } };
          const answers = [
            await world.post(token, {}, options),
            await world.thread(token, options),
            await world.lock(token, options),
          ];
          expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 303, 303]);
        },
      ),
    );
  });

  it.each([
    ["a body of another type", 415, { body: "{}", headers: { "content-type": "application/json" } }],
    ["a body without a type", 415, { body: "birthDate=1980-05-17", headers: { "content-type": "" } }],
    ["a body over 4 KB", 413, { body: `birthDate=${"1".repeat(4096)}` }],
    ["a form that another site sent", 403, { headers: { "sec-fetch-site": "cross-site" } }],
    ["a form from another origin", 403, { headers: { origin: "https://evil.example" } }],
    ["a form from a broken origin", 403, { headers: { origin: "nonsense" } }],
  ])("for %s is a page that says no more than its status, for every link", async (_what, status, options) => {
    const world = await aWorld();
    const tokens = await badTokens(world);
    world.calls.length = 0;

    const answer = await world.post(world.token, { birthDate: "1980-05-17" }, options);

    expect(answer).toMatchObject({
      statusCode: status,
      body: expect.stringContaining("Nothing was changed."),
    });
    for (const token of Object.values(tokens))
      expect(await world.post(token, { birthDate: "1980-05-17" }, options)).toEqual(answer);
    expect(world.calls).toEqual([]);
  });
});

describe("every answer", () => {
  it("carries the headers that keep it private", async () => {
    const world = await aWorld();
    const opened = await world.post(world.token, { birthDate: "1980-05-17" });
    world.state.auditFails = true;
    const answers = [
      await world.get(world.token),
      opened,
      await world.post(world.token, { birthDate: WRONG_DATE }),
      await world.thread(world.token),
      await world.lock(world.token),
    ];

    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        "Content-Security-Policy": expect.stringMatching(
          /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
        ),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": expect.stringContaining("noindex"),
        "Strict-Transport-Security": expect.stringContaining("max-age="),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
      });
    }
  });

  it("allows exactly the style that is in it", async () => {
    const { createHash } = await import("node:crypto");
    const { get, token } = await aWorld();

    const { body, headers } = await get(token);

    const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers?.["Content-Security-Policy"]).toContain(`'sha256-${hash}'`);
    expect(body).not.toMatch(/<script|style=|\son\w+=|https?:/);
  });
});
