import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createApi } from "#functions/http/api.ts";
import { createOpenContact, createSealContact } from "#shared/adapters/contact-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { PatientsEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";

const env = readEnv(PatientsEnvironment);
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);

export const handler = createApi(
  createRoutes({
    read,
    journal: createJournal(dynamodb, {
      table: env.AUDIT_TABLE_NAME,
      function: "patients",
      read,
      newId,
      now,
    }),
    memory: createRequestMemory(env.PATIENTS_TABLE_NAME, now),
    patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
    contentKeys: createContentKeysTable(env.CONTENT_KEYS_TABLE_NAME),
    indexMac: createMac(kms, env.INDEX_KEY_ARN),
    proofMac: createMac(kms, env.PROOF_KEY_ARN),
    sealContact: createSealContact(createNewDataKey(kms, env.CONTACT_KEY_ARN)),
    openContact: createOpenContact(createOpenDataKey(kms, env.CONTACT_KEY_ARN)),
    newId,
    now,
  }),
  createLog(),
);
