import { dynalite, type Item, type TableDescription } from "./dynalite-modules.ts";

/**
 * What one call would be billed on demand. Rules: DynamoDB Developer Guide, "DynamoDB read and write operations"
 * (read-write-operations), "Capacity management for transactions" (transaction-apis) and "Provisioned throughput
 * considerations for global secondary indexes" (GSI, whose units on-demand tables count the same way).
 */
export type RequestUnits = {
  /** Read request units of tables and indexes together. */
  readonly read: number;
  /** Write request units of tables and indexes together. */
  readonly write: number;
  /** The part of `read` and of `write` that indexes account for. */
  readonly indexRead: number;
  readonly indexWrite: number;
  /** Items that were read, written or checked, as far as the call came; a missing one that was asked for counts. */
  readonly items: number;
};

/** How exact a read is: an eventually consistent one costs half of a strong one, a transactional one twice as much. */
export type Consistency = "eventual" | "strong" | "transactional";

const READ_BYTES = 4096;
const WRITE_BYTES = 1024;
const READ_FACTOR: Readonly<Record<Consistency, number>> = { eventual: 0.5, strong: 1, transactional: 2 };

/** What a transaction does to each item: prepare and commit. */
export const TRANSACTIONAL_WRITES = 2;

/** Bytes of an item: the UTF-8 names and values of its attributes; none has no bytes. */
export function bytesOf(item: Item | undefined): number {
  return item === undefined ? 0 : dynalite.database.itemSize(item);
}

/** Units for reading so many bytes at once, rounded up to 4 KB; what is missing is billed as the smallest item. */
export function readUnits(bytes: number, consistency: Consistency): number {
  return Math.max(1, Math.ceil(bytes / READ_BYTES)) * READ_FACTOR[consistency];
}

/**
 * Units for one write to a table, rounded up to 1 KB: of the larger of the item before and after it. A write whose
 * condition does not hold costs the same, and deleting what is missing costs one.
 */
export function writeUnits(before: Item | undefined, after: Item | undefined): number {
  return Math.max(1, Math.ceil(Math.max(bytesOf(before), bytesOf(after)) / WRITE_BYTES));
}

/**
 * Units that a change of one item costs in the table's global secondary indexes. An item without an index's key has no
 * entry there; a new entry and the end of one cost one write each, a changed key both; where the key stays, only a
 * change of something projected is written. Indexes follow a transaction on their own, so it does not double them.
 */
export function indexWriteUnits(
  table: TableDescription,
  before: Item | undefined,
  after: Item | undefined,
): number {
  let units = 0;
  for (const index of table.GlobalSecondaryIndexes ?? []) {
    const [old, now] = [entryOf(table, index, before), entryOf(table, index, after)];
    if (old === undefined && now === undefined) continue;
    const hasMoved =
      old !== undefined &&
      now !== undefined &&
      index.KeySchema.some(({ AttributeName }) => !isSame(old[AttributeName], now[AttributeName]));
    if (hasMoved) units += writeUnits(old, undefined) + writeUnits(undefined, now);
    else if (old === undefined || now === undefined || !isSame(old, now)) units += writeUnits(old, now);
  }
  return units;
}

type Index = NonNullable<TableDescription["GlobalSecondaryIndexes"]>[number];

/** What an index keeps of an item; undefined where the item lacks a part of its key. */
function entryOf(table: TableDescription, index: Index, item: Item | undefined): Item | undefined {
  if (item === undefined || index.KeySchema.some(({ AttributeName }) => item[AttributeName] === undefined))
    return undefined;
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
  if (ProjectionType === "ALL") return item;
  const names = [
    ...[...table.KeySchema, ...index.KeySchema].map(({ AttributeName }) => AttributeName),
    ...NonKeyAttributes,
  ];
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])),
  );
}

/** Attributes may come in another order after an update, which changes nothing. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, ordered(member)]),
  );
}
