import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Write } from "../../audit/journal.ts";

/** A plain item or key. Absent attributes are left out, never written as null. */
export type Item = Readonly<Record<string, unknown>>;

/** Marshals an item; undefined attributes are left out. */
export function toAttributes(item: Item): Record<string, AttributeValue> {
  return marshall(item, { removeUndefinedValues: true });
}

/** Unmarshals an item as stored. */
export function fromAttributes(attributes: Record<string, AttributeValue>): Record<string, unknown> {
  return unmarshall(attributes);
}

/** What an update sets, removes and adds, and the condition that must hold for it to happen. */
export interface Change {
  readonly table: string;
  readonly key: Item;
  readonly set?: Item;
  readonly remove?: readonly string[];
  /** Numbers to add to attributes. */
  readonly add?: Readonly<Record<string, number>>;
  readonly condition?: Condition;
}

/** A condition in DynamoDB's expression language; `#name` and `:value` are given as plain records. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
}

function conditionParts(condition: Condition | undefined) {
  return {
    ...(condition ? { ConditionExpression: condition.expression } : {}),
    ...(condition?.names ? { ExpressionAttributeNames: { ...condition.names } } : {}),
    ...(condition?.values ? { ExpressionAttributeValues: toAttributes(condition.values) } : {}),
  };
}

/** Condition: nothing is stored under the key yet. */
export const ABSENT: Condition = { expression: "attribute_not_exists(pk)" };

/** Condition: something is stored under the key. */
export const PRESENT: Condition = { expression: "attribute_exists(pk)" };

/** Condition: the item is at this version, or absent for version 0. */
export function atVersion(version: number): Condition {
  if (version === 0) return ABSENT;
  return {
    expression: "#version = :version",
    names: { "#version": "version" },
    values: { ":version": version },
  };
}

/** Puts a whole item under a condition. */
export function put(table: string, item: Item, condition?: Condition): Write {
  const write: TransactWriteItem = {
    Put: { TableName: table, Item: toAttributes(item), ...conditionParts(condition) },
  };
  return { item: write };
}

/** Checks a condition on an item that the transaction does not change. */
export function check(table: string, key: Item, condition: Condition): Write {
  const write: TransactWriteItem = {
    ConditionCheck: {
      TableName: table,
      Key: toAttributes(key),
      ConditionExpression: condition.expression,
      ...conditionParts(condition),
    },
  };
  return { item: write };
}

/** Deletes one item. */
export function remove(table: string, key: Item): Write {
  const write: TransactWriteItem = { Delete: { TableName: table, Key: toAttributes(key) } };
  return { item: write };
}

/** The parameters of an update, shared by transactions and single updates. */
export function updateParts(change: Change) {
  const names: Record<string, string> = { ...change.condition?.names };
  const values: Record<string, unknown> = { ...change.condition?.values };
  const assignments: string[] = [];
  for (const [name, value] of Object.entries(change.set ?? {})) {
    if (value === undefined) continue;
    names[`#set_${name}`] = name;
    values[`:set_${name}`] = value;
    assignments.push(`#set_${name} = :set_${name}`);
  }
  const removals = (change.remove ?? []).map((name) => {
    names[`#remove_${name}`] = name;
    return `#remove_${name}`;
  });
  const additions = Object.entries(change.add ?? {}).map(([name, value]) => {
    names[`#add_${name}`] = name;
    values[`:add_${name}`] = value;
    return `#add_${name} :add_${name}`;
  });
  return {
    TableName: change.table,
    Key: toAttributes(change.key),
    UpdateExpression: [
      assignments.length > 0 ? `SET ${assignments.join(", ")}` : "",
      removals.length > 0 ? `REMOVE ${removals.join(", ")}` : "",
      additions.length > 0 ? `ADD ${additions.join(", ")}` : "",
    ]
      .join(" ")
      .trim(),
    ...(change.condition ? { ConditionExpression: change.condition.expression } : {}),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: toAttributes(values) } : {}),
  };
}

/** Sets and removes attributes of one item under a condition. */
export function update(change: Change): Write {
  const write: TransactWriteItem = { Update: updateParts(change) };
  return { item: write };
}
