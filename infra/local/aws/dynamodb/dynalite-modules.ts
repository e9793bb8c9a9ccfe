import { createRequire } from "node:module";
import type { Stream } from "node:stream";
import type { JsonRecord } from "../../json-shape.ts";

/** An attribute value as DynamoDB's JSON writes it: `{"S": "…"}`, `{"N": "1"}`, … */
export type AttributeValue = JsonRecord;

/** An item, or the key of one, as DynamoDB's JSON writes it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** One element of a key schema. */
export type KeyElement = { readonly AttributeName: string; readonly KeyType: "HASH" | "RANGE" };

/** A table as dynalite describes it. */
export type TableDescription = {
  readonly TableName: string;
  readonly TableStatus: "ACTIVE";
  readonly TableArn: string;
  readonly TableId: string;
  readonly CreationDateTime: number;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: "S" | "N" | "B";
  }[];
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
  }[];
};

/** What dynalite's actions call back with. */
export type Callback<T> = (error: unknown, value?: T) => void;

/** The bounds of a range of keys, as dynalite asks its store for them. */
export type RangeOptions = {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
};

/** The part of dynalite's key-value store that its actions use. */
export type ItemStore = {
  lock(key: string, task: (release: (callback: Callback<unknown>) => Callback<unknown>) => void): void;
  get(key: string, callback: Callback<Item>): void;
  put(key: string, item: Item, callback: Callback<never>): void;
  del(key: string, callback: Callback<never>): void;
  createValueStream(options: RangeOptions): Stream;
};

/** The store that dynalite's actions are given. */
export type Store = {
  readonly options: { readonly maxItemSize: number };
  getTable(name: string, second: unknown, third?: unknown): void;
  getItemDb(table: string): ItemStore;
  getIndexDb(kind: string, table: string, index: string): ItemStore;
};

/** A request that dynalite has checked and whose expressions it has parsed. */
export type CheckedRequest = JsonRecord & {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly KeyConditions?: Readonly<
    Record<
      string,
      { readonly ComparisonOperator: string; readonly AttributeValueList: readonly AttributeValue[] }
    >
  >;
};

/** The operations for which dynalite has a module each. */
export type DynaliteAction =
  | "putItem"
  | "deleteItem"
  | "updateItem"
  | "getItem"
  | "batchGetItem"
  | "batchWriteItem"
  | "query";

type DynaliteDatabase = {
  validateKey(key: Item, table: TableDescription): unknown;
  validateItem(item: Item, table: TableDescription): unknown;
  validateUpdates(legacy: unknown, updates: unknown, table: TableDescription): unknown;
  checkConditional(request: CheckedRequest, existing: Item | undefined): unknown;
  createKey(item: Item, table: TableDescription): string;
  itemSize(item: Item): number;
};

type DynaliteValidations = {
  checkTypes(request: unknown, types: unknown): CheckedRequest;
  checkValidations(request: CheckedRequest, types: unknown, custom: unknown, store: Store): void;
};

const require = createRequire(import.meta.url);

/** dynalite's own modules. The package has no types and its server is not used: it would listen on a port. */
export const dynalite = {
  database: require("dynalite/db") as DynaliteDatabase,
  validations: require("dynalite/validations") as DynaliteValidations,
  action: (name: DynaliteAction) =>
    require(`dynalite/actions/${name}`) as (
      store: Store,
      request: CheckedRequest,
      callback: Callback<JsonRecord>,
    ) => void,
  rules: (name: DynaliteAction) =>
    require(`dynalite/validations/${name}`) as { readonly types: JsonRecord; readonly custom: unknown },
};
