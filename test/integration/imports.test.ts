import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runImportCommand } from "#infra/import/import-command.ts";
import { entriesOf } from "../support/audit-export.ts";
import type { HostUser, LocalHost } from "../support/host.ts";
import { expecting, startPractice } from "../support/practice.ts";
import { exportedTables } from "../support/table-export.ts";

const CANARY = "Zq-colonoscopy-visit-reason";

type Form = { readonly url: string; readonly fields: Readonly<Record<string, string>> };
type Row = {
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly otherLine?: number;
};
type Shown = {
  readonly state: string;
  readonly failure: { readonly code: string; readonly fields: readonly string[] } | null;
  readonly progress: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly columns: { readonly used: readonly unknown[]; readonly ignored: readonly unknown[] };
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
};

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

async function post({ url, fields }: Form, content: string | Uint8Array): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  form.append("file", new Blob([new Uint8Array(bytes)]), "import.csv");
  const { status } = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  return status;
}

async function ask(kind: string, dryRun = false, user: HostUser = "frontdesk", key = randomUUID()) {
  const headers = { "Idempotency-Key": key };
  const asked = await expecting(202, host.api("POST", "/imports", { kind, dryRun }, user, headers));
  return asked as unknown as { readonly id: string; readonly upload: Form };
}

async function look(id: string, user: HostUser = "frontdesk"): Promise<Shown> {
  return (await expecting(200, host.api("GET", `/imports/${id}`, undefined, user))) as unknown as Shown;
}

async function upload(kind: string, content: string | Uint8Array, dryRun = false): Promise<string> {
  const { id, upload: form } = await ask(kind, dryRun);
  expect(await post(form, content)).toBe(204);
  return id;
}

async function imported(kind: string, content: string | Uint8Array, dryRun = false): Promise<Shown> {
  const id = await upload(kind, content, dryRun);
  await host.settled();
  return look(id);
}

let mrns = 0;
function newMrn(): string {
  mrns += 1;
  return `MRN-I-${String(mrns).padStart(5, "0")}`;
}

/** A file of patients of whom each can be texted. */
function patientsFile(numbers: readonly string[]): string {
  const rows = numbers.map((mrn, index) => {
    const line = String(2000 + index + numbers.length * Math.floor(Math.random() * 100)).padStart(4, "0");
    return `${mrn},Ana,Ruiz ${mrn},04/12/1980,(206) 555-${line.slice(-4)},es`;
  });
  return `MRN,First Name,Last Name,DOB,Cell Phone,Preferred Language\n${rows.join("\n")}\n`;
}

async function somePatients(count: number): Promise<readonly string[]> {
  const numbers = Array.from({ length: count }, newMrn);
  const shown = await imported("patients", patientsFile(numbers));
  expect(shown).toMatchObject({ state: "done", counts: { created: count, refused: 0 } });
  return numbers;
}

/** A day that is far enough for reminders. */
function dayAhead(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

function visitsFile(numbers: readonly string[], day = dayAhead(20)): string {
  const rows = numbers.map(
    (mrn) => `V-${mrn},${mrn},${day},9:30 AM,Booked,${CANARY} ${mrn},"${CANARY}, again"`,
  );
  return `Appointment ID,MRN,Date,Time,Status,Visit Type,Reason\n${rows.join("\r\n")}\r\n`;
}

async function patientId(mrn: string): Promise<string> {
  const { id } = await expecting(200, host.api("POST", "/patients/lookup", { externalId: mrn }, "frontdesk"));
  return String(id);
}

describe("an import of patients, consents and visits", () => {
  it("registers patients, records what they agreed to and plans what reminds them of their visits", async () => {
    const numbers = await somePatients(3);
    const [first = "", second = ""] = numbers;
    const consents = [
      "MRN,Purpose,Channel,Decision,Unsecured Text,Number Confirmed,Opt-out anytime,Evidence",
      `${first},scheduling,sms,granted,yes,yes,yes,form in the chart`,
      `${second},scheduling,sms,granted,yes,no,yes,`,
      "MRN-nobody,scheduling,sms,granted,yes,yes,yes,",
    ].join("\n");
    const decided = await imported("consents", consents);
    expect(decided.counts).toMatchObject({ total: 3, done: 3, created: 1, refused: 2 });
    expect(decided.rows).toEqual([
      { line: 3, code: "acknowledgement_missing", column: "numberConfirmed" },
      { line: 4, code: "patient_unknown", column: "patient" },
    ]);

    const visits = await imported("appointments", visitsFile(numbers));
    expect(visits).toMatchObject({ state: "done", progress: 1, counts: { created: 3, refused: 0 } });
    expect(visits.columns.ignored).toEqual([
      { position: 6, reason: "never-kept" },
      { position: 7, reason: "never-kept" },
    ]);
    const visit = await expecting(
      200,
      host.api("GET", `/appointments/${encodeURIComponent(`V-${first}`)}`, undefined, "frontdesk"),
    );
    expect(visit).toMatchObject({ patientId: await patientId(first), status: "booked" });
    expect(visit["reminders"]).toHaveLength(2);

    const entries = await entriesOf(host, await patientId(first));
    const booked = entries.find(({ action }) => action === "appointment.booked");
    expect(booked).toMatchObject({ role: "frontdesk", function: "import-records" });
    expect(booked?.actor).toMatch(/^staff_/);
    expect(entries.find(({ action }) => action === "consent.granted")?.details).toMatchObject({
      method: "import",
    });
  });

  it("takes a FHIR Bundle, patients first and then their visits, and a newer version in place of an older one", async () => {
    const mrn = newMrn();
    const bundle = (start: string, versionId: string) =>
      JSON.stringify({
        resourceType: "Bundle",
        type: "collection",
        entry: [
          {
            fullUrl: "urn:uuid:7f8b6e0e-7f0c-4d5b-9d6e-0123456789ab",
            resource: {
              resourceType: "Patient",
              identifier: [{ type: { coding: [{ code: "MR" }] }, value: mrn }],
              name: [{ family: "Ruiz", given: ["Ana"] }],
              birthDate: "1980-04-12",
            },
          },
          {
            resource: {
              resourceType: "Appointment",
              id: `F-${mrn}`,
              meta: { versionId },
              status: "booked",
              start,
              description: CANARY,
              reasonCode: [{ text: CANARY }],
              participant: [{ actor: { reference: "urn:uuid:7f8b6e0e-7f0c-4d5b-9d6e-0123456789ab" } }],
            },
          },
        ],
      });
    const first = bundle(`${dayAhead(21)}T09:30:00-05:00`, "2");
    expect((await imported("patients", first)).counts).toMatchObject({ created: 1, ignored: 1 });
    expect((await imported("appointments", first)).counts).toMatchObject({ created: 1, ignored: 1 });
    const older = await imported("appointments", bundle(`${dayAhead(25)}T09:30:00-05:00`, "1"));
    expect(older.rows).toEqual([{ line: 2, code: "stale_version", column: "version" }]);
    const newer = await imported("appointments", bundle(`${dayAhead(22)}T10:00:00-05:00`, "3"));
    expect(newer.counts).toMatchObject({ changed: 1, refused: 0 });
    const visit = await expecting(200, host.api("GET", `/appointments/F-${mrn}`, undefined, "clinician"));
    expect(visit).toMatchObject({ startsAt: `${dayAhead(22)}T15:00:00.000Z`, sourceVersion: 3 });
  });

  it("changes nothing the second time", async () => {
    const numbers = await somePatients(4);
    const patients = patientsFile(numbers).replaceAll(/\(206\) 555-\d{4}/g, "2065550123");
    expect((await imported("patients", patients)).counts).toMatchObject({ changed: 4 });
    expect((await imported("patients", patients)).counts).toMatchObject({ unchanged: 4, changed: 0 });
    const visits = visitsFile(numbers);
    expect((await imported("appointments", visits)).counts).toMatchObject({ created: 4 });
    expect((await imported("appointments", visits)).counts).toMatchObject({ unchanged: 4, changed: 0 });
    const consents = `MRN,Purpose,Channel,Decision,Unsecured,Number Confirmed,Opt out\n${numbers
      .map((mrn) => `${mrn},scheduling,text,yes,x,x,x`)
      .join("\n")}`;
    expect((await imported("consents", consents)).counts).toMatchObject({ created: 4 });
    expect((await imported("consents", consents)).counts).toMatchObject({ unchanged: 4 });
  });

  it("keeps what can be kept, and tells all that is wrong with the rest", async () => {
    const [one, two, three] = [newMrn(), newMrn(), newMrn()];
    const patients = await imported(
      "patients",
      [
        "MRN,First Name,Last Name,DOB,Cell Phone,Email,Time Zone",
        `${one},Ana,Ruiz,4/12/1980,206-555-0172 x12,N/A,EST`,
        `${two},Ana,,02/30/1980,unknown,x,`,
        `${three},Ana,Ruiz,4/12/1980,(206) 555-0173,,`,
        `${three},Eva,Ruiz,4/12/1980,(206) 555-0173,,`,
      ].join("\n"),
    );
    expect(patients.counts).toMatchObject({ total: 4, created: 1, warnings: 1, refused: 3 });
    expect(patients.rows).toEqual([
      { line: 2, code: "bad_phone", column: "mobilePhone" },
      { line: 2, code: "unknown_time_zone", column: "timeZone" },
      { line: 3, code: "missing", column: "familyName" },
      { line: 3, code: "bad_date", column: "birthDate" },
      { line: 3, code: "bad_email", column: "email" },
      { line: 4, code: "conflicting_rows", otherLine: 5 },
      { line: 5, code: "conflicting_rows", otherLine: 4 },
    ]);

    const day = dayAhead(-2);
    const visits = await imported(
      "appointments",
      [
        "Appointment ID,MRN,Date,Time,Status",
        `P1-${one},${one},${day},9:30 AM,Scheduled`,
        `P2-${one},${one},${day},9:30 AM,Checked out`,
        `P3-${one},${one},${dayAhead(9)},9:30 AM,Rescheduled`,
      ].join("\n"),
    );
    expect(visits.counts).toMatchObject({ created: 3, warnings: 2, refused: 0 });
    expect(visits.rows).toEqual([
      { line: 2, code: "in_the_past", column: "start" },
      { line: 4, code: "taken_as_cancelled", column: "status" },
    ]);
    const called = await host.api(
      "GET",
      `/appointments?date=${dayAhead(9)}&state=unanswered`,
      undefined,
      "frontdesk",
    );
    expect(called.body).toMatchObject({ items: [] });
    const past = await host.api("GET", `/appointments?date=${day}&state=unanswered`, undefined, "frontdesk");
    expect(past.body).toMatchObject({ items: [{ externalId: `P1-${one}`, reminders: [] }] });
  });

  it("writes nothing on trial but that it was tried", async () => {
    const [mrn = ""] = await somePatients(1);
    const visits = `${visitsFile([mrn])}V-9,MRN-nobody,${dayAhead(9)},10:00,Booked,,\n`;
    const tried = await imported("appointments", visits, true);
    expect(tried).toMatchObject({ state: "done", counts: { created: 1, refused: 1 } });
    const { status } = await host.api("GET", `/appointments/V-${mrn}`, undefined, "frontdesk");
    expect(status).toBe(404);
    const again = await imported("patients", patientsFile([mrn, newMrn()]), true);
    expect(again.counts).toMatchObject({ existing: 1, created: 1 });
    const actions = (await entriesOf(host, await patientId(mrn))).map(({ action }) => action);
    expect(actions).not.toContain("patient.compared");
  });
});

describe("an import that is disturbed", () => {
  it("goes on where it stopped when the function breaks down", async () => {
    const numbers = Array.from({ length: 450 }, newMrn);
    await host.local("POST", "/faults", {
      function: "import-records",
      service: "dynamodb",
      action: "TransactWriteItems",
      when: "after",
      kind: "crash",
      skip: 320,
      times: 1,
    });
    const id = await upload("patients", patientsFile(numbers));
    await host.settled();
    expect((await look(id)).counts["done"]).toBe(200);
    await host.advance(17 * 60);
    await host.settled();

    const { state, counts } = await look(id);
    expect(state).toBe("done");
    expect(counts).toMatchObject({ total: 450, done: 450, refused: 0 });
    expect((counts["created"] ?? 0) + (counts["unchanged"] ?? 0)).toBe(450);
    expect((await imported("patients", patientsFile(numbers.slice(0, 3)))).counts["created"]).toBe(0);
  });

  it("does each thing once when two bring the same file at the same time", async () => {
    const numbers = await somePatients(30);
    const file = visitsFile(numbers);
    const ids = await Promise.all([upload("appointments", file), upload("appointments", file)]);
    await host.settled();
    const shown = await Promise.all(ids.map((id) => look(id)));
    expect(shown.map(({ state }) => state)).toEqual(["done", "done"]);
    const sum = (name: string) => shown.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
    expect(sum("created")).toBe(30);
    expect(sum("unchanged")).toBe(30);
  });

  it("is failed with a reason where the file cannot be read, and expired where none comes", async () => {
    const failing = async (kind: string, content: string | Uint8Array) =>
      (await imported(kind, content)).failure;
    expect(await failing("patients", "name,thing\n1,2\n")).toEqual({
      code: "header_incomplete",
      fields: ["externalId", "givenName", "familyName", "birthDate"],
    });
    expect(await failing("appointments", Buffer.from("504b030400000000", "hex"))).toMatchObject({
      code: "not_text",
    });
    expect(await failing("appointments", "")).toMatchObject({ code: "empty" });
    expect(await failing("patients", '{"resourceType":"Patient"}')).toMatchObject({ code: "not_a_bundle" });
    const { id } = await ask("patients");
    await host.advance(61 * 60);
    expect(await look(id)).toMatchObject({ state: "expired" });
  });
});

describe("an import's rights", () => {
  it("are those of front desk, administrators and systems", async () => {
    for (const user of ["clinician", "compliance", "auditor"] as const) {
      expect((await host.api("POST", "/imports", { kind: "patients" }, user)).status).toBe(403);
    }
    const { id } = await ask("patients", false, "admin");
    expect((await host.api("GET", `/imports/${id}`, undefined, "clinician")).status).toBe(403);
    const key = randomUUID();
    const [first, again] = [
      await ask("patients", true, "frontdesk", key),
      await ask("patients", true, "frontdesk", key),
    ];
    expect(again.id).toBe(first.id);
  });
});

describe("the command", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "foundphone-import-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(commandArguments: readonly string[], token?: string, base = host.base) {
    const signedIn = await expecting(200, host.local("POST", "/tokens", { user: "frontdesk" }));
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const status = await runImportCommand({
      commandArguments: [...commandArguments, "--base", base],
      folder,
      environment: { token: token ?? String(signedIn["accessToken"]), base: undefined },
      output,
      errors,
    });
    return { status, output: String(output.read() ?? ""), errors: String(errors.read() ?? "") };
  }

  it("imports a file and says what became of its rows", async () => {
    const [mrn = "", other = ""] = [newMrn(), newMrn()];
    const header = "MRN,First Name,Last Name,DOB,Ward";
    writeFileSync(join(folder, "good.csv"), `${header}\n${mrn},Ana,Ruiz,4/12/1980,7\n`);
    writeFileSync(
      join(folder, "bad.csv"),
      `${header}\n${other},=1,Ruiz,4/12/1980,\n${mrn},Ana,Ruiz,4/12/1980,\n`,
    );
    writeFileSync(join(folder, "other.csv"), "a,b\n1,2\n");
    expect(await run(["good.csv", "--kind", "patients", "--dry-run"])).toEqual({
      status: 0,
      errors: "",
      output: "Columns that were not read: 5\nOn trial, nothing was written. Rows: 1; created 1, refused 0\n",
    });
    expect(await run(["good.csv", "--kind", "patients"])).toMatchObject({ status: 0, errors: "" });
    const { status, output } = await run(["bad.csv", "--kind", "patients"]);
    expect(status).toBe(1);
    expect(output).toMatch(/^line 2: formula \(givenName\): .*\n/);
    expect(output).toMatch(/Rows: 2; unchanged 1, refused 1\n$/);
    expect(await run(["other.csv", "--kind", "patients"])).toMatchObject({
      status: 2,
      output: "",
      errors: expect.stringMatching(/^The file was not imported, header_incomplete \(externalId, .*\n$/),
    });
  });

  it.each([
    [["missing.csv", "--kind", "patients"], undefined, /no such file/],
    [["good.csv"], undefined, /^Usage: /],
    [["good.csv", "--kind", "things"], undefined, /^Usage: .*\|visits/],
    [["good.csv", "--kind", "patients"], "forged.token", /not valid|not import/],
    [["good.csv", "--kind", "patients"], "two words", /^There is no token/],
    [["good.csv", "--kind", "patients", "--token-file", "nowhere"], undefined, /token file cannot be read/],
  ] as const)("says in one line how to mend %j", async (commandArguments, token, line) => {
    const { status, output, errors } = await run(commandArguments, token);
    expect(status).toBe(2);
    expect(output).toBe("");
    expect(errors).toMatch(line);
    expect(errors.trimEnd()).not.toContain("\n");
  });

  it("takes visits by that name, and an address of this machine as people write it", async () => {
    const header = "Appointment ID,MRN,Start";
    const [mrn = ""] = await somePatients(1);
    const row = (id: string, time: string) => `${id}-${mrn},${mrn},${dayAhead(12)} ${time}`;
    writeFileSync(
      join(folder, "visits.csv"),
      [header, row("W1", "9:00"), row("W2", "9:30"), row("W2", "10:00")].join("\n"),
    );
    const { host: address } = new URL(host.base);
    const answer = await run(["visits.csv", "--kind", "visits"], undefined, address);
    expect(answer).toMatchObject({ status: 1, errors: "" });
    expect(answer.output).toMatch(/^line 3: conflicting_rows: .*; see line 4\nline 4: .*; see line 3\n/);
  });

  it("names the address that does not answer", async () => {
    writeFileSync(join(folder, "good.csv"), "a\n");
    const answer = await run(["good.csv", "--kind", "patients"], undefined, "127.0.0.1:9");
    expect(answer).toMatchObject({ status: 2, output: "" });
    expect(answer.errors).toMatch(/^http:\/\/127\.0\.0\.1:9 does not answer: .*--base or FOUNDPHONE_BASE/);
    expect(await run(["good.csv", "--kind", "patients"], undefined, "ehr.example:x")).toMatchObject({
      errors: expect.stringMatching(/^--base \(or FOUNDPHONE_BASE\) is no address/),
    });
  });

  it("sends no token over a line that can be read", async () => {
    const errors = new PassThrough();
    const status = await runImportCommand({
      commandArguments: ["good.csv", "--kind", "patients", "--base", "http://ehr.example"],
      folder,
      environment: { token: "abc", base: undefined },
      output: new PassThrough(),
      errors,
    });
    expect(status).toBe(2);
    expect(String(errors.read())).toContain("https://");
  });
});

describe("what a file says of a visit", () => {
  it("is in no table, log, call, queue and bucket once it was imported", async () => {
    await host.settled();
    const seen = await Promise.all(
      ["/logs", "/calls", "/queues", "/access-logs", "/objects"].map(async (path) =>
        JSON.stringify((await host.local("GET", path)).body),
      ),
    );
    const tables = JSON.stringify(await exportedTables(host), (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    );
    for (const text of [...seen, tables]) {
      expect(text).not.toContain("Zq-colonoscopy");
      expect(text).not.toContain("MRN-I-00001");
    }
    expect(seen[4]).not.toContain("incoming/imp_");
  });
});
