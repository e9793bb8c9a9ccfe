import { describe, expect, it } from "vitest";
import { hashEntry } from "#shared/audit/chain.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { createWorld } from "#test/support/core-world.ts";
import type { RequestParts } from "#test/support/proxy-event.ts";

const AUDITOR = "staff_00000000-0000-4000-8000-00000000000a";
const SHA = "a".repeat(64);
const MONTH = "2026-10";

function createAuditWorld() {
  const world = createWorld();
  const call = (operation: string, parts: RequestParts = {}) =>
    world.call(operation, { roles: "auditor", actor: AUDITOR, ...parts });
  const list = async (query: Record<string, string>) => {
    const { status, body } = await call("GET /audit", { query });
    return {
      status,
      items: (body["items"] ?? []) as readonly AuditEntry[],
      next: (body["nextCursor"] ?? null) as string | null,
    };
  };
  return {
    ...world,
    call,
    list,
    report: (kind: string, id: string, query: Record<string, string> = {}) =>
      call(`GET /patients/{id}/${kind}`, { path: { id }, query }),
    sign: (month: string, body: object, parts: RequestParts = {}) =>
      call("POST /audit/access-reviews/{month}/sign-off", {
        roles: "compliance",
        path: { month },
        body,
        ...parts,
      }),
  };
}

describe("GET /audit", () => {
  it("gives a patient's entries as they are stored, the oldest first, so that each still gives its own hash", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();

    const { items, next } = await world.list({ patientId: id });

    expect(items.map(({ action }) => action)).toEqual(["patient.registered", "consent.granted"]);
    expect(items.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(next).toBeNull();
    for (const { hash, ...covered } of items) expect(hashEntry(covered)).toBe(hash);
    expect(items.some((entry) => "pk" in entry || "sk" in entry)).toBe(false);
  });

  it("is on record in the patient's chain before anything is given", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();

    await world.list({ patientId: id, from: "2026-11-04T12:00:00-05:00" });

    expect(world.entries(id).at(-1)).toMatchObject({
      action: "audit.read",
      actor: AUDITOR,
      role: "auditor",
      function: "audit",
      details: { from: "2026-11-04T17:00:00.000Z", count: 2, after: null },
    });
  });

  it("gives nothing where it cannot be recorded", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("away");
    });

    const { status, items } = await world.list({ patientId: id });

    expect(status).toBe(500);
    expect(items).toEqual([]);
  });

  it("pages through a chain without losing or repeating an entry, also where entries are left out", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();
    for (let count = 0; count < 12; count += 1) {
      await world.grant(id, { decision: count % 2 === 0 ? "revoked" : "granted" });
      world.clock.advance(60);
    }
    const walk = async (query: Record<string, string>) => {
      const found: AuditEntry[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof world.list>> = await world.list({
          ...query,
          ...(cursor === null ? {} : { cursor }),
        });
        found.push(...page.items);
        cursor = page.next;
      } while (cursor !== null && found.length < 100);
      return found.filter(({ action }) => action !== "audit.read");
    };

    const all = await walk({ patientId: id, limit: "3" });
    const some = await walk({
      patientId: id,
      limit: "1",
      from: world.clock.iso(-600),
      to: world.clock.iso(-300),
    });

    expect(all.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 14 }, (_entry, index) => index + 1),
    );
    expect(some).toHaveLength(5);
    expect((await walk({ patientId: id, actor: AUDITOR })).length).toBe(0);
  });

  it("gives what an actor did in every chain by time, and records that in the reader's own", async () => {
    const world = createAuditWorld();
    const actor = "staff_00000000-0000-4000-8000-000000000001";
    const one = await world.register();
    world.clock.advance(60);
    const other = await world.register({ externalId: "MRN-2" });
    for (const id of [one, other]) {
      world.clock.advance(60);
      await world.journalOf("threads").record({
        action: "thread.read",
        actor,
        role: "clinician",
        patientId: id,
        requestId: "request-2",
      });
    }
    world.clock.advance(60);
    await world
      .journalOf("threads")
      .record({ action: "threads.listed", actor, role: "clinician", requestId: "r" });

    const first = await world.list({ actor, limit: "2" });
    const second = await world.list({ actor, limit: "2", cursor: first.next ?? "" });
    const bounded = await world.list({ actor, to: world.clock.iso() });

    expect(first.items.map(({ chain }) => chain)).toEqual([one, other]);
    expect(second.items.map(({ chain }) => chain)).toEqual([`actor#${actor}`]);
    expect(second.next).toBeNull();
    expect(bounded.items.map(({ chain }) => chain)).toEqual([one, other]);
    expect(world.entries(`actor#${AUDITOR}`).at(-1)).toMatchObject({
      action: "audit.read",
      details: { of: actor, count: 2, patientIds: [one, other].sort() },
    });
  });

  it("records what was read of a patient's own acts in the patient's chain", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();

    const { status } = await world.list({ actor: `patient:${id}` });

    expect(status).toBe(200);
    expect(world.entries(id).at(-1)).toMatchObject({
      action: "audit.read",
      details: { of: `patient:${id}` },
    });
  });

  it("knows nothing of an unknown patient, and records the try without the id", async () => {
    const world = createAuditWorld();

    const { status } = await world.list({ patientId: PATIENT_ID });

    expect(status).toBe(404);
    expect(world.entries(PATIENT_ID)).toEqual([]);
    const [tried] = world.entries(`actor#${AUDITOR}`);
    expect(tried).toMatchObject({ action: "audit.read", details: { found: false } });
    expect(JSON.stringify(tried)).not.toContain(PATIENT_ID);
  });

  it.each<[string, Record<string, string>]>([
    ["neither patient nor actor", {}],
    ["an actor that is none", { actor: "Ana Ruiz" }],
    ["a time that is none", { patientId: PATIENT_ID, from: "yesterday" }],
    ["too many at once", { patientId: PATIENT_ID, limit: "201" }],
    ["a cursor that is none", { patientId: PATIENT_ID, cursor: "1" }],
    [
      "another list's cursor",
      { patientId: PATIENT_ID, cursor: "pat_01KAEV0000000000000000PAT2~1~2026-11-04T17:00:00.000Z" },
    ],
  ])("refuses %s", async (_what, query) => {
    expect((await createAuditWorld().list(query)).status).toBe(400);
  });

  it.each<[string, string, Record<string, string>]>([
    ["an end before its begin", "/to", { from: "2026-11-05T00:00:00Z", to: "2026-11-04T00:00:00Z" }],
    ["an end at its begin", "/to", { from: "2026-11-05T00:00:00Z", to: "2026-11-05T01:00:00+01:00" }],
    ["a year with more than four digits", "/to", { to: "9999-12-31T23:59:59-01:00" }],
    ["a year before 0000", "/from", { from: "0000-01-01T00:00:00+01:00" }],
    [
      "a cursor before its begin",
      "/cursor",
      { from: "2026-11-05T00:00:00Z", cursor: "own~1~2026-11-04T17:00:00.000Z" },
    ],
    [
      "a cursor at its end",
      "/cursor",
      { to: "2026-11-04T17:00:00Z", cursor: "own~1~2026-11-04T17:00:00.000Z" },
    ],
  ])("refuses %s, and says where", async (_what, pointer, times) => {
    const { status, body } = await createAuditWorld().call("GET /audit", {
      query: { actor: AUDITOR, ...times },
    });

    expect([status, body["pointer"]]).toEqual([400, pointer]);
  });

  it.each([
    "own~1~9999-12-31T23:59:59.999Z",
    "pat_01KAEV0000000000000000PAT2~999999999999~9999-12-31T23:59:59.999Z",
    "own~1~2026-99-99T99:99:99.999Z",
  ])("refuses a cursor of a time that no entry has: %s", async (cursor) => {
    const world = createAuditWorld();
    await world.list({ actor: AUDITOR });

    const { status, body } = await world.call("GET /audit", { query: { actor: AUDITOR, cursor } });

    expect([status, body["pointer"]]).toEqual([400, "/cursor"]);
  });

  it("gives nothing behind the place of no entry", async () => {
    const world = createAuditWorld();
    await world.list({ actor: AUDITOR });

    const cursor = `pat_01KAEV0000000000000000PAT2~999999999999~${world.clock.iso(1)}`;
    expect(await world.list({ actor: AUDITOR, cursor })).toEqual({ status: 200, items: [], next: null });
  });

  it("refuses an actor's cursor for what a patient did, and another patient's", async () => {
    const actor = `patient:${PATIENT_ID}`;
    const at = "2026-11-04T17:00:00.000Z";
    for (const cursor of [`own~1~${at}`, `pat_01KAEV0000000000000000PAT2~1~${at}`]) {
      const { status, body } = await createAuditWorld().call("GET /audit", { query: { actor, cursor } });
      expect([status, body["pointer"]]).toEqual([400, "/cursor"]);
    }
  });

  it.each(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])("takes times as far away as %s", async (time) => {
    const world = createAuditWorld();

    expect((await world.list({ actor: AUDITOR, from: time })).status).toBe(200);
    expect((await world.list({ actor: AUDITOR, to: time })).status).toBe(200);
  });

  it.each<[string, string, Record<string, string>]>([
    ["", "patientId or actor", {}],
    ["/actor", "staff_", { actor: "Ana Ruiz" }],
    ["/patientId", "pat_", { patientId: "Ana Ruiz" }],
    ["/from", "2026-11-22T17:00:00Z", { actor: AUDITOR, from: "Ana Ruiz" }],
    ["/cursor", "nextCursor", { actor: AUDITOR, cursor: "Ana Ruiz" }],
  ])("says what it expected at %s", async (pointer, form, query) => {
    const { body, text } = await createAuditWorld().call("GET /audit", { query });

    expect(body["pointer"]).toBe(pointer);
    expect(body["detail"]).toMatch(/^Expected: /);
    expect(body["detail"]).toContain(form);
    expect(text).not.toContain("Ana");
  });

  it.each(["frontdesk", "clinician", "admin", "integration"])("is forbidden to %s", async (roles) => {
    const { status } = await createAuditWorld().call("GET /audit", {
      roles,
      query: { patientId: PATIENT_ID },
    });

    expect(status).toBe(403);
  });
});

describe.each(["disclosures", "accesses"])("GET /patients/{id}/%s", (kind) => {
  it("gives the report, and its giving is on record first with period, count and SHA-256", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();
    world.clock.advance(60);

    const { status, body, headers } = await world.report(kind, id);

    expect(status).toBe(200);
    expect(body).toMatchObject({ report: kind, subject: { patientId: id }, derivedFrom: null });
    expect(headers?.["Report-Sha256"]).toBe(body["sha256"]);
    expect(world.entries(id).at(-1)).toMatchObject({
      action: "report.given",
      actor: AUDITOR,
      details: {
        report: kind,
        format: "json",
        to: world.clock.iso(),
        // Registered, consent granted.
        through: 2,
        count: (body["items"] as readonly unknown[]).length,
        sha256: body["sha256"],
      },
    });
  });

  it("says the same as of the same moment in every format, whenever it is asked for", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();
    world.clock.advance(60);
    const asOf = world.clock.iso();
    const prints: unknown[] = [];
    for (const format of ["json", "csv", "html", "json"]) {
      world.clock.advance(60);
      const { status, headers } = await world.report(kind, id, { format, asOf });
      expect(status).toBe(200);
      prints.push(headers?.["Report-Sha256"]);
    }
    const now = await world.report(kind, id);

    expect(new Set(prints).size).toBe(1);
    expect(prints).not.toContain(now.headers?.["Report-Sha256"]);
    expect(world.entries(id).at(-2)).toMatchObject({ action: "report.given", details: { to: asOf } });
  });

  it("is not as of a moment that is still to come", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();

    const { status, body } = await world.report(kind, id, { asOf: world.clock.iso(1) });

    expect([status, body["pointer"]]).toEqual([400, "/asOf"]);
    expect(world.actions(id)).not.toContain("report.given");
  });

  it("knows nothing of an unknown patient, and is for auditors and compliance only", async () => {
    const world = createAuditWorld();

    expect((await world.report(kind, PATIENT_ID)).status).toBe(404);
    expect(world.actions(`actor#${AUDITOR}`)).toEqual(["report.given"]);
    for (const roles of ["frontdesk", "clinician", "admin", "integration"]) {
      const operation = `GET /patients/{id}/${kind}`;
      expect((await world.call(operation, { roles, path: { id: PATIENT_ID } })).status).toBe(403);
    }
  });

  it("gives nothing where its giving cannot be recorded", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("away");
    });

    const { status, text } = await world.report(kind, id);

    expect(status).toBe(500);
    expect(text).not.toContain(id);
  });
});

describe("who saw what", () => {
  it("has the reading of the audit itself", async () => {
    const world = createAuditWorld();
    const id = await world.prepare();
    await world.list({ patientId: id });
    world.clock.advance(1);

    const { body } = await world.report("accesses", id);

    expect(body["items"]).toEqual([
      expect.objectContaining({ action: "audit.read", actor: AUDITOR, shows: "record" }),
    ]);
  });
});

describe("POST /audit/access-reviews/{month}/sign-off", () => {
  it("is recorded in the reviewer's chain, once for the same key", async () => {
    const world = createAuditWorld();
    const signed = { sha256: SHA, remark: "followed-up" };
    const headers = { "Idempotency-Key": "key-1" };

    const first = await world.sign(MONTH, signed, { headers });
    world.clock.advance(60);
    const again = await world.sign(MONTH, signed, { headers });
    const other = await world.sign(MONTH, { sha256: "b".repeat(64) }, { headers });

    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ month: MONTH, sha256: SHA, remark: "followed-up", signedBy: AUDITOR });
    expect(again.body).toEqual(first.body);
    expect(other.body["code"]).toBe("idempotency_conflict");
    expect(world.entries(`actor#${AUDITOR}`)).toEqual([
      expect.objectContaining({
        action: "access-review.signed-off",
        role: "compliance",
        details: { month: MONTH, sha256: SHA, remark: "followed-up" },
      }),
    ]);
  });

  it("is only for a month that is over where the practice is", async () => {
    const world = createAuditWorld();
    expect((await world.sign("2026-11", { sha256: SHA })).status).toBe(422);
    // 1 December in UTC, still November in Los Angeles.
    world.clock.advance((Date.parse("2026-12-01T03:00:00.000Z") - world.clock.now().getTime()) / 1000);
    expect((await world.sign("2026-11", { sha256: SHA })).status).toBe(422);
    world.clock.advance(6 * 3600);
    expect((await world.sign("2026-11", { sha256: SHA })).status).toBe(201);
  });

  it.each([{}, { sha256: "ABC" }])("says which form the fingerprint has where it is %j", async (body) => {
    const { body: problem } = await createAuditWorld().sign(MONTH, body);

    expect(problem["pointer"]).toBe("/sha256");
    expect(problem["detail"]).toContain("64 hexadecimal digits");
  });

  it.each<[string, string, object, number]>([
    ["free text", MONTH, { sha256: SHA, remark: "Ana looked odd" }, 400],
    ["no fingerprint", MONTH, {}, 400],
    ["a month that is none", "2026-13", { sha256: SHA }, 404],
  ])("refuses %s", async (_what, month, body, status) => {
    expect((await createAuditWorld().sign(month, body)).status).toBe(status);
  });

  it("is for compliance only", async () => {
    const world = createAuditWorld();
    for (const roles of ["auditor", "admin", "clinician", "frontdesk", "integration"]) {
      expect((await world.sign(MONTH, { sha256: SHA }, { roles })).status).toBe(403);
    }
  });
});
