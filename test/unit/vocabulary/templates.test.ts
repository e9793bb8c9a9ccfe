import { describe, expect, it } from "vitest";
import { createWordsWorld, NOTICE, REMINDER } from "./world.ts";

type World = ReturnType<typeof createWordsWorld>;

async function inForce(world: World, id: string) {
  const { body } = await world.vocabulary();
  const templates = body["templates"] as { id: string; version: number; text: string; language: string }[];
  return templates.filter((template) => template.id === id);
}

const OTHER_WORDS = {
  ...REMINDER,
  texts: {
    ...REMINDER.texts,
    en: {
      text: "{practice}: your visit is {date} at {time}. Reply C to confirm, 2 to change. Call {phone}. Reply STOP to end",
      reviewer: "Ana Lee",
    },
  },
};

describe("a template", () => {
  it("is a draft when it is written, and nothing is said with it", async () => {
    const world = createWordsWorld();

    const written = await world.write(REMINDER);

    const id = String(written.body["id"]);
    expect(written).toMatchObject({
      status: 201,
      headers: { ETag: '"1"' },
      body: { id: expect.stringMatching(/^tpl_/), version: 1, state: "draft" },
    });
    expect(await inForce(world, id)).toEqual([]);
    expect((await world.call("GET /templates/{id}", { path: { id } })).body).toMatchObject({
      origin: "own",
      name: REMINDER.name,
      use: "reminder",
      version: 1,
      state: "draft",
      inForce: null,
      texts: REMINDER.texts,
      author: "staff_writer",
    });
    expect(world.entries().at(-1)).toMatchObject({
      action: "template.written",
      details: { templateId: id, version: 1, use: "reminder", purpose: "scheduling" },
    });
  });

  it("is in force when a second person approved it, with its wording on record", async () => {
    const world = createWordsWorld();
    const id = await world.approvedTemplate();

    expect(await inForce(world, id)).toMatchObject([
      { language: "en", version: 1, text: REMINDER.texts.en.text },
      { language: "es", version: 1, text: REMINDER.texts.es.text },
    ]);
    const entry = world.entries().find(({ action }) => action === "template.approved");
    expect(entry).toMatchObject({
      actor: "staff_compliance",
      details: {
        templateId: id,
        version: 1,
        use: "reminder",
        purpose: "scheduling",
        texts: {
          en: expect.arrayContaining([{ slot: "practice" }, ": your visit is on ", { slot: "date" }]),
        },
        vocabularyVersion: 1,
      },
    });
  });

  it("takes the place of what ships for its use", async () => {
    const world = createWordsWorld();
    const before = await inForce(world, "reminder");

    await world.approvedTemplate();

    expect(before).toHaveLength(2);
    expect(await inForce(world, "reminder")).toEqual([]);
    expect(await inForce(world, "reminder-several")).toHaveLength(2);
  });

  it("of the use message stands beside what ships", async () => {
    const world = createWordsWorld();

    const id = await world.approvedTemplate(NOTICE);

    expect(await inForce(world, id)).toHaveLength(2);
    expect(await inForce(world, "message")).toHaveLength(2);
  });

  it("is never approved by who wrote it, whatever roles they have", async () => {
    const world = createWordsWorld();
    const { body } = await world.write(REMINDER, { actor: "staff_both", roles: "frontdesk compliance" });
    const id = String(body["id"]);

    const answer = await world.approve(id, { actor: "staff_both", roles: "frontdesk compliance" });

    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await inForce(world, id)).toEqual([]);
  });

  it("may be approved by who wrote an older version", async () => {
    const world = createWordsWorld();
    const { body } = await world.write(REMINDER, { actor: "staff_both" });
    const id = String(body["id"]);
    await world.write({ ...OTHER_WORDS, id });

    const answer = await world.approve(id, { actor: "staff_both" });

    expect(answer).toMatchObject({ status: 200, body: { version: 2, inForce: 2 } });
  });

  it("that was edited keeps what was approved until the edit is", async () => {
    const world = createWordsWorld();
    const id = await world.approvedTemplate();

    const edited = await world.write({ ...OTHER_WORDS, id });
    const between = await inForce(world, id);
    await world.approve(id);
    const after = await inForce(world, id);

    expect(edited.body).toMatchObject({ id, version: 2, state: "draft" });
    expect(between.map(({ version }) => version)).toEqual([1, 1]);
    expect(after).toMatchObject([
      { version: 2, text: OTHER_WORDS.texts.en.text },
      { version: 2, text: REMINDER.texts.es.text },
    ]);
  });

  it("that was edited between look and decision is a conflict", async () => {
    const world = createWordsWorld();
    const { body, headers } = await world.write(REMINDER);
    const id = String(body["id"]);
    await world.write({ ...OTHER_WORDS, id });

    const byVersion = await world.approve(id, { body: { version: 1 } });
    const byTag = await world.approve(id, { headers: { "If-Match": String(headers?.["ETag"]) } });

    expect([byVersion, byTag]).toMatchObject([
      { status: 409, body: { code: "version_conflict" } },
      { status: 409, body: { code: "version_conflict" } },
    ]);
  });

  it("is approved once where two do it at once", async () => {
    const world = createWordsWorld();
    const { body } = await world.write(REMINDER);
    const id = String(body["id"]);

    const answers = await Promise.all([
      world.approve(id, { actor: "staff_c1" }),
      world.approve(id, { actor: "staff_c2" }),
    ]);

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    expect((await world.vocabulary()).body).toMatchObject({ version: 1 });
  });

  it("that is declined leaves what was approved in force", async () => {
    const world = createWordsWorld();
    const id = await world.approvedTemplate();
    await world.write({ ...OTHER_WORDS, id });

    const declined = await world.approve(id, { body: { decision: "declined" } });

    expect(declined.body).toMatchObject({ version: 2, state: "declined", inForce: 1 });
    expect(await inForce(world, id)).toMatchObject([{ version: 1 }, { version: 1 }]);
    expect((await world.approve(id)).status).toBe(409);
  });

  it("that is withdrawn is gone at once and for good; what ships comes back", async () => {
    const world = createWordsWorld();
    const id = await world.approvedTemplate();

    const withdrawn = await world.withdraw(id);

    expect(withdrawn.status).toBe(204);
    expect(await inForce(world, id)).toEqual([]);
    expect(await inForce(world, "reminder")).toHaveLength(2);
    expect((await world.write({ ...OTHER_WORDS, id })).status).toBe(409);
    expect((await world.approve(id)).status).toBe(409);
    expect((await world.withdraw(id)).status).toBe(204);
    expect(world.entries().filter(({ action }) => action === "template.withdrawn")).toMatchObject([
      { details: { templateId: id, version: 1, vocabularyVersion: 2 } },
    ]);
  });

  it("is ended by its writer while none of it is in force", async () => {
    const world = createWordsWorld();
    const { body } = await world.write(REMINDER);
    const id = String(body["id"]);
    const writer = { roles: "frontdesk", actor: "staff_writer" };

    const ended = await world.withdraw(id, writer);
    const again = await world.withdraw(id, writer);

    expect([ended.status, again.status]).toEqual([204, 204]);
    expect((await world.approve(id)).status).toBe(409);
    expect(world.entries().filter(({ action }) => action === "template.withdrawn")).toMatchObject([
      { actor: "staff_writer", role: "frontdesk", details: { templateId: id, version: null } },
    ]);
  });

  it.each(["somebody else's", "in force", "unknown"])(
    "is not ended by who writes templates where it is %s",
    async (which) => {
      const world = createWordsWorld();
      const { body } = await world.write(REMINDER);
      const id = which === "unknown" ? "tpl_01JZZZZZZZZZZZZZZZZZZZZZZZ" : String(body["id"]);
      if (which === "in force") await world.approve(id);
      const actor = which === "somebody else's" ? "staff_other" : "staff_writer";

      const answer = await world.withdraw(id, { roles: "clinician", actor });

      expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
      expect(world.actions()).not.toContain("template.withdrawn");
    },
  );

  it("is refused for a use that another one has", async () => {
    const world = createWordsWorld();
    await world.approvedTemplate();
    const { body } = await world.write(OTHER_WORDS);

    const answer = await world.approve(String(body["id"]));

    expect(answer).toMatchObject({ status: 422, body: { code: "unprocessable" } });
  });

  it("keeps its use", async () => {
    const world = createWordsWorld();
    const { body } = await world.write(REMINDER);

    const answer = await world.write({ ...REMINDER, use: "reminder-several", id: body["id"] });

    expect(answer).toMatchObject({ status: 422, body: { pointer: "/use" } });
  });

  it("with problems is refused with every finding in both languages, without repeating its words", async () => {
    const world = createWordsWorld();

    const answer = await world.write({
      ...NOTICE,
      texts: {
        en: {
          text: "{practice}: your oncology result for {diagnosis}. Read: {link} Call {phone}. Reply STOP to end",
          reviewer: "A",
        },
        es: { text: "{practice}: quimioterapia. Lea: {link} Tel. {phone}. STOP para salir", reviewer: "B" },
      },
    });

    expect(answer).toMatchObject({ status: 422, body: { code: "unprocessable" } });
    const findings = answer.body["findings"] as { language: string; code: string }[];
    expect(new Set(findings.map(({ language }) => language))).toEqual(new Set(["en", "es"]));
    expect(findings.length).toBeGreaterThan(2);
    expect(answer.text).not.toMatch(/oncology|diagnosis|quimio/);
    expect(world.actions()).toEqual([]);
  });

  it("is judged again when it is approved: with a longer name it is too long", async () => {
    const world = createWordsWorld();
    const place = (textName: string) => ({
      locations: [{ id: "loc_1", name: "North", textName }],
      providers: [],
      pharmacies: [],
    });
    await world.approveDirectory(place("North"));
    const written = await world.write({
      ...REMINDER,
      texts: {
        en: {
          text: "{practice}: your visit is on {date} at {time}, {location}. Reply C to confirm, 2 to change. Call {phone}. Reply STOP to end",
          reviewer: "A",
        },
        es: {
          text: "{practice}: su cita es {date}, {time}, {location}. Responda C para confirmar, 2 para cambiar. Tel. {phone}. STOP para salir",
          reviewer: "B",
        },
      },
    });
    await world.approveDirectory(place("The Northside House by the Sea"));

    const answer = await world.approve(String(written.body["id"]));

    expect(written.status).toBe(201);
    expect(answer.status).toBe(422);
    expect(answer.body["findings"]).toContainEqual(
      expect.objectContaining({
        code: "too-long",
        slots: expect.objectContaining({ location: "The Northside House by the Sea" }),
      }),
    );
  });

  it("is written once under a key", async () => {
    const world = createWordsWorld();
    const headers = { "Idempotency-Key": "key-1" };

    const first = await world.write(REMINDER, { headers });
    const again = await world.write(REMINDER, { headers });
    const other = await world.write(NOTICE, { headers });

    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
    expect(world.actions().filter((action) => action === "template.written")).toHaveLength(1);
  });

  it("is not found where there is none", async () => {
    const world = createWordsWorld();
    const id = "tpl_01JZZZZZZZZZZZZZZZZZZZZZZZ";

    const answers = await Promise.all([
      world.call("GET /templates/{id}", { path: { id } }),
      world.approve(id),
      world.withdraw(id),
      world.write({ ...REMINDER, id }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it("is not the hundred and first", async () => {
    const world = createWordsWorld();
    const ids: string[] = [];
    for (let count = 0; count < 100; count += 1) ids.push(String((await world.write(NOTICE)).body["id"]));

    const tooMany = await world.write(NOTICE);
    await world.withdraw(ids[0] ?? "");

    expect(tooMany).toMatchObject({ status: 422, body: { code: "unprocessable" } });
    expect((await world.write(NOTICE)).status).toBe(201);
  });
});

describe("the list of templates", () => {
  it("has the practice's own and all that ship, page by page", async () => {
    const world = createWordsWorld();
    const own = [await world.approvedTemplate()];
    world.clock.advance(1);
    own.push(String((await world.write(NOTICE)).body["id"]));

    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: "7", ...(cursor === null ? {} : { cursor }) };
      const { body } = await world.call("GET /templates", { roles: "integration", query });
      ids.push(...(body["items"] as { id: string }[]).map(({ id }) => id));
      cursor = body["nextCursor"] as string | null;
    } while (cursor !== null);

    expect(ids.slice(0, 2)).toEqual(own);
    expect(ids).toEqual(expect.arrayContaining(["message", "reminder", "help", "stopped", "opt-in-portal"]));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("tells one that ships as it is", async () => {
    const { status, body } = await createWordsWorld().call("GET /templates/{id}", {
      path: { id: "reminder" },
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ origin: "shipped", use: "reminder", state: "approved", author: null });
  });
});
