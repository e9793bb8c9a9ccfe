import { afterEach, expect, it } from "vitest";
import { runReport } from "#infra/audit/report/run.ts";
import { accessesReport } from "#shared/audit/reports/accesses.ts";
import { fingerprintOf } from "#shared/audit/reports/report.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { chainsOf } from "./chains.ts";
import { auditItems, exportFolder } from "./export-folder.ts";

const OTHER_PATIENT = "pat_01KAEV0000000000000000PAT2";
const UNTIL = "2026-11-22T00:00:00.000Z";
const day = (number: number) => `2026-11-${String(number).padStart(2, "0")}T10:00:00.000Z`;

const byActor = (at: string, patientIds: readonly string[]) => ({
  action: "audit.read",
  at,
  actor: "staff_9",
  role: "auditor",
  by: "audit",
  details: { of: "staff_1", count: 2, patientIds },
});
const ENTRIES = chainsOf([
  { action: "patient.registered", at: day(1), patientId: PATIENT_ID },
  { action: "patient.read", at: day(2), patientId: PATIENT_ID },
  byActor(day(3), [OTHER_PATIENT, PATIENT_ID]),
  byActor(day(4), [OTHER_PATIENT]),
  {
    action: "appointments.listed",
    at: day(5),
    actor: "staff_7",
    role: "frontdesk",
    by: "appointments",
    details: { day: "2026-11-06", state: null, count: 2, patientIds: [OTHER_PATIENT, PATIENT_ID] },
  },
]);

let remove: () => void = () => undefined;
afterEach(() => remove());

async function accesses(patientId: string) {
  const items = auditItems(ENTRIES);
  const made = exportFolder([{ table: "Audit", kind: "full", items, until: UNTIL }]);
  const { folder } = made;
  remove = made.remove;
  let output = "";
  const status = await runReport(["accesses", folder, "--patient", patientId, "--format", "json"], {
    folder,
    write: (text) => {
      output += text;
    },
    complain: () => undefined,
    now: () => new Date(UNTIL),
  });
  expect(status).toBe(0);
  return { output, ...(JSON.parse(output) as { items: Record<string, unknown>[]; notes: string[] }) };
}

it("has who read the audit by what somebody did, or a day's visits, and names no other patient", async () => {
  const { items, notes, output } = await accesses(PATIENT_ID);

  expect(items.map(({ actor, action, chain, sequence }) => [actor, action, chain, sequence])).toEqual([
    ["staff_1", "patient.read", null, 2],
    ["staff_9", "audit.read", "actor#staff_9", 1],
    ["staff_7", "appointments.listed", "actor#staff_7", 1],
  ]);
  expect(items[1]).toMatchObject({ shows: "record", what: expect.stringContaining("staff_1") });
  expect(items[2]).toMatchObject({ shows: "list", what: expect.stringContaining("2026-11-06") });
  expect(output).not.toContain(OTHER_PATIENT);
  // By this it is still known to be the one that was given from the table itself.
  const to = new Date(UNTIL);
  const chain = ENTRIES.filter((entry) => entry.chain === PATIENT_ID);
  const online = accessesReport(chain, { patientId: PATIENT_ID, from: null, to });
  expect(notes.join("\n")).toContain(fingerprintOf(online));
});
