import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyFolder } from "#test/support/audit-verification.ts";
import type { LocalHost } from "#test/support/host.ts";
import {
  consentingPatient,
  expecting,
  openLink,
  sendLink,
  sendMessage,
  startPractice,
} from "#test/support/practice.ts";
import { unpackTar } from "#test/support/table-export.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

let host: LocalHost;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "foundphone-"));
  host = await startPractice();
  await activity();
  await host.advance(DAY + HOUR);
  await activity();
  await host.advance(DAY);
  await activity();
  await host.advance(2 * HOUR);
}, 60_000);
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true });
});

/** A message that is read in the portal, and one that nobody reads. */
async function activity(): Promise<void> {
  const patient = await consentingPatient(host);
  const { answer, threadPath } = await openLink(host, patient, await sendLink(host, patient));
  expect((await host.portal(threadPath, undefined, answer.cookies)).status).toBe(200);
  await sendMessage(host, patient);
  await host.settled();
}

/** Copies what lies at an address of the host to a directory, as an auditor would. */
async function copy(path: string): Promise<string> {
  const into = mkdtempSync(join(folder, "copy-"));
  const answer = await fetch(`${host.base}/_local${path}`);
  for (const [name, content] of unpackTar(Buffer.from(await answer.arrayBuffer()))) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), content);
  }
  return into;
}

describe("what the service wrote, exported and anchored", () => {
  it("is proved from the bucket that an auditor copies, after an export that the auditor asked for", async () => {
    const key = { "Idempotency-Key": "audit-verify-1" };
    await expecting(202, host.api("POST", "/audit/exports", { kind: "full" }, "auditor", key));
    const from = await copy("/objects/Exports.tar");

    const { status, counts, told } = await verifyFolder(from);

    expect([status, counts]).toEqual([0, {}]);
    expect(told.anchors.count).toBeGreaterThan(24);
    expect(told.entries).toBeGreaterThan(100);
    expect(told.texts.count).toBeGreaterThanOrEqual(6);
    expect(told.otherFiles).toBeGreaterThan(3);
  });

  it("is proved from the daily exports, a full one and its windows, as of their time", async () => {
    const from = await copy("/objects/Exports.tar");
    const exports = join(from, "tables/Audit/AWSDynamoDB");
    const newest =
      readdirSync(exports)
        .filter((name) => /^\d+-/u.test(name))
        .toSorted()
        .at(-1) ?? "";
    // That of the auditor's own request: without it the windows since the first full one count.
    rmSync(join(exports, newest), { recursive: true });

    const { status, counts, told } = await verifyFolder(from, "--as-of-export");

    expect([status, counts]).toEqual([0, {}]);
    expect(told.exports.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["full", "incremental"]));
    expect((await verifyFolder(from)).counts).toEqual({ "export-older-than-anchors": 1 });
  });

  it("is proved from the local export of the table, against the key of its anchors", async () => {
    const from = await copy("/exports/Audit");
    const [pem = ""] = readdirSync(join(from, "anchor-keys"));

    const { status, counts } = await verifyFolder(from, "--key-fingerprint", pem.replace(".pem", ""));

    expect([status, counts]).toEqual([0, {}]);
    expect((await verifyFolder(from, "--key-fingerprint", "0".repeat(64))).status).toBe(1);
  });
});
