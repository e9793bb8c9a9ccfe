import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createChainEnd } from "#shared/adapters/dynamodb/chain-end.ts";
import { createHeadsOfShard } from "#shared/adapters/dynamodb/chain-heads.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createAnchorKey } from "#shared/adapters/kms/anchor-key.ts";
import { createObjectStore } from "#shared/adapters/s3/object-store.ts";
import { ANCHOR_ACTOR, createMakeAnchors } from "#shared/audit/make-anchors.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createLog } from "#shared/runtime/log.ts";
import { AnchorEnvironment } from "./env.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(AnchorEnvironment);
const dynamodb = new DynamoDBClient();
const s3 = new S3Client();
const now = () => new Date();
const read = createReadSnapshot(dynamodb);
const journal = createJournal(dynamodb, {
  table: env.AUDIT_TABLE_NAME,
  function: "anchor",
  read,
  newId,
  now,
});
const chainEnd = createChainEnd({ read, journal }, env.AUDIT_TABLE_NAME);
const compress = promisify<string, Uint8Array>(gzip);
const decompress = promisify<Uint8Array, Buffer>(gunzip);

export const handler = createHandler(
  createMakeAnchors({
    headsOfShard: createHeadsOfShard(dynamodb, env.AUDIT_TABLE_NAME),
    lastEntry: async () => (await chainEnd(ANCHOR_ACTOR, 1))[0] ?? null,
    journal,
    key: createAnchorKey(new KMSClient(), env.ANCHOR_KEY_ARN),
    locked: createObjectStore(s3, env.ANCHORS_BUCKET_NAME),
    copies: createObjectStore(s3, env.EXPORTS_BUCKET_NAME),
    compress,
    decompress: async (content) => (await decompress(content)).toString("utf8"),
    now,
    everyMinutes: env.ANCHOR_EVERY_MINUTES,
  }),
  createLog(),
);
