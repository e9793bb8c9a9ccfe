import { createChangePatient, type PatientChange } from "../patients/change.ts";
import {
  blindIndex,
  createRegisterPatient,
  type OpenedPatient,
  type PatientPorts,
} from "../patients/register.ts";
import { type Applied, type Applying, type ApplyRow, refused } from "./apply.ts";
import type { PatientRow } from "./rows.ts";

const RACES_MAX = 4;
const REMEMBERED_MAX = 1000;

/** What a row says otherwise than is on record; what it does not say stays. */
function differences(row: PatientRow, { record, contact }: OpenedPatient): PatientChange {
  const { givenName, familyName, birthDate, mobilePhone, email, language, timeZone } = row;
  const told = { givenName, familyName, birthDate, mobilePhone, email, language, timeZone };
  const known = { ...contact, language: record.language, timeZone: record.timeZone };
  return Object.fromEntries(
    Object.entries(told).filter(
      ([name, value]) => value !== undefined && value !== known[name as keyof typeof known],
    ),
  );
}

/** Blind indexes that are asked for twice, here and where a patient is registered, are made once. */
function remembering(mac: PatientPorts["indexMac"]): PatientPorts["indexMac"] {
  const made = new Map<string, Promise<Uint8Array>>();
  return (...fields) => {
    const name = JSON.stringify(fields);
    const known = made.get(name);
    if (known !== undefined) return known;
    if (made.size >= REMEMBERED_MAX) made.clear();
    const making = mac(...fields);
    made.set(name, making);
    making.catch(() => made.delete(name));
    return making;
  };
}

/** Registers a patient whom a row tells of, or changes what it tells otherwise. */
export function createApplyPatient(given: PatientPorts): ApplyRow<PatientRow> {
  const ports = { ...given, indexMac: remembering(given.indexMac) };
  const { read, journal, patients } = ports;
  const register = createRegisterPatient(ports);
  const change = createChangePatient(ports);

  /** Undefined where somebody was faster. */
  async function update(
    id: string,
    row: PatientRow,
    { asking, importId }: Applying,
  ): Promise<Applied | undefined> {
    const [record, head] = await read(
      patients.patient(id),
      journal.head({ patientId: id, actor: asking.actor }),
    );
    if (record === undefined) return refused("patient_unknown", "externalId");
    // Before anything is opened.
    await journal.record(
      { ...asking, action: "patient.compared", patientId: id, details: { importId } },
      head ?? null,
    );
    const changes = differences(row, { record, contact: await ports.openContact(record) });
    if (Object.keys(changes).length === 0) return { kind: "unchanged" };
    const outcome = await change(id, changes, record.version, asking);
    if (outcome.kind === "unknown") return refused("patient_unknown", "externalId");
    return outcome.kind === "changed" ? { kind: "changed" } : undefined;
  }

  return async (row, applying) => {
    const index = await blindIndex(ports.indexMac, "external", row.externalId);
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [match] = await read(patients.byExternalId(index));
      if (applying.dryRun) return { kind: match === undefined ? "created" : "existing" };
      if (match !== undefined) {
        const outcome = await update(match.patientId, row, applying);
        if (outcome !== undefined) return outcome;
        continue;
      }
      const { kind: _kind, ...fields } = row;
      const { kind } = await register(fields, applying.asking, null);
      if (kind === "registered") return { kind: "created" };
    }
    return refused("contended");
  };
}
