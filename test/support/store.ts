import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { isAwsError } from "#infra/local/aws/aws-error.ts";
import { createTables } from "#infra/local/aws/dynamodb/tables.ts";
import { createKms } from "#infra/local/aws/kms.ts";
import type { AwsService } from "#infra/local/aws/service.ts";
import { parseTemplate } from "#infra/local/aws/template.ts";
import {
  APPOINTMENTS_DAYS_INDEX,
  AUDIT_ACTOR_INDEX,
  AUDIT_HEADS_INDEX,
  MESSAGES_DUE_INDEX,
  MESSAGES_THREAD_STATE_INDEX,
  PRACTICE_TASKS_INDEX,
  TTL_ATTRIBUTE,
} from "#shared/tables/indexes.ts";

const TABLES = [
  "Patients",
  "Consents",
  "Messages",
  "ContentKeys",
  "Appointments",
  "Practice",
  "Audit",
] as const;
/** A table of the store. */
export type TableName = (typeof TABLES)[number];

interface Index {
  readonly name: string;
  readonly keys: readonly string[];
  /** Everything, where it is left out. */
  readonly attributes?: readonly string[];
}

const INDEXES: Readonly<Partial<Record<TableName, readonly Index[]>>> = {
  Messages: [
    {
      name: MESSAGES_DUE_INDEX,
      keys: ["dueShard", "dueAt"],
      attributes: ["patientId", "queue", "kind", "expiresAt"],
    },
    {
      name: MESSAGES_THREAD_STATE_INDEX,
      keys: ["threadState", "stateSince"],
      attributes: ["id", "patientId", "assignee"],
    },
  ],
  Appointments: [{ name: APPOINTMENTS_DAYS_INDEX, keys: ["listDay", "listOrder"] }],
  Practice: [{ name: PRACTICE_TASKS_INDEX, keys: ["taskState", "dueOrder"] }],
  Audit: [
    { name: AUDIT_ACTOR_INDEX, keys: ["actor", "at"] },
    { name: AUDIT_HEADS_INDEX, keys: ["headShard", "at"], attributes: ["sequence", "hash"] },
  ],
};

function keySchema([hash, range]: readonly string[]) {
  return [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
}

function tableResource(name: TableName) {
  const indexes = INDEXES[name] ?? [];
  const keys = new Set(["pk", "sk", ...indexes.flatMap((index) => index.keys)]);
  return {
    Type: "AWS::DynamoDB::Table",
    Properties: {
      TableName: name,
      KeySchema: keySchema(["pk", "sk"]),
      AttributeDefinitions: [...keys].map((key) => ({ AttributeName: key, AttributeType: "S" })),
      ...(indexes.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map((index) => ({
              IndexName: index.name,
              KeySchema: keySchema(index.keys),
              Projection:
                index.attributes === undefined
                  ? { ProjectionType: "ALL" }
                  : { ProjectionType: "INCLUDE", NonKeyAttributes: index.attributes },
            })),
          }),
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
    },
  };
}

const macKey = {
  Type: "AWS::KMS::Key",
  Properties: { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
};

const TEMPLATE = {
  Resources: {
    ...Object.fromEntries(TABLES.map((name) => [name, tableResource(name)])),
    ContactKey: { Type: "AWS::KMS::Key", Properties: {} },
    ContentKey: { Type: "AWS::KMS::Key", Properties: {} },
    LinkKey: macKey,
    ProofKey: macKey,
    IndexKey: macKey,
  },
};

function sortKey({ pk, sk }: Record<string, unknown>): string {
  return JSON.stringify([pk, sk]);
}

/** A call that reached a service, before it was answered. */
export interface StoreCall {
  readonly service: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Looks at a call; what it throws is answered instead, as a broken connection would be. */
export type Intercept = (call: StoreCall) => void | Promise<void>;

/** What of a request a service answers from. */
interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/**
 * Real tables (the local stack's engine) and real keys behind the SDK's own clients, in this process
 * and without a port: conditions, transactions and ciphertexts are what AWS would make of them.
 */
export function createStore() {
  const template = parseTemplate(TEMPLATE, "Test", { gatewayUrl: "http://127.0.0.1:1" });
  const tables = createTables(template);
  const kms = createKms(template);
  const calls: StoreCall[] = [];
  const state: { intercept: Intercept | undefined } = { intercept: undefined };

  function requestHandler(service: AwsService) {
    return {
      handle: async (request: SentRequest) => {
        const { method, path, headers } = request;
        const { body: sent = "" } = request;
        const body = typeof sent === "string" ? sent : new TextDecoder().decode(sent);
        const operation = service.read({ method, path, headers, body });
        const call = { service: service.name, action: operation.name, input: operation.input };
        calls.push(call);
        await state.intercept?.(call);
        // Lets other callers in, as a network would.
        await new Promise((resolve) => setImmediate(resolve));
        const answer = (statusCode: number, document: unknown, more: Record<string, string> = {}) => ({
          response: {
            statusCode,
            headers: { "content-type": "application/x-amz-json-1.0", ...more },
            body: new TextEncoder().encode(JSON.stringify(document)),
          },
        });
        try {
          return answer(200, await service.run(operation, { kind: "host" }));
        } catch (error) {
          if (!isAwsError(error)) throw error;
          const document = { __type: error.code, message: error.message, ...error.members };
          return answer(error.statusCode, document, { "x-amzn-errortype": error.code });
        }
      },
    };
  }

  const settings = {
    region: "us-east-1",
    endpoint: "http://127.0.0.1:1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  return {
    dynamodb: new DynamoDBClient({ ...settings, requestHandler: requestHandler(tables.service) as never }),
    kms: new KMSClient({ ...settings, requestHandler: requestHandler(kms.service) as never }),
    keyArn: (key: "ContactKey" | "ContentKey" | "LinkKey" | "ProofKey" | "IndexKey") =>
      template.attribute(key, "Arn"),
    /** Every call so far, oldest first. */
    calls,
    /** Puts something between every later call and its service; undefined takes it away. */
    setIntercept: (intercept: Intercept | undefined) => {
      state.intercept = intercept;
    },
    /** Everything that stands in a table, sorted by key. */
    items: (table: TableName): Record<string, unknown>[] =>
      tables
        .items(table)
        .map((item) => unmarshall(item as never))
        .sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1)),
  };
}
