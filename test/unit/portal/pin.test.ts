import { beforeEach, describe, expect, it } from "vitest";
import { createRemovePin, createSetPin } from "#shared/portal/set-pin.ts";
import { aWorld, BIRTH_DATE, CODE, cookiesOf, PATIENT, type World, WRONG_DATE } from "./world.ts";

const PIN = "482915";
const RIGHT = { birthDate: BIRTH_DATE };

/** The value of the cookie of a session that was opened with these fields. */
async function sessionOf(world: World, fields: Readonly<Record<string, string>> = RIGHT): Promise<string> {
  const [pair = ""] = cookiesOf(await world.post(world.token, fields));
  return pair.split("=")[1] ?? "";
}

function pinCases(world: World) {
  const setPin = createSetPin(world.securing);
  const removePin = createRemovePin(world.securing);
  const request = { token: world.token, requestId: "request-1" };
  return {
    set: (cookie: string | null, pin: string, presentPin = "") =>
      setPin({ ...request, cookie, pin, presentPin }),
    remove: (cookie: string | null, presentPin = "") => removePin({ ...request, cookie, presentPin }),
  };
}

describe("setting a PIN", () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });

  it("takes the place of the date of birth, and neither is kept", async () => {
    const { set } = pinCases(world);

    expect(await set(await sessionOf(world), "482 915")).toBe("set");

    expect((await world.post(world.token, { pin: PIN })).statusCode).toBe(303);
    expect((await world.post(world.token, { pin: "482-915" })).statusCode).toBe(303);
    expect((await world.post(world.token, RIGHT)).statusCode).toBe(200);
    expect(world.link().misses).toBe(1);
    expect(JSON.stringify([...world.items, ...world.entries])).not.toContain(PIN);
    expect(world.actions()).toContain("pin.set");
  });

  it("opens with the PIN whatever date stands beside it, and never with the date", async () => {
    await pinCases(world).set(await sessionOf(world), PIN);

    expect((await world.post(world.token, { pin: PIN, birthDate: WRONG_DATE })).statusCode).toBe(303);
    expect((await world.post(world.token, { pin: "482916", ...RIGHT })).statusCode).toBe(200);
    expect(world.link().misses).toBe(1);
    expect(world.entries.at(-1)).toMatchObject({ action: "proof.failed", details: { step: "pin" } });
  });

  it.each([
    ["12345", "length"],
    ["123456", "simple"],
    ["19800517", "birth-date"],
    ["05171980", "birth-date"],
    ["17051980", "birth-date"],
    ["051780", "birth-date"],
    ["800517", "birth-date"],
    ["5171980", "birth-date"],
  ])("refuses %s for being %s", async (pin, outcome) => {
    const { set } = pinCases(world);

    expect(await set(await sessionOf(world), pin)).toBe(outcome);
    expect(world.items.get(`${PATIENT}|pin`)).toBeUndefined();
  });

  it("needs a session that somebody who knew the date has opened", async () => {
    const tier1 = await aWorld({ tier: 1 });
    const { set, remove } = pinCases(tier1);

    expect(await set(await sessionOf(tier1, {}), PIN)).toBe("needs-proof");
    expect(await remove(await sessionOf(tier1, {}))).toBe("needs-proof");
    expect(await set(await sessionOf(tier1), PIN)).toBe("set");
    expect(await set(null, PIN)).toBe("ended");
    expect(await set("x".repeat(43), PIN)).toBe("ended");
  });
});

describe("removing a PIN", () => {
  it("opens by the date of birth again, and by the PIN no more", async () => {
    const world = await aWorld();
    const { set, remove } = pinCases(world);
    await set(await sessionOf(world), PIN);

    expect(await remove(await sessionOf(world, { pin: PIN }), PIN)).toBe("removed");

    expect((await world.post(world.token, { pin: PIN })).statusCode).toBe(200);
    expect((await world.post(world.token, RIGHT)).statusCode).toBe(303);
    expect(world.actions().filter((action) => action === "pin.removed")).toHaveLength(1);
  });

  it("that is not there changes nothing", async () => {
    const world = await aWorld();

    expect(await pinCases(world).remove(await sessionOf(world))).toBe("removed");
    expect(world.actions()).toEqual(["session.opened"]);
  });
});

describe("who already knew the date", () => {
  it("is thrown out by a PIN, and whoever set it goes on", async () => {
    const world = await aWorld();
    const [owner, thief] = [await sessionOf(world), await sessionOf(world)];
    const thread = (cookie: string) =>
      world
        .thread(world.token, { cookies: [`__Host-session=${cookie}`] })
        .then(({ statusCode }) => statusCode);
    expect(await thread(thief)).toBe(200);

    await pinCases(world).set(owner, PIN);

    expect([await thread(owner), await thread(thief)]).toEqual([200, 303]);
    expect(await pinCases(world).set(thief, "739104", PIN)).toBe("ended");
    const again = await world.post(world.token, { stepUp: "1" }, { cookies: [`__Host-session=${thief}`] });
    expect(again.body).not.toContain('name="code"');
    await pinCases(world).set(owner, "739104", PIN);
    expect(await thread(owner)).toBe(200);
  });

  it("cannot go on with the code of a proof that came before", async () => {
    const world = await aWorld({ tier: 2 });
    const owner = await sessionOf(world);
    world.setTier(3);
    const pending = cookiesOf(await world.post(world.token, RIGHT));
    await world.mintCode();

    await pinCases(world).set(owner, PIN);
    const answer = await world.post(world.token, { code: CODE }, { cookies: pending });

    expect(answer).toEqual(await world.get(world.token));
    expect(world.link().misses).toBe(0);
    expect((await world.post(world.token, { pin: PIN, code: CODE }, { cookies: pending })).statusCode).toBe(
      303,
    );
  });

  it("sees a session that the link alone opened go on", async () => {
    const world = await aWorld({ tier: 1 });
    const cookies = cookiesOf(await world.post(world.token));

    await pinCases(world).set(await sessionOf(world), PIN);

    expect((await world.thread(world.token, { cookies })).statusCode).toBe(200);
  });
});

describe("changing a PIN that is there", () => {
  async function withPin() {
    const world = await aWorld();
    const cases = pinCases(world);
    const cookie = await sessionOf(world);
    await cases.set(cookie, PIN);
    return { world, cookie, ...cases };
  }

  it("asks for it, and a form that does not state one is no guess", async () => {
    const { world, cookie, set, remove } = await withPin();
    const kept = world.items.get(`${PATIENT}|pin`);

    expect(await set(cookie, "739104")).toBe("present-pin");
    expect(await remove(cookie, "12")).toBe("present-pin");

    expect(world.items.get(`${PATIENT}|pin`)).toBe(kept);
    expect([world.link().misses, world.misses()]).toEqual([0, 0]);
    expect(await set(cookie, "739104", "482 915")).toBe("set");
  });

  it("counts a wrong one as a miss of the link, which dies of the fifth with a task", async () => {
    const { world, cookie, set, remove } = await withPin();

    for (const guess of ["111222", "111223", "111224", "111225"]) {
      expect(await set(cookie, "739104", guess)).toBe("present-pin");
    }
    expect([world.link().misses, world.misses()]).toEqual([4, 4]);
    expect(world.entries.at(-1)).toMatchObject({
      action: "proof.failed",
      details: { step: "pin", misses: 4 },
    });
    expect(await remove(cookie, "111226")).toBe("present-pin");

    expect(world.entries.at(-1)).toMatchObject({ action: "link.died", details: { limit: "link" } });
    expect([...world.items.keys()].filter((key) => key.startsWith("task|"))).toHaveLength(1);
    expect(await remove(cookie, PIN)).toBe("ended");
  });

  it("is worth no more guesses when they come at once, also with a PIN that would not be taken", async () => {
    const { world, cookie, set } = await withPin();

    const told = await Promise.all(
      Array.from({ length: 12 }, (_, index) => set(cookie, "123456", String(500_001 + index * 7))),
    );
    expect(new Set(told)).toEqual(new Set(["simple"]));
    const guessed = await Promise.all(
      Array.from({ length: 12 }, (_, index) => set(cookie, "739104", String(500_001 + index * 7))),
    );

    expect(new Set(guessed)).toEqual(new Set(["present-pin", "ended"]));
    expect(world.link().misses).toBe(5);
  });

  it("the page asks for it in both forms, and says where it was wrong", async () => {
    const { world, cookie } = await withPin();
    const cookies = [`__Host-session=${cookie}`];

    const page = await world.showPreferences(world.token, { cookies });
    expect(page.body.match(/name="presentPin"/g)).toHaveLength(2);
    const answer = await world.preferences(
      world.token,
      { change: "remove-pin", presentPin: "111222" },
      { cookies, query: { lang: "es" } },
    );

    expect(answer.body).toContain("Este no es el PIN que tiene ahora.");
    expect(answer.body).toMatch(/id="presentPinOff"[^>]*aria-invalid="true"/);
    expect(answer.body.match(/aria-invalid="true"/g)).toHaveLength(1);
    expect(answer.body).not.toContain("111222");
  });
});

describe("on the day after a change of number or date of birth", () => {
  const DAY = 24 * 3600;
  const change = (world: World, changedAt: string) =>
    world.items.set(`${PATIENT}|verifier`, { ...world.items.get(`${PATIENT}|verifier`), changedAt });

  it("a PIN is neither set nor removed", async () => {
    const world = await aWorld();
    const { set, remove } = pinCases(world);
    await set(await sessionOf(world), PIN);
    const kept = world.items.get(`${PATIENT}|pin`);
    world.advance(DAY);
    change(world, new Date(world.state.now.getTime() - DAY * 1000 + 1).toISOString());
    const cookie = await sessionOf(world, { pin: PIN });

    expect(await set(cookie, "739104")).toBe("held");
    expect(await remove(cookie)).toBe("held");

    expect(world.items.get(`${PATIENT}|pin`)).toBe(kept);
    expect(world.actions().filter((action) => action.startsWith("pin."))).toEqual(["pin.set"]);
    world.advance(0.001);
    expect(await set(cookie, "739104", PIN)).toBe("set");
    expect(await remove(cookie, "739104")).toBe("removed");
  });

  it.each([
    [{ change: "pin", pin: PIN, pinAgain: PIN }, "en", "one day after that"],
    [{ change: "remove-pin" }, "es", "un día después de ese cambio"],
  ] as const)("the page says so: %j", async (fields, lang, words) => {
    const world = await aWorld();
    change(world, world.state.now.toISOString());
    const cookies = cookiesOf(await world.post(world.token, RIGHT));

    const answer = await world.preferences(world.token, fields, { cookies, query: { lang } });

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('role="alert"');
    expect(answer.body).toContain(words);
  });
});

describe("whether a patient has a PIN", () => {
  it("shows in no answer and no call before it is proved", async () => {
    const [without, having] = [await aWorld(), await aWorld()];
    await pinCases(having).set(await sessionOf(having), PIN);

    for (const fields of [
      { birthDate: WRONG_DATE },
      { pin: "739104" },
      { pin: "12" },
      { pin: "a", ...RIGHT },
    ]) {
      const seen = [];
      for (const world of [without, having]) {
        if (world === without && "birthDate" in fields && fields.birthDate === BIRTH_DATE) continue;
        world.calls.length = 0;
        const answer = await world.post(world.token, fields);
        seen.push({ answer, calls: [...world.calls] });
      }
      for (const one of seen) expect(one).toEqual(seen[0]);
      expect(seen[0]?.answer.statusCode).toBe(200);
    }
    expect(having.link().misses).toBe(4);
    expect(without.link().misses).toBe(3);
  });
});
