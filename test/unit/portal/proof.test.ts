import { beforeEach, describe, expect, it } from "vitest";
import {
  aWorld,
  BIRTH_DATE,
  CODE,
  cookieLines,
  cookiesOf,
  PATIENT,
  THREAD,
  type World,
  WRONG_DATE,
} from "./world.ts";

const RIGHT = { birthDate: BIRTH_DATE };
const WRONG = { birthDate: WRONG_DATE };

const tasksOf = (world: World) =>
  [...world.items.entries()].filter(([key]) => key.startsWith("task|")).map(([, item]) => item);

describe("a proof at tier 1", () => {
  it("is the link alone", async () => {
    const world = await aWorld({ tier: 1 });

    const answer = await world.post(world.token);

    expect(answer.statusCode).toBe(303);
    expect(world.actions()).toEqual(["session.opened"]);
  });

  it("takes a form with an empty field, and a right date", async () => {
    const world = await aWorld({ tier: 1 });

    expect((await world.post(world.token, { birthDate: "  " })).statusCode).toBe(303);
    expect((await world.post(world.token, RIGHT)).statusCode).toBe(303);
  });

  it("counts a date that is stated and wrong", async () => {
    const world = await aWorld({ tier: 1 });

    expect((await world.post(world.token, WRONG)).statusCode).toBe(200);
    expect(world.link().misses).toBe(1);
  });
});

describe("a proof at tier 2", () => {
  it.each(["1980-05-17", " 1980-5-17 ", "05/17/1980", "5-17-1980", "17/05/1980", "05171980", "19800517"])(
    "opens with the date of birth written as %s",
    async (birthDate) => {
      const world = await aWorld();

      const answer = await world.post(world.token, { birthDate, surprise: "ignored" });

      expect(answer.statusCode).toBe(303);
      expect(answer.headers?.["Location"]).toBe(`/m/${world.token}/thread`);
    },
  );

  it("sets a cookie that only this browser's own pages send, and stores only its hash", async () => {
    const world = await aWorld();

    const answer = await world.post(world.token, RIGHT);

    expect(cookieLines(answer)[0]).toMatch(
      /^__Host-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    const value = cookiesOf(answer)[0]?.split("=")[1] ?? "";
    expect(JSON.stringify([...world.items])).not.toContain(value);
    expect(JSON.stringify(world.entries)).not.toContain(value);
  });

  it("moves the alert of the link to opened, once", async () => {
    const world = await aWorld();

    await world.post(world.token, RIGHT);
    const again = await world.post(world.token, RIGHT);

    expect(world.alert("alr_1").status).toBe("opened");
    expect(again.statusCode).toBe(303);
  });

  it("refuses a form that says nothing, without counting it", async () => {
    const world = await aWorld();

    expect((await world.post(world.token)).statusCode).toBe(200);
    expect((await world.post(world.token, { code: CODE })).statusCode).toBe(200);
    expect(world.link().misses).toBe(0);
    expect(world.entries).toEqual([]);
  });

  it.each([
    ["twice", { birthDate: [BIRTH_DATE, BIRTH_DATE] }],
    ["as no calendar date", { birthDate: "1980-02-30" }],
    ["as no date", { birthDate: "' OR 1=1 --" }],
    ["with a year of two digits", { birthDate: "5/17/80" }],
    ["as none, with a PIN", { birthDate: "5/17/80", pin: "835201" }],
  ])("refuses a date that is stated %s like a wrong one, and takes it for no guess", async (_how, fields) => {
    const world = await aWorld();

    const answer = await world.post(world.token, fields);

    expect(world.link().misses).toBe(0);
    expect(world.entries).toEqual([]);
    expect(world.logs).toHaveLength(1);
    expect(answer).toEqual(await world.post(world.token, WRONG));
  });

  it("takes a date as people write it", async () => {
    for (const birthDate of ["5/17/1980", "May 17, 1980", "17 de mayo de 1980"]) {
      const world = await aWorld();
      expect((await world.post(world.token, { birthDate })).statusCode).toBe(303);
    }
  });

  it("reads a form that the gateway encoded", async () => {
    const world = await aWorld();
    const body = Buffer.from("birthDate=1980-05-17").toString("base64");

    expect((await world.post(world.token, {}, { body, isBase64Encoded: true })).statusCode).toBe(303);
  });

  it("accepts a form of its own page, whose origin browsers withhold", async () => {
    const world = await aWorld();
    const headers = { origin: "null", "sec-fetch-site": "same-origin" };

    expect((await world.post(world.token, RIGHT, { headers })).statusCode).toBe(303);
  });

  it("keeps the chosen language on the way to the thread", async () => {
    const world = await aWorld();

    const answer = await world.post(world.token, RIGHT, { query: { lang: "es" } });

    expect(answer.headers?.["Location"]).toBe(`/m/${world.token}/thread?lang=es`);
  });

  it("shows nothing and opens nothing when it cannot be recorded", async () => {
    const world = await aWorld();
    world.state.auditFails = true;

    const right = await world.post(world.token, RIGHT);
    const wrong = await world.post(world.token, WRONG);

    expect(right).toEqual(wrong);
    expect(right.statusCode).toBe(503);
    expect(cookieLines(right)).toEqual([]);
    expect(JSON.stringify(world.logs)).not.toMatch(/1980|does not answer/);
  });
});

describe("misses", () => {
  it("kill the link at the fifth, and then the right date fails alike", async () => {
    const world = await aWorld();
    const answers = [];
    for (let guess = 0; guess < 5; guess += 1) answers.push(await world.post(world.token, WRONG));

    const right = await world.post(world.token, RIGHT);

    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(right).toEqual(answers[0]);
    expect(world.link()).toMatchObject({ misses: 5, diedAt: "2026-11-04T17:00:00.000Z" });
    expect(world.actions()).toEqual([
      "proof.failed",
      "proof.failed",
      "proof.failed",
      "proof.failed",
      "link.died",
    ]);
    expect(JSON.stringify(world.entries)).not.toContain("1980");
  });

  it("leave a link alive that had four", async () => {
    const world = await aWorld();
    for (let guess = 0; guess < 4; guess += 1) await world.post(world.token, WRONG);

    expect((await world.post(world.token, RIGHT)).statusCode).toBe(303);
  });

  it("that race are counted one by one, and no more than five are looked at", async () => {
    const world = await aWorld();

    const answers = await Promise.all(Array.from({ length: 30 }, () => world.post(world.token, WRONG)));

    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(world.link().misses).toBe(5);
    expect(world.misses()).toBe(5);
    expect(world.actions().filter((action) => action === "link.died")).toHaveLength(1);
    expect((await world.post(world.token, RIGHT)).statusCode).toBe(200);
  });

  it("that race a right date are committed before it or not at all", async () => {
    const world = await aWorld();
    for (let guess = 0; guess < 4; guess += 1) await world.post(world.token, WRONG);

    const answers = await Promise.all([
      world.post(world.token, WRONG),
      ...Array.from({ length: 5 }, () => world.post(world.token, RIGHT)),
    ]);

    const dead = world.actions().indexOf("link.died");
    const later = world.actions().slice(dead + 1);
    expect(dead).toBeGreaterThan(0);
    expect(later).not.toContain("session.opened");
    expect(answers[0]?.statusCode).toBe(200);
  });

  it("over all links of a patient end the day at ten", async () => {
    const world = await aWorld();
    const second = await world.addLink(2);
    const third = await world.addLink(3);
    const tokens = [world.token, second.token];
    for (const token of tokens) {
      for (let guess = 0; guess < 5; guess += 1) await world.post(token, WRONG);
    }
    const wrong = await world.post(third.token, WRONG);

    const today = await world.post(third.token, RIGHT);
    world.advance(24 * 3600);
    const tomorrow = await world.post(third.token, RIGHT);

    expect(world.misses()).toBe(0);
    expect(third.link().misses).toBe(0);
    expect(today).toEqual(wrong);
    expect(tomorrow.statusCode).toBe(303);
  });

  it("open one task for staff when a link dies, with ids alone, in the transaction that counts", async () => {
    const world = await aWorld();
    for (let guess = 0; guess < 5; guess += 1) await world.post(world.token, WRONG);
    await world.post(world.token, WRONG);

    expect(tasksOf(world)).toEqual([
      expect.objectContaining({
        id: "tsk_1",
        kind: "proof-failed",
        taskState: "open",
        patientId: PATIENT,
        threadId: THREAD,
        alertId: "alr_1",
        reason: "link",
        dueAt: "2026-11-04T18:00:00.000Z",
      }),
    ]);
    expect(world.entries.at(-1)).toMatchObject({
      action: "link.died",
      details: { step: "birthDate", misses: 5, limit: "link", taskId: "tsk_1" },
    });
  });

  it("kill the link on which the tenth of a day falls, with one task over all links", async () => {
    const world = await aWorld();
    const [second, third, fourth] = [await world.addLink(2), await world.addLink(3), await world.addLink(4)];
    for (const token of [world.token, second.token, third.token]) {
      for (let guess = 0; guess < 4; guess += 1) await world.post(token, WRONG);
    }

    expect(world.misses()).toBe(10);
    expect([world, second, third, fourth].map(({ link }) => link().diedAt !== null)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(third.link().misses).toBe(2);
    expect(tasksOf(world)).toMatchObject([{ kind: "proof-failed", reason: "day" }]);
    expect(world.entries.at(-1)).toMatchObject({ action: "link.died", details: { limit: "day" } });
    world.advance(24 * 3600);
    expect((await world.post(fourth.token, RIGHT)).statusCode).toBe(303);
    expect((await world.post(third.token, RIGHT)).statusCode).toBe(200);
  });

  it("open no second task on the same day, but one on the next", async () => {
    const world = await aWorld();
    const [second, third] = [await world.addLink(2), await world.addLink(3)];
    for (const token of [world.token, second.token]) {
      for (let guess = 0; guess < 5; guess += 1) await world.post(token, WRONG);
    }
    expect(tasksOf(world)).toHaveLength(1);
    expect(world.entries.at(-1)).toMatchObject({ action: "link.died", details: { taskId: "tsk_1" } });

    world.advance(24 * 3600);
    for (let guess = 0; guess < 5; guess += 1) await world.post(third.token, WRONG);

    expect(tasksOf(world)).toHaveLength(2);
  });

  it("count dates, PINs and codes alike", async () => {
    const world = await aWorld({ tier: 3 });
    await world.post(world.token, RIGHT);
    await world.mintCode();
    await world.post(world.token, WRONG);
    await world.post(world.token, { pin: "739104" });
    await world.post(world.token, { ...RIGHT, code: "000000" });

    expect(world.link().misses).toBe(3);
    expect(world.entries.slice(1).map(({ details }) => details?.["step"])).toEqual([
      "birthDate",
      "pin",
      "code",
    ]);
  });

  it("over many links at once are no more than over one after another", async () => {
    const world = await aWorld();
    const links = await Promise.all(Array.from({ length: 8 }, (_, index) => world.addLink(index + 2)));

    await Promise.all(links.flatMap(({ token }) => [1, 2, 3, 4].map(() => world.post(token, WRONG))));

    expect(world.misses()).toBeLessThanOrEqual(10);
  });
});

describe("a proof at tier 3", () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld({ tier: 3 });
  });

  it("asks for a code after the right date, and requests one by ids alone", async () => {
    const answer = await world.post(world.token, RIGHT);

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('autocomplete="one-time-code"');
    expect(answer.body).not.toContain(world.token);
    expect(cookieLines(answer)).toEqual([
      expect.stringMatching(
        /^__Host-proof=[\w-]{43}; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
      ),
    ]);
    expect(world.actions()).toEqual(["code.requested"]);
    expect(world.requests).toEqual([
      { kind: "code", patientId: expect.stringMatching(/^pat_/), alertId: "alr_code_1" },
    ]);
    expect(world.alert("alr_code_1")).toMatchObject({
      kind: "code",
      queue: "urgent",
      status: "queued",
      template: "code@1",
      linkLookup: world.lookup,
      expiresAt: "2026-11-04T17:10:00.000Z",
      dueAt: "2026-11-04T17:02:00.000Z",
      consentId: "con_1",
    });
  });

  it("opens with date and code together", async () => {
    await world.post(world.token, RIGHT);
    await world.mintCode();

    const answer = await world.post(world.token, { ...RIGHT, code: "135 790" });

    expect(answer.statusCode).toBe(303);
    expect(world.link()).toMatchObject({ codeMac: null, codeExpiresAt: null });
  });

  it("opens with the code alone for the browser that gave the date, and ends that waiting", async () => {
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    await world.mintCode();

    const answer = await world.post(world.token, { code: CODE }, { cookies });

    expect(answer.statusCode).toBe(303);
    await world.mintCode();
    expect((await world.post(world.token, { code: CODE }, { cookies })).statusCode).toBe(200);
  });

  it("never opens with the code alone without that cookie, and does not count it", async () => {
    await world.post(world.token, RIGHT);
    await world.mintCode();

    expect((await world.post(world.token, { code: CODE })).statusCode).toBe(200);
    expect(
      (await world.post(world.token, { code: CODE }, { cookies: [`__Host-proof=${"x".repeat(43)}`] }))
        .statusCode,
    ).toBe(200);
    expect(world.link().misses).toBe(0);
    expect(world.actions()).toEqual(["code.requested"]);
  });

  it("does not take the cookie of another link", async () => {
    const other = await world.addLink(2);
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    await world.mintCode(other);

    expect((await world.post(other.token, { code: CODE }, { cookies })).statusCode).toBe(200);
  });

  it("does not take the cookie after ten minutes, nor as a session", async () => {
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    const asSession = cookies.map((pair) => pair.replace("__Host-proof", "__Host-session"));
    expect((await world.thread(world.token, { cookies: asSession })).statusCode).toBe(303);
    world.advance(600);
    await world.mintCode();

    expect((await world.post(world.token, { code: CODE }, { cookies })).statusCode).toBe(200);
    expect(world.actions()).not.toContain("session.opened");
  });

  it("does not take a code twice, nor after its time", async () => {
    await world.post(world.token, RIGHT);
    await world.mintCode();
    await world.post(world.token, { ...RIGHT, code: CODE });

    expect((await world.post(world.token, { ...RIGHT, code: CODE })).statusCode).toBe(200);
    await world.mintCode();
    world.advance(600);
    expect((await world.post(world.token, { ...RIGHT, code: CODE })).statusCode).toBe(200);
    expect(world.actions().filter((action) => action === "session.opened")).toHaveLength(1);
  });

  it("opens one session for one code however many ask at once", async () => {
    await world.post(world.token, RIGHT);
    await world.mintCode();

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => world.post(world.token, { ...RIGHT, code: CODE })),
    );

    expect(answers.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
  });

  it("counts wrong codes with wrong dates, and dies of five", async () => {
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    await world.mintCode();
    const wrongDate = await world.post(world.token, WRONG);
    const both = await world.post(world.token, { ...RIGHT, code: "000000" });
    const alone = await world.post(world.token, { code: "000000" }, { cookies });
    await world.post(world.token, { code: ["135790", "135790"] }, { cookies });
    const fifth = await world.post(world.token, { code: "nonsense" }, { cookies });

    const right = await world.post(world.token, { ...RIGHT, code: CODE });

    expect(both).toEqual(wrongDate);
    expect(alone.body).toContain('name="code"');
    expect(fifth).toEqual(wrongDate);
    expect(right).toEqual(wrongDate);
    expect(world.entries.map(({ details }) => details?.["step"])).toEqual([
      undefined,
      "birthDate",
      "code",
      "code",
      "code",
      "code",
    ]);
  });

  it("sends no second code within a minute, nor while one is in force, unless asked", async () => {
    const cookies = cookiesOf(await world.post(world.token, RIGHT));
    await world.post(world.token, { newCode: "1" }, { cookies });
    expect(world.requests).toHaveLength(1);
    await world.mintCode();
    world.advance(61);
    await world.post(world.token, RIGHT);
    expect(world.requests).toHaveLength(1);

    const answer = await world.post(world.token, { newCode: "1" }, { cookies });

    expect(answer.body).toContain('name="code"');
    expect(world.requests).toHaveLength(2);
  });

  it("promises a text only where one is sent", async () => {
    const promise = "We are texting a 6-digit code";
    const first = await world.post(world.token, RIGHT);
    const cookies = cookiesOf(first);
    expect(first.body).toContain(promise);
    await world.mintCode();
    await world.post(world.token, { ...RIGHT, code: CODE });

    const again = await world.post(world.token, RIGHT);
    const asked = await world.post(world.token, { newCode: "1" }, { cookies });
    for (const { body } of [again, asked]) {
      expect(body).not.toContain(promise);
      expect(body).toContain("wait one minute, then ask again");
    }
    expect(world.requests).toHaveLength(1);

    world.advance(60);
    expect((await world.post(world.token, { newCode: "1" }, { cookies })).body).toContain(promise);
    expect(world.requests).toHaveLength(2);
  });

  it("says when no more codes come within the hour", async () => {
    for (let minute = 0; minute < 5; minute += 1) {
      await world.post(world.token, RIGHT);
      world.advance(60);
    }

    expect((await world.post(world.token, RIGHT)).body).toContain("We sent many codes in the last hour.");
  });

  it("tells everybody whom to call who stopped the texts", async () => {
    expect((await world.post(world.token, RIGHT)).body).toContain("Did you stop our texts?");
  });

  it("reads on in the patient's language once the date was right, unless the address asks for one", async () => {
    const { token } = await world.addLink(8, { language: "es" });
    const english = { headers: { "accept-language": "en-US" } };

    expect((await world.post(token, WRONG, english)).body).toContain('<html lang="en">');
    const right = await world.post(token, RIGHT, english);
    expect(right.body).toContain('<html lang="es">');
    const cookies = cookiesOf(right);
    await world.mintCode();
    const wrong = await world.post(token, { code: "nonsense" }, { ...english, cookies });
    expect(wrong.body).toMatch(/<html lang="es">[\s\S]*name="code"/);
    const asked = await world.post(token, RIGHT, { ...english, query: { lang: "en" } });
    expect(asked.body).toContain('<html lang="en">');
  });

  it("sends five codes an hour at most", async () => {
    for (let minute = 0; minute < 30; minute += 1) {
      await world.post(world.token, RIGHT);
      world.advance(60);
    }
    expect(world.requests).toHaveLength(5);

    world.advance(3600);
    await world.post(world.token, RIGHT);
    expect(world.requests).toHaveLength(6);
  });

  it("sends five codes an hour at most over all links of a patient", async () => {
    const links = await Promise.all([2, 3, 4].map((number) => world.addLink(number)));
    const told = [];
    for (const { token } of [...links, ...links]) {
      told.push(await world.post(token, { ...RIGHT, newCode: "1" }));
      world.advance(300);
    }

    expect(world.requests).toHaveLength(5);
    expect(told.every(({ body }) => body.includes('name="code"'))).toBe(true);
    world.advance(1800);
    await world.post(world.token, RIGHT);
    expect(world.requests).toHaveLength(6);
  });

  it("requests one code for proofs that arrive at once", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.post(world.token, RIGHT)));

    expect(answers.every(({ body }) => body.includes('name="code"'))).toBe(true);
    expect(world.requests).toHaveLength(1);
  });

  it("asks for the code even when the queue does not answer: the due index has the request", async () => {
    world.state.queueFails = true;

    const answer = await world.post(world.token, RIGHT);

    expect(answer.body).toContain('name="code"');
    expect(world.alert("alr_code_1").dueAt).not.toBeNull();
    expect(world.logs).toContain("lost");
  });

  it("does not say that a date was right when the link died in the meantime", async () => {
    for (let guess = 0; guess < 4; guess += 1) await world.post(world.token, WRONG);

    const [wrong, right] = await Promise.all([
      world.post(world.token, WRONG),
      world.post(world.token, RIGHT),
    ]);

    const codeAsked = right?.body.includes('name="code"');
    expect(codeAsked).toBe(world.actions().indexOf("code.requested") >= 0);
    expect(wrong?.body).not.toContain('name="code"');
  });
});
