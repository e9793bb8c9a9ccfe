import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { newSampleKey, signedAnchor } from "#infra/audit/samples/sample-anchors.ts";
import { entryLine, headLine } from "#infra/audit/samples/sample-export.ts";
import type { FindingKind } from "#infra/audit/verify/finding.ts";
import { type Anchor, canonicalJson, headsKey, NO_ANCHOR, rootOf, sha256Hex } from "#shared/audit/anchor.ts";
import { pemOf } from "#shared/audit/anchor-signature.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import type { Outcome } from "#test/support/audit-verification.ts";
import { entryOf, type Line, lineOf, relinked, SampleFolder } from "./sample-folder.ts";

const HOURS = 12;
const ANCHOR_CHAIN = "actor#function:anchor";

let sample: SampleFolder;
let folder: SampleFolder;
/** A chain whose newest entry is anchored, with its entries. */
let victim: string;
let entries: readonly AuditEntry[];
beforeAll(async () => {
  sample = await SampleFolder.make({ entries: 1200, files: 2, hours: HOURS });
  const chains = new Map<string, number>();
  for (const { pk, sk } of sample.lines) if (sk !== "head") chains.set(pk, (chains.get(pk) ?? 0) + 1);
  const anchored = readdirSync(sample.at("anchors"))
    .filter((name) => name.endsWith(".gz"))
    .map((name) => gunzipSync(readFileSync(sample.at("anchors", name))).toString())
    .join("");
  const isAnchored = ([chain, length]: readonly [string, number]) =>
    chain.startsWith("pat_") &&
    length > 20 &&
    anchored.includes(`"${chain}"`) &&
    isAnchoredAt(anchored, chain, length);
  victim = [...chains].find(isAnchored)?.[0] ?? "";
  entries = sample.chain(victim);
});
afterAll(() => sample.remove());
afterEach(() => folder.remove());

const isAnchoredAt = (lines: string, chain: string, sequence: number) =>
  lines
    .split("\n")
    .some((line) => line.includes(`"${chain}"`) && line.endsWith(`"sequence":${String(sequence)}}`));

const isAt = (sequence: number | "head", chain = victim) => {
  const place = sequence === "head" ? "head" : String(sequence).padStart(12, "0");
  return ({ pk, sk }: Line) => pk === chain && sk === place;
};
const without = (drop: (line: Line) => boolean) =>
  folder.rewrite((lines) => lines.filter((line) => !drop(line)));
/** Puts a text in the place of the lines that it is for. */
const replace = (is: (line: Line) => boolean, change: (text: string) => string) =>
  folder.rewrite((lines) => lines.map((line) => (is(line) ? lineOf(change(line.text)) : line)));
const entry = (sequence: number): AuditEntry => {
  const found = entries[sequence - 1];
  if (found === undefined) throw new Error("The chain is shorter.");
  return found;
};

describe("an export that nobody touched", () => {
  it("is proved, and told with all that was counted", async () => {
    folder = sample.copy();

    const { status, counts, told } = await folder.verify();

    expect([status, counts]).toEqual([0, {}]);
    const lines = sample.lines.filter(({ sk }) => sk !== "head");
    expect(told).toMatchObject({
      verdict: "proved",
      entries: lines.length,
      chains: new Set(lines.map(({ pk }) => pk)).size,
      anchors: { count: HOURS, keys: [sample.fingerprint] },
      torn: { count: 0 },
      texts: { count: lines.filter(({ text }) => text.includes('"alert.claimed"')).length },
    });
    expect(told.unanchored).toBeGreaterThan(0);
  });

  it("is proved against the key that its owner named", async () => {
    folder = sample.copy();
    const pem = folder.at("anchor-keys", `${folder.fingerprint}.pem`);

    expect((await folder.verify("--key-fingerprint", folder.fingerprint)).status).toBe(0);
    expect((await folder.verify("--key", pem)).told.keyCompared).toBe(true);
  });

  it("is proved whatever the order of its lines", async () => {
    folder = sample.copy();
    folder.rewrite((lines) => lines.toReversed());

    expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
  });
});

describe("an entry that was touched", () => {
  it("is named where a value in it differs", async () => {
    folder = sample.copy();
    replace(isAt(3), (text) => text.replace(/"function":\{"S":"/u, "$&x"));

    const { status, counts, told } = await folder.verify();

    expect([status, counts]).toEqual([1, { "entry-changed": 1 }]);
    expect(told.findings[0]).toMatchObject({ kind: "entry-changed", chain: victim, sequence: 3 });
  });

  it.each(["id", "at", "actor", "role", "requestId", "previousHash", "action", "purpose", "patientId"])(
    "is named where one letter of %s differs",
    async (name) => {
      folder = sample.copy();
      const flipped = new RegExp(`("${name}":\\{"S":"[^"]*)([0-9a-zA-Z])(Z?"\\})`, "u");
      replace(isAt(5), (text) =>
        text.replace(flipped, (_all, before: string, letter: string, after: string) => {
          return `${before}${letter === "7" ? "8" : "7"}${after}`;
        }),
      );

      expect((await folder.verify()).counts).toEqual({ "entry-changed": 1 });
    },
  );

  it("is named where its hash was made to fit", async () => {
    folder = sample.copy();
    const [changed] = relinked([{ ...entry(1), function: "other" }]);
    if (changed === undefined) throw new Error("There is no entry.");
    replace(isAt(1), () => entryLine(changed));

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ "chain-broken": 1 });
    expect(told.findings[0]).toMatchObject({ chain: victim, sequence: 2 });
  });

  it("is named where its whole chain was hashed anew", async () => {
    folder = sample.copy();
    folder.replaceChain(
      victim,
      relinked(entries.map((each, at) => (at === 2 ? { ...each, role: "admin" } : each))),
    );

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ "anchored-entry-changed": 1 });
    expect(told.findings[0]).toMatchObject({
      chain: victim,
      says: expect.stringMatching(/the change lies (?:between \d+ and \d+|here)$/u),
    });
    expect(told.findings[0]?.anchor).toBeGreaterThanOrEqual(1);
  });

  it.each([
    ["gone", (lines: readonly Line[]) => lines.filter((line) => !isAt(4)(line)), { "entry-missing": 1 }],
    [
      "there twice",
      (lines: readonly Line[]) => lines.flatMap((line) => (isAt(4)(line) ? [line, line] : [line])),
      { "entry-doubled": 1 },
    ],
  ])("is named where it is %s", async (_what, change, found) => {
    folder = sample.copy();
    folder.rewrite(change);

    const { counts, told } = await folder.verify();

    expect(counts).toEqual(found);
    expect(told.findings[0]).toMatchObject({ chain: victim, sequence: 4 });
  });

  it("is named where another one was put beside it", async () => {
    folder = sample.copy();
    const forged = relinked([...entries.slice(0, 3), { ...entry(4), role: "admin" }])[3];
    if (forged === undefined) throw new Error("There is no entry.");
    folder.rewrite((lines) =>
      lines.flatMap((line) => (isAt(4)(line) ? [line, lineOf(entryLine(forged))] : [line])),
    );

    expect((await folder.verify()).counts).toEqual({ "entry-doubled": 1 });
  });

  it("is named with the one that it changed places with", async () => {
    folder = sample.copy();
    const swap = (text: string, from: number, to: number) =>
      text.replace(String(from).padStart(12, "0"), String(to).padStart(12, "0"));
    folder.rewrite((lines) =>
      lines.map((line) => {
        if (isAt(4)(line)) return lineOf(swap(line.text, 4, 5));
        return isAt(5)(line) ? lineOf(swap(line.text, 5, 4)) : line;
      }),
    );

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ misplaced: 2 });
    expect(told.findings.map(({ sequence }) => sequence)).toEqual([4, 5]);
  });

  it("is named where it was moved to another chain", async () => {
    folder = sample.copy();
    const other = "pat_01ZZZZZZZZZZZZZZZZZZZZZZZZ";
    replace(isAt(4), (text) => text.replace(victim, other));

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ misplaced: 1 });
    expect(told.findings[0]).toMatchObject({ chain: other, sequence: 4 });
  });
});

describe("a chain that was cut", () => {
  it("is named where its newest entry is gone", async () => {
    folder = sample.copy();
    without(isAt(entries.length));

    const { counts } = await folder.verify();

    expect(counts).toEqual({ "head-differs": 1, "anchored-entry-missing": 1 });
  });

  it("is named where its head was set back besides", async () => {
    folder = sample.copy();
    folder.replaceChain(victim, entries.slice(0, -2));

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ "anchored-entry-missing": 1 });
    expect(told.findings[0]).toMatchObject({ chain: victim, sequence: entries.length });
  });

  it.each([
    ["with its head", ({ pk }: Line) => pk === victim],
    ["but for its head", ({ pk, sk }: Line) => pk === victim && sk !== "head"],
  ])("is named where all of it is gone %s", async (_what, drop) => {
    folder = sample.copy();
    without(drop);

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ "chain-missing": 1 });
    expect(told.findings[0]).toMatchObject({ chain: victim });
  });

  it("is named where its head is gone", async () => {
    folder = sample.copy();
    without(isAt("head"));

    expect((await folder.verify()).counts).toEqual({ "head-missing": 1 });
  });

  it.each([
    ["number", /"sequence":\{"N":"\d+"\}/u, '"sequence":{"N":"2"}'],
    ["hash", /"hash":\{"S":"\w{64}"\}/u, `"hash":{"S":"${"ab".repeat(32)}"}`],
    ["time", /"at":\{"S":"[^"]+"\}/u, '"at":{"S":"2026-01-05T00:00:00.000Z"}'],
    ["shard", /"headShard":\{"S":"."\}/u, '"headShard":{"S":"x"}'],
    ["number, which is none,", /"sequence":\{"N":"\d+"\}/u, '"sequence":{"N":"NaN"}'],
    ["number, out of all bounds,", /"sequence":\{"N":"\d+"\}/u, '"sequence":{"N":"1e400"}'],
  ])("is named where its head has another %s", async (_what, from, to) => {
    folder = sample.copy();
    replace(isAt("head"), (text) => text.replace(from, to));

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ "head-differs": 1 });
    expect(told.findings[0]).toMatchObject({ chain: victim });
  });
});

/** Findings that are no mere consequences of others. */
function causesOf({ counts, following }: Outcome["told"]) {
  const causes = Object.entries(counts).map(
    ([kind, count]) => [kind, count - (following[kind as FindingKind] ?? 0)] as const,
  );
  return Object.fromEntries(causes.filter(([, count]) => count > 0));
}

/** Changes an anchor; signed again where a key is given. */
function changeAnchor(
  number: number,
  change: (anchor: Anchor) => Anchor,
  key?: ReturnType<typeof newSampleKey>,
): void {
  const path = folder.at("anchors", `${String(number).padStart(12, "0")}.json`);
  const { signature, ...anchor } = change(JSON.parse(readFileSync(path, "utf8")) as Anchor);
  writeFileSync(
    path,
    key === undefined ? canonicalJson({ ...anchor, signature }) : signedAnchor(anchor, key),
  );
}

/** Signs all anchors again with another key, each naming the one before; the hashes of the new documents. */
function signAllAnew(key: ReturnType<typeof newSampleKey>): readonly string[] {
  let previous = NO_ANCHOR;
  return Array.from({ length: HOURS }, (_anchor, index) => {
    changeAnchor(index + 1, (anchor) => ({ ...anchor, key: key.fingerprint, previous }), key);
    previous = sha256Hex(readFileSync(folder.at("anchors", `${String(index + 1).padStart(12, "0")}.json`)));
    return previous;
  });
}

describe("anchors that were touched", () => {
  it("are named where one says something else", async () => {
    folder = sample.copy();
    changeAnchor(5, (anchor) => ({ ...anchor, until: anchor.until.replace("58", "57") }));

    const { counts } = await folder.verify();

    // By its signature, by the next one that names it, by the entry that tells of it.
    expect(counts).toEqual({ "signature-wrong": 1, "anchor-changed": 2 });
  });

  it("are named where one was signed with another key", async () => {
    folder = sample.copy();
    const key = newSampleKey();
    changeAnchor(5, (anchor) => anchor, key);

    expect((await folder.verify()).counts).toMatchObject({ "signature-wrong": 1 });
  });

  it("are named where all were signed again with another key that lies beside them", async () => {
    folder = sample.copy();
    const key = newSampleKey();
    rmSync(folder.at("anchor-keys", `${folder.fingerprint}.pem`));
    writeFileSync(folder.at("anchor-keys", `${key.fingerprint}.pem`), pemOf(key.publicKey));
    signAllAnew(key);

    expect((await folder.verify()).counts).toEqual({ "anchor-changed": HOURS, "key-wrong": 1 });
  });

  it("are named by the key alone where the record was rewritten with them", async () => {
    folder = sample.copy();
    const key = newSampleKey();
    rmSync(folder.at("anchor-keys", `${folder.fingerprint}.pem`));
    writeFileSync(folder.at("anchor-keys", `${key.fingerprint}.pem`), pemOf(key.publicKey));
    rewriteAnchorChain(key);

    const text = await folder.verify("--format", "text");
    const named = await folder.verify("--key-fingerprint", sample.fingerprint);
    const page = await folder.verify("--key-fingerprint", sample.fingerprint, "--format", "text");

    expect((await folder.verify()).told).toMatchObject({ counts: {}, keyCompared: false });
    expect(text.output).toContain("PROVED IF THE KEY IS THE PRACTICE'S OWN");
    expect(text.output).not.toContain("PROVED:");
    expect(named.counts).toEqual({ "key-wrong": 1 });
    expect(page.output).toContain(`NOT what was named, ${sample.fingerprint}`);
  });

  it("may be of two keys where both are named", async () => {
    folder = sample.copy();

    expect(
      await folder.verify("--key-fingerprint", "0".repeat(64), "--key-fingerprint", folder.fingerprint),
    ).toMatchObject({ status: 0, counts: {} });
  });

  it("are named where the key beside them is another than its name says", async () => {
    folder = sample.copy();
    writeFileSync(folder.at("anchor-keys", `${folder.fingerprint}.pem`), pemOf(newSampleKey().publicKey));

    const { counts, told } = await folder.verify();

    // The file; and the anchors that name a key that is not there.
    expect(counts).toEqual({ "key-wrong": 2 });
    expect(told.entries).toBeGreaterThan(0);
  });

  it("are named where no public key lies beside them", async () => {
    folder = sample.copy();
    rmSync(folder.at("anchor-keys"), { recursive: true });

    expect(await folder.verify()).toMatchObject({ status: 1, counts: { "key-wrong": 1 } });
  });

  it("are named where something else lies beside their keys", async () => {
    folder = sample.copy();
    writeFileSync(folder.at("anchor-keys", "readme.txt"), "");

    expect((await folder.verify()).counts).toEqual({ "key-wrong": 1 });
  });

  it.each([".DS_Store", "Thumbs.db", "desktop.ini", "._000000000001.json"])(
    "may have %s of a desktop beside them",
    async (name) => {
      folder = sample.copy();
      writeFileSync(folder.at("anchors", name), "");
      writeFileSync(folder.at("anchor-keys", name), "");

      expect(await folder.verify()).toMatchObject({ status: 0, counts: {} });
    },
  );

  it("are named where the newest ones are gone", async () => {
    folder = sample.copy();
    for (const name of readdirSync(folder.at("anchors")))
      if (Number(name.slice(0, 12)) > HOURS - 2) rmSync(folder.at("anchors", name));

    const { counts, told } = await folder.verify();

    expect(counts).toMatchObject({ "anchor-missing": 1, "unanchored-too-long": expect.any(Number) });
    expect(told.findings.find(({ kind }) => kind === "anchor-missing")).toMatchObject({
      anchor: HOURS - 1,
      says: expect.stringContaining(`to ${String(HOURS)} are not there`),
    });
  });

  it("are named where one in the middle is gone", async () => {
    folder = sample.copy();
    rmSync(folder.at("anchors", "000000000006.json"));

    const { told } = await folder.verify();

    expect(causesOf(told)).toEqual({ "anchor-missing": 1 });
    expect(told.findings[0]).toMatchObject({ kind: "anchor-missing", anchor: 6 });
  });

  it("are missed where there is none at all", async () => {
    folder = sample.copy();
    rmSync(folder.at("anchors"), { recursive: true });

    expect((await folder.verify()).counts).toMatchObject({
      "anchor-missing": 1,
      "unanchored-too-long": expect.any(Number),
    });
  });

  it("are missed where a key was named, though the entries that told of them are gone too", async () => {
    folder = sample.copy();
    rmSync(folder.at("anchors"), { recursive: true });
    folder.replaceChain(ANCHOR_CHAIN, []);

    expect((await folder.verify("--key-fingerprint", folder.fingerprint)).counts).toMatchObject({
      "anchor-missing": 1,
    });
  });

  it("are missed where only their heads are left", async () => {
    folder = sample.copy();
    rmSync(folder.at("anchors", `${String(HOURS).padStart(12, "0")}.json`));
    folder.replaceChain(ANCHOR_CHAIN, folder.chain(ANCHOR_CHAIN).slice(0, -1));

    expect((await folder.verify()).counts).toMatchObject({ "anchor-missing": 1 });
  });

  it.each([
    ["heads", (details: object) => ({ ...details, heads: 1 })],
    ["from", (details: object) => ({ ...details, from: "2026-01-01T00:00:00.000Z" })],
    ["until", (details: object) => ({ ...details, until: "2026-01-01T00:00:00.000Z" })],
  ])("are named where the entry that tells of one has another `%s`", async (_what, change) => {
    folder = sample.copy();
    const last = HOURS - 1;
    const chain = folder
      .chain(ANCHOR_CHAIN)
      .map((entry, at) => (at === last ? { ...entry, details: change(entry.details ?? {}) } : entry));
    folder.replaceChain(ANCHOR_CHAIN, relinked(chain));

    expect((await folder.verify()).counts).toEqual({ "anchor-changed": 1 });
  });

  it.each([
    [
      "a head in it differs",
      (lines: string[]) =>
        lines.map((line, at) =>
          at === 1
            ? line.replace(/"hash":"./u, '"hash":"_'.replace("_", line.includes('"hash":"0') ? "1" : "0"))
            : line,
        ),
      { "anchor-changed": 1 },
    ],
    ["a head is gone from it", (lines: string[]) => lines.slice(1), { "anchor-changed": 1 }],
    ["it is not in order", (lines: string[]) => lines.toReversed(), { "anchor-changed": 1 }],
  ])("are named where the file of heads of one was changed: %s", async (_what, change, found) => {
    folder = sample.copy();
    const name = readdirSync(folder.at("anchors")).find((each) => each.startsWith("000000000004-")) ?? "";
    const lines = gunzipSync(readFileSync(folder.at("anchors", name)))
      .toString()
      .trimEnd()
      .split("\n");
    writeFileSync(folder.at("anchors", name), gzipSync(`${change(lines).join("\n")}\n`));

    const { counts, told } = await folder.verify();

    expect(counts).toEqual(found);
    expect(told.findings[0]).toMatchObject({ anchor: 4 });
  });

  it("are named where the file of heads is gone, or is no gzip", async () => {
    folder = sample.copy();
    const names = readdirSync(folder.at("anchors")).filter((each) => each.endsWith(".gz"));
    rmSync(folder.at("anchors", names[2] ?? ""));
    writeFileSync(folder.at("anchors", names[3] ?? ""), "no gzip");

    const { counts } = await folder.verify();

    expect(counts).toMatchObject({ "file-missing": 2 });
  });

  it.each([
    ["no JSON", () => "{"],
    [
      "another order of members",
      (text: string) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed())),
    ],
    ["a line end", (text: string) => `${text}\n`],
    ["a member more", (text: string) => canonicalJson({ ...(JSON.parse(text) as object), note: "" })],
  ])("are named where one is %s", async (_what, change) => {
    folder = sample.copy();
    const path = folder.at("anchors", "000000000006.json");
    writeFileSync(path, change(readFileSync(path, "utf8")));

    expect(causesOf((await folder.verify()).told)).toEqual({ "anchor-unreadable": 1 });
  });
});

/** Signs all anchors with another key and writes the chain that remembers them anew, as who holds everything could. */
function rewriteAnchorChain(key: ReturnType<typeof newSampleKey>): void {
  let last: AuditEntry | undefined;
  let previous = NO_ANCHOR;
  const made: AuditEntry[] = [];
  for (const remembered of folder.chain(ANCHOR_CHAIN)) {
    const number = made.length + 1;
    const name = readdirSync(folder.at("anchors")).find(
      (each) => each.startsWith(String(number).padStart(12, "0")) && each.endsWith(".gz"),
    );
    const lines = gunzipSync(readFileSync(folder.at("anchors", name ?? "")))
      .toString()
      .trimEnd()
      .split("\n");
    const own = last;
    const changed = lines.map((line) =>
      own !== undefined && line.includes(`"${ANCHOR_CHAIN}"`)
        ? canonicalJson({ chain: ANCHOR_CHAIN, hash: own.hash, sequence: own.sequence })
        : line,
    );
    rmSync(folder.at("anchors", name ?? ""));
    const root = rootOf(changed);
    writeFileSync(folder.at(headsKey(number, root)), gzipSync(`${changed.join("\n")}\n`));
    changeAnchor(
      number,
      (anchor) => ({
        ...anchor,
        key: key.fingerprint,
        previous,
        heads: { ...anchor.heads, root, file: headsKey(number, root) },
      }),
      key,
    );
    previous = sha256Hex(readFileSync(folder.at("anchors", `${String(number).padStart(12, "0")}.json`)));
    const details = { ...remembered.details, sha256: previous, root, key: key.fingerprint };
    last = relinked([...made, { ...remembered, details }]).at(-1);
    if (last !== undefined) made.push(last);
  }
  folder.replaceChain(ANCHOR_CHAIN, made);
}

describe("an older export beside newer anchors", () => {
  /** The record as it was before a time. */
  function goBackTo(time: string): void {
    const heads = new Map<string, AuditEntry>();
    const kept = (line: Line) => {
      if (line.sk === "head") return false;
      const found = entryOf(line);
      if (found.at >= time) return false;
      const known = heads.get(found.chain);
      if (known === undefined || known.sequence < found.sequence) heads.set(found.chain, found);
      return true;
    };
    folder.rewrite((lines) => lines.filter(kept));
    const key = folder.dataKeys[0];
    folder.rewrite((lines) =>
      lines[0]?.text === folder.linesOf(key ?? "")[0]?.text
        ? [...lines, ...[...heads.values()].map((each) => lineOf(headLine(each)))]
        : lines,
    );
    folder.relist(folder.listed, { exportTime: time });
  }

  it("is told, and proved as of its own time where that is accepted", async () => {
    folder = sample.copy();
    goBackTo("2026-01-05T08:40:00.000Z");

    const { counts } = await folder.verify();

    expect(counts).toEqual({ "export-older-than-anchors": 1 });
    expect(await folder.verify("--as-of-export")).toMatchObject({ status: 0, counts: {} });
  });

  it("is found where it claims to be new", async () => {
    folder = sample.copy();
    const { scope } = folder;
    goBackTo("2026-01-05T08:40:00.000Z");
    folder.relist(folder.listed, scope);

    expect((await folder.verify()).counts).toMatchObject({ "anchored-entry-missing": expect.any(Number) });
  });
});

describe("texts that were sent", () => {
  /** A chain that no anchor covers yet: whoever writes it can make every hash fit. */
  function rewriteClaim(change: (details: Readonly<Record<string, unknown>>) => object): {
    chain: string;
    sequence: number;
  } {
    const fresh = folder.lines.filter(
      ({ sk, text }) => sk === "000000000001" && text.includes('"2026-01-05T12:'),
    );
    for (const { pk } of fresh) {
      const found = folder.chain(pk);
      const at = found.findIndex(({ action }) => action === "alert.claimed");
      if (at < 0 || !pk.startsWith("pat_")) continue;
      const made = found.map((each, index) =>
        index === at ? ({ ...each, details: change(each.details ?? {}) } as AuditEntry) : each,
      );
      folder.replaceChain(pk, relinked(made));
      return { chain: pk, sequence: at + 1 };
    }
    throw new Error("The sample has no such chain.");
  }

  it.each([
    ["says other words than its template", { text: "Riverside Office: your test is back" }, "text-differs"],
    ["names a template that there is not", { template: "message@9" }, "template-unknown"],
    ["names another directory", { directory: "0".repeat(16) }, "directory-differs"],
    ["tells nothing of its slots", { slots: null }, "text-differs"],
  ] as const)("are named where one %s", async (_what, change, kind) => {
    folder = sample.copy();
    const place = rewriteClaim((details) => ({ ...details, ...change }));

    const { counts, told } = await folder.verify();

    expect(counts).toEqual({ [kind]: 1 });
    expect(told.findings[0]).toMatchObject({ kind, ...place });
  });

  it.each([
    ["runs", "javascript:alert(1)/******"],
    ["names a user before its host", "https://office.example@evil.example/m/******"],
    ["has no host", "https:///m/******"],
  ])("are named where the link of one %s", async (_what, link) => {
    folder = sample.copy();
    rewriteClaim(({ text, slots, ...details }) => {
      const { link: old } = slots as { readonly link: string };
      return { ...details, text: String(text).replace(old, link), slots: { ...(slots as object), link } };
    });

    expect((await folder.verify()).counts).toEqual({ "text-differs": 1 });
  });

  it("are named where one tells something", async () => {
    folder = sample.copy();
    const [old, told] = ["Riverside Office", "Riverside HIV Clinic"];
    const place = rewriteClaim(({ text, slots, ...details }) => {
      const filled = { ...(slots as object), practice: told } as unknown as {
        practice: string;
        phone: string;
      };
      const { phone, practice } = filled;
      return {
        ...details,
        text: String(text).replaceAll(/(?:Riverside|Lakeview) Office/gu, told),
        slots: filled,
        directory: sha256Hex(canonicalJson({ phone, practice })).slice(0, 16),
      };
    });

    const outcome = await folder.verify();

    expect(old).not.toBe(told);
    expect(outcome.counts).toEqual({ "text-tells": 1 });
    expect(outcome.told.findings[0]).toMatchObject({ kind: "text-tells", ...place });
  });
});
