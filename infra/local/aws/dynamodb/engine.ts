import type { JsonRecord } from "../../json-shape.ts";
import { type AwsError, awsError, isAwsError } from "../aws-error.ts";
import {
  type CheckedRequest,
  type DynaliteAction,
  dynalite,
  type Item,
  type TableDescription,
} from "./dynalite-modules.ts";
import type { ItemHistory } from "./item-history.ts";
import { createMemoryStore } from "./memory-store.ts";

/** dynalite's parsers, checks and actions over a store of our own: every call is atomic and synchronous. */
export type Engine = {
  addTable(table: TableDescription): void;
  tables(): readonly TableDescription[];
  table(name: string): TableDescription;
  /** Checks a request and parses its expressions; throws ValidationException. Parameters that dynalite would drop are refused. */
  check(action: DynaliteAction, request: JsonRecord): CheckedRequest;
  /** Carries out a checked request; throws what DynamoDB would answer. */
  run(action: DynaliteAction, request: CheckedRequest): JsonRecord;
  /** The item with the key that `keyOrItem` contains. */
  read(table: TableDescription, keyOrItem: Item): Item | undefined;
  /** Puts back what `read` had found before a write. */
  restore(table: TableDescription, keyOrItem: Item, before: Item | undefined): void;
  items(table: string): readonly Item[];
  /** The JSON text of every item, in key order. */
  texts(table: string): readonly string[];
  history(table: string): ItemHistory;
};

/** An engine without tables. */
export function createEngine(): Engine {
  const store = createMemoryStore();
  const { database, validations } = dynalite;

  const check = (action: DynaliteAction, request: JsonRecord): CheckedRequest => {
    const rules = dynalite.rules(action);
    const dropped = Object.keys(request).find(
      (parameter) => request[parameter] != null && !(parameter in rules.types),
    );
    if (dropped !== undefined)
      throw awsError("ValidationException", `The local host does not support the parameter ${dropped}.`);
    return answering(() => {
      // dynalite changes what it is given.
      const checked = validations.checkTypes(structuredClone(request), rules.types);
      validations.checkValidations(checked, rules.types, rules.custom, store);
      return checked;
    });
  };

  const act = (action: DynaliteAction, request: CheckedRequest): JsonRecord => {
    let outcome: { error: unknown } | { value: JsonRecord } | undefined;
    dynalite.action(action)(store, request, (error, value) => {
      outcome ??= error == null ? { value: value ?? {} } : { error };
    });
    store.flush();
    if (outcome === undefined) throw new Error(`dynalite did not answer ${action}.`);
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };

  const read = (table: TableDescription, keyOrItem: Item): Item | undefined =>
    store.item(table.TableName, database.createKey(keyOrItem, table));

  const restore = (table: TableDescription, keyOrItem: Item, before: Item | undefined): void => {
    if (before === undefined) act("deleteItem", { TableName: table.TableName, Key: keyOf(table, keyOrItem) });
    else act("putItem", { TableName: table.TableName, Item: before });
  };

  const run = (action: DynaliteAction, request: CheckedRequest): JsonRecord =>
    answering(() => {
      if (action !== "putItem" && action !== "updateItem") return act(action, request);
      const table = store.table(request.TableName ?? "");
      const target = request.Item ?? request.Key ?? {};
      const invalid =
        request.Item === undefined
          ? database.validateKey(target, table)
          : database.validateItem(target, table);
      if (invalid != null) throw toAwsError(invalid);
      const before = read(table, target);
      const result = act(action, request);
      // dynalite stores an empty text as an index key, which DynamoDB refuses.
      if (hasEmptyIndexKey(table, read(table, target) ?? {})) {
        restore(table, target, before);
        throw awsError(
          "ValidationException",
          "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
            "The AttributeValue for a key attribute cannot contain an empty string value.",
        );
      }
      return result;
    });

  return {
    addTable: (table) => store.addTable(table),
    tables: () => store.tables(),
    table: (name) => store.table(name),
    check,
    run,
    read,
    restore,
    items: (name) => store.items(name),
    texts: (name) => store.texts(name),
    history: (name) => store.history(name),
  };
}

/** The key of an item. */
export function keyOf(table: TableDescription, item: Item): Item {
  return Object.fromEntries(
    table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName] ?? {}]),
  );
}

/** Turns what dynalite throws into what the gateway answers. */
export function toAwsError(error: unknown): unknown {
  if (isAwsError(error) || typeof error !== "object" || error === null || !("body" in error)) return error;
  const body = error.body as {
    readonly __type: string;
    readonly message?: string;
    readonly Message?: string;
  };
  return awsError(
    body.__type.split("#").at(-1) ?? "InternalServerError",
    body.message ?? body.Message ?? "",
  ) satisfies AwsError;
}

function answering<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw toAwsError(error);
  }
}

function hasEmptyIndexKey(table: TableDescription, item: Item): boolean {
  const attributes = (table.GlobalSecondaryIndexes ?? []).flatMap(({ KeySchema }) =>
    KeySchema.map(({ AttributeName }) => AttributeName),
  );
  return attributes.some((attribute) => item[attribute]?.["S"] === "" || item[attribute]?.["B"] === "");
}
