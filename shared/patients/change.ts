import type { Asking, Write } from "../audit/journal.ts";
import type { Language } from "../domain/words.ts";
import type { PatientConstraints, PatientContact, PatientRecord } from "./records.ts";
import { birthDateVerifier, blindIndex, type OpenedPatient, type PatientPorts } from "./register.ts";

/** What may change; null takes a contact detail away. */
export interface PatientChange {
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly mobilePhone?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly language?: Language | undefined;
  readonly timeZone?: string | undefined;
  readonly constraints?: PatientConstraints | undefined;
}

/** What came of a change. */
export type ChangeOutcome =
  | { readonly kind: "changed"; readonly patient: OpenedPatient }
  | { readonly kind: "unknown" }
  | { readonly kind: "version-conflict" };

function contactAfter(contact: PatientContact, change: PatientChange): PatientContact {
  return {
    ...contact,
    givenName: change.givenName ?? contact.givenName,
    familyName: change.familyName ?? contact.familyName,
    birthDate: change.birthDate ?? contact.birthDate,
    mobilePhone: change.mobilePhone === undefined ? contact.mobilePhone : change.mobilePhone,
    email: change.email === undefined ? contact.email : change.email,
  };
}

/**
 * Changes a patient that is at `version` (undefined: as it is now). A new number or address gets a
 * new opaque name, so that no consent given for the old one covers it.
 */
export function createChangePatient(ports: PatientPorts) {
  const { read, journal, patients, contentKeys, newId, now } = ports;

  function contactName(before: string | null, after: string | null, present: string | null) {
    if (after === before) return present;
    return after === null ? null : newId("num", now());
  }

  function numberWrites(before: PatientRecord, after: PatientRecord): Write[] {
    if (before.numberId === after.numberId) return [];
    return [
      ...(before.numberIndex === null ? [] : [patients.removeNumber(before.numberIndex, after.id)]),
      ...(after.numberIndex === null || after.numberId === null
        ? []
        : [patients.addNumber(after.numberIndex, after.id, after.numberId)]),
    ];
  }

  async function indexOf(mobilePhone: string | null): Promise<string | null> {
    return mobilePhone === null ? null : blindIndex(ports.indexMac, "number", mobilePhone);
  }

  return async (
    id: string,
    change: PatientChange,
    version: number | undefined,
    asking: Asking,
  ): Promise<ChangeOutcome> => {
    const head = journal.head({ patientId: id, actor: asking.actor });
    const [before, known] = await read(patients.patient(id), head);
    if (before === undefined) return { kind: "unknown" };
    if (version !== undefined && version !== before.version) return { kind: "version-conflict" };

    const contactBefore = await ports.openContact(before);
    const contact = contactAfter(contactBefore, change);
    const moved = contact.mobilePhone !== contactBefore.mobilePhone;
    const record: PatientRecord = {
      ...before,
      language: change.language ?? before.language,
      timeZone: change.timeZone ?? before.timeZone,
      constraints: change.constraints ?? before.constraints,
      numberId: contactName(contactBefore.mobilePhone, contact.mobilePhone, before.numberId),
      numberIndex: moved ? await indexOf(contact.mobilePhone) : before.numberIndex,
      addressId: contactName(contactBefore.email, contact.email, before.addressId),
      version: before.version + 1,
      ...(await ports.sealContact(id, contact)),
    };
    const writes = [patients.replacePatient(record), ...numberWrites(before, record)];
    if (moved || contact.birthDate !== contactBefore.birthDate) {
      // Renewing it ends every link and device from before, and holds clinical content back for a day.
      const verifier = await birthDateVerifier(ports.proofMac, id, contact.birthDate, now(), {
        changed: true,
      });
      writes.push(contentKeys.setBirthDateVerifier(id, verifier));
    }
    const outcome = await journal.commit(
      {
        ...asking,
        action: "patient.changed",
        patientId: id,
        // Names of fields, never their values.
        details: {
          fields: Object.keys(change).sort(),
          version: record.version,
          // What consents were given for is suspended from here on; the ledger has the same names.
          ...(record.numberId === before.numberId ? {} : { numberId: record.numberId }),
          ...(record.addressId === before.addressId ? {} : { addressId: record.addressId }),
        },
      },
      writes,
      known ?? null,
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "changed", patient: { record, contact } };
  };
}
