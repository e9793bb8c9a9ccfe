import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { NewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { joinFields, type Mac } from "#shared/adapters/kms/macs.ts";
import type { Aws } from "../local/aws/aws.ts";
import { type JsonRecord, listOf, recordOf } from "../local/json-shape.ts";

/** Transactions as their callers made them, or nothing but what they put, where nothing can be in their way. */
export type Transactions = "whole" | "puts";

/** A client whose commands reach the stand-in without HTTP and signatures, which would take most of the time. */
export function inProcessDynamodb({ tables, template }: Aws, transactions: Transactions): DynamoDBClient {
  const client = new DynamoDBClient({ region: template.region });
  client.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) => {
        const name = String(commandName).replace(/Command$/u, "");
        const asked = onTheWire(input) as JsonRecord;
        if (transactions === "puts" && name === "TransactWriteItems") {
          for (const write of listOf(asked["TransactItems"])) {
            const { TableName, Item } = recordOf(recordOf(write)["Put"]);
            tables.put(String(TableName), recordOf(Item) as Parameters<typeof tables.put>[1]);
          }
          return { output: { $metadata: {} }, response: undefined };
        }
        const output = tables.service.run({ name, input: asked }, { kind: "host" });
        return { output: { $metadata: {}, ...(output as object) }, response: undefined };
      },
    { step: "initialize", name: "inProcess" },
  );
  return client;
}

/** Makes data keys under a key of the stack. */
export function inProcessDataKeys({ kms }: Aws, keyArn: string): NewDataKey {
  return async (context) => {
    const input = { KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: { ...context } };
    const { Plaintext, CiphertextBlob } = kms.service.run(
      { name: "GenerateDataKey", input },
      { kind: "host" },
    ) as {
      readonly Plaintext: string;
      readonly CiphertextBlob: string;
    };
    return { plaintext: Buffer.from(Plaintext, "base64"), wrapped: Buffer.from(CiphertextBlob, "base64") };
  };
}

/** Makes MACs under a key of the stack. */
export function inProcessMac({ kms }: Aws, keyArn: string): Mac {
  return async (...fields) => {
    const input = {
      KeyId: keyArn,
      MacAlgorithm: "HMAC_SHA_256",
      Message: Buffer.from(joinFields(fields)).toString("base64"),
    };
    const { Mac: mac } = kms.service.run({ name: "GenerateMac", input }, { kind: "host" }) as {
      readonly Mac: string;
    };
    return Buffer.from(mac, "base64");
  };
}

/** A request as it would arrive: bytes in base64. */
function onTheWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(onTheWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, onTheWire(member)]));
}
