import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createApi } from "#functions/http/api.ts";
import { createAppointmentsTable } from "#shared/adapters/dynamodb/appointments-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createDaysOn } from "#shared/adapters/dynamodb/days-of-date.ts";
import { createImportsTable } from "#shared/adapters/dynamodb/imports-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import { createOpenExternalId, createSealExternalId } from "#shared/adapters/external-id-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { AppointmentsEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";
import { createImportRoutes } from "./imports-routes.ts";

const env = readEnv(AppointmentsEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const appointments = createAppointmentsTable(env.APPOINTMENTS_TABLE_NAME);

const journal = createJournal(dynamodb, {
  table: env.AUDIT_TABLE_NAME,
  function: "appointments",
  read,
  newId,
  now,
});
const indexMac = createMac(kms, env.INDEX_KEY_ARN);

const visits = createRoutes({
  read,
  journal,
  appointments,
  daysOn: createDaysOn(dynamodb, appointments),
  messages: createMessagesTable(env.MESSAGES_TABLE_NAME),
  patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
  consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
  practice: createPracticeTable(env.PRACTICE_TABLE_NAME),
  vocabulary: createVocabularyTable(env.PRACTICE_TABLE_NAME),
  settingsDefault: settingsDefaultOf(env.PRACTICE_TIME_ZONE),
  indexMac,
  sealExternalId: createSealExternalId(createNewDataKey(kms, env.CONTACT_KEY_ARN)),
  openExternalId: createOpenExternalId(createOpenDataKey(kms, env.CONTACT_KEY_ARN)),
  newId,
  now,
});

const imports = createImportRoutes({
  read,
  journal,
  memory: createRequestMemory(env.APPOINTMENTS_TABLE_NAME, now),
  imports: createImportsTable(env.APPOINTMENTS_TABLE_NAME),
  // Only who asks for an upload loads S3.
  signImport: async (importId) => {
    const { createSignImport } = await import("#shared/adapters/s3/import-links.ts");
    return createSignImport({ bucket: env.IMPORTS_BUCKET_NAME, keyArn: env.CONTACT_KEY_ARN })(importId);
  },
  indexMac,
  newId,
  now,
});

export const handler = createApi({ ...visits, ...imports }, createLog());
