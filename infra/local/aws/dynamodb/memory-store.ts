import { Stream } from "node:stream";
import { awsError } from "../aws-error.ts";
import type { Callback, Item, ItemStore, Store, TableDescription } from "./dynalite-modules.ts";
import { createItemHistory, type ItemHistory } from "./item-history.ts";
import { createSortedKeys } from "./sorted-keys.ts";

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
  /** The JSON text of every item of a table, in key order. */
  texts(table: string): readonly string[];
  /** Every write to a table since the start. */
  history(table: string): ItemHistory;
  /** Delivers the values of the queries that dynalite has opened since the last call. */
  flush(): void;
};

/** An empty store. */
export function createMemoryStore(): MemoryStore {
  const tables = new Map<string, TableDescription>();
  const collections = new Map<string, Collection>();
  const histories = new Map<string, ItemHistory>();
  const opened: (() => void)[] = [];
  const collection = (name: string, onWrite: OnWrite = () => undefined): Collection => {
    const known = collections.get(name) ?? createCollection(opened, onWrite);
    collections.set(name, known);
    return known;
  };
  const historyOf = (name: string): ItemHistory => {
    const known = histories.get(name) ?? createItemHistory();
    histories.set(name, known);
    return known;
  };
  const table = (name: string): TableDescription => {
    const found = tables.get(name);
    if (found === undefined) throw awsError("ResourceNotFoundException", "Requested resource not found");
    return found;
  };
  const itemDb = (name: string): Collection =>
    collection(`item~${name}`, (key, text) => {
      historyOf(name).note(key, Date.now(), text);
    });

  return {
    options: { maxItemSize: MAX_ITEM_BYTES },
    addTable: (description) => {
      tables.set(description.TableName, description);
    },
    tables: () => [...tables.values()],
    table,
    items: (name) => itemDb(name).all(),
    item: (name, key) => itemDb(name).peek(key),
    texts: (name) => itemDb(name).texts(),
    history: historyOf,
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

type Collection = ItemStore & {
  all(): readonly Item[];
  texts(): readonly string[];
  peek(key: string): Item | undefined;
};

/** Called for every item that is put, with its JSON text, and without one for every item that is deleted. */
type OnWrite = (key: string, text: string | undefined) => void;

function createCollection(opened: (() => void)[], onWrite: OnWrite): Collection {
  // JSON text, so that nothing outside ever holds a stored item and changes it in place.
  const entries = new Map<string, string>();
  const keys = createSortedKeys();
  const parse = (key: string): Item => JSON.parse(entries.get(key) ?? "null") as Item;

  return {
    lock: (_key, task) => task((callback) => callback),
    get: (key, callback) => {
      const text = entries.get(key);
      if (text === undefined) callback(null);
      else callback(null, JSON.parse(text) as Item);
    },
    put: (key, item, callback) => {
      if (!entries.has(key)) keys.add(key);
      const text = JSON.stringify(item);
      entries.set(key, text);
      onWrite(key, text);
      callback(null);
    },
    del: (key, callback) => {
      if (entries.delete(key)) {
        keys.delete(key);
        onWrite(key, undefined);
      }
      callback(null);
    },
    createValueStream: (options) => {
      // dynalite attaches its listeners after it gets the stream, so the values wait until `flush`.
      const stream = new Stream();
      const values = keys.inRange(options).map(parse);
      opened.push(() => {
        for (const value of values) stream.emit("data", value);
        stream.emit("end");
      });
      return stream;
    },
    all: () => keys.all().map(parse),
    texts: () => keys.all().map((key) => entries.get(key) ?? "null"),
    peek: (key) => (entries.has(key) ? parse(key) : undefined),
  };
}
