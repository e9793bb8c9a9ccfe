import { verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson, headLines, NO_ANCHOR, rootOf, sha256Hex } from "#shared/audit/anchor.ts";
import { pemOf } from "#shared/audit/anchor-signature.ts";
import { createMakeAnchors } from "#shared/audit/make-anchors.ts";
import { createAnchorWorld, MINUTE, START } from "./anchor-world.ts";

const iso = (time: number) => new Date(time).toISOString();

describe("the first anchor", () => {
  it("lists the newest entry of every chain, signed, with nothing before it", async () => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.happens("pat_b");
    const last = world.happens("pat_a");
    world.clock.time += 30 * MINUTE;
    const made = await world.make();
    expect(made).toEqual([{ anchor: 1, heads: 2, until: iso(START + 28 * MINUTE), adopted: false }]);
    expect(world.headsOf(1)).toContainEqual({ chain: "pat_a", hash: last.hash, sequence: 2 });

    const anchor = world.anchor(1);
    const { signature, ...unsigned } = anchor;
    expect(anchor).toMatchObject({
      from: null,
      previous: NO_ANCHOR,
      everyMinutes: 60,
      key: sha256Hex(world.der),
    });
    expect(anchor.heads.root).toBe(rootOf(headLines(world.headsOf(1))));
    // Checked as an auditor would: with the published key alone.
    const pem = Buffer.from(world.copies.objects.get(`anchor-keys/${anchor.key}.pem`) ?? "").toString();
    expect(pem).toBe(pemOf(world.der));
    expect(
      verify("sha256", Buffer.from(canonicalJson(unsigned)), pem, Buffer.from(signature, "base64")),
    ).toBe(true);
  });

  it("lies in both stores in the same bytes, as canonical JSON without a line's end", async () => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.clock.time += 30 * MINUTE;
    await world.make();
    expect([...world.copies.objects.keys()].sort()).toEqual([...world.locked.objects.keys()].sort());
    for (const [key, content] of world.locked.objects) expect(world.copies.objects.get(key)).toEqual(content);
    const text = Buffer.from(world.locked.objects.get("anchors/000000000001.json") ?? "").toString();
    expect(text).toBe(canonicalJson(JSON.parse(text)));
  });

  it("is on record before it is made, and remembered by its entry alone", async () => {
    const world = createAnchorWorld();
    world.clock.time += 30 * MINUTE;
    await world.make();
    const anchor = world.anchor(1);
    const [begun, signed] = [world.begunEntries()[0], world.signedEntries()[0]];
    for (const entry of [begun, signed]) {
      expect(entry).toMatchObject({ chain: "actor#function:anchor", requestId: "request-1" });
    }
    expect([begun?.sequence, signed?.sequence]).toEqual([1, 2]);
    expect(begun?.details).toEqual({
      anchor: 1,
      from: null,
      until: anchor.until,
      previous: NO_ANCHOR,
      memory: null,
    });
    expect(signed?.details).toEqual({
      anchor: 1,
      sha256: world.hashOf(1),
      root: anchor.heads.root,
      heads: 0,
      from: null,
      until: anchor.until,
      key: anchor.key,
      memory: {
        anchor: 1,
        sha256: world.hashOf(1),
        until: anchor.until,
        key: anchor.key,
        from: iso(START + 13 * MINUTE),
        next: null,
        due: null,
      },
    });
  });
});

describe("an anchor that cannot be put on record", () => {
  const refusedAt = async (world: ReturnType<typeof createAnchorWorld>) => {
    const used: string[] = [];
    const make = createMakeAnchors({
      ...world.ports,
      journal: {
        record: async () => {
          throw new Error("denied");
        },
      },
      key: {
        publicKey: world.ports.key.publicKey,
        sign: async (digest) => {
          used.push("key");
          return world.ports.key.sign(digest);
        },
      },
    });
    await expect(make("request-2")).rejects.toThrow("denied");
    return used;
  };

  it("is neither signed nor stored, and nothing of it either", async () => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.clock.time += 60 * MINUTE;
    expect(await refusedAt(world)).toEqual([]);
    expect([...world.locked.objects, ...world.copies.objects]).toEqual([]);
  });

  it("is not adopted either, and no copy is made of what another run had begun", async () => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.clock.time += 60 * MINUTE;
    world.copies.state.failAt = { pattern: /heads/, when: "before" };
    await expect(world.make()).rejects.toThrow("unreachable");
    const before = [...world.copies.objects.keys()];
    expect(await refusedAt(world)).toEqual([]);
    expect([...world.copies.objects.keys()]).toEqual(before);
  });
});

describe("the next anchor", () => {
  it("brings its key along where it is another one, and only then", async () => {
    const world = createAnchorWorld();
    const other = createAnchorWorld();
    world.happens("pat_a");
    await world.make();
    const keysIn = () => [...world.copies.objects.keys()].filter((key) => key.startsWith("anchor-keys/"));
    expect(keysIn()).toHaveLength(1);
    const [pem] = keysIn();
    for (const store of [world.locked, world.copies]) store.objects.delete(String(pem));
    world.clock.time += 60 * MINUTE;
    await world.make();
    expect(keysIn()).toEqual([]);
    world.clock.time += 60 * MINUTE;
    await createMakeAnchors({ ...world.ports, key: other.ports.key })("request-3");
    const replaced = `anchor-keys/${sha256Hex(other.der)}.pem`;
    expect(world.anchor(3)).toMatchObject({ key: sha256Hex(other.der), previous: world.hashOf(2) });
    expect(keysIn()).toEqual([replaced]);
    expect(world.locked.objects.get(replaced)).toEqual(world.copies.objects.get(replaced));
  });

  it("names the one before and lists what moved since, with an overlap of fifteen minutes", async () => {
    const world = createAnchorWorld();
    world.happens("pat_old");
    world.clock.time += 20 * MINUTE;
    world.happens("pat_late");
    world.clock.time += 10 * MINUTE;
    await world.make();
    world.clock.time += 60 * MINUTE;
    world.happens("pat_new");
    await world.make();
    expect(world.anchor(2)).toMatchObject({
      anchor: 2,
      previous: world.hashOf(1),
      from: iso(START + 13 * MINUTE),
    });
    expect(world.headsOf(2).map(({ chain }) => chain)).toEqual([
      "actor#function:anchor",
      "pat_late",
      "pat_new",
    ]);
  });

  it("finds what came into the index late", async () => {
    const world = createAnchorWorld();
    world.clock.time += 60 * MINUTE;
    await world.make();
    world.happens("pat_slow", new Date(world.clock.time - 10 * MINUTE));
    world.clock.time += 60 * MINUTE;
    await world.make();
    expect(world.headsOf(2).map(({ chain }) => chain)).toContain("pat_slow");
  });

  it("lists a chain that never stands still", async () => {
    const world = createAnchorWorld();
    for (let minute = 0; minute <= 60; minute += 1) {
      world.happens("pat_busy");
      world.clock.time += MINUTE;
    }
    await world.make();
    expect(world.headsOf(1)).toContainEqual(expect.objectContaining({ chain: "pat_busy", sequence: 61 }));
  });

  it("is not made where no time has passed", async () => {
    const world = createAnchorWorld();
    await world.make();
    expect(await world.make()).toEqual([]);
  });

  it("is one, however long none was made", async () => {
    const world = createAnchorWorld();
    await world.make();
    world.happens("pat_a");
    world.clock.time += 40 * 24 * 60 * MINUTE;
    expect(await world.make()).toHaveLength(1);
    expect(world.headsOf(2).map(({ chain }) => chain)).toContain("pat_a");
  });
});

describe("more heads than one anchor takes", () => {
  const manyMoved = ({ headsMax, chains } = { headsMax: 160, chains: 1000 }) => {
    const world = createAnchorWorld({ headsMax });
    for (let count = 0; count < chains; count += 1) {
      world.happens(`pat_${count}`);
      world.clock.time += 100;
    }
    return world;
  };

  it("become several, which together list every chain, and only the last moves the time on", async () => {
    const world = manyMoved();
    const due = iso(world.clock.time - 2 * MINUTE);
    const made = await world.make();
    expect(made.length).toBeGreaterThan(5);
    const listed = new Set(made.flatMap(({ anchor }) => world.headsOf(anchor).map(({ chain }) => chain)));
    expect(
      [...world.chains.keys()].filter((chain) => !listed.has(chain) && chain.startsWith("pat_")),
    ).toEqual([]);
    expect(new Set(made.slice(0, -1).map(({ until }) => until))).toEqual(
      new Set(["1970-01-01T00:00:00.000Z"]),
    );
    expect(made.at(-1)?.until).toBe(due);
    for (const { heads } of made) expect(heads).toBeLessThanOrEqual(160);
  });

  it("join: each names from where all of them looked, and the first after them overlaps with that", async () => {
    const world = manyMoved();
    const made = await world.make();
    const [first, ...others] = made.map(({ anchor }) => world.anchor(anchor));
    expect(first?.from).toBeNull();
    expect(new Set(others.map(({ from }) => from))).toEqual(new Set(["1970-01-01T00:00:00.000Z"]));
    world.clock.time += 60 * MINUTE;
    const [next] = await world.make();
    expect(world.anchor(next?.anchor ?? 0).from).toBe(
      iso(Date.parse(made.at(-1)?.until ?? "") - 15 * MINUTE),
    );
  });

  it("that take several runs reach what had happened when the first began, and no further", async () => {
    const world = manyMoved({ headsMax: 32, chains: 600 });
    const due = iso(world.clock.time - 2 * MINUTE);
    await world.make();
    const late = new Date(world.clock.time - MINUTE);
    world.clock.time += 60 * MINUTE;
    // Written within the time that the first run had searched already.
    world.happens("pat_slow", late);
    const untils: string[] = [];
    for (let runs = 0; runs < 100 && !untils.some((until) => until > due); runs += 1) {
      untils.push(...(await world.make()).map(({ until }) => until));
    }
    const reached = untils.find((until) => until > "1970-01-01T00:00:00.000Z");
    expect(reached).toBe(due);
    const anchors = [...untils.keys()].map((index) => index + 1 + 24);
    expect(anchors.flatMap((number) => world.headsOf(number)).map(({ chain }) => chain)).toContain(
      "pat_slow",
    );
  });

  it("list what moved on in between as it is now", async () => {
    const world = manyMoved();
    const { ports } = world;
    let reads = 0;
    const moving = createMakeAnchors({
      ...ports,
      headsOfShard: async (...asked) => {
        reads += 1;
        // Between the second part and the third.
        if (reads === 33) world.happens("pat_999");
        return ports.headsOfShard(...asked);
      },
    });
    const made = await moving("request-1");
    const newest = made
      .flatMap(({ anchor }) => world.headsOf(anchor))
      .filter(({ chain }) => chain === "pat_999")
      .at(-1);
    expect(newest?.sequence).toBe(2);
  });

  it("are gone on with by the next run", async () => {
    const world = manyMoved({ headsMax: 32, chains: 600 });
    const first = await world.make();
    expect(first).toHaveLength(24);
    const listed = new Set<string>();
    for (let runs = 0; runs < 100 && (runs === 0 || listed.size < 600); runs += 1) {
      for (const { anchor } of runs === 0 ? first : await world.make()) {
        for (const { chain } of world.headsOf(anchor)) if (chain.startsWith("pat_")) listed.add(chain);
      }
    }
    expect(listed.size).toBe(600);
  });

  it("at one moment are an error, and no endless run", async () => {
    const world = createAnchorWorld({ headsMax: 16 });
    for (let count = 0; count < 100; count += 1) world.happens(`pat_${count}`);
    await expect(world.make()).rejects.toThrow("more heads moved at one moment");
  });
});

describe("a run that breaks off", () => {
  const steps = [
    ["the public key", "locked", /^anchor-keys/],
    ["the heads", "locked", /heads/],
    ["the anchor", "locked", /\d\.json$/],
    ["the copied key", "copies", /^anchor-keys/],
    ["the copied heads", "copies", /heads/],
    ["the copied anchor", "copies", /\d\.json$/],
  ] as const;

  it.each(
    steps.flatMap(([what, store, pattern]) =>
      (["before", "after"] as const).map((when) => [when, what, store, pattern] as const),
    ),
  )("%s %s is put loses nothing", async (when, _what, store, pattern) => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.clock.time += 60 * MINUTE;
    world[store].state.failAt = { pattern, when };
    await expect(world.make()).rejects.toThrow();
    world.happens("pat_b");
    world.clock.time += 60 * MINUTE;
    await world.make();
    const numbers = world.signedEntries().map(({ details }) => details?.["anchor"]);
    expect(numbers).toEqual(numbers.map((_each, index) => index + 1));
    const listed = numbers.flatMap((number) => world.headsOf(Number(number)).map(({ chain }) => chain));
    expect(listed).toEqual(expect.arrayContaining(["pat_a", "pat_b"]));
    for (const number of numbers) {
      const { heads, key, previous } = world.anchor(Number(number));
      expect(previous).toBe(number === 1 ? NO_ANCHOR : world.hashOf(Number(number) - 1));
      for (const name of [
        `anchors/${String(number).padStart(12, "0")}.json`,
        heads.file,
        `anchor-keys/${key}.pem`,
      ]) {
        expect(world.copies.objects.get(name)).toEqual(world.locked.objects.get(name));
      }
    }
  });

  it("remembers what it had before, however often it began anew", async () => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.clock.time += 60 * MINUTE;
    await world.make();
    const hash = world.hashOf(1);
    for (let hours = 0; hours < 150; hours += 1) {
      world.clock.time += 60 * MINUTE;
      world.locked.state.failAt = { pattern: /heads/, when: "before" };
      await expect(world.make()).rejects.toThrow("unreachable");
    }
    world.clock.time += 60 * MINUTE;
    await world.make();
    expect(world.anchor(2)).toMatchObject({ previous: hash, from: iso(START + 43 * MINUTE) });
    expect(world.begunEntries()).toHaveLength(152);
  });

  it("before its entry is finished by the next one, which adopts the anchor and makes its own", async () => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.clock.time += 60 * MINUTE;
    world.journalState.failNext = "anchor.signed";
    await expect(world.make()).rejects.toThrow("unreachable");
    const hash = world.hashOf(1);
    world.happens("pat_b");
    world.clock.time += 60 * MINUTE;
    const made = await world.make();
    expect(made.map(({ anchor, adopted }) => [anchor, adopted])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(world.signedEntries().map(({ details }) => details?.["sha256"])).toEqual([hash, world.hashOf(2)]);
    expect(world.headsOf(2).map(({ chain }) => chain)).toContain("pat_b");
  });
});

describe("two runs at once", () => {
  it("make each number once, and agree on what it is", async () => {
    const world = createAnchorWorld();
    for (let hour = 0; hour < 3; hour += 1) {
      world.happens(`pat_${hour}`);
      world.clock.time += 60 * MINUTE;
      await Promise.all([world.make(), world.make(), world.make()]);
    }
    const documents = [...world.locked.objects.keys()].filter((key) => /\d\.json$/.test(key)).sort();
    expect(documents).toHaveLength(3);
    for (const { details } of world.signedEntries()) {
      expect(details?.["sha256"]).toBe(world.hashOf(Number(details?.["anchor"])));
    }
  });
});

describe("what stands in an anchor's place", () => {
  const waiting = () => {
    const world = createAnchorWorld();
    world.happens("pat_a");
    world.clock.time += 60 * MINUTE;
    return world;
  };

  it("is refused where the anchor key did not sign it", async () => {
    const [world, stranger] = [waiting(), waiting()];
    await stranger.make();
    for (const [key, content] of stranger.locked.objects) world.locked.objects.set(key, content);
    await expect(world.make()).rejects.toThrow("not signed with the anchor key");
    expect(world.signedEntries()).toEqual([]);
  });

  it("is refused where it is another of the same key", async () => {
    const world = waiting();
    await world.make();
    const first = world.locked.objects.get("anchors/000000000001.json") ?? new Uint8Array();
    world.locked.objects.set("anchors/000000000002.json", first);
    world.clock.time += 60 * MINUTE;
    await expect(world.make()).rejects.toThrow("does not follow the last one");
  });

  it("is refused where its heads are others", async () => {
    const world = waiting();
    world.journalState.failNext = "anchor.signed";
    await expect(world.make()).rejects.toThrow("unreachable");
    const { heads } = world.anchor(1);
    world.locked.objects.set(heads.file, await world.ports.compress("{}\n"));
    await expect(world.make()).rejects.toThrow("not those that it was made of");
  });

  it("is no anchor, whatever else it is", async () => {
    for (const junk of ["{}", "null", '"x"', "[1]", '{"signature":"AAAA"}']) {
      const world = waiting();
      world.locked.objects.set("anchors/000000000001.json", Buffer.from(junk));
      await expect(world.make()).rejects.toThrow("not signed with the anchor key");
    }
  });
});

it("a signature that does not fit is not put where nobody can delete it", async () => {
  const world = createAnchorWorld();
  const other = createAnchorWorld();
  const make = createMakeAnchors({
    ...world.ports,
    key: { publicKey: world.ports.key.publicKey, sign: other.ports.key.sign },
  });
  await expect(make("request-1")).rejects.toThrow("not its own");
  expect(world.locked.objects.size).toBe(0);
});

it("an entry that does not say where the anchors ended is an error", async () => {
  const world = createAnchorWorld();
  for (const details of [{}, { memory: 1 }, { memory: { anchor: 1 } }]) {
    const lastEntry = async () => ({ action: "anchor.signed", at: iso(START), details });
    const make = createMakeAnchors({ ...world.ports, lastEntry });
    await expect(make("request-1")).rejects.toThrow("does not say where they ended");
  }
  expect(world.locked.objects.size).toBe(0);
});
