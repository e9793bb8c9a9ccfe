import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runReport } from "#infra/audit/report/run.ts";
import { seal } from "#shared/adapters/envelope.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { disclosuresReport } from "#shared/audit/reports/disclosures.ts";
import { fingerprintOf, VERIFY_FIRST } from "#shared/audit/reports/report.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { chainsOf } from "./chains.ts";
import { auditItems, exportFolder, type ToldExport } from "./export-folder.ts";

const OTHER_PATIENT = "pat_01KAEV0000000000000000PAT2";
const NUMBER = "num_01KAEV0000000000000000NBM1";
const CARRIER_NUMBER = "nbr_01KAEV0000000000000000NBR1";
const UNTIL = "2026-11-22T00:00:00.000Z";
const of = { patientId: PATIENT_ID };

const ENTRIES = chainsOf([
  { ...of, action: "patient.registered", at: "2026-11-01T10:00:00.000Z", details: { numberId: NUMBER } },
  {
    ...of,
    action: "consent.granted",
    at: "2026-11-02T10:00:00.000Z",
    details: { consentId: "con_1", channel: "sms", method: "paper", contactId: NUMBER },
  },
  {
    ...of,
    action: "alert.claimed",
    at: "2026-11-03T10:00:00.000Z",
    actor: "function:send-alert",
    role: "function",
    details: { alertId: "alr_1", template: "message@1", text: "There is a message for you." },
  },
  { ...of, action: "thread.read", at: "2026-11-04T03:30:00.000Z", actor: "staff_2", role: "clinician" },
  {
    ...of,
    action: "text.received",
    at: "2026-11-05T10:00:00.000Z",
    actor: "function:receive-text",
    role: "function",
    details: {
      readAs: "stop",
      revokes: "words",
      wrongNumber: true,
      numberId: CARRIER_NUMBER,
      consentIds: ["con_2"],
    },
  },
  {
    patientId: OTHER_PATIENT,
    action: "patient.registered",
    at: "2026-11-06T10:00:00.000Z",
    details: { numberId: null },
  },
  { action: "session.started", at: "2026-11-07T10:00:00.000Z", actor: "staff_2", role: "clinician" },
]);

const consent = (parts: object) => ({
  pk: PATIENT_ID,
  patientId: PATIENT_ID,
  purpose: "scheduling",
  channel: "sms",
  contactId: NUMBER,
  ended: null,
  wording: "wording@1",
  language: "en",
  recordedBy: "staff_1",
  sealed: new Uint8Array(4),
  wrappedKey: new Uint8Array(4),
  ...parts,
});
const CONSENTS = [
  consent({
    sk: "event#con_1",
    consentId: "con_1",
    decision: "granted",
    method: "paper",
    acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
    recordedAt: "2026-11-02T10:00:00.000Z",
  }),
  consent({
    sk: "event#con_2",
    consentId: "con_2",
    decision: "revoked",
    method: "text",
    ended: "con_1",
    acknowledgements: null,
    recordedBy: `patient:${PATIENT_ID}`,
    recordedAt: "2026-11-05T10:00:00.000Z",
  }),
  { pk: PATIENT_ID, sk: "state#scheduling#sms", consentId: "con_2", decision: "revoked" },
];
/** What sealing makes of no evidence: the size is what tells. */
const sealedNothing = () =>
  Uint8Array.from(
    seal({ evidence: null }, randomBytes(32), {
      table: "Consents",
      pk: PATIENT_ID,
      sk: "event#con_1",
      attribute: "sealed",
    }),
  );
const SETTINGS = {
  pk: "practice",
  sk: "settings",
  timeZone: "America/New_York",
  officeHours: { wednesday: [{ opens: "08:00", closes: "18:00" }] },
};

const made: { readonly remove: () => void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

interface OtherItems {
  readonly consents?: readonly object[];
  readonly practice?: readonly object[];
}

function anExport(
  more: readonly ToldExport[] = [],
  entries: readonly AuditEntry[] = ENTRIES,
  { consents = CONSENTS, practice = [SETTINGS] }: OtherItems = {},
) {
  const found = exportFolder([
    { table: "Audit", items: auditItems(entries), until: UNTIL },
    { table: "Consents", items: consents.map((item) => ({ ...item })), until: UNTIL },
    { table: "Practice", items: practice.map((item) => ({ ...item })), until: UNTIL },
    ...more,
  ]);
  made.push(found);
  return found;
}

async function run(folder: string, ...args: readonly string[]) {
  let output = "";
  let errors = "";
  const status = await runReport(args, {
    folder,
    write: (text) => {
      output += text;
    },
    complain: (line) => {
      errors += line;
    },
    now: () => new Date("2026-11-23T09:00:00.000Z"),
  });
  return { status, output, errors };
}

interface Made {
  readonly sha256: string;
  readonly derivedFrom: string;
  readonly period: { readonly to: string };
  readonly notes: readonly string[];
  readonly remarks?: readonly string[];
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

async function json(folder: string, ...args: readonly string[]): Promise<Made> {
  const { status, output, errors } = await run(folder, ...args, "--format", "json");
  expect([status, errors]).toEqual([0, ""]);
  return JSON.parse(output) as Made;
}

describe("npm run -s audit -- report", () => {
  it("accounts for disclosures as the service does, with the same fingerprint", async () => {
    const { folder } = anExport();

    const report = await json(folder, "disclosures", ".", "--patient", PATIENT_ID);

    const chain = ENTRIES.filter(({ chain: name }) => name === PATIENT_ID);
    const service = disclosuresReport(chain, { patientId: PATIENT_ID, asOf: new Date(UNTIL) });
    expect(report.items).toEqual([
      expect.objectContaining({ alertId: "alr_1", what: "There is a message for you." }),
    ]);
    expect(report.sha256).toBe(fingerprintOf(service));
    expect(report.notes[0]).toBe(VERIFY_FIRST);
    expect(report.derivedFrom).toContain(UNTIL);
  });

  it("knows what was known at a day, and refuses a day that the export does not reach", async () => {
    const { folder } = anExport();
    const asOf = async (day: string) =>
      run(folder, "disclosures", ".", "--patient", PATIENT_ID, "--as-of", day, "--format", "json");

    expect(JSON.parse((await asOf("2026-11-04")).output)).toMatchObject({
      items: [],
      // The day's end where the practice is.
      period: { to: "2026-11-05T05:00:00.000Z" },
    });
    expect(await asOf("2026-11-22")).toMatchObject({
      status: 2,
      output: "",
      errors: expect.stringMatching(/--as-of/u),
    });
  });

  it("reviews a month by the practice's own hours and calendar", async () => {
    const { folder } = anExport();

    const { items, notes } = await json(folder, "access-review", ".", "--month", "2026-11");

    // 3:30 UTC on Wednesday is Tuesday evening in New York.
    expect(items).toEqual([
      expect.objectContaining({ actor: "staff_1", changes: 3, patients: 0 }),
      expect.objectContaining({ actor: "staff_2", content: 1, signIns: 1, patients: 1, outOfHours: 1 }),
    ]);
    expect(notes.join()).toContain("America/New_York");
  });

  it("lists who signed a month off, also after its end, and says when the record begins", async () => {
    const month = ["access-review", ".", "--month", "2026-11"] as const;
    const { sha256, remarks } = await json(anExport().folder, ...month);
    const signed = chainsOf([
      {
        action: "access-review.signed-off",
        at: "2026-12-02T10:00:00.000Z",
        actor: "staff_7",
        role: "compliance",
        details: { month: "2026-11", sha256 },
      },
    ]);
    const late = {
      table: "Audit",
      items: auditItems([...ENTRIES, ...signed]),
      until: "2026-12-03T00:00:00.000Z",
    };

    const later = await json(anExport([{ ...late, table: "Audit" }]).folder, ...month);
    const next = await json(
      anExport([{ ...late, table: "Audit" }]).folder,
      "access-review",
      ".",
      "--month",
      "2026-12",
    );

    expect(remarks).toEqual([
      expect.stringContaining("was not over"),
      "The record begins 2026-11-01T10:00:00.000Z: 2026-11 is not in it from its first day on.",
      expect.stringContaining("Nobody has signed 2026-11 off"),
    ]);
    expect(later.remarks?.at(-1)).toBe(
      `Signed off by staff_7 (compliance) at 2026-12-02T10:00:00.000Z: SHA-256 ${sha256}, which is this report's.`,
    );
    expect((next.remarks ?? []).join(" ")).not.toContain("begins");
  });

  it("asks for the zone of a review that no export tells, and says of other reports which one they have", async () => {
    const { folder } = anExport([], ENTRIES, { practice: [] });
    const review = ["access-review", ".", "--month", "2026-11"] as const;

    const refused = await run(folder, ...review);
    const told = await json(folder, ...review, "--time-zone", "America/New_York");
    const accesses = await json(folder, "accesses", ".", "--patient", PATIENT_ID);
    const other = await json(
      anExport().folder,
      "accesses",
      ".",
      "--patient",
      PATIENT_ID,
      "--time-zone",
      "UTC",
    );

    expect([refused.status, refused.output]).toEqual([2, ""]);
    expect(refused.errors).toContain("--time-zone");
    expect(told.notes.join(" ")).toContain("9:00 to 17:00");
    expect(accesses.remarks).toEqual([expect.stringContaining("those of UTC and not the practice's")]);
    expect(other.remarks).toEqual(["Times are those of UTC; the practice's own zone is America/New_York."]);
  });

  it("takes what came after the full export from incremental ones, and nothing twice", async () => {
    const later = chainsOf([
      ...ENTRIES.map(
        ({
          id: _id,
          chain: _chain,
          sequence: _sequence,
          hash: _hash,
          previousHash: _previous,
          function: by,
          ...told
        }) => ({ ...told, by }),
      ),
      { ...of, action: "thread.read", at: "2026-11-22T15:00:00.000Z", actor: "staff_2", role: "clinician" },
    ]).at(-1);
    if (later === undefined) throw new Error("no entry");
    const incremental = {
      table: "Audit",
      kind: "incremental",
      items: auditItems([...ENTRIES.slice(0, 5), later]),
      until: "2026-11-23T00:00:00.000Z",
    } as const;
    const { folder } = anExport([
      incremental,
      { ...incremental, until: "2026-11-01T00:00:00.000Z", items: [] },
    ]);

    const review = await json(folder, "access-review", ".", "--month", "2026-11");
    const accesses = await json(folder, "accesses", ".", "--patient", PATIENT_ID);

    expect(review.items[1]).toMatchObject({ actor: "staff_2", content: 2, signIns: 1 });
    expect(accesses.items.map(({ at }) => at)).toEqual([
      "2026-11-04T03:30:00.000Z",
      "2026-11-22T15:00:00.000Z",
    ]);
    expect(accesses.period.to).toBe("2026-11-23T00:00:00.000Z");
  });

  it.each([
    ["the number as patients' records name it", ["--number", NUMBER]],
    ["the number as texts name it", ["--number", CARRIER_NUMBER]],
    ["the patient", ["--patient", PATIENT_ID]],
  ])("shows the evidence of consent for %s, and nothing that is sealed", async (_what, subject) => {
    const { folder } = anExport();

    const { items } = await json(folder, "consent-evidence", ".", ...subject);

    const decisions = items.filter(({ consentId }) => consentId !== null);
    expect(decisions.map(({ event, sequence, evidence }) => [event, sequence, evidence])).toEqual([
      ["granted", 2, "sealed"],
      ["revoked", 5, "sealed"],
    ]);
    expect(JSON.stringify(items)).not.toContain("wrappedKey");
  });

  it.each([
    ["the number", ["--number", NUMBER]],
    ["the number as texts name it", ["--number", CARRIER_NUMBER]],
    ["the patient", ["--patient", PATIENT_ID]],
  ])("finds for %s what was changed in the ledger, put into it or taken from it", async (_what, subject) => {
    const [grant = {}, stop = {}] = CONSENTS;
    const forged = { ...stop, decision: "granted", method: "signed", recordedBy: "staff_9" };
    const added = { ...grant, sk: "event#con_8", consentId: "con_8", recordedAt: "2026-11-06T10:00:00.000Z" };
    const of = async (consents: readonly object[]) => {
      const { items, remarks } = await json(
        anExport([], ENTRIES, { consents }).folder,
        "consent-evidence",
        ".",
        ...subject,
      );
      const told = items
        .map((item) => item["ledgerAndAudit"])
        .filter((one) => one !== null && one !== "agree");
      return { told, remarks: remarks?.length ?? 0 };
    };

    expect(await of(CONSENTS)).toEqual({ told: [], remarks: 0 });
    expect(await of([grant, forged])).toEqual({
      told: [
        `DIFFER: decision (audit: revoked); method (audit: text); recorded by (audit: patient:${PATIENT_ID})`,
      ],
      remarks: 1,
    });
    expect(await of([grant])).toEqual({ told: ["NOT IN THE LEDGER"], remarks: 1 });
    expect(await of([grant, stop, added])).toEqual({ told: ["NOT IN THE AUDIT"], remarks: 1 });
  });

  it("finds an entry of the ledger that a later export has differently", async () => {
    const [grant = {}] = CONSENTS;
    const { folder } = anExport([
      {
        table: "Consents",
        kind: "incremental",
        items: [{ ...grant, language: "es" }],
        until: "2026-11-23T00:00:00.000Z",
      },
    ]);

    const { items } = await json(folder, "consent-evidence", ".", "--patient", PATIENT_ID);

    expect(items.find(({ consentId }) => consentId === "con_1")).toMatchObject({
      ledgerAndAudit: "DIFFER: two exports of the ledger have it differently",
    });
  });

  it("tells where nothing was noted as evidence, without opening anything", async () => {
    const sealed = sealedNothing();
    const [grant = {}, stop = {}] = CONSENTS;
    const { folder } = anExport([], ENTRIES, {
      consents: [
        { ...grant, sealed },
        { ...stop, sealed },
      ],
    });

    const { items } = await json(folder, "consent-evidence", ".", "--patient", PATIENT_ID);

    // A text is always kept; two letters of it have the size of nothing.
    expect(items.flatMap(({ evidence }) => evidence ?? [])).toEqual(["none", "sealed"]);
  });

  it("shows for a number also the change by which the patient no longer had it, and no later one", async () => {
    const changed = (at: string, details: object): Parameters<typeof chainsOf>[0][number] => ({
      ...of,
      action: "patient.changed",
      at,
      details: { ...details },
    });
    const entries = chainsOf([
      { ...of, action: "patient.registered", at: "2026-11-01T10:00:00.000Z", details: { numberId: NUMBER } },
      changed("2026-11-03T10:00:00.000Z", { addressId: "num_01KAEV0000000000000000NBM7" }),
      changed("2026-11-04T10:00:00.000Z", { numberId: "num_01KAEV0000000000000000NBM8" }),
      changed("2026-11-05T10:00:00.000Z", { numberId: null }),
    ]);
    const { folder } = anExport([], entries);

    const { items } = await json(folder, "consent-evidence", ".", "--number", NUMBER);

    expect(items.filter(({ consentId }) => consentId === null).map(({ sequence }) => sequence)).toEqual([
      1, 3,
    ]);
  });

  it("tells that nobody used access in an emergency", async () => {
    const { folder } = anExport();

    expect((await run(folder, "break-glass", ".")).output).toContain("None recorded.");
  });

  it("writes a file that only its owner may read", async () => {
    const { folder } = anExport();

    const { status, output } = await run(
      folder,
      "break-glass",
      ".",
      "--format",
      "html",
      "--out",
      "report.html",
    );

    const file = join(folder, "report.html");
    expect([status, output]).toEqual([0, ""]);
    expect(readFileSync(file, "utf8")).toContain("<title>Uses of access in an emergency</title>");
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it.each<[string, readonly string[]]>([
    ["no report", []],
    ["a report that is none", ["thing", "."]],
    ["no directory", ["break-glass"]],
    ["no patient", ["disclosures", "."]],
    ["a patient's name", ["disclosures", ".", "--patient", "Ana Ruiz"]],
    ["a patient for a month's review", ["access-review", ".", "--patient", PATIENT_ID]],
    ["a month that is none", ["access-review", ".", "--month", "2026-00"]],
    ["a zone that is none", ["break-glass", ".", "--time-zone", "Mars/Olympus"]],
    ["a form that is none", ["break-glass", ".", "--format", "pdf"]],
    ["a day that is none", ["break-glass", ".", "--as-of", "2026-02-31T99:00:00Z"]],
    ["a directory that is none", ["break-glass", "nowhere"]],
    [
      "a patient of whom nothing is there",
      ["disclosures", ".", "--patient", "pat_01KAEV0000000000000000PAT9"],
    ],
    [
      "a number of which nothing is there",
      ["consent-evidence", ".", "--number", "num_01KAEV0000000000000000NBM9"],
    ],
  ])("answers %s with one line and status 2", async (_what, args) => {
    const { folder } = anExport();

    const { status, output, errors } = await run(folder, ...args);

    expect([status, output]).toEqual([2, ""]);
    expect(errors.trimEnd().split("\n")).toHaveLength(1);
    expect(errors).not.toContain("Ana");
  });

  it("makes no report from a file that is not what its manifest says", async () => {
    const { folder, dataFiles } = anExport();
    const [file = ""] = dataFiles;
    writeFileSync(file, readFileSync(file).subarray(0, 60));

    const { status, errors } = await run(folder, "break-glass", ".");

    expect(status).toBe(2);
    expect(errors).toContain("verify the export first");
  });

  it("makes no report where a window between two exports is missing", async () => {
    const { folder } = anExport([
      { table: "Audit", kind: "incremental", items: [], until: "2026-11-24T00:00:00.000Z" },
    ]);

    const { status, errors } = await run(folder, "break-glass", ".");

    expect(status).toBe(2);
    expect(errors).toContain("a window is missing");
  });

  it("makes no report of a patient whose entries have a gap, unless the newest ones are torn", async () => {
    const without = (sequence: number, entries: readonly AuditEntry[]) =>
      entries.filter((entry) => entry.chain !== PATIENT_ID || entry.sequence !== sequence);
    const torn = chainsOf([
      { ...of, action: "patient.read", at: "2026-11-20T10:00:00.000Z" },
      { ...of, action: "patient.read", at: "2026-11-21T23:59:30.000Z" },
      { ...of, action: "patient.read", at: "2026-11-21T23:59:40.000Z" },
    ]);

    const gap = await run(anExport([], without(2, ENTRIES)).folder, "accesses", ".", "--patient", PATIENT_ID);
    const { items } = await json(
      anExport([], without(2, torn)).folder,
      "accesses",
      ".",
      "--patient",
      PATIENT_ID,
    );

    expect([gap.status, gap.output]).toEqual([2, ""]);
    expect(items.map(({ sequence }) => sequence)).toEqual([1]);
  });

  it("opens nothing outside of the export, whatever a manifest names", async () => {
    const { folder } = anExport();
    const [audit = ""] = [
      join(folder, "tables/Audit/AWSDynamoDB/01700000000000-0123abcd/manifest-files.json"),
    ];
    writeFileSync(
      audit,
      JSON.stringify({ md5Checksum: "x", dataFileS3Key: "AWSDynamoDB/../../../../etc/passwd" }),
    );

    expect(await run(folder, "break-glass", ".")).toMatchObject({ status: 2, output: "" });
  });
});
