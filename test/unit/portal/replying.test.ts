import { describe, expect, it } from "vitest";
import { aConversation } from "./reply-world.ts";

const FORM = "abcdefghijklmnopqrstuv";

describe("a reply", () => {
  it("stands in the thread, which waits for an answer, with a task and an entry in one transaction", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    const answer = await session.reply({ body: "Which door is it?\r\nThank you", form: FORM });

    expect(answer).toMatchObject({
      statusCode: 303,
      headers: { Location: `/m/${talk.token}/thread#newest` },
    });
    expect(talk.openTasks()).toMatchObject([
      {
        kind: "reply",
        patientId: talk.patientId,
        threadId: talk.threadId,
        numberId: null,
        // Wednesday, 9 o'clock in the practice's zone: until it closes.
        dueAt: "2026-11-05T01:00:00.000Z",
      },
    ]);
    expect(await talk.thread()).toMatchObject({
      threadState: "waiting",
      replyTaskId: talk.openTasks()[0]?.["id"],
    });
    const entry = talk.world.entries(talk.patientId).at(-1);
    expect(entry).toMatchObject({
      action: "reply.written",
      actor: `patient:${talk.patientId}`,
      role: "patient",
      function: "portal",
      details: { threadId: talk.threadId, receipt: { tier: 1, classifierVersion: "by-word" } },
    });
    expect(JSON.stringify(entry)).not.toContain("door");
    const { messages, state } = await talk.staffThread();
    expect(state).toBe("waiting");
    expect(messages.at(-1)).toMatchObject({
      sender: `patient:${talk.patientId}`,
      from: "patient",
      via: "portal",
      tier: 1,
      body: "Which door is it?\nThank you",
    });
  });

  it.each([
    [1, false],
    [2, true],
  ] as const)("says whether its session of tier %i was proven: %s", async (tier, proven) => {
    const talk = await aConversation();
    const session = await talk.openSession(tier);

    await session.reply({ body: "Please cancel my visit", form: FORM });

    expect(talk.world.entries(talk.patientId).at(-1)).toMatchObject({ details: { proven } });
    const { messages } = await talk.staffThread();
    expect(messages.map((message) => message["proven"])).toEqual([null, proven]);
  });

  it("is sealed: nothing of it stands readable in a table", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: "canary-words", form: FORM });

    for (const table of ["Messages", "Practice", "Audit", "ContentKeys", "Consents"] as const) {
      expect(JSON.stringify(talk.world.store.items(table))).not.toContain("canary-words");
    }
  });

  it("raises the thread's tier, is shown in the session it was written in, and not in the next one", async () => {
    const talk = await aConversation();
    const [writer, other] = [await talk.openSession(2), await talk.openSession(2)];

    await writer.reply({ body: "Is it my diabetes?", form: FORM });

    expect((await talk.thread())?.highestTier).toBe(3);
    const own = await writer.page();
    expect(own.body).toContain("Is it my diabetes?");
    const { body } = await other.page();
    expect(body).not.toContain("diabetes");
    expect(body).toContain("needs one more check");
  });

  it("may be written by a session that the link alone opened, and shows it nothing else", async () => {
    const talk = await aConversation({ body: "About diabetes." });
    const session = await talk.openSession(1);

    await session.reply({ body: "I can come at nine.", form: FORM });

    const { body } = await session.page();
    expect(body).toContain("I can come at nine.");
    expect(body).not.toContain("About diabetes.");
  });

  it("keeps the task that is open already", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: "One", form: FORM });
    await session.reply({ body: "Two", form: "bbcdefghijklmnopqrstuv" });

    expect(talk.openTasks()).toHaveLength(1);
    expect(talk.count()).toBe(3);
  });

  it("is answered by staff, which closes its task", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    await session.reply({ body: "Which door is it?", form: FORM });

    await talk.answer("The red one.");

    expect(talk.openTasks()).toEqual([]);
    expect(await talk.thread()).toMatchObject({ threadState: "open", replyTaskId: null });
    expect((await session.page()).body).toContain("The red one.");
  });

  it.each(["first", "second"])("is nothing where the audit entry of the %s write fails", async (which) => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    const before = talk.world.store.items("Messages");
    let count = 0;
    talk.world.store.setIntercept(({ action }) => {
      if (action !== "TransactWriteItems") return;
      count += 1;
      if (which === "first" || count > 1) throw new Error("out of reach");
    });

    const answer = await session.reply({
      body: which === "first" ? "Hello" : "stop texting me please",
      form: FORM,
    });

    expect(answer.statusCode).toBe(503);
    expect(talk.world.store.items("Messages")).toEqual(before);
    expect(talk.openTasks()).toEqual([]);
  });
});

describe("a form that is posted more than once", () => {
  it("brings one reply, whether one after the other or at once", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    const post = () => session.reply({ body: "Only once", form: FORM });

    await post();
    const again = await post();
    const atOnce = await Promise.all(
      Array.from({ length: 4 }, () => session.reply({ body: "Together", form: "bbcdefghijklmnopqrstuv" })),
    );

    expect([again, ...atOnce].map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303, 303]);
    expect(talk.count()).toBe(3);
    expect(talk.world.actions(talk.patientId).filter((one) => one === "reply.written")).toHaveLength(2);
    expect((await session.stored())?.written).toHaveLength(2);
  });

  it("brings other words that are written on the same page, which a browser may have kept", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: "First", form: FORM });
    await session.reply({ body: "Second", form: FORM });

    expect(talk.count()).toBe(3);
  });

  it("brings one reply also where the session was stepped up in between", async () => {
    const talk = await aConversation();
    const [before, after] = [await talk.openSession(1), await talk.openSession(2)];

    await before.reply({ body: "Only once", form: FORM });
    const again = await after.reply({ body: "Only once", form: FORM });

    expect(again.statusCode).toBe(303);
    expect(talk.count()).toBe(2);
  });

  it("loses nothing where it has no id", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: "ok" });
    await session.reply({ body: "ok" });

    expect(talk.count()).toBe(3);
  });

  it("brings as many replies as a session may send, all at once", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        session.reply({ body: `Reply ${index}`, form: `${FORM.slice(2)}${10 + index}` }),
      ),
    );

    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([303]));
    expect(talk.count()).toBe(21);
  });

  it("brings the same words again from another page", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: "ok", form: FORM });
    await session.reply({ body: "ok", form: "bbcdefghijklmnopqrstuv" });

    expect(talk.count()).toBe(3);
  });

  it("has an id of its own on every page", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    const formOf = ({ body }: { readonly body: string }) =>
      /name="form" value="([\w-]{22})"/u.exec(body)?.[1];

    const [first, second] = [formOf(await session.page()), formOf(await session.page())];

    expect(first).toBeDefined();
    expect(second).not.toBe(first);
  });
});

describe("a reply that is not taken", () => {
  it.each([
    ["that is empty", " \r\n "],
    ["of 2,001 characters", "x".repeat(2001)],
  ])("%s comes back with everything that was written, and stores nothing", async (_what, body) => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    const answer = await session.reply({ body, form: FORM });

    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('role="alert"');
    if (body.includes("x")) expect(answer.body).toContain(body);
    expect(talk.count()).toBe(1);
  });

  it("counts characters as browsers do: a line end is one", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    const body = `${"x".repeat(998)}\r\n${"y".repeat(999)}\r\nz`;

    expect((await session.reply({ body, form: FORM })).statusCode).toBe(303);
    expect((await session.reply({ body: `${body}zz`, form: FORM })).statusCode).toBe(422);
  });

  it("is the twenty-first of a session, and the hundred-and-first of a day", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2, { written: Array.from({ length: 20 }, (_, n) => `msg_${n}`) });

    const answer = await session.reply({ body: "One more", form: FORM });

    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain("You have sent many messages");
    expect(answer.body).toContain("One more");
    await talk.world.put({
      item: {
        Put: {
          TableName: "Messages",
          Item: { pk: { S: talk.patientId }, sk: { S: "replies#2026-11-04" }, count: { N: "100" } },
        },
      },
    });
    const fresh = await talk.openSession(2);
    expect((await fresh.reply({ body: "One more", form: FORM })).statusCode).toBe(422);
    expect(talk.count()).toBe(1);
  });

  it("ends like any page without a session, and from another site not at all", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    talk.clock.advance(11 * 60);

    const answer = await session.reply({ body: "Too late", form: FORM });

    expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${talk.token}` } });
    expect(talk.count()).toBe(1);
  });

  it("is written by nobody whose links were revoked meanwhile", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);
    talk.clock.advance(1);
    await talk.world.call("POST /messages/{id}/revocation", {
      path: { id: talk.messageId },
      body: { reason: "Wrong patient" },
    });

    const answer = await session.reply({ body: "Hello", form: FORM });

    expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${talk.token}` } });
    expect(talk.count()).toBe(1);
  });
});

describe("words that hint at an emergency", () => {
  it.each([
    ["I want to kill myself", "tel:988"],
    ["I have crushing chest pain right now", "tel:911"],
  ])("raise an urgent task at once, and the page says whom to call: %s", async (body, number) => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body, form: FORM });

    expect(talk.openTasks()).toMatchObject([{ kind: "urgent-reply", threadId: talk.threadId }]);
    const dueInMs = Date.parse(String(talk.openTasks()[0]?.["dueAt"])) - talk.clock.now().getTime();
    expect(dueInMs).toBe(5 * 60_000);
    expect((await session.page()).body).toContain(`href="${number}"`);
    // And again when the page is looked at once more; nobody else is told so.
    expect((await session.page()).body).toContain(`href="${number}"`);
    const other = await talk.openSession(3);
    expect((await other.page()).body).not.toContain('class="notice urgent"');
  });

  it("are heard to the end of a long reply", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: `${"We went to the park. ".repeat(80)}I want to kill myself`, form: FORM });

    await session.reply({ body: "I have crushing chest pain right now", form: "bbcdefghijklmnopqrstuv" });

    expect(talk.openTasks()).toMatchObject([{ kind: "urgent-reply" }, { kind: "urgent-reply" }]);
    expect((await session.page()).body).toContain('href="tel:988"');
  });
});

describe("words that ask for no more texts", () => {
  it("end them as the stop button does, are kept, and staff are asked to look", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: "Please stop texting me, it is too much", form: FORM });

    expect(talk.world.actions(talk.patientId).slice(-2)).toEqual(["consent.revoked", "reply.written"]);
    expect(new Set(talk.openTasks().map(({ kind }) => kind))).toEqual(new Set(["opt-out-review", "reply"]));
    const { body } = await session.page();
    expect(body).toContain("Please stop texting me");
    expect(body).toContain("We do not text you.");
  });

  it("leave no task where they are a bare STOP", async () => {
    const talk = await aConversation();
    const session = await talk.openSession(2);

    await session.reply({ body: "STOP", form: FORM });

    expect(talk.openTasks()).toEqual([]);
    expect((await session.page()).body).toContain("We do not text you.");
  });
});

describe("attachments of a reply", () => {
  it("go with it, are tier 3 until a person has looked, and leave the session", async () => {
    const talk = await aConversation();
    const id = await talk.upload();
    const session = await talk.openSession(2, { uploads: [id] });
    expect((await session.page()).body).toContain("rash.jpg");
    expect(talk.world.entries(talk.patientId).at(-1)).toMatchObject({
      action: "thread.read",
      details: { attachmentIds: [id] },
    });

    const answer = await session.reply({ body: "", attachments: [id], form: FORM });

    expect(answer.statusCode).toBe(303);
    const { messages } = await talk.staffThread();
    expect(messages.at(-1)).toMatchObject({ tier: 3, body: "" });
    expect(await talk.attachment(id)).toMatchObject({ messageId: messages.at(-1)?.["id"], dueAt: null });
    expect((await session.stored())?.uploads).toEqual([]);
    expect((await session.page()).body).toContain("rash.jpg");
    const entries = talk.world.entries(talk.patientId).slice(-3);
    expect(entries.map(({ action }) => action)).toEqual(["reply.written", "thread.read", "thread.read"]);
    for (const { details } of entries) expect(details).toMatchObject({ attachmentIds: [id] });
  });

  it.each(["waiting", "refused", "of another session", "unknown"])(
    "keep it back where one is not to be sent: %s",
    async (what) => {
      const talk = await aConversation();
      const state = what === "waiting" || what === "refused" ? what : "ready";
      const id = what === "unknown" ? "att_01KAEV0000000000000000NEW1" : await talk.upload(state);
      const session = await talk.openSession(2, { uploads: what === "of another session" ? [] : [id] });

      const answer = await session.reply({ body: "Look at this", attachments: [id], form: FORM });

      expect(answer.statusCode).toBe(422);
      expect(answer.body).toContain("Look at this");
      expect(talk.count()).toBe(1);
    },
  );
});
