import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { createApi } from "#functions/http/api.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createChainEnd } from "#shared/adapters/dynamodb/chain-end.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createExportState, createStartExport } from "#shared/adapters/dynamodb/table-exports.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createObjectStore } from "#shared/adapters/s3/object-store.ts";
import { createRequestExports } from "#shared/audit/request-exports.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { ExportAuditEnvironment } from "./env.ts";
import { createHandler, createRoutes } from "./handler.ts";
import { safeguardsBeside } from "./safeguards.ts";

const env = readEnv(ExportAuditEnvironment);
const log = createLog();
const dynamodb = new DynamoDBClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const journal = createJournal(dynamodb, {
  table: env.AUDIT_TABLE_NAME,
  function: "export-audit",
  read,
  newId,
  now,
});
const exportsBucket = createObjectStore(new S3Client(), env.EXPORTS_BUCKET_NAME);
const ports = {
  read,
  journal,
  memory: createRequestMemory(env.PRACTICE_TABLE_NAME, now),
  indexMac: createMac(new KMSClient(), env.INDEX_KEY_ARN),
  chainEnd: createChainEnd({ read, journal }, env.AUDIT_TABLE_NAME),
  startExport: createStartExport(dynamodb, {
    tableArns: {
      Audit: env.AUDIT_TABLE_ARN,
      Consents: env.CONSENTS_TABLE_ARN,
      Practice: env.PRACTICE_TABLE_ARN,
    },
    bucket: env.EXPORTS_BUCKET_NAME,
    keyArn: env.EXPORTS_KEY_ARN,
  }),
  stateOf: createExportState(dynamodb),
  async laySafeguards() {
    for (const { key, content, type } of safeguardsBeside(import.meta.url)) {
      await exportsBucket.put(key, content, type);
    }
  },
  onFailure: (table: string, error: unknown) => log.error("EXPORT_FAILED", error, { table }),
  now,
};

export const handler = createHandler(
  createApi(createRoutes(ports), log),
  createRequestExports(ports).scheduled,
  log,
);
