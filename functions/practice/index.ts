import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { createApi } from "#functions/http/api.ts";
import { createApprovalPages, createApprovalsTable } from "#shared/adapters/dynamodb/approvals-table.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createTemplatePages, createTemplatesTable } from "#shared/adapters/dynamodb/templates-table.ts";
import { createVocabularyAt, createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import type { PracticeInTexts } from "#shared/vocabulary/slot-sets.ts";
import { createApprovalRoutes } from "./approvals-routes.ts";
import { PracticeEnvironment } from "./env.ts";
import { createRoutes } from "./handler.ts";
import { createTemplateRoutes } from "./templates-routes.ts";
import { createVocabularyRoutes } from "./vocabulary-routes.ts";

const env = readEnv(PracticeEnvironment);
const dynamodb = new DynamoDBClient();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const table = env.PRACTICE_TABLE_NAME;

const practiceInTexts: PracticeInTexts = {
  name: env.PRACTICE_NAME,
  phone: env.PRACTICE_PHONE,
  portalBaseUrl: env.PORTAL_BASE_URL,
  textPartsMax: env.TEXT_PARTS_MAX === 1 ? 1 : 2,
  wording: env.PRACTICE_WORDING,
};
const openLate = async () => {
  const late = await import("./late.ts");
  return late.openLate(practiceInTexts);
};

const ports = {
  read,
  journal: createJournal(dynamodb, {
    table: env.AUDIT_TABLE_NAME,
    function: "practice",
    read,
    newId,
    now,
  }),
  memory: createRequestMemory(table, now),
  indexMac: createMac(new KMSClient(), env.INDEX_KEY_ARN),
  practice: createPracticeTable(table),
  vocabulary: createVocabularyTable(table),
  vocabularyAt: createVocabularyAt(dynamodb, table),
  templates: createTemplatesTable(table),
  templatePages: createTemplatePages(dynamodb, table),
  approvals: createApprovalsTable(table),
  approvalPages: createApprovalPages(dynamodb, table),
  openJudge: async () => (await openLate()).judge,
  openPrinter: async () => (await openLate()).printer,
  shippedTemplates: async () => (await openLate()).shippedTemplates(),
  settingsDefault: settingsDefaultOf(env.PRACTICE_TIME_ZONE),
  identity: {
    name: env.PRACTICE_NAME,
    phone: env.PRACTICE_PHONE,
    portalHost: new URL(env.PORTAL_BASE_URL).host,
    emailSender: env.EMAIL_FROM ?? null,
  },
  newId,
  now,
};

export const handler = createApi(
  {
    ...createRoutes(ports),
    ...createTemplateRoutes(ports),
    ...createApprovalRoutes(ports),
    ...createVocabularyRoutes(ports),
  },
  createLog(),
);
