import type { Tables } from "../dynamodb/tables.ts";
import type { Template } from "../template.ts";
import { type ExportFile, type ExportScope, exportFiles } from "./export-files.ts";
import { exportLines } from "./export-lines.ts";
import { findTable, newExportId } from "./exported-table.ts";

const BUCKET = "local-exports";

/** A full export of any table as it is now, recovery or not, for this host's own address; it lies in no bucket. */
export async function exportWholeTable(
  template: Template,
  tables: Tables,
  reference: string,
): Promise<readonly ExportFile[]> {
  const table = findTable(template, tables, reference);
  if (table === undefined) throw new RangeError("There is no such table.");
  const startMs = Date.now();
  const scope: ExportScope = { type: "FULL_EXPORT", exportTimeMs: startMs };
  const { files } = await exportFiles(
    {
      exportId: newExportId(startMs),
      tableArn: table.arn,
      tableId: table.id,
      startMs,
      bucket: BUCKET,
      prefix: undefined,
      sseAlgorithm: "AES256",
      sseKeyId: undefined,
      scope,
    },
    exportLines(tables, table.name, scope),
  );
  return files;
}
