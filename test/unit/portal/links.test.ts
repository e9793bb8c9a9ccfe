import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { formatToken, linkLookup, tokenMessage } from "#shared/domain/link-token.ts";
import { type LinkKey, linkKeyOf } from "#shared/messaging/link-keys.ts";
import { ALL_LINKS } from "#shared/messaging/records.ts";
import { claimLink } from "#shared/portal/link-claim.ts";
import { aWorld, BIRTH_DATE, cookiesOf, type World } from "./world.ts";

const FORGED = 2_000;

/** A key whose uses are noted. */
function aKey(id: number, uses: string[] = []): LinkKey {
  return {
    id,
    mac: async (...fields) => {
      const hmac = createHmac("sha256", `key ${id}`);
      for (const field of fields) hmac.update(field);
      uses.push(`${id}: ${String(fields[0])}, ${Buffer.from(fields[1] ?? "").length} bytes`);
      return hmac.digest();
    },
  };
}

/** A token signed by `key` that states the key `keyId`. */
async function aToken(key: LinkKey, keyId = key.id) {
  const message = tokenMessage(new Date("2026-11-07T17:00:00.000Z"), new Uint8Array(16).fill(9), keyId);
  const mac = await key.mac("link", message);
  return { token: formatToken(message, mac), lookup: linkLookup(mac) };
}

describe("a token, while keys of links are changed,", () => {
  const [first, second] = [aKey(1), aKey(2)];

  it("leads to its link under the key that it was minted under, as long as that is in force", async () => {
    const old = await aToken(first);
    const young = await aToken(second);
    const before = { current: first, previous: null };
    const overlap = { current: second, previous: first };
    const after = { current: second, previous: null };

    expect(await claimLink(old.token, before)).toEqual({ lookup: old.lookup, key: first });
    expect(await claimLink(old.token, overlap)).toEqual({ lookup: old.lookup, key: first });
    expect(await claimLink(young.token, overlap)).toEqual({ lookup: young.lookup, key: second });
    expect(await claimLink(young.token, after)).toEqual({ lookup: young.lookup, key: second });
    expect((await claimLink(old.token, after)).lookup).not.toBe(old.lookup);
    expect((await claimLink(young.token, before)).lookup).not.toBe(young.lookup);
  });

  it("leads nowhere when it states another key than signed it", async () => {
    const keys = { current: second, previous: first };
    const nowhere = (await claimLink("no token", keys)).lookup;

    expect((await claimLink((await aToken(first, 2)).token, keys)).lookup).toBe(nowhere);
    expect((await claimLink((await aToken(second, 1)).token, keys)).lookup).toBe(nowhere);
  });

  it.each([
    ["of a key that is in force no more", async () => (await aToken(aKey(3))).token],
    ["of another version", async () => `Ag${(await aToken(first)).token.slice(2)}`],
    ["without the form of one", async () => "%%%"],
    ["that is forged", async () => `${(await aToken(first)).token.slice(0, -3)}AAA`],
  ])("%s costs one MAC of the same bytes", async (_name, make) => {
    const token = await make();
    const uses: string[] = [];

    await claimLink(token, { current: aKey(2, uses), previous: aKey(1, uses) });

    expect(uses).toHaveLength(1);
    expect(uses[0]).toMatch(/^[12]: link, 23 bytes$/);
  });

  it("is looked up among two keys at most", () => {
    expect(linkKeyOf({ current: second, previous: first }, 3)).toBeUndefined();
    expect(linkKeyOf({ current: second, previous: null }, 1)).toBeUndefined();
  });
});

/** The cookies of a session that the right date of birth opened. */
async function openWith(world: World, token: string): Promise<readonly string[]> {
  const answer = await world.post(token, { birthDate: BIRTH_DATE });
  expect(answer.statusCode).toBe(303);
  return cookiesOf(answer);
}

describe("a link that a newer one of its thread takes the place of", () => {
  it("can be proved no more, and looks like every dead one", async () => {
    const world = await aWorld();
    const newer = await world.addLink(2, { createdAt: "2026-11-04T16:30:00.000Z" });
    const unknown = await world.post("A".repeat(44), { birthDate: BIRTH_DATE });
    world.setNewest(newer.link());

    const answer = await world.post(world.token, { birthDate: BIRTH_DATE });

    expect(answer).toEqual(unknown);
    expect(world.entries).toEqual([]);
    await openWith(world, newer.token);
  });

  it("keeps the session that it opened", async () => {
    const world = await aWorld();
    const cookies = await openWith(world, world.token);
    const newer = await world.addLink(2, { createdAt: "2026-11-04T17:00:00.000Z" });
    world.setNewest(newer.link());

    expect((await world.thread(world.token, { cookies })).statusCode).toBe(200);
  });

  it("is not itself when it is the newest, nor when only an older one is known", async () => {
    const world = await aWorld();
    const older = await world.addLink(2, { createdAt: "2026-11-04T15:00:00.000Z" });
    world.setNewest(older.link());
    await openWith(world, world.token);
    world.setNewest(world.link());
    await openWith(world, world.token);
  });
});

describe.each([
  ["of the message's sender", "staff_1"],
  ["of the practice", ALL_LINKS],
])("the kill switch %s", (_name, scope) => {
  it("ends links and sessions made up to then, and nothing newer", async () => {
    const world = await aWorld();
    const cookies = await openWith(world, world.token);
    const younger = await world.addLink(2, { createdAt: "2026-11-04T17:00:00.001Z" });

    world.setLinksMark(scope, "2026-11-04T17:00:00.000Z");

    expect((await world.thread(world.token, { cookies })).statusCode).toBe(303);
    expect((await world.post(world.token, { birthDate: BIRTH_DATE })).statusCode).toBe(200);
    await openWith(world, younger.token);
  });

  it("of somebody else touches nothing", async () => {
    const world = await aWorld();
    world.setLinksMark("staff_2", "2026-11-04T17:00:00.000Z");

    await openWith(world, world.token);
  });
});

describe("a stranger who guesses", () => {
  it("leaves no entry and one line for each try, whatever the token states", async () => {
    const world = await aWorld();
    const items = new Map(world.items);

    for (let count = 0; count < FORGED; count += 1) {
      const [version, keyId] = [1 + (count % 3), 1 + (count % 5)];
      const token = Buffer.concat([Buffer.from([version, keyId]), randomBytes(31)]).toString("base64url");
      const answer = await world.post(token, { birthDate: BIRTH_DATE });
      expect(answer.statusCode).toBe(200);
    }

    expect(world.entries).toEqual([]);
    expect(world.items).toEqual(items);
    expect(world.logs).toHaveLength(FORGED);
  });
});
