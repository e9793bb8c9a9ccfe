import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { PinpointSMSVoiceV2Client } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createNumbersTable, createOwnersOfNumber } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createOptOutCursor } from "#shared/adapters/dynamodb/opt-out-cursor.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createOptOutList } from "#shared/adapters/sms/opt-outs.ts";
import { createRecordCarrierStop } from "#shared/delivery/carrier-stop.ts";
import { createReconcileOptOuts } from "#shared/delivery/reconcile-opt-outs.ts";
import { blindIndex } from "#shared/patients/register.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ReconcileOptOutsEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

/** Control operations of End User Messaging are paced at about one a second. */
const PAUSE_MS = 1000;

const env = readEnv(ReconcileOptOutsEnvironment);
const log = createLog();
const dynamodb = new DynamoDBClient();
const kms = new KMSClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const journal = createJournal(dynamodb, {
  table: env.AUDIT_TABLE_NAME,
  function: "reconcile-opt-outs",
  read,
  newId,
  now,
});
const numbers = createNumbersTable(env.PATIENTS_TABLE_NAME);
const indexMac = createMac(kms, env.INDEX_KEY_ARN);
const list = createOptOutList(new PinpointSMSVoiceV2Client({ maxAttempts: 6 }), env.OPT_OUT_LIST_NAME);

export const handler = createHandler(
  createReconcileOptOuts({
    read,
    journal,
    page: list.page,
    cursor: createOptOutCursor(env.PRACTICE_TABLE_NAME),
    indexOf: (number) => blindIndex(indexMac, "number", number),
    numbers,
    recordCarrierStop: createRecordCarrierStop({
      read,
      journal,
      numbers,
      ownersOf: createOwnersOfNumber(dynamodb, env.PATIENTS_TABLE_NAME),
      patients: createPatientsTable(env.PATIENTS_TABLE_NAME),
      consents: createConsentsTable(env.CONSENTS_TABLE_NAME),
      tasks: createTasksTable(env.PRACTICE_TABLE_NAME),
      sealEvidence: createSealEvidence(createNewDataKey(kms, env.CONTACT_KEY_ARN)),
      newId,
      now,
    }),
    onFailure: (error) => log.error("RECORD_FAILED", error),
    pause: () => sleep(PAUSE_MS),
  }),
  log,
);
