import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { createOpenContact, createSealContact } from "#shared/adapters/contact-seal.ts";
import { createAppointmentsTable } from "#shared/adapters/dynamodb/appointments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createImportsTable, createSaveProgress } from "#shared/adapters/dynamodb/imports-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createNumbersTable } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createSealExternalId } from "#shared/adapters/external-id-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { idOfImport } from "#shared/adapters/s3/import-keys.ts";
import { createImportObjects } from "#shared/adapters/s3/import-objects.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ImportRecordsEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(ImportRecordsEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const newDataKey = createNewDataKey(kms, env.CONTACT_KEY_ARN);
const practice = createPracticeTable(env.PRACTICE_TABLE_NAME);
const vocabulary = createVocabularyTable(env.PRACTICE_TABLE_NAME);
const settingsDefault = settingsDefaultOf(env.PRACTICE_TIME_ZONE);

const shared = {
  read,
  journal: createJournal(dynamodb, {
    table: env.AUDIT_TABLE_NAME,
    function: "import-records",
    read,
    newId,
    now,
  }),
  patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
  consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
  messages: createMessagesTable(env.MESSAGES_TABLE_NAME),
  practice,
  vocabulary,
  settingsDefault,
  indexMac: createMac(kms, env.INDEX_KEY_ARN),
  newId,
  now,
};

/** Reading and applying rows is loaded with the first file. */
async function loadRun() {
  const { createWork } = await import("#shared/imports/work.ts");
  return createWork(
    {
      ...shared,
      imports: createImportsTable(env.APPOINTMENTS_TABLE_NAME),
      objects: createImportObjects(new S3Client(), env.IMPORTS_BUCKET_NAME),
      save: createSaveProgress(dynamodb),
    },
    {
      ofPatients: {
        ...shared,
        memory: createRequestMemory(env.PATIENTS_TABLE_NAME, now),
        contentKeys: createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME),
        proofMac: createMac(kms, env.PROOF_KEY_ARN),
        sealContact: createSealContact(newDataKey),
        openContact: createOpenContact(createOpenDataKey(kms, env.CONTACT_KEY_ARN)),
      },
      ofConsents: {
        ...shared,
        memory: createRequestMemory(env.CONSENTS_TABLE_NAME, now),
        numbers: createNumbersTable(env.PATIENTS_TABLE_NAME),
        sealEvidence: createSealEvidence(newDataKey),
        optOuts: env.OPT_OUTS,
        // What an import grants lifts no stop, so that there is nothing to tell by a text.
        requestAlert: () => Promise.reject(new Error("an import asks for no text")),
      },
      ofAppointments: {
        ...shared,
        appointments: createAppointmentsTable(env.APPOINTMENTS_TABLE_NAME),
        sealExternalId: createSealExternalId(newDataKey),
      },
    },
  );
}

let loading: ReturnType<typeof loadRun> | undefined;

export const handler = createHandler(
  {
    run: async (importId, remainingMs) => {
      loading ??= loadRun();
      return (await loading)(importId, remainingMs);
    },
    idOf: idOfImport,
  },
  createLog(),
);
