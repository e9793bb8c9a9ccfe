import { describe, expect, it } from "vitest";
import { createWordsWorld, DIRECTORY, REMINDER, SETTINGS } from "./world.ts";

const names = (body: Record<string, unknown>) => body["names"];

describe("the directory", () => {
  it("is empty until the practice writes one", async () => {
    const { body } = await createWordsWorld().call("GET /practice", { roles: "frontdesk" });

    expect(body).toMatchObject({
      directory: { locations: [], providers: [], pharmacies: [] },
      portalHost: "p.example",
    });
  });

  it("is written with the settings, on record, and nothing of it may be said yet", async () => {
    const world = createWordsWorld();

    const answer = await world.putDirectory(DIRECTORY);

    expect(answer).toMatchObject({
      status: 200,
      body: {
        directory: {
          locations: [{ id: "loc_north", codes: ["N1"], timeZone: null, version: 1, approved: null }],
          providers: [{ id: "prv_lee", textName: "Dr. Lee", approved: null }],
          pharmacies: [{ id: "phm_main", codes: [], approved: null }],
        },
        version: 1,
      },
    });
    expect(names((await world.vocabulary()).body)).toEqual([]);
    expect(world.entries().at(-1)).toMatchObject({
      action: "directory.changed",
      details: { version: 1, directoryVersion: 1, removed: [], vocabularyVersion: 0 },
    });
  });

  it("stays as it is where a change of settings leaves it out", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);

    const { body } = await world.call("PUT /practice", { roles: "admin", body: SETTINGS });

    expect(body).toMatchObject({ directory: { providers: [{ id: "prv_lee" }] }, version: 2 });
    expect(world.actions("actor#staff_1")).toEqual(["practice.changed"]);
  });

  it("is written as it was read, with one thing changed", async () => {
    const world = createWordsWorld();
    await world.approveDirectory();
    const { body } = await world.call("GET /practice", { roles: "admin" });
    const directory = body["directory"] as typeof DIRECTORY;
    const [lee] = directory.providers;

    const answer = await world.putDirectory({ ...directory, providers: [{ ...lee, name: "Dr. Ana Lee" }] });

    expect(answer).toMatchObject({
      status: 200,
      body: {
        directory: {
          ...directory,
          providers: [{ ...lee, name: "Dr. Ana Lee", approved: { textName: "Dr. Lee" } }],
        },
      },
    });
    expect(names((await world.vocabulary()).body)).toHaveLength(3);
  });

  it("takes no name of a kind of care, and tells everything that is wrong without repeating it", async () => {
    const world = createWordsWorld();

    const answer = await world.putDirectory({
      locations: [
        { id: "loc_1", name: "Clinic", textName: "HIV clinic" },
        { id: "loc_2", name: "Fine", textName: "Northside" },
        { id: "loc_3", name: "Other", textName: "Riverside Oncology Center for Everybody" },
      ],
      providers: [{ id: "prv_1", name: "X", textName: "Dr. José <b>" }],
      pharmacies: [],
    });

    expect(answer.status).toBe(422);
    const findings = answer.body["findings"] as { pointer: string }[];
    expect([...new Set(findings.map(({ pointer }) => pointer))]).toEqual([
      "/directory/locations/0/textName",
      "/directory/locations/2/textName",
      "/directory/providers/0/textName",
    ]);
    expect(answer.text).not.toMatch(/HIV|Oncology|José/);
    expect((await world.call("GET /practice", { roles: "admin" })).body).toMatchObject({ version: 0 });
  });

  it.each([
    ["the same id twice", { providers: [{ id: "LOC_NORTH", name: "A", textName: "Dr. A" }] }],
    [
      "a code twice in a list",
      {
        providers: [
          { id: "a", name: "A", textName: "Dr. A", codes: ["7"] },
          { id: "b", name: "B", textName: "Dr. B", codes: ["7"] },
        ],
      },
    ],
    ["an unknown zone", { locations: [{ id: "l", name: "L", textName: "L", timeZone: "Mars/Base" }] }],
    ["the id that stands for all", { locations: [{ id: "directory", name: "L", textName: "L" }] }],
    [
      "too many places",
      { locations: Array.from({ length: 101 }, (_, n) => ({ id: `l${n}`, name: "L", textName: "L" })) },
    ],
  ])("is not taken with %s", async (_, parts) => {
    expect((await createWordsWorld().putDirectory({ ...DIRECTORY, ...parts })).status).toBe(400);
  });

  it("loses a name at once when its entry is left out", async () => {
    const world = createWordsWorld();
    await world.approveDirectory();

    await world.putDirectory({ ...DIRECTORY, providers: [] });

    const { body } = await world.vocabulary();
    expect(names(body)).toEqual([
      expect.objectContaining({ id: "loc_north" }),
      expect.objectContaining({ id: "phm_main" }),
    ]);
    expect(body).toMatchObject({ version: 2 });
    expect(world.entries("actor#staff_admin").at(-1)).toMatchObject({
      action: "directory.changed",
      details: { removed: [{ id: "prv_lee", kind: "provider", version: 1 }], vocabularyVersion: 2 },
    });
  });

  it("of the allowed size is written and approved", async () => {
    const world = createWordsWorld();
    const many = (count: number, prefix: string) =>
      Array.from({ length: count }, (_, n) => ({
        id: `${prefix}${n}`,
        name: "N",
        textName: "Dr. Alexandra Montgomery",
      }));

    const written = await world.putDirectory({
      locations: many(100, "l"),
      providers: many(500, "p"),
      pharmacies: many(100, "f"),
    });
    const asked = await world.ask();
    const decided = await world.decide(String(asked.body["id"]));

    expect([written.status, asked.status, decided.status]).toEqual([200, 201, 200]);
    const { body } = await world.vocabulary();
    expect(body["names"]).toHaveLength(700);
  });
});

describe("a text name", () => {
  it("is in force when somebody else has approved it, with a record of the words", async () => {
    const world = createWordsWorld();

    const decided = await world.approveDirectory();

    expect(decided).toMatchObject({
      status: 200,
      body: { state: "approved", decidedBy: "staff_compliance", requestedBy: "staff_admin" },
    });
    expect(names((await world.vocabulary()).body)).toEqual([
      { id: "loc_north", kind: "location", textName: "Northside", version: 1 },
      { id: "prv_lee", kind: "provider", textName: "Dr. Lee", version: 1 },
      { id: "phm_main", kind: "pharmacy", textName: "Main St Pharmacy", version: 1 },
    ]);
    expect((await world.call("GET /practice", { roles: "frontdesk" })).body).toMatchObject({
      directory: { providers: [{ approved: { textName: "Dr. Lee", version: 1 } }] },
    });
    const entry = world.entries().find(({ action }) => action === "directory.approved");
    expect(entry?.details).toMatchObject({
      entries: [
        { id: "loc_north", kind: "location", textName: "Northside", version: 1 },
        { id: "prv_lee", kind: "provider", textName: "Dr. Lee", version: 1 },
        { id: "phm_main", kind: "pharmacy", textName: "Main St Pharmacy", version: 1 },
      ],
      vocabularyVersion: 1,
    });
  });

  it("that was changed stays as approved until the new one is", async () => {
    const world = createWordsWorld();
    await world.approveDirectory();
    const changed = { ...DIRECTORY, providers: [{ id: "prv_lee", name: "Ana Lee", textName: "Dr. A. Lee" }] };

    await world.putDirectory(changed);
    const between = await world.vocabulary();
    const asked = await world.ask("prv_lee");
    await world.decide(String(asked.body["id"]));
    const after = await world.vocabulary();

    const provider = expect.objectContaining({ id: "prv_lee" });
    expect(between.body["names"]).toContainEqual(expect.objectContaining({ textName: "Dr. Lee" }));
    expect(asked.body["names"]).toEqual([provider]);
    expect(after.body["names"]).toContainEqual({
      id: "prv_lee",
      kind: "provider",
      textName: "Dr. A. Lee",
      version: 2,
    });
    expect(after.body["names"]).toHaveLength(3);
  });

  it("that was changed between look and decision is a conflict", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const asked = await world.ask();
    await world.putDirectory({
      ...DIRECTORY,
      providers: [{ id: "prv_lee", name: "Ana Lee", textName: "Dr. Other" }],
    });

    const decided = await world.decide(String(asked.body["id"]));

    expect(decided).toMatchObject({ status: 409, body: { code: "version_conflict" } });
    expect(names((await world.vocabulary()).body)).toEqual([]);
  });

  it("that makes a text of an own template longer than it may be is not approved, and nothing with it", async () => {
    const world = createWordsWorld();
    const text = (words: string) => ({ text: words, reviewer: "Ana Lee" });
    const named = await world.approvedTemplate({
      ...REMINDER,
      texts: {
        en: text(
          "{practice}: your visit is {date} at {time}, {provider}, {location}. Reply C to confirm, 2 to change. Call {phone}. Reply STOP to end",
        ),
        es: text(
          "{practice}: su cita es {date}, {time}, {provider}, {location}. Responda C para confirmar, 2 para cambiar. Tel. {phone}. STOP para salir",
        ),
      },
    });
    const entry = (id: string, textName: string) => ({ id, name: id, textName });
    const directory = {
      locations: [entry("loc_long", "Riverside Building North Annex")],
      providers: [entry("prv_long", "Dr. Bartholomew Montgomery Jr.")],
      pharmacies: [],
    };
    const put = await world.putDirectory(directory);
    const asked = await world.ask();

    const decided = await world.decide(String(asked.body["id"]));

    expect([put.status, asked.status, decided.status]).toEqual([200, 201, 422]);
    expect(decided.body["findings"]).toMatchObject([{ code: "too-long" }, { code: "too-long" }]);
    expect(names((await world.vocabulary()).body)).toEqual([]);
    await world.withdraw(named);
    expect(await world.decide(String(asked.body["id"]))).toMatchObject({ status: 200 });
  });

  it("that was taken out and put in again under other words is a conflict", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const asked = await world.ask();
    await world.putDirectory({ locations: [], providers: [], pharmacies: [] });
    await world.putDirectory({
      ...DIRECTORY,
      locations: DIRECTORY.locations.map((location) => ({ ...location, textName: "Southgate" })),
    });

    const decided = await world.decide(String(asked.body["id"]));

    expect(decided).toMatchObject({ status: 409, body: { code: "version_conflict" } });
    expect(names((await world.vocabulary()).body)).toEqual([]);
  });

  it.each([
    ["who asked", { asker: "staff_both", writer: "staff_admin" }],
    ["who proposed it", { asker: "staff_admin", writer: "staff_both" }],
  ])("is never decided on by %s, whatever roles they have", async (_, { asker, writer }) => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY, { actor: writer });
    const asked = await world.ask("directory", { actor: asker });

    const decided = await world.decide(String(asked.body["id"]), "approved", {
      actor: "staff_both",
      roles: "admin compliance",
    });

    expect(decided).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });

  it("is decided on once", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const asked = await world.ask();
    const id = String(asked.body["id"]);

    const answers = await Promise.all([
      world.decide(id, "approved", { actor: "staff_c1" }),
      world.decide(id, "declined", { actor: "staff_c2" }),
    ]);

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    expect((await world.decide(id)).status).toBe(409);
  });

  it("that is declined is not in force, and may be asked about again", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const asked = await world.ask("prv_lee");

    const declined = await world.decide(String(asked.body["id"]), "declined");
    const again = await world.ask("prv_lee");

    expect(declined.body).toMatchObject({ state: "declined" });
    expect(names((await world.vocabulary()).body)).toEqual([]);
    expect(again.status).toBe(201);
    expect(world.actions()).toContain("directory.declined");
  });

  it("that is asked about twice has one request, on record each time", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);

    const first = await world.ask("prv_lee");
    const again = await world.ask("prv_lee", { actor: "staff_admin2" });
    const id = String(first.body["id"]);
    await world.decide(id);
    const late = await world.decide(id, "declined");

    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(world.actions("actor#staff_admin2")).toEqual(["approval.requested"]);
    expect(late).toMatchObject({ status: 409, body: { code: "version_conflict" } });
    const list = await world.call("GET /approvals", { roles: "auditor" });
    expect(list.body["items"]).toMatchObject([{ id, state: "approved" }]);
  });

  it.each(["approved", "declined"])(
    "that is asked about anew with others is decided on there: the request before can no more be %s",
    async (decision) => {
      const world = createWordsWorld();
      await world.putDirectory(DIRECTORY);
      const one = String((await world.ask("prv_lee")).body["id"]);
      world.clock.advance(1);
      const all = String((await world.ask()).body["id"]);

      const old = await world.decide(one, decision);
      const pending = await world.call("GET /approvals", { roles: "auditor", query: { state: "pending" } });
      const decided = await world.decide(all);

      expect(old).toMatchObject({ status: 409, body: { code: "version_conflict" } });
      expect(pending.body["items"]).toMatchObject([{ id: all }]);
      expect(decided.status).toBe(200);
      const list = await world.call("GET /approvals", { roles: "auditor" });
      expect(list.body["items"]).toMatchObject([
        { id: all, state: "approved" },
        { id: one, state: "lapsed" },
      ]);
    },
  );

  it("that is declined, then asked about again, is approved only by the new request", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const one = String((await world.ask("prv_lee")).body["id"]);
    const all = String((await world.ask()).body["id"]);
    await world.decide(all, "declined");

    expect((await world.decide(one)).status).toBe(409);
    const again = await world.ask("prv_lee");
    expect(again.body["id"]).not.toBe(one);
    expect((await world.decide(String(again.body["id"]))).status).toBe(200);
  });

  it("that was approved is taken back by compliance alone, at once, and waits again", async () => {
    const world = createWordsWorld();
    const approved = await world.approveDirectory();
    const id = String(approved.body["id"]);
    await world.putDirectory({ ...DIRECTORY, pharmacies: [] });

    const back = await world.decide(id, "withdrawn");

    expect(back).toMatchObject({ status: 200, body: { state: "withdrawn", decidedBy: "staff_compliance" } });
    expect((await world.vocabulary()).body).toMatchObject({ names: [], version: 3 });
    expect(world.entries().find(({ action }) => action === "directory.withdrawn")?.details).toEqual({
      approvalId: id,
      removed: [
        { id: "loc_north", kind: "location", version: 1 },
        { id: "prv_lee", kind: "provider", version: 1 },
      ],
      vocabularyVersion: 3,
    });
    expect((await world.decide(id, "withdrawn")).status).toBe(409);
    const asked = await world.ask("prv_lee");
    await world.decide(String(asked.body["id"]));
    expect(names((await world.vocabulary()).body)).toMatchObject([{ id: "prv_lee" }]);
  });

  it.each(["pending", "declined"])("is not taken back where it is %s only", async (state) => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const id = String((await world.ask()).body["id"]);
    if (state === "declined") await world.decide(id, "declined");

    expect(await world.decide(id, "withdrawn")).toMatchObject({
      status: 409,
      body: { code: "version_conflict" },
    });
  });

  it("that took the place of another is taken back without bringing that one back", async () => {
    const world = createWordsWorld();
    const first = await world.approveDirectory();
    await world.approveDirectory({
      ...DIRECTORY,
      providers: [{ id: "prv_lee", name: "Ana Lee", textName: "Dr. A. Lee" }],
    });

    const back = await world.decide(String(first.body["id"]), "withdrawn");

    expect(back.status).toBe(200);
    expect(names((await world.vocabulary()).body)).toMatchObject([{ id: "prv_lee", textName: "Dr. A. Lee" }]);
  });

  it.each(["loc_none", "loc_north"])("is not asked about where none of %s waits", async (target) => {
    const world = createWordsWorld();
    await world.approveDirectory();

    expect(await world.ask(target)).toMatchObject({
      status: 422,
      body: { code: "unprocessable", pointer: "/target" },
    });
  });
});

describe("asking for approval", () => {
  it("with a key asks once", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const headers = { "Idempotency-Key": "key-1" };

    const first = await world.ask("directory", { headers });
    const again = await world.ask("directory", { headers });
    const other = await world.ask("prv_lee", { headers });

    expect(again.text).toBe(first.text);
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
    const list = await world.call("GET /approvals", { roles: "auditor" });
    expect(list.body["items"]).toHaveLength(1);
  });

  it.each(["erasure", "tier-lowering", "vendor"])("about %s is not there yet", async (kind) => {
    const answer = await createWordsWorld().ask("directory", {
      body: { kind, target: "directory", reason: "A reason." },
    });

    expect(answer).toMatchObject({ status: 400, body: { pointer: "/kind" } });
  });

  it("is listed by state, the newest first, page by page", async () => {
    const world = createWordsWorld();
    await world.putDirectory(DIRECTORY);
    const ids: string[] = [];
    for (const target of ["loc_north", "prv_lee", "phm_main"]) {
      world.clock.advance(1);
      ids.unshift(String((await world.ask(target)).body["id"]));
    }
    await world.decide(ids[1] ?? "", "declined");

    const list = async (query: Record<string, string>) => {
      const { body } = await world.call("GET /approvals", { roles: "compliance", query });
      return { ids: (body["items"] as { id: string }[]).map(({ id }) => id), next: body["nextCursor"] };
    };
    const pending = await list({ state: "pending" });
    const first = await list({ limit: "2" });
    const rest = await list({ limit: "2", cursor: String(first.next) });

    expect(pending.ids).toEqual([ids[0], ids[2]]);
    expect([...first.ids, ...rest.ids]).toEqual(ids);
    expect(rest.next).toBeNull();
  });
});
