import { Stream } from "node:stream";
import { awsError } from "../aws-error.ts";
import type { Callback, Item, ItemStore, RangeOptions, Store, TableDescription } from "./dynalite-modules.ts";

/** The largest item that DynamoDB stores, in bytes. */
const MAX_ITEM_BYTES = 409_600;

/**
 * A store for dynalite's actions that answers before it returns. With it an action is one uninterrupted step: no other
 * call can come between its condition and its write, and what it throws can be caught where it was called.
 */
export type MemoryStore = Store & {
  addTable(table: TableDescription): void;
  tables(): readonly TableDescription[];
  /** The table's description; throws ResourceNotFoundException. */
  table(name: string): TableDescription;
  /** Every item of a table, in key order. */
  items(table: string): readonly Item[];
  item(table: string, key: string): Item | undefined;
  /** Delivers the values of the queries that dynalite has opened since the last call. */
  flush(): void;
};

/** An empty store. */
export function createMemoryStore(): MemoryStore {
  const tables = new Map<string, TableDescription>();
  const collections = new Map<string, Collection>();
  const opened: (() => void)[] = [];
  const collection = (name: string): Collection => {
    const known = collections.get(name) ?? createCollection(opened);
    collections.set(name, known);
    return known;
  };
  const table = (name: string): TableDescription => {
    const found = tables.get(name);
    if (found === undefined) throw awsError("ResourceNotFoundException", "Requested resource not found");
    return found;
  };
  const itemDb = (name: string): Collection => collection(`item~${name}`);

  return {
    options: { maxItemSize: MAX_ITEM_BYTES },
    addTable: (description) => {
      tables.set(description.TableName, description);
    },
    tables: () => [...tables.values()],
    table,
    items: (name) => itemDb(name).all(),
    item: (name, key) => itemDb(name).peek(key),
    // dynalite calls it with and without a flag between the name and the callback.
    getTable: (name, second, third) => {
      const callback = (typeof second === "function" ? second : third) as Callback<TableDescription>;
      const found = tables.get(name);
      if (found === undefined) callback(notFound());
      else callback(null, found);
    },
    getItemDb: itemDb,
    getIndexDb: (kind, name, index) => collection(`${kind.toLowerCase()}~${name}~${index}`),
    flush: () => {
      for (const deliver of opened.splice(0)) deliver();
    },
  };
}

function notFound(): unknown {
  return Object.assign(new Error("Requested resource not found"), {
    statusCode: 400,
    body: {
      __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
      message: "Requested resource not found",
    },
  });
}

type Collection = ItemStore & { all(): readonly Item[]; peek(key: string): Item | undefined };

function createCollection(opened: (() => void)[]): Collection {
  // JSON text, so that nothing outside ever holds a stored item and changes it in place.
  const entries = new Map<string, string>();
  let sortedKeys: readonly string[] | undefined;
  const keys = (): readonly string[] => {
    sortedKeys ??= [...entries.keys()].sort();
    return sortedKeys;
  };
  const parse = (key: string): Item => JSON.parse(entries.get(key) ?? "null") as Item;
  const inRange = (key: string, { gt, gte, lt, lte }: RangeOptions): boolean =>
    (gt === undefined || key > gt) &&
    (gte === undefined || key >= gte) &&
    (lt === undefined || key < lt) &&
    (lte === undefined || key <= lte);

  return {
    lock: (_key, task) => task((callback) => callback),
    get: (key, callback) => {
      const text = entries.get(key);
      if (text === undefined) callback(null);
      else callback(null, JSON.parse(text) as Item);
    },
    put: (key, item, callback) => {
      if (!entries.has(key)) sortedKeys = undefined;
      entries.set(key, JSON.stringify(item));
      callback(null);
    },
    del: (key, callback) => {
      if (entries.delete(key)) sortedKeys = undefined;
      callback(null);
    },
    createValueStream: (options) => {
      // dynalite attaches its listeners after it gets the stream, so the values wait until `flush`.
      const stream = new Stream();
      const found = keys().filter((key) => inRange(key, options));
      const ordered = options.reverse === true ? found.toReversed() : found;
      const values = (
        options.limit !== undefined && options.limit >= 0 ? ordered.slice(0, options.limit) : ordered
      ).map(parse);
      opened.push(() => {
        for (const value of values) stream.emit("data", value);
        stream.emit("end");
      });
      return stream;
    },
    all: () => keys().map(parse),
    peek: (key) => (entries.has(key) ? parse(key) : undefined),
  };
}
