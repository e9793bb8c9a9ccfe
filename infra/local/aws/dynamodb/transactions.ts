import { createHash } from "node:crypto";
import { isRecord, type JsonRecord, listOf, recordOf, textOf } from "../../json-shape.ts";
import { awsError, isAwsError } from "../aws-error.ts";
import {
  type CheckedRequest,
  type DynaliteAction,
  dynalite,
  type Item,
  type TableDescription,
} from "./dynalite-modules.ts";
import { type Engine, toAwsError } from "./engine.ts";

const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
/** How long DynamoDB remembers a ClientRequestToken, in milliseconds. */
const TOKEN_LIFETIME_MS = 10 * 60 * 1000;

/** The members of a TransactItems element and the single action that each one is. */
const WRITES = {
  Put: { action: "putItem", permission: "dynamodb:PutItem" },
  Update: { action: "updateItem", permission: "dynamodb:UpdateItem" },
  Delete: { action: "deleteItem", permission: "dynamodb:DeleteItem" },
  ConditionCheck: { action: "deleteItem", permission: "dynamodb:ConditionCheckItem" },
} as const satisfies Record<string, { action: DynaliteAction; permission: string }>;
type WriteKind = keyof typeof WRITES;
const REQUIRED_EXPRESSIONS: { readonly [Kind in WriteKind]?: string } = {
  Update: "UpdateExpression",
  ConditionCheck: "ConditionExpression",
};

/** One element of TransactItems, taken apart. */
export type TransactWrite = {
  readonly kind: WriteKind;
  readonly permission: string;
  readonly request: JsonRecord;
};

/** The elements of a TransactWriteItems request; throws ValidationException where one is not exactly one write. */
export function readTransactWrites(input: JsonRecord): readonly TransactWrite[] {
  return listOf(input["TransactItems"]).map((element) => {
    const [member, ...others] = Object.entries(recordOf(element)).filter(([, value]) => isRecord(value));
    if (member === undefined || others.length > 0 || !(member[0] in WRITES)) {
      throw awsError(
        "ValidationException",
        "TransactItems can only contain one of Check, Put, Update or Delete",
      );
    }
    const kind = member[0] as WriteKind;
    return { kind, permission: WRITES[kind].permission, request: recordOf(member[1]) };
  });
}

/** The elements of a TransactGetItems request. */
export function readTransactGets(input: JsonRecord): readonly JsonRecord[] {
  return listOf(input["TransactItems"]).map((element) => recordOf(recordOf(element)["Get"]));
}

type Step = {
  readonly action: DynaliteAction;
  readonly kind: WriteKind;
  readonly request: CheckedRequest;
  readonly table: TableDescription;
  readonly target: Item;
  readonly returnsItem: boolean;
};
type Reason = { readonly Code: string; readonly Message?: string; readonly Item?: Item };

/**
 * TransactWriteItems over the engine: every condition is evaluated against the items as they are, then either all
 * writes happen or none. As the engine is synchronous, transactions are serialised: one of any number of racing ones
 * wins its condition, and TransactionConflict never occurs.
 */
export function createTransactions(engine: Engine): {
  write(input: JsonRecord): JsonRecord;
  read(input: JsonRecord): JsonRecord;
  /** Whether a transaction was carried out lately under the token of `input`: DynamoDB writes nothing again. */
  isRepeated(input: JsonRecord): boolean;
} {
  const tokens = new Map<string, { readonly digest: string; readonly at: number }>();
  const earlierWith = (token: string | undefined) => {
    const earlier = token === undefined ? undefined : tokens.get(token);
    return earlier !== undefined && Date.now() - earlier.at < TOKEN_LIFETIME_MS ? earlier : undefined;
  };

  const write = (input: JsonRecord): JsonRecord => {
    refuseParameters(input, ["TransactItems", "ClientRequestToken"]);
    const writes = readTransactWrites(input);
    checkCount(writes.length);
    const token = textOf(input["ClientRequestToken"]);
    if (token !== undefined && (token.length < 1 || token.length > 36)) {
      throw awsError(
        "ValidationException",
        "1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36",
      );
    }
    const digest = createHash("sha256").update(JSON.stringify(input["TransactItems"])).digest("base64");
    const earlier = earlierWith(token);
    if (earlier !== undefined) {
      if (earlier.digest !== digest) {
        throw awsError(
          "IdempotentParameterMismatchException",
          "The request uses the same client token as a previous, but non-identical request.",
        );
      }
      return {};
    }

    const steps = writes.map((element) => checkedStep(engine, element));
    refuseRepeatedItems(steps);
    refuseWhereAny(steps.map((step) => reasonAgainst(engine, step)));
    apply(engine, steps);
    if (token !== undefined) tokens.set(token, { digest, at: Date.now() });
    return {};
  };

  const read = (input: JsonRecord): JsonRecord => {
    refuseParameters(input, ["TransactItems"]);
    const gets = readTransactGets(input);
    checkCount(gets.length);
    const requests = gets.map((get) => engine.check("getItem", get));
    const keys = requests.map(
      (request) => `${request.TableName}/${JSON.stringify(sorted(request.Key ?? {}))}`,
    );
    if (new Set(keys).size !== keys.length) throw repeatedItem();
    return { Responses: requests.map((request) => pick(engine.run("getItem", request), "Item")) };
  };

  return {
    write,
    read,
    isRepeated: (input) => earlierWith(textOf(input["ClientRequestToken"])) !== undefined,
  };
}

function checkCount(count: number): void {
  if (count < 1)
    throw awsError(
      "ValidationException",
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (count > MAX_ITEMS)
    throw awsError(
      "ValidationException",
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
    );
}

/** The local host reports no consumed capacity for transactions; asking for it must not look like success. */
function refuseParameters(input: JsonRecord, known: readonly string[]): void {
  const unknown = Object.keys(input).find(
    (parameter) => !known.includes(parameter) && input[parameter] != null && input[parameter] !== "NONE",
  );
  if (unknown !== undefined)
    throw awsError("ValidationException", `The local host does not support the parameter ${unknown}.`);
}

function checkedStep(engine: Engine, { kind, request }: TransactWrite): Step {
  const { ReturnValuesOnConditionCheckFailure: onFailure, ...rest } = request;
  for (const legacy of [
    "ReturnValues",
    "Expected",
    "ConditionalOperator",
    "AttributeUpdates",
    "ReturnConsumedCapacity",
  ]) {
    if (legacy in rest)
      throw awsError("ValidationException", `TransactItems do not take the parameter ${legacy}.`);
  }
  const required = REQUIRED_EXPRESSIONS[kind];
  if (required !== undefined && textOf(rest[required]) === undefined) {
    throw awsError(
      "ValidationException",
      `1 validation error detected: Value null at 'transactItems.${required}' failed to satisfy constraint: Member must not be null`,
    );
  }
  const { action } = WRITES[kind];
  const checked = engine.check(action, rest);
  return {
    action,
    kind,
    request: checked,
    table: engine.table(checked.TableName ?? ""),
    target: checked.Item ?? checked.Key ?? {},
    returnsItem: onFailure === "ALL_OLD",
  };
}

function refuseRepeatedItems(steps: readonly Step[]): void {
  const keys = steps.map(({ table, target }) => {
    const key = table.KeySchema.map(({ AttributeName }) => JSON.stringify(target[AttributeName] ?? null));
    return `${table.TableName}/${key.join("/")}`;
  });
  if (new Set(keys).size !== keys.length) throw repeatedItem();
  const bytes = steps.reduce((sum, { target }) => sum + dynalite.database.itemSize(target), 0);
  if (bytes > MAX_BYTES)
    throw awsError("ValidationException", "Transaction request exceeds the maximum size of 4 MB.");
}

function repeatedItem(): Error {
  return awsError(
    "ValidationException",
    "Transaction request cannot include multiple operations on one item",
  );
}

function reasonAgainst(engine: Engine, { kind, request, table, target, returnsItem }: Step): Reason {
  const { database } = dynalite;
  const invalid =
    kind === "Put"
      ? database.validateItem(target, table)
      : (database.validateKey(target, table) ??
        (kind === "Update" ? database.validateUpdates(undefined, request["_updates"], table) : undefined));
  if (invalid != null) return { Code: "ValidationError", Message: messageOf(toAwsError(invalid)) };
  const existing = engine.read(table, target);
  if (database.checkConditional(request, existing) == null) return { Code: "None" };
  return {
    Code: "ConditionalCheckFailed",
    Message: "The conditional request failed",
    ...(returnsItem && existing !== undefined ? { Item: existing } : {}),
  };
}

function refuseWhereAny(reasons: readonly Reason[]): void {
  if (reasons.every(({ Code }) => Code === "None")) return;
  const codes = reasons.map(({ Code }) => Code).join(", ");
  throw awsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    {
      CancellationReasons: reasons,
    },
  );
}

function apply(engine: Engine, steps: readonly Step[]): void {
  const undo: (() => void)[] = [];
  steps.forEach(({ action, kind, request, table, target }, index) => {
    if (kind === "ConditionCheck") return;
    const before = engine.read(table, target);
    try {
      engine.run(action, request);
    } catch (error) {
      for (const step of undo.toReversed()) step();
      if (!isAwsError(error)) throw error;
      refuseWhereAny(
        steps.map((_step, other) =>
          other === index ? { Code: "ValidationError", Message: error.message } : { Code: "None" },
        ),
      );
    }
    undo.push(() => engine.restore(table, target, before));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The write is not valid.";
}

function sorted(item: Item): unknown {
  return Object.entries(item).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function pick(result: JsonRecord, member: string): JsonRecord {
  return result[member] === undefined ? {} : { [member]: result[member] };
}
