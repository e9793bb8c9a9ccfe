import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { ALERT_KINDS } from "../../domain/alerts/kinds.ts";
import { PURPOSES } from "../../domain/words.ts";
import type { PageOf } from "../../vocabulary/ports.ts";
import { TEMPLATE_STATES, type TemplateRecord } from "../../vocabulary/records.ts";
import { atVersion, type Condition, fromAttributes, put, toAttributes } from "./items.ts";
import { Parts } from "./vocabulary-table.ts";

const PARTITION = "template";
const Time = z.iso.datetime();
const Text = z.object({ parts: Parts, reviewer: z.string() });

const Template = z.object({
  id: z.string(),
  name: z.string(),
  use: z.enum(ALERT_KINDS),
  purpose: z.enum(PURPOSES),
  newest: z.object({
    version: z.int(),
    texts: z.object({ en: Text, es: Text }),
    author: z.string(),
    writtenAt: Time,
  }),
  state: z.enum(TEMPLATE_STATES),
  inForce: z.int().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: Time.nullable(),
  createdAt: Time,
  revision: z.int(),
});

const Count = z.object({ count: z.int(), version: z.int() });

function atRevision(revision: number): Condition {
  return { expression: "revision = :revision", values: { ":revision": revision } };
}

/** Lookups and writes of the practice's own templates, in the `Practice` table. */
export function createTemplatesTable(table: string) {
  const key = (id: string) => ({ pk: PARTITION, sk: id });
  const countKey = { pk: "practice", sk: "templates" };
  return {
    template: (id: string): Lookup<TemplateRecord> => ({
      table,
      key: key(id),
      parse: (item) => Template.parse(item),
    }),
    /** How many there are that are not withdrawn. */
    templateCount: (): Lookup<{ readonly count: number; readonly version: number }> => ({
      table,
      key: countKey,
      parse: (item) => Count.parse(item),
    }),
    /** Replaces the record that is at `revision` (0: none yet) and gives it the next one. */
    setTemplate: (template: Omit<TemplateRecord, "revision">, revision: number): Write =>
      put(
        table,
        { ...key(template.id), ...template, revision: revision + 1 },
        revision === 0 ? atVersion(0) : atRevision(revision),
      ),
    setTemplateCount: (count: number, version: number): Write =>
      put(table, { ...countKey, count, version: version + 1 }, atVersion(version)),
  };
}

/** Pages of the practice's own templates, the oldest first. */
export function createTemplatePages(client: DynamoDBClient, table: string): PageOf<TemplateRecord> {
  return async (limit, after) => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :template",
        ExpressionAttributeValues: toAttributes({ ":template": PARTITION }),
        Limit: limit,
        ...(after === null ? {} : { ExclusiveStartKey: toAttributes({ pk: PARTITION, sk: after }) }),
      }),
    );
    return {
      items: Items.map((item) => Template.parse(fromAttributes(item))),
      more: LastEvaluatedKey !== undefined,
    };
  };
}
