import { beforeEach, describe, expect, it } from "vitest";
import { createRemovePin, createSetPin } from "#shared/portal/set-pin.ts";
import { aWorld, BIRTH_DATE, cookiesOf, PATIENT, type World, WRONG_DATE } from "./world.ts";

const PIN = "482915";
const RIGHT = { birthDate: BIRTH_DATE };

/** The value of the cookie of a session that was opened with these fields. */
async function sessionOf(world: World, fields: Readonly<Record<string, string>> = RIGHT): Promise<string> {
  const [pair = ""] = cookiesOf(await world.post(world.token, fields));
  return pair.split("=")[1] ?? "";
}

function pinCases(world: World) {
  const ports = { ...world.ports, pins: world.pins, randomBytes: () => new Uint8Array(16).fill(3) };
  const setPin = createSetPin(ports);
  const removePin = createRemovePin(ports);
  const request = { token: world.token, requestId: "request-1" };
  return {
    set: (cookie: string | null, pin: string) => setPin({ ...request, cookie, pin }),
    remove: (cookie: string | null) => removePin({ ...request, cookie }),
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

    expect(await remove(await sessionOf(world, { pin: PIN }))).toBe("removed");

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
