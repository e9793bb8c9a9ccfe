import { describe, expect, it } from "vitest";
import { aConversation } from "../portal/reply-world.ts";

const FORMS = ["abcdefghijklmnopqrstuv", "bbcdefghijklmnopqrstuv"] as const;

describe("what the patient wrote", () => {
  it("is seen from when staff first open it, and the patient's page is told by the thread's version", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    await session.reply({ body: "Which door is it?", form: FORMS[0] });
    const before = await session.version();
    talk.clock.advance(60);
    const seenAt = talk.clock.now().toISOString();

    const first = await talk.staffThread();

    expect(first.messages.at(-1)).toMatchObject({ seenAt: null });
    expect(talk.world.entries(talk.patientId).at(-1)).toMatchObject({
      action: "thread.read",
      details: { firstSeenIds: [first.messages.at(-1)?.["id"]] },
    });
    expect((await session.version()).body).not.toBe(before.body);
    expect((await session.page()).body).toContain(`Seen <time datetime="${seenAt}"`);
  });

  it("stays seen since then, and nothing more is written when it is read again", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    await session.reply({ body: "Which door is it?", form: FORMS[0] });
    const seenAt = talk.clock.now().toISOString();
    const first = await talk.staffThread();
    talk.clock.advance(60);

    const second = await talk.staffThread();

    expect(second.messages.at(-1)).toMatchObject({ seenAt });
    expect(second.version).toBe(first.version);
    expect(talk.world.entries(talk.patientId).at(-1)?.details).not.toHaveProperty("firstSeenIds");
  });

  it("is not seen where it was withheld from who opened the thread", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    await session.reply({ body: "About my diabetes", form: FORMS[0] });
    talk.clock.advance(1);
    await session.reply({ body: "Which door is it?", form: FORMS[1] });

    await talk.staffThread("frontdesk");

    const { messages } = await talk.staffThread("clinician");
    expect(messages.slice(-2).map(({ seenAt }) => seenAt)).toEqual([null, talk.clock.now().toISOString()]);
  });

  it("is not seen where its reading cannot be recorded", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    await session.reply({ body: "Which door is it?", form: FORMS[0] });
    talk.world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("out of reach");
    });
    await talk.staffThread();
    talk.world.store.setIntercept(undefined);

    expect((await session.page()).body).not.toContain("Seen <time");
  });

  it("gives staff the version that the thread has then, so that it can be changed at once", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    await session.reply({ body: "Which door is it?", form: FORMS[0] });

    const { version } = await talk.staffThread();

    expect((await talk.thread())?.version).toBe(version);
  });
});

describe("the version of a thread", () => {
  it("changes with a reply, with an answer, and with a message that is revoked while it is read", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(3);
    const version = async () => (JSON.parse((await session.version()).body) as { version: number }).version;
    const seen = [await version()];

    await session.reply({ body: "Which door is it?", form: FORMS[0] });
    seen.push(await version());
    const { body } = await talk.answer("The red one.");
    seen.push(await version());
    expect((await session.page()).body).toContain("The red one.");
    await talk.world.call("POST /messages/{id}/revocation", {
      path: { id: String(body["id"]) },
      body: { reason: "Wrong door" },
    });
    seen.push(await version());

    expect(new Set(seen).size).toBe(4);
    expect((await session.page()).body).not.toContain("The red one.");
  });
});
