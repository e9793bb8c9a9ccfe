import type { Item, KeyElement } from "../dynamodb/dynalite-modules.ts";
import type { ItemChange } from "../dynamodb/item-history.ts";
import type { Tables } from "../dynamodb/tables.ts";
import type { ExportScope } from "./export-files.ts";

const MICROS_PER_MS = 1000;

/** The lines of a table's export: an item, or a record of a change, on each. */
export function exportLines(tables: Tables, table: string, scope: ExportScope): readonly string[] {
  if (scope.type === "FULL_EXPORT") {
    const isPresent = scope.exportTimeMs >= Date.now();
    const texts = isPresent ? tables.texts(table) : tables.history(table).at(scope.exportTimeMs);
    return texts.map((text) => `{"Item":${text}}\n`);
  }
  const { KeySchema } = tables.describe(table);
  return tables
    .history(table)
    .changes(scope.fromMs, scope.toMs)
    .map((change) => changeLine(KeySchema, change, scope.view === "NEW_AND_OLD_IMAGES"));
}

/** A record of an incremental export: the item's last state in the window, and the one before it where it is asked for. */
function changeLine(
  keySchema: readonly KeyElement[],
  { atMs, before, after }: ItemChange,
  withOldImage: boolean,
): string {
  const item = JSON.parse(after ?? before ?? "{}") as Item;
  const keys = Object.fromEntries(keySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
  const members = [
    `"Metadata":{"WriteTimestampMicros":{"N":"${String(atMs * MICROS_PER_MS)}"}}`,
    `"Keys":${JSON.stringify(keys)}`,
    ...(after === undefined ? [] : [`"NewImage":${after}`]),
    ...(withOldImage && before !== undefined ? [`"OldImage":${before}`] : []),
  ];
  return `{${members.join(",")}}\n`;
}
