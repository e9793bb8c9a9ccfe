import { createSealContact } from "#shared/adapters/contact-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import type { Journal, Write } from "#shared/audit/journal.ts";
import type { ConsentRecord, ConsentState } from "#shared/consent/records.ts";
import type { Purpose } from "#shared/domain/words.ts";
import type { PatientRecord } from "#shared/patients/records.ts";
import { birthDateVerifier, blindIndex } from "#shared/patients/register.ts";
import { newId } from "#shared/runtime/ids.ts";
import type { Aws } from "../local/aws/aws.ts";
import { inProcessDataKeys, inProcessDynamodb, inProcessMac, type Transactions } from "./in-process.ts";

/** The birth date of every patient that is filled in. */
export const FILLED_BIRTH_DATE = "1980-02-29";

/** Who fills. */
export const FILL_ACTOR = "function:bench";

/** A patient as the functions would have written it, with a consent to texts. */
export type FilledPatient = {
  readonly patient: PatientRecord;
  readonly consent: ConsentRecord & ConsentState;
  readonly writes: readonly Write[];
};

/** The value that the stack's functions have for a variable. */
export function stackVariable(aws: Aws, name: string): string {
  const found = aws.functions
    .map(({ environment }) => environment[name])
    .find((value) => value !== undefined);
  if (found === undefined) throw new Error(`no function has the variable ${name}`);
  return found;
}

/** The journal of whoever fills: it writes to the stack's audit table in this process. */
export function fillJournal(aws: Aws, transactions: Transactions = "whole"): Journal {
  const dynamodb = inProcessDynamodb(aws, transactions);
  return createJournal(dynamodb, {
    table: stackVariable(aws, "AUDIT_TABLE_NAME"),
    function: "bench",
    read: createReadSnapshot(dynamodb),
    newId,
    now: () => new Date(),
  });
}

/** Makes patients with verifier and number, and consent to texts of one purpose, in the form that functions write. */
export function createFillPatient(aws: Aws) {
  const patients = createPatientsTable(stackVariable(aws, "PATIENTS_TABLE_NAME"));
  const consents = createConsentsTable(stackVariable(aws, "CONSENTS_TABLE_NAME"));
  const contentKeys = createContentKeysTable(stackVariable(aws, "CONTENT_KEYS_TABLE_NAME"));
  const contactDataKey = inProcessDataKeys(aws, stackVariable(aws, "CONTACT_KEY_ARN"));
  const sealContact = createSealContact(contactDataKey);
  const sealEvidence = createSealEvidence(contactDataKey);
  const indexMac = inProcessMac(aws, stackVariable(aws, "INDEX_KEY_ARN"));
  const proofMac = inProcessMac(aws, stackVariable(aws, "PROOF_KEY_ARN"));

  return async (index: number, purpose: Purpose, at: Date): Promise<FilledPatient> => {
    const time = at.toISOString();
    const patientId = newId("pat", at);
    const numberId = newId("num", at);
    const contact = {
      externalId: `bench-${String(index)}`,
      givenName: `Given${String(index)}`,
      familyName: `Family${String(index)}`,
      birthDate: FILLED_BIRTH_DATE,
      mobilePhone: mobilePhone(index),
      email: null,
    };
    const numberIndex = await blindIndex(indexMac, "number", contact.mobilePhone);
    const patient: PatientRecord = {
      id: patientId,
      language: "en",
      timeZone: "America/New_York",
      constraints: {},
      numberId,
      numberIndex,
      addressId: null,
      createdAt: time,
      version: 1,
      ...(await sealContact(patientId, contact)),
    };
    const consentId = newId("con", at);
    const consent: ConsentRecord & ConsentState = {
      consentId,
      patientId,
      purpose,
      channel: "sms",
      decision: "granted",
      since: time,
      contactId: numberId,
      ended: null,
      wording: "bench",
      language: "en",
      method: "paper",
      acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
      recordedBy: FILL_ACTOR,
      recordedAt: time,
      ...(await sealEvidence(patientId, consentId, null)),
    };
    return {
      patient,
      consent,
      writes: [
        ...patients.addPatient(patient, await blindIndex(indexMac, "external", contact.externalId)),
        patients.addNumber(numberIndex, patientId, numberId),
        contentKeys.setBirthDateVerifier(
          patientId,
          await birthDateVerifier(proofMac, patientId, FILLED_BIRTH_DATE, new Date(0)),
        ),
        ...consents.append(consent, undefined),
      ],
    };
  };
}

/** One of the ten thousand numbers of the exchange 555 in an area of the US; no text leaves this machine. */
function mobilePhone(index: number): string {
  return `+1202555${String(index % 10_000).padStart(4, "0")}`;
}
