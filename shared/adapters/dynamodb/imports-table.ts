import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { FIELDS, FILE_CODES, IMPORT_KINDS, ROW_CODES } from "../../domain/imports/kinds.ts";
import { ROLES } from "../../domain/roles.ts";
import type { ImportRecord, ReportPage } from "../../imports/records.ts";
import { atVersion, put } from "./items.ts";

const DAY_SECONDS = 24 * 60 * 60;
/** Days that an import and its report are kept; what it did stays on record in the audit. */
const KEPT_DAYS = 30;

const Time = z.iso.datetime();
const Count = z.int();

const ImportItem = z.object({
  id: z.string(),
  kind: z.enum(IMPORT_KINDS),
  dryRun: z.boolean(),
  state: z.enum(["waiting", "running", "done", "failed"]),
  actor: z.string(),
  role: z.enum(ROLES),
  requestedAt: Time,
  changedAt: Time,
  failure: z.object({ code: z.enum(FILE_CODES), fields: z.array(z.enum(FIELDS)) }).nullable(),
  objectVersion: z.string().nullable(),
  columns: z.object({
    used: z.array(z.object({ position: Count, field: z.string() })),
    ignored: z.array(z.object({ position: Count, reason: z.enum(["unknown", "never-kept"]) })),
  }),
  counts: z.object({
    total: Count,
    done: Count,
    warnings: Count,
    created: Count,
    changed: Count,
    unchanged: Count,
    existing: Count,
    refused: Count,
    ignored: Count,
  }),
  pages: Count,
  version: Count,
});

const PageItem = z.object({
  importId: z.string(),
  number: Count,
  rows: z.array(
    z.object({
      line: Count,
      code: z.enum(ROW_CODES),
      column: z.enum(FIELDS).optional(),
      otherLine: Count.optional(),
    }),
  ),
});

/** Lookups and writes of imports and their reports, in the `Appointments` table. */
export function createImportsTable(table: string) {
  const importKey = (id: string) => ({ pk: `import#${id}`, sk: "import" });
  const pageKey = (id: string, number: number) => ({
    pk: `import#${id}`,
    sk: `page#${String(number).padStart(6, "0")}`,
  });
  const expiry = ({ requestedAt }: ImportRecord) => ({
    expiresAtSeconds: Math.floor(Date.parse(requestedAt) / 1000) + KEPT_DAYS * DAY_SECONDS,
  });
  return {
    import: (id: string): Lookup<ImportRecord> => ({
      table,
      key: importKey(id),
      parse: (item) => ImportItem.parse(item),
    }),
    addImport: (record: ImportRecord): Write =>
      put(table, { ...importKey(record.id), ...record, ...expiry(record) }, atVersion(0)),
    /** Replaces an import that is at the version before. */
    replaceImport: (record: ImportRecord): Write =>
      put(table, { ...importKey(record.id), ...record, ...expiry(record) }, atVersion(record.version - 1)),
    page: (importId: string, number: number): Lookup<ReportPage> => ({
      table,
      key: pageKey(importId, number),
      parse: (item) => PageItem.parse(item),
    }),
    /** Keeps a page of the report of `record`; one that was written and not counted is written anew. */
    setPage: (page: ReportPage, record: ImportRecord): Write =>
      put(table, { ...pageKey(page.importId, page.number), ...page, ...expiry(record) }),
  };
}

/**
 * Writes together or not at all, without an audit entry: only for how far an import came, which says nothing that the
 * entries of its rows and of its end do not. False where a condition does not hold.
 */
export function createSaveProgress(client: DynamoDBClient) {
  return async (writes: readonly Write[]): Promise<boolean> => {
    try {
      await client.send(
        new TransactWriteItemsCommand({ TransactItems: writes.map(({ item }) => item as TransactWriteItem) }),
      );
      return true;
    } catch (error) {
      const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (reasons.some(({ Code }) => Code === "ConditionalCheckFailed")) return false;
      throw error;
    }
  };
}
