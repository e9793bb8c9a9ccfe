import { describe, expect, it } from "vitest";
import {
  anEvent,
  aWorld,
  BIRTH_DATE,
  type Choices,
  cookieLines,
  cookiesOf,
  formOf,
  PATIENT,
  type World,
  WRONG_DATE,
} from "./world.ts";

/** A world with an open session. */
async function anOpenWorld(choices: Choices = {}) {
  const world = await aWorld(choices);
  const cookies = cookiesOf(await world.post(world.token, { birthDate: BIRTH_DATE }));
  world.calls.length = 0;
  return { ...world, cookies };
}

/** When the patient has read the thread, as nudges see it. */
const readAtOf = ({ items }: World) => [...items].find(([key]) => key.includes("|read|"))?.[1]["at"];

describe("the thread page", () => {
  it("shows the messages of the thread, oldest first, after recording that they are read", async () => {
    const world = await anOpenWorld();
    world.addMessage(2, { subject: "About Tuesday", body: "Line one\nLine <two>" });
    world.addMessage(3, { threadId: "thr_other", body: "Of another thread" });

    const { statusCode, body } = await world.thread(world.token, { cookies: world.cookies });

    expect(statusCode).toBe(200);
    expect(body.indexOf("Words of message 1.")).toBeLessThan(body.indexOf("About Tuesday"));
    expect(body).toContain("Line one\nLine &lt;two&gt;");
    expect(body).not.toContain("Of another thread");
    expect(world.entries.at(-1)).toMatchObject({
      action: "thread.read",
      role: "patient",
      details: {
        // By it the accounting of disclosures knows whose link showed them.
        alertId: expect.stringMatching(/^alr_/),
        tier: 2,
        messageIds: ["msg_00000000000000000000000001", "msg_00000000000000000000000002"],
      },
    });
  });

  it("shows on the patient's side what the patient texted, and on the practice's what it wrote", async () => {
    const world = await anOpenWorld();
    world.addMessage(2, { sender: `patient:${PATIENT}`, body: "Thank you, I will." });
    const articles = async (lang: string) => {
      const { body } = await world.thread(world.token, { cookies: world.cookies, query: { lang } });
      return body.match(/<article[\s\S]*?<\/article>/gu) ?? [];
    };

    const [practice, own] = await articles("en");

    expect(practice).toMatch(/class="bubble"[\s\S]*Words of message 1\.[\s\S]*Riverside Clinic · /u);
    expect(own).toMatch(/class="turn own"[\s\S]*Thank you, I will\.[\s\S]*You · by text · /u);
    expect((await articles("es"))[1]).toContain("Usted · por mensaje de texto · ");
  });

  it("leaves out what came from a number of nobody knows whom", async () => {
    const world = await anOpenWorld();
    world.addMessage(2, { sender: "number:nbr_01JC8ZQ5X0000000000000NBR1", body: "Not the patient's words" });

    const { body } = await world.thread(world.token, { cookies: world.cookies });

    expect(body).not.toContain("Not the patient");
    expect(world.opened).toEqual(["msg_00000000000000000000000001"]);
  });

  it("opens no message when the reading cannot be recorded", async () => {
    const world = await anOpenWorld();
    world.state.auditFails = true;

    const { statusCode, body } = await world.thread(world.token, { cookies: world.cookies });

    expect(statusCode).toBe(503);
    expect(body).not.toContain("Words of message");
    expect(world.opened).toEqual([]);
  });

  it("keeps back what needs more proof and what is past its end, and says only that there is more", async () => {
    const world = await anOpenWorld();
    world.addMessage(2, { tier: 3, body: "Clinical words" });
    world.addMessage(3, { body: "Old words", expiresAt: "2026-11-04T16:59:00.000Z" });

    const { body } = await world.thread(world.token, { cookies: world.cookies });

    expect(body).not.toContain("Clinical words");
    expect(body).not.toContain("Old words");
    expect(body).toContain("needs one more check");
    expect(world.opened).toEqual(["msg_00000000000000000000000001"]);
  });

  it("shows twenty messages at most, the newest", async () => {
    const world = await anOpenWorld();
    for (let number = 2; number <= 30; number += 1) world.addMessage(number);

    await world.thread(world.token, { cookies: world.cookies });

    expect(world.opened).toHaveLength(20);
    expect(world.opened.at(-1)).toBe("msg_00000000000000000000000030");
  });

  it("goes back page by page, until there is nothing older", async () => {
    const world = await anOpenWorld();
    for (let number = 2; number <= 45; number += 1) world.addMessage(number);
    const page = async (before?: string) => {
      world.opened.length = 0;
      const query = before === undefined ? {} : { before };
      const { body } = await world.thread(world.token, { cookies: world.cookies, query });
      return {
        shown: world.opened.map((id) => Number(id.slice(4))),
        next: /before=(msg_\w{26})/u.exec(body)?.[1],
      };
    };

    const first = await page();
    const second = await page(first.next);
    const third = await page(second.next);

    expect([first.shown.at(0), first.shown.at(-1)]).toEqual([26, 45]);
    expect([second.shown.at(0), second.shown.at(-1)]).toEqual([6, 25]);
    expect([third.shown.at(0), third.shown.at(-1)]).toEqual([1, 5]);
    expect(third.next).toBeUndefined();
  });

  it("goes on behind messages that it does not show, however many these are", async () => {
    const world = await anOpenWorld();
    for (let number = 2; number <= 60; number += 1) world.addMessage(number, { tier: 3 });

    const first = await world.thread(world.token, { cookies: world.cookies });
    const before = /before=(msg_\w{26})/u.exec(first.body)?.[1] ?? "";
    const second = await world.thread(world.token, { cookies: world.cookies, query: { before } });

    expect(first.body).not.toContain("Words of message");
    expect(second.body).toContain("Words of message 1.");
    expect(second.body).not.toContain("before=");
  });

  it("counts only the newest page as read by the patient", async () => {
    const world = await anOpenWorld();
    world.addMessage(2);
    const readAt = () => readAtOf(world);
    const opened = readAt();
    world.advance(60);

    await world.thread(world.token, {
      cookies: world.cookies,
      query: { before: "msg_00000000000000000000000002" },
    });
    expect(readAt()).toBe(opened);
    await world.thread(world.token, { cookies: world.cookies });
    expect(readAt()).toBe(world.state.now.toISOString());
  });

  it("does not count as read while something newer needs more proof", async () => {
    const world = await anOpenWorld();
    const opened = readAtOf(world);
    world.addMessage(2, { tier: 3, body: "Clinical words" });
    world.advance(60);

    await world.thread(world.token, { cookies: world.cookies });

    expect(opened).toBeDefined();
    expect(readAtOf(world)).toBe(opened);
  });

  it("that asks for itself is recorded, counts as read by nobody and keeps no session open", async () => {
    const world = await anOpenWorld();
    const opened = readAtOf(world);
    for (let minutes = 0; minutes < 9; minutes += 1) {
      world.advance(60);
      const { body } = await world.thread(world.token, { cookies: world.cookies, query: { quiet: "1" } });
      expect(body).toContain("Words of message 1.");
    }

    expect(world.actions().filter((action) => action === "thread.read")).toHaveLength(9);
    expect(readAtOf(world)).toBe(opened);
    world.advance(60);
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(303);
  });

  it.each(["msg_1", "' OR 1", "thr_00000000000000000000000001"])(
    "shows the newest where what is asked for is no message: %s",
    async (before) => {
      const world = await anOpenWorld();

      const { statusCode, body } = await world.thread(world.token, {
        cookies: world.cookies,
        query: { before },
      });

      expect(statusCode).toBe(200);
      expect(body).toContain("Words of message 1.");
      expect(body).not.toContain(before.slice(0, 6));
    },
  );

  it("shows a thread however many other messages the patient has", async () => {
    const world = await anOpenWorld();
    for (let number = 2; number <= 250; number += 1) world.addMessage(number, { threadId: "thr_other" });

    const { body } = await world.thread(world.token, { cookies: world.cookies });

    expect(body).toContain("message 1.");
    expect(body).not.toContain("message 2.");
  });

  it("goes by the tier that was sealed with the words, whatever the table says", async () => {
    const world = await anOpenWorld();
    const { id } = world.addMessage(2, { tier: 1 });
    world.sealedTiers.set(id, 3);

    const { body } = await world.thread(world.token, { cookies: world.cookies });

    expect(body).toContain("message 1.");
    expect(body).not.toContain("message 2.");
  });

  it("leaves out a message whose key was erased", async () => {
    const world = await anOpenWorld();
    const { id } = world.addMessage(2);
    world.items.delete(world.keys.wrapped(PATIENT, id));

    const { statusCode, body } = await world.thread(world.token, { cookies: world.cookies });

    expect(statusCode).toBe(200);
    expect(body).toContain("message 1.");
    expect(body).not.toContain("message 2.");
  });

  it("is locked by its own button and leaves the screen when the session is over", async () => {
    const world = await anOpenWorld();

    const { body } = await world.thread(world.token, { cookies: world.cookies });

    expect(body).toContain(`action="/m/${world.token}/lock"`);
    expect(body).toContain(`content="600;url=/m/${world.token}"`);
  });

  it("is in the patient's language unless another is asked for", async () => {
    const world = await aWorld();
    const spanish = await world.addLink(2, { language: "es" });
    const cookies = cookiesOf(await world.post(spanish.token, { birthDate: BIRTH_DATE }));

    expect((await world.thread(spanish.token, { cookies })).body).toContain('<html lang="es">');
    expect((await world.thread(spanish.token, { cookies, query: { lang: "en" } })).body).toContain(
      '<html lang="en">',
    );
  });

  it("tells times of the practice", async () => {
    const world = await anOpenWorld();
    const bare = await world.thread(world.token, { cookies: world.cookies });
    world.items.set("settings", { timeZone: "America/Chicago", officeHours: {} });
    const local = await world.thread(world.token, { cookies: world.cookies });

    expect(bare.body).toMatch(/4:00\sPM</u);
    expect(local.body).toMatch(/10:00\sAM</u);
  });
});

describe("the version of a thread", () => {
  it("is told to an open session, which opens and writes nothing and keeps no session open", async () => {
    const world = await anOpenWorld();
    const before = new Map(world.items);

    const answer = await world.version(world.token, { cookies: world.cookies });

    expect(answer).toMatchObject({
      statusCode: 200,
      body: '{"version":1,"secondsLeft":3600}',
      headers: { "Cache-Control": "no-store", "Content-Type": "application/json; charset=utf-8" },
    });
    expect(world.items).toEqual(before);
    expect(world.calls).toEqual(["linkMac", "proofMac", "read 2", expect.stringMatching(/^read \d+$/u)]);
    for (let minutes = 0; minutes < 11; minutes += 1) {
      world.advance(60);
      await world.version(world.token, { cookies: world.cookies });
    }
    expect(await world.version(world.token, { cookies: world.cookies })).toMatchObject({
      statusCode: 401,
      body: "{}",
      headers: { "Cache-Control": "no-store" },
    });
  });

  it("comes with the seconds until the session is over, however it is used", async () => {
    const world = await anOpenWorld();
    for (let minutes = 0; minutes < 54; minutes += 9) {
      world.advance(540);
      await world.thread(world.token, { cookies: world.cookies });
    }
    world.advance(320.5);

    const { body } = await world.version(world.token, { cookies: world.cookies });

    expect(JSON.parse(body)).toEqual({ version: 1, secondsLeft: 39 });
  });

  it.each(["without a cookie", "with a stranger's cookie", "of a forged link", "of a closed portal"])(
    "is told to nobody %s",
    async (who) => {
      const world = await anOpenWorld();
      const others: Readonly<Record<string, readonly string[]>> = {
        "with a stranger's cookie": [`__Host-session=${"x".repeat(43)}`],
      };
      if (who === "of a closed portal") world.setSwitches({ sending: true, portal: false, version: 1 });
      const cookies = who.endsWith("cookie") ? others[who] : world.cookies;
      const token = who === "of a forged link" ? "A".repeat(44) : world.token;

      expect(await world.version(token, { cookies: cookies ?? [] })).toMatchObject({
        statusCode: 401,
        body: "{}",
      });
    },
  );
});

describe("a session", () => {
  it.each([
    // Who comes over from another site brings no cookie, and keeps it.
    ["no cookie", [], []],
    ["an unknown cookie", [`__Host-session=${"x".repeat(43)}`], [/^__Host-session=; Max-Age=0/]],
    ["nonsense", ["__Host-session=1", "__Host-session=2", ";;="], []],
  ])("does not exist with %s", async (_what, cookies, cleared) => {
    const world = await anOpenWorld();

    const answer = await world.thread(world.token, { cookies });

    expect(answer).toMatchObject({ statusCode: 303, body: "" });
    expect(answer.headers?.["Location"]).toBe(`/m/${world.token}`);
    expect(cookieLines(answer)).toEqual(cleared.map((line) => expect.stringMatching(line)));
  });

  it("is good for its own link only", async () => {
    const world = await anOpenWorld();
    const other = await world.addLink(2);

    expect((await world.thread(other.token, { cookies: world.cookies })).statusCode).toBe(303);
    expect((await world.thread("garbage/../x", { cookies: world.cookies })).headers?.["Location"]).toBe(
      "/m/-",
    );
  });

  it("is led to from an address with a slash too many", async () => {
    const world = await anOpenWorld();
    const event = anEvent("GET", "/{token}/thread", world.token);
    const path = `/m//${world.token}/thread/`;
    const handled = await world.handler({ ...event, requestContext: { ...event.requestContext, path } });
    expect(handled.headers?.["Location"]).toBe(`/m/${world.token}`);

    const first = anEvent("POST", "/{token}", world.token, { body: formOf({ birthDate: BIRTH_DATE }) });
    const slash = { ...first.requestContext, path: `/m/${world.token}/` };
    const opened = await world.handler({ ...first, requestContext: slash });
    expect(opened.headers?.["Location"]).toBe(`/m/${world.token}/thread`);
  });

  it("ends after ten minutes without use", async () => {
    const world = await anOpenWorld();
    world.advance(599);
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(200);
    world.advance(599);
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(200);
    world.advance(600);
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(303);
  });

  it("ends after an hour of use", async () => {
    const world = await anOpenWorld();
    for (let minutes = 0; minutes < 55; minutes += 5) {
      world.advance(300);
      expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(200);
    }
    world.advance(300);
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(303);
  });

  it("ends when its links are revoked, its patient erased, its link dead or the portal closed", async () => {
    const revoked = await anOpenWorld();
    revoked.setMarks({ linksRevokedBefore: "2026-11-04T17:00:00.000Z", erasedAt: null });
    const erased = await anOpenWorld();
    erased.setMarks({ linksRevokedBefore: null, erasedAt: "2026-11-04T17:00:00.000Z" });
    const closed = await anOpenWorld();
    closed.setSwitches({ sending: true, portal: false, version: 1 });
    const dead = await anOpenWorld();
    for (let guess = 0; guess < 5; guess += 1) await dead.post(dead.token, { birthDate: WRONG_DATE });

    for (const world of [revoked, erased, closed, dead]) {
      expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(303);
      expect(world.actions()).not.toContain("thread.read");
    }
  });

  it("ends at once when it is locked, with an entry", async () => {
    const world = await anOpenWorld();

    const answer = await world.lock(world.token, { cookies: world.cookies });

    expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${world.token}` } });
    expect(cookieLines(answer)[0]).toContain("__Host-session=; Max-Age=0");
    expect(world.actions().at(-1)).toBe("session.locked");
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(303);
  });

  it("is not locked by another link's page, which leaves the cookie that all links share", async () => {
    const world = await anOpenWorld();
    const other = await world.addLink(2);

    const locked = await world.lock(other.token, { cookies: world.cookies });

    expect(locked).toMatchObject({ statusCode: 303, headers: { Location: `/m/${other.token}` } });
    expect(cookieLines(locked)).toEqual([]);
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(200);
    const left = await world.lock(other.token, { cookies: world.cookies, body: "exit=yes" });
    expect(cookieLines(left)[0]).toContain("__Host-session=; Max-Age=0");
  });

  it("is not locked by another site", async () => {
    const world = await anOpenWorld();
    const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };

    expect((await world.lock(world.token, { cookies: world.cookies, headers })).statusCode).toBe(403);
    expect((await world.thread(world.token, { cookies: world.cookies })).statusCode).toBe(200);
  });

  it("never stands in a log line or an entry with what opened it", async () => {
    const world = await anOpenWorld();
    await world.thread(world.token, { cookies: world.cookies });
    await world.post(world.token, { birthDate: WRONG_DATE });

    const written = JSON.stringify([world.logs, world.entries]);

    for (const secret of [world.token, world.lookup, BIRTH_DATE, WRONG_DATE, "Words of message"]) {
      expect(written).not.toContain(secret);
    }
    expect(written).not.toContain(world.cookies[0]?.split("=")[1]);
  });
});
