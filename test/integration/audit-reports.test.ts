import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runReport } from "#infra/audit/report/run.ts";
import { classOf } from "#shared/audit/reports/actions.ts";
import { entriesOf, verifiedChains } from "#test/support/audit-export.ts";
import { callsOf } from "#test/support/call-record.ts";
import type { HostUser, LocalHost } from "#test/support/host.ts";
import {
  consentingPatient,
  decide,
  expecting,
  newestText,
  openLink,
  patientTexts,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "#test/support/practice.ts";
import { unpackTar } from "#test/support/table-export.ts";

const TABLES = ["Audit", "Consents", "Practice"] as const;
const DAY = 24 * 3600;

type Row = Readonly<Record<string, unknown>>;
type Report = {
  readonly sha256: string;
  readonly period: { readonly from: string | null; readonly to: string };
  readonly items: readonly Row[];
};

let host: LocalHost;
let folder: string;
/** Reads a message in the portal, and is read about by staff. */
let reader: TestPatient;
/** Whose number is somebody else's. */
let stranger: TestPatient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "foundphone-"));
  host = await startPractice();
  reader = await consentingPatient(host);
  const { answer, threadPath } = await openLink(host, reader, await sendLink(host, reader));
  expect((await host.portal(threadPath, undefined, answer.cookies)).status).toBe(200);
  await expecting(200, host.api("GET", `/patients/${reader.id}`, undefined, "frontdesk"));
  await expecting(200, host.api("GET", `/patients/${reader.id}/consents`, undefined, "clinician"));
  await decide(host, reader, "revoked");

  stranger = await consentingPatient(host);
  await sendMessage(host, stranger);
  const text = await newestText(host, stranger);
  await expecting(202, host.local("POST", `/texts/${text.id}/events`, { eventType: "TEXT_DELIVERED" }));
  await patientTexts(host, stranger, "Wrong number, stop texting me");
  const tasks = await expecting(200, host.api("GET", "/tasks?kind=wrong-number", undefined, "frontdesk"));
  const [task] = tasks["items"] as readonly { readonly id: string }[];
  const path = `/tasks/${String(task?.id)}/completion`;
  await expecting(200, host.api("POST", path, { outcome: "done" }, "frontdesk"));
});
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true });
});

const report = async (kind: string, { id }: TestPatient, user: HostUser = "auditor") =>
  (await expecting(200, host.api("GET", `/patients/${id}/${kind}`, undefined, user))) as unknown as Report;

/** Copies exports of the tables as they are now to a directory, as an auditor would. */
async function copyExports(): Promise<string> {
  const into = mkdtempSync(join(folder, "exports-"));
  for (const table of TABLES) {
    const answer = await fetch(`${host.base}/_local/exports/${table}`);
    for (const [path, content] of unpackTar(Buffer.from(await answer.arrayBuffer()))) {
      mkdirSync(dirname(join(into, table, path)), { recursive: true });
      writeFileSync(join(into, table, path), content);
    }
  }
  return into;
}

async function offline(from: string, ...args: readonly string[]): Promise<Report> {
  let output = "";
  let errors = "";
  const [name = "", ...options] = args;
  const status = await runReport([name, from, ...options, "--format", "json"], {
    folder: from,
    write: (text) => {
      output += text;
    },
    complain: (line) => {
      errors += line;
    },
    now: () => new Date(),
  });
  expect([status, errors]).toEqual([0, ""]);
  return JSON.parse(output) as Report;
}

describe("reports of a practice's own record", () => {
  it("account for what went to somebody else, and for nothing that went to the patient", async () => {
    const misdirected = await report("disclosures", stranger);

    expect(misdirected.items).toEqual([
      expect.objectContaining({
        arrived: "delivered",
        recipient: expect.stringContaining("not the patient"),
        what: expect.stringContaining("******"),
      }),
    ]);
    expect((await report("disclosures", reader)).items).toEqual([]);
  });

  it("have everybody who saw something of a patient, and the patient", async () => {
    const { items } = await report("accesses", reader);
    const chain = await entriesOf(host, reader.id);

    const shown = chain.filter(({ action }) => classOf(action)?.shows !== undefined);
    // The giving of this report came after what it says.
    expect(items.map(({ sequence }) => sequence)).toEqual(
      shown.slice(0, items.length).map(({ sequence }) => sequence),
    );
    expect(shown.slice(items.length).map(({ action }) => action)).toEqual(["report.given"]);
    expect(items.map(({ role, shows }) => `${String(role)} ${String(shows)}`)).toEqual(
      expect.arrayContaining(["patient content", "frontdesk contact", "clinician consent"]),
    );
  });

  it("say the same in every form, and the same as one made from an export", async () => {
    const online = await report("disclosures", stranger, "compliance");
    const from = await copyExports();

    const made = await offline(
      from,
      "disclosures",
      ...["--patient", stranger.id, "--as-of", online.period.to],
    );

    expect(made.items).toEqual(online.items);
    expect(made.sha256).toBe(online.sha256);
    const given = (await entriesOf(host, stranger.id)).at(-1);
    expect(given).toMatchObject({
      action: "report.given",
      role: "compliance",
      details: { sha256: made.sha256, count: made.items.length, from: made.period.from, to: made.period.to },
    });
    for (const [format, type] of [
      ["csv", "text/csv"],
      ["html", "text/html"],
    ] as const) {
      const path = `/patients/${stranger.id}/disclosures?format=${format}`;
      const { status, headers, body } = await host.api("GET", path, undefined, "auditor");
      expect([status, headers.get("content-type")?.split(";")[0]]).toEqual([200, type]);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(String(body)).toContain(String(made.items[0]?.["alertId"]));
    }
  });

  it("show offline who agreed and what ended it, each with its audit entry, and tell no evidence", async () => {
    const { items } = await offline(await copyExports(), "consent-evidence", "--patient", reader.id);

    const decisions = items.filter(({ consentId }) => consentId !== null);
    expect(decisions).toMatchObject([
      { event: "granted", method: "paper", numberConfirmed: true, evidence: "none" },
      { event: "revoked", ends: decisions[0]?.["consentId"] },
    ]);
    const chain = await entriesOf(host, reader.id);
    expect(decisions.map(({ sequence }) => sequence)).toEqual(
      chain
        .filter(({ action }) => action.startsWith("consent.g") || action.startsWith("consent.rev"))
        .map(({ sequence }) => sequence),
    );
  });

  it("review a month by person, and the review is signed off by what it says", async () => {
    const { now } = await expecting(200, host.local("GET", "/clock"));
    const month = String(now).slice(0, 7);
    const review = await offline(await copyExports(), "access-review", "--month", month);
    const signed = { sha256: review.sha256, remark: "nothing-unusual" };
    const path = (of: string) => `/audit/access-reviews/${of}/sign-off`;

    expect(review.items.every(({ actor }) => /^(?:staff|client)_/u.test(String(actor)))).toBe(true);
    const total = (column: string) => review.items.reduce((sum, row) => sum + Number(row[column]), 0);
    expect(total("contact")).toBeGreaterThan(0);
    expect(total("record")).toBeGreaterThan(0);
    expect(await host.api("POST", path(month), signed, "compliance")).toMatchObject({ status: 422 });

    await host.advance(31 * DAY);
    const answer = await expecting(201, host.api("POST", path(month), signed, "compliance"));

    const chain = (await verifiedChains(host)).get(`actor#${String(answer["signedBy"])}`);
    expect(chain?.at(-1)).toMatchObject({
      action: "access-review.signed-off",
      details: { month, sha256: review.sha256, remark: "nothing-unusual" },
    });
  });

  it("need nothing but the audit and the memory of requests", async () => {
    const made = (await callsOf(host)).filter(({ function: name }) => name === "audit");

    expect(made.filter(({ allowed }) => !allowed)).toEqual([]);
    const touched = made.map(({ resource }) => resource.replace(/^.*\/|[\dA-F]{8}$/gu, ""));
    expect([...new Set(touched)].toSorted()).toEqual(["Foundphone-Audit", "Foundphone-Practice"]);
  });
});
