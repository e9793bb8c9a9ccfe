import { createHash, verify } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Anchor, type AnchoredHead, canonicalJson, rootOf } from "#shared/audit/anchor.ts";
import { objectAt, objectsIn } from "../support/bucket-objects.ts";
import type { LocalHost } from "../support/host.ts";
import { consentingPatient, expecting, startPractice, type TestPatient } from "../support/practice.ts";
import { exportedItems } from "../support/table-export.ts";

const HOUR = 3600;
const SIX_YEARS_MS = 6 * 365 * 24 * HOUR * 1000;

let host: LocalHost;
let patients: readonly TestPatient[];
beforeAll(async () => {
  host = await startPractice();
  patients = [await consentingPatient(host)];
  await host.advance(HOUR);
  patients = [...patients, await consentingPatient(host)];
  await host.advance(2 * HOUR);
}, 60_000);
afterAll(() => host.stop());

const anchorName = (number: number) => `anchors/${String(number).padStart(12, "0")}.json`;
const documentOf = (number: number, bucket = "Anchors") => objectAt(host, bucket, anchorName(number));
const anchorOf = async (number: number): Promise<Anchor> => JSON.parse((await documentOf(number)).toString());
const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

async function headsOf({ heads }: Anchor): Promise<readonly AnchoredHead[]> {
  const lines = gunzipSync(await objectAt(host, "Anchors", heads.file))
    .toString()
    .split("\n")
    .slice(0, -1);
  expect(lines).toHaveLength(heads.count);
  expect(rootOf(lines)).toBe(heads.root);
  return lines.map((line) => JSON.parse(line) as AnchoredHead);
}

async function numbers(): Promise<readonly number[]> {
  const keys = (await objectsIn(host, "Anchors")).map(({ key }) => key);
  return keys.flatMap((key) => /^anchors\/(\d{12})\.json$/u.exec(key)?.slice(1).map(Number) ?? []);
}

async function entries() {
  const items = (await exportedItems(host, "Audit")) as readonly Readonly<Record<string, unknown>>[];
  return items
    .filter(({ pk, sk }) => pk === "actor#function:anchor" && sk !== "head")
    .map((item) => item as { action: string; details: Readonly<Record<string, unknown>> });
}

describe("anchors of a running practice", () => {
  it("are made every hour, each naming the one before by the hash of its bytes", async () => {
    const made = await numbers();
    expect(made.length).toBeGreaterThanOrEqual(3);
    expect(made).toEqual(made.map((_each, index) => index + 1));
    let previous = "0".repeat(64);
    for (const number of made) {
      expect((await anchorOf(number)).previous).toBe(previous);
      previous = sha256(await documentOf(number));
    }
  });

  it("carry signatures that the published key confirms", async () => {
    for (const number of await numbers()) {
      const { signature, ...unsigned } = await anchorOf(number);
      const pem = await objectAt(host, "Exports", `anchor-keys/${unsigned.key}.pem`);
      const isSigned = (text: string) =>
        verify("sha256", Buffer.from(text), pem, Buffer.from(signature, "base64"));
      expect(isSigned(canonicalJson(unsigned))).toBe(true);
      expect(isSigned(canonicalJson({ ...unsigned, anchor: number + 1 }))).toBe(false);
    }
  });

  it("list the heads of what moved, and each patient's chain among them", async () => {
    const stored = await exportedItems(host, "Audit");
    for (const { id } of patients) {
      const heads = await Promise.all(
        (await numbers()).map(async (number) => headsOf(await anchorOf(number))),
      );
      const newest = heads
        .flat()
        .filter(({ chain }) => chain === id)
        .at(-1);
      expect(newest).toBeDefined();
      const entry = stored.find(
        ({ pk, sequence, sk }) => pk === id && sequence === newest?.sequence && sk !== "head",
      );
      expect(entry?.["hash"]).toBe(newest?.hash);
    }
    const [, ...later] = await Promise.all((await numbers()).map(anchorOf));
    const lastHeads = await headsOf(later.at(-1) as Anchor);
    // Cost follows what moved: the chain that stood still for hours is not listed again.
    expect(lastHeads.map(({ chain }) => chain)).not.toContain(patients[0]?.id);
  });

  it("lie locked for six years, with copies of the same bytes among the exports", async () => {
    const locked = await objectsIn(host, "Anchors");
    const { now } = await expecting(200, host.local("GET", "/clock"));
    expect(locked.length).toBeGreaterThanOrEqual(7);
    for (const { key, lock } of locked) {
      expect(lock?.mode).toBe("GOVERNANCE");
      expect(Date.parse(lock?.retainUntil ?? "") - Date.parse(String(now))).toBeGreaterThan(
        SIX_YEARS_MS - 24 * HOUR * 1000,
      );
      expect(await objectAt(host, "Exports", key)).toEqual(await objectAt(host, "Anchors", key));
    }
  });

  it("are on record before and after, with the hash of what was stored", async () => {
    const told = await entries();
    const made = await numbers();
    expect(told.map(({ action, details }) => [action, details["anchor"]])).toEqual(
      made.flatMap((number) => [
        ["anchor.begun", number],
        ["anchor.signed", number],
      ]),
    );
    for (const { action, details } of told) {
      if (action !== "anchor.signed") continue;
      expect(details["sha256"]).toBe(sha256(await documentOf(Number(details["anchor"]))));
    }
  });

  it("are finished by the next run where one broke off between the locked store and the copies", async () => {
    const before = await numbers();
    const afterTwoPuts = { skip: 2, when: "before", kind: "crash", times: 1 };
    const fault = { function: "anchor", service: "s3", action: "PutObject", ...afterTwoPuts };
    await expecting(200, host.local("POST", "/faults", fault));
    await host.advance(2 * HOUR);
    await expecting(200, host.local("DELETE", "/faults"));

    const after = await numbers();
    expect(after.length).toBeGreaterThan(before.length);
    expect(after).toEqual(after.map((_each, index) => index + 1));
    const broken = before.length + 1;
    const told = (await entries()).filter(({ details }) => details["anchor"] === broken);
    expect(told.map(({ action }) => action)).toContain("anchor.signed");
    expect(told.filter(({ action }) => action === "anchor.begun").length).toBeGreaterThan(1);
    for (const number of after.slice(broken - 2)) {
      const { file } = (await anchorOf(number)).heads;
      expect(await documentOf(number, "Exports")).toEqual(await documentOf(number));
      expect(await objectAt(host, "Exports", file)).toEqual(await objectAt(host, "Anchors", file));
    }
  });
});

describe("what lies beside an export", () => {
  it("is the safeguards report of the deployed template", async () => {
    await expecting(202, host.api("POST", "/audit/exports", {}, "auditor"));
    await host.settled();

    const keys = (await objectsIn(host, "Exports")).map(({ key }) => key);
    expect(keys).toEqual(
      expect.arrayContaining(["safeguards/safeguards.html", "safeguards/safeguards.json"]),
    );
    const report = (await objectAt(host, "Exports", "safeguards/safeguards.json")).toString();
    expect(JSON.parse(report)).toBeTypeOf("object");
    expect(report).toContain("ExportAuditFunction");
  });
});
