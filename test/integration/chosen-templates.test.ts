import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, verifyFolder } from "../support/audit-verification.ts";
import type { HostText, HostUser, LocalHost } from "../support/host.ts";
import {
  consentingPatient,
  decide,
  expecting,
  newestText,
  postMessage,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { compareWithPrinted, templatesIn } from "../support/printed-vocabulary.ts";
import { unpackTar } from "../support/table-export.ts";

const DAY_MS = 86_400_000;
const LOCATIONS = [
  { id: "loc_elm", name: "Elm Street building", textName: "Elm St", timeZone: "America/Phoenix" },
];
const TEMPLATE = {
  name: "Form for a visit",
  purpose: "portal",
  texts: {
    en: {
      text: "{practice}: form, {location} {date}. Read: {link} Call {phone}. Reply STOP to end",
      reviewer: "A. Lee",
    },
    es: {
      text: "{practice}: hoja, {location} {date}. Lea: {link} Tel. {phone}. STOP para salir",
      reviewer: "L. Vega",
    },
  },
};

type Body = Readonly<Record<string, unknown>>;

let host: LocalHost;
let patient: TestPatient;
let templateId: string;
let first: { readonly preview: Body; readonly accepted: Body; readonly text: HostText };
let folder: string;
let verified: Outcome;

const call = (status: number, method: string, path: string, user: HostUser, body?: unknown): Promise<Body> =>
  expecting(status, host.api(method, path, body, user, { "Idempotency-Key": randomUUID() }));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "foundphone-"));
  host = await startPractice();
  patient = await consentingPatient(host);
  await decide(host, patient, "granted", "scheduling");
  await approveNames();
  templateId = await approveTemplate();
  first = await chooseOnce();
  await remindOnce();
  await call(204, "DELETE", `/templates/${templateId}`, "compliance");
  // Of another patient: nobody gets two a day.
  await sendMessage(host, await consentingPatient(host));
  await host.settled();
  verified = await verifyRecord();
});
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true });
});

async function approveNames(): Promise<void> {
  const { timeZone, officeHours } = await call(200, "GET", "/practice", "admin");
  const directory = { locations: LOCATIONS, providers: [], pharmacies: [] };
  await call(200, "PUT", "/practice", "admin", { timeZone, officeHours, directory });
  const asking = { kind: "directory", target: "directory", reason: "New place." };
  const { id } = await call(201, "POST", "/approvals", "admin", asking);
  await call(200, "POST", `/approvals/${String(id)}/decision`, "compliance", { decision: "approved" });
}

async function approveTemplate(): Promise<string> {
  const { id } = await call(201, "POST", "/templates", "frontdesk", TEMPLATE);
  await call(200, "POST", `/templates/${String(id)}/approval`, "compliance", {});
  return String(id);
}

const choice = () => ({
  id: templateId,
  locationId: "loc_elm",
  at: new Date(Date.now() + 20 * DAY_MS).toISOString(),
});

async function chooseOnce() {
  const template = choice();
  const body = { patientId: patient.id, purpose: "portal", body: "Please fill it in.", template };
  const preview = await call(200, "POST", "/messages/preview", "clinician", body);
  const accepted = await expecting(202, postMessage(host, patient, { body: body.body, template }));
  return { preview, accepted, text: await newestText(host, patient) };
}

/** A visit whose only reminder is due in an hour, and is sent. */
async function remindOnce(): Promise<void> {
  const hours = 36;
  const { now } = await expecting(200, host.local("GET", "/clock"));
  const startsAt = new Date(Date.parse(String(now)) + (hours + 1) * 3_600_000).toISOString();
  const visit = { patientId: patient.id, startsAt, status: "booked", reminderOffsets: [hours] };
  await call(201, "PUT", "/appointments/V-chosen-1", "frontdesk", visit);
  await host.advance(3700);
  await host.settled();
}

async function verifyRecord(): Promise<Outcome> {
  const answer = await fetch(`${host.base}/_local/exports/Audit`);
  for (const [name, content] of unpackTar(Buffer.from(await answer.arrayBuffer()))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return verifyFolder(folder);
}

describe("a message with a template of the practice's own", () => {
  it("is announced by it, word for word as the preview showed it", () => {
    const { alert, receipt } = first.preview as {
      readonly alert: { readonly text: string };
      readonly receipt: Body;
    };
    const masked = (text: string) => text.replace(/\/m\/\S+/u, "/m/token");

    expect(masked(first.text.body)).toBe(masked(alert.text));
    expect(first.text.body).toContain("form, Elm St ");
    expect(first.text.body).toHaveLength(alert.text.length);
    expect(receipt).toMatchObject({ template: `${templateId}@1` });
    expect(first.accepted["receipt"]).toEqual(receipt);
  });

  it("is not accepted any more once the template is withdrawn, nor with a place that nobody approved", async () => {
    const withdrawn = await postMessage(host, patient, { template: choice() });
    const elsewhere = await postMessage(host, patient, {
      template: { id: "message", locationId: "loc_oak" },
    });

    expect(withdrawn).toMatchObject({
      status: 422,
      body: { code: "unprocessable", pointer: "/template/id" },
    });
    expect(elsewhere).toMatchObject({ status: 422, body: { pointer: "/template/locationId" } });
  });
});

describe("every text of this practice", () => {
  it("stands in the vocabulary that was printed when it was sent", async () => {
    const { checked, outside } = await compareWithPrinted(host);

    expect(outside).toEqual([]);
    expect(checked).toBeGreaterThanOrEqual(3);
  });

  it("was made of what ships or was approved: an alert, a reminder", async () => {
    const texts = (await host.texts()).filter(({ id }) => id !== first.text.id);

    expect(await templatesIn(host, texts)).toEqual(["message@1", "reminder@1"]);
  });

  it("is made again by who has nothing but an export of the audit", () => {
    const found = verified.told.findings.filter(({ kind }) => kind !== "unanchored-too-long");

    expect(found).toEqual([]);
    expect(verified.told.texts.count).toBeGreaterThanOrEqual(3);
  });
});
