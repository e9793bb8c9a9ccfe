import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import type { PageOf } from "../../vocabulary/ports.ts";
import { APPROVAL_STATES, type ApprovalRecord, DIRECTORY_KINDS } from "../../vocabulary/records.ts";
import { atVersion, fromAttributes, put, toAttributes } from "./items.ts";

const PARTITION = "approval";
const Time = z.iso.datetime();

const Approval = z.object({
  id: z.string(),
  kind: z.literal("directory"),
  target: z.string(),
  reason: z.string(),
  names: z.array(
    z.object({ id: z.string(), kind: z.enum(DIRECTORY_KINDS), textName: z.string(), version: z.int() }),
  ),
  state: z.enum(APPROVAL_STATES),
  requestedBy: z.string(),
  requestedAt: Time,
  decidedBy: z.string().nullable(),
  decidedAt: Time.nullable(),
  version: z.int(),
});

/** Lookups and writes of what waits for a second person, in the `Practice` table. */
export function createApprovalsTable(table: string) {
  const key = (id: string) => ({ pk: PARTITION, sk: id });
  return {
    approval: (id: string): Lookup<ApprovalRecord> => ({
      table,
      key: key(id),
      parse: (item) => Approval.parse(item),
    }),
    /** Replaces the record that is at `version` (0: none yet). */
    setApproval: (approval: Omit<ApprovalRecord, "version">, version: number): Write =>
      put(table, { ...key(approval.id), ...approval, version: version + 1 }, atVersion(version)),
  };
}

/** Pages of approvals, the newest first. */
export function createApprovalPages(client: DynamoDBClient, table: string): PageOf<ApprovalRecord> {
  return async (limit, after) => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :approval",
        ExpressionAttributeValues: toAttributes({ ":approval": PARTITION }),
        ScanIndexForward: false,
        Limit: limit,
        ...(after === null ? {} : { ExclusiveStartKey: toAttributes({ pk: PARTITION, sk: after }) }),
      }),
    );
    return {
      items: Items.map((item) => Approval.parse(fromAttributes(item))),
      more: LastEvaluatedKey !== undefined,
    };
  };
}
