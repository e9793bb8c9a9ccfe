import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { READER_VENDOR } from "../../domain/vendors.ts";
import { hasAgreement } from "../../practice/records.ts";
import { createPracticeTable } from "./practice-table.ts";
import { createReadSnapshot } from "./snapshot.ts";

/**
 * Tells whether the agreement with the second reader's vendor is in force now, for a function that has no other use for
 * the tables and loads this only when it needs it.
 */
export function createReaderAgreement(tableName: string, now: () => Date): () => Promise<boolean> {
  const read = createReadSnapshot(new DynamoDBClient());
  const practice = createPracticeTable(tableName);
  return async () => {
    const [vendor] = await read(practice.vendor(READER_VENDOR));
    return hasAgreement(vendor, now().toISOString().slice(0, 10));
  };
}
