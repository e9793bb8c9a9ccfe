import { beforeEach, describe, expect, it } from "vitest";
import type { RememberedDevices } from "#shared/portal/records.ts";
import {
  aWorld,
  BIRTH_DATE,
  CODE,
  cookieLines,
  cookiesOf,
  PATIENT,
  type World,
  WRONG_DATE,
} from "./world.ts";

const RIGHT = { birthDate: BIRTH_DATE };
const HOUR = 3600;
const DAY = 24 * HOUR;

const devicesOf = (world: World) =>
  (world.items.get(`${PATIENT}|devices`) as unknown as RememberedDevices | undefined)?.devices ?? [];
const deviceCookie = (cookies: readonly string[]) =>
  cookies.filter((pair) => pair.startsWith("__Host-device="));

/** Opens with date and code, and says whose device it is. */
async function openWith(world: World, link: { token: string; lookup: string }, device?: string) {
  await world.mintCode(link as never);
  return world.post(link.token, { ...RIGHT, code: CODE, ...(device === undefined ? {} : { device }) });
}

/** A link made now. */
async function freshLink(world: World, number: number) {
  const at = world.state.now.getTime();
  return world.addLink(number, {
    createdAt: new Date(at).toISOString(),
    expiresAt: new Date(at + 7 * DAY * 1000).toISOString(),
  });
}

describe("a device", () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld({ tier: 3 });
  });

  it("is remembered where the patient says that it is their own, by a cookie whose hash alone is kept", async () => {
    const answer = await openWith(world, world, "own");

    expect(cookieLines(answer)).toContainEqual(
      expect.stringMatching(
        /^__Host-device=[\w-]{43}; Max-Age=2592000; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
      ),
    );
    const [pair = ""] = deviceCookie(cookiesOf(answer));
    expect(JSON.stringify([...world.items])).not.toContain(pair.split("=")[1]);
    expect(devicesOf(world)).toHaveLength(1);
    expect(world.entries.at(-1)?.details).toMatchObject({ code: true, device: "remembered", tier: 3 });
  });

  it.each([undefined, "shared", "mine", ""])("is not remembered where the form says %j", async (device) => {
    const answer = await openWith(world, world, device);

    expect(answer.statusCode).toBe(303);
    expect(devicesOf(world)).toEqual([]);
    expect(deviceCookie(cookiesOf(answer))).toEqual([]);
  });

  it("is not remembered without a code", async () => {
    const tier2 = await aWorld({ tier: 2 });

    const answer = await tier2.post(tier2.token, { ...RIGHT, device: "own" });

    expect(answer.statusCode).toBe(303);
    expect(devicesOf(tier2)).toEqual([]);
  });

  it("opens the next link by the date alone, and needs the date", async () => {
    const cookies = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    const next = await freshLink(world, 2);

    expect((await world.post(next.token, {}, { cookies })).statusCode).toBe(200);
    expect((await world.post(next.token, { birthDate: WRONG_DATE }, { cookies })).statusCode).toBe(200);
    const answer = await world.post(next.token, RIGHT, { cookies });

    expect(answer.statusCode).toBe(303);
    expect(world.entries.at(-1)?.details).toMatchObject({ code: false, device: "known", tier: 3 });
    expect(world.requests).toEqual([]);
  });

  it("asks for a code again once the link is a day old", async () => {
    const cookies = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    const next = await freshLink(world, 2);
    world.advance(DAY - 1);
    expect((await world.post(next.token, RIGHT, { cookies })).statusCode).toBe(303);

    world.advance(1);
    const answer = await world.post(next.token, RIGHT, { cookies });

    expect(answer.body).toContain('name="code"');
  });

  it("is forgotten after 30 days however often it is used", async () => {
    const cookies = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    for (const number of [2, 3, 4]) {
      world.advance(9 * DAY);
      const link = await freshLink(world, number);
      expect((await world.post(link.token, RIGHT, { cookies })).statusCode).toBe(303);
    }
    world.advance(3 * DAY);
    const link = await freshLink(world, 5);

    expect((await world.post(link.token, RIGHT, { cookies })).body).toContain('name="code"');
  });

  it("is forgotten where the patient says later that it is shared", async () => {
    const cookies = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    world.advance(DAY);
    const old = await freshLink(world, 2);
    world.advance(DAY + 1);
    await world.mintCode(old);
    const answer = await world.post(old.token, { ...RIGHT, code: CODE, device: "shared" }, { cookies });

    expect(cookieLines(answer)).toContainEqual(expect.stringMatching(/^__Host-device=; Max-Age=0; /));
    expect(devicesOf(world)).toEqual([]);
  });

  it("is nobody else's: the cookie of another patient's device, or of none, is worth nothing", async () => {
    const other = await aWorld({ tier: 3 });
    await openWith(other, other, "own");
    const cookies = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    world.items.delete(`${PATIENT}|devices`);
    const next = await freshLink(world, 2);

    for (const tried of [cookies, [`__Host-device=${"x".repeat(43)}`]]) {
      expect((await world.post(next.token, RIGHT, { cookies: tried })).body).toContain('name="code"');
    }
  });

  it.each([
    [
      "links of the patient are revoked",
      (at: World, time: string) => at.setMarks({ linksRevokedBefore: time, erasedAt: null }),
    ],
    ["all links of the practice are revoked", (at: World, time: string) => at.setLinksMark("practice", time)],
    [
      "number or date of birth change",
      (at: World, time: string) =>
        at.items.set(`${PATIENT}|verifier`, {
          ...at.items.get(`${PATIENT}|verifier`),
          since: new Date(Date.parse(time) + 1).toISOString(),
        }),
    ],
  ])("is forgotten when %s", async (_when, end) => {
    const cookies = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    end(world, world.state.now.toISOString());
    world.advance(60);
    const next = await freshLink(world, 2);

    expect((await world.post(next.token, RIGHT, { cookies })).body).toContain('name="code"');
  });

  it("takes the oldest one's place when there are ten", async () => {
    const first = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    for (let count = 0; count < 10; count += 1) {
      world.advance(60);
      await openWith(world, world, "own");
    }
    const next = await freshLink(world, 2);

    expect(devicesOf(world)).toHaveLength(10);
    expect((await world.post(next.token, RIGHT, { cookies: first })).body).toContain('name="code"');
  });

  it("is asked no code below tier 3, and covers clinical content that comes later in the session", async () => {
    const cookies = deviceCookie(cookiesOf(await openWith(world, world, "own")));
    world.setTier(2);
    const next = await freshLink(world, 2);

    await world.post(next.token, RIGHT, { cookies });

    expect(world.entries.at(-1)?.details).toMatchObject({ tier: 3, device: "known" });
  });
});

describe("a device that is forgotten", () => {
  it.each([{ change: "forget-devices" }, { change: "forget-device" }])(
    "needs a session that was opened by more than the link: %j",
    async (fields) => {
      const world = await aWorld({ tier: 3 });
      const own = cookiesOf(await openWith(world, world, "own"));
      world.setTier(1);
      const next = await freshLink(world, 2);
      const finder = cookiesOf(await world.post(next.token));
      expect((await world.thread(next.token, { cookies: finder })).statusCode).toBe(200);
      const [device] = devicesOf(world);

      const answer = await world.preferences(
        next.token,
        { ...fields, device: device?.hash ?? "" },
        { cookies: finder },
      );

      expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${next.token}` } });
      expect(devicesOf(world)).toEqual([device]);
      expect(world.actions()).not.toContain("device.forgotten");
      expect((await world.thread(world.token, { cookies: own })).statusCode).toBe(200);
    },
  );

  it("takes the sessions that were opened on it along", async () => {
    const world = await aWorld({ tier: 3 });
    const cookies = cookiesOf(await openWith(world, world, "own"));
    expect((await world.thread(world.token, { cookies })).statusCode).toBe(200);

    world.items.set(`${PATIENT}|devices`, { devices: [], version: 9 });

    expect((await world.thread(world.token, { cookies })).statusCode).toBe(303);
    const stepUp = await world.post(world.token, { stepUp: "1" }, { cookies });
    expect(stepUp.body).toContain('name="birthDate"');
  });
});
