import { type JsonRecord, listOf, recordOf, textOf } from "../../json-shape.ts";
import { isAwsError } from "../aws-error.ts";
import type { Operation } from "../service.ts";
import type { Item, TableDescription } from "./dynalite-modules.ts";
import { type Engine, keyOf } from "./engine.ts";
import {
  bytesOf,
  type Consistency,
  indexWriteUnits,
  type RequestUnits,
  readUnits,
  TRANSACTIONAL_WRITES,
  writeUnits,
} from "./request-units.ts";
import { readTransactGets, readTransactWrites } from "./transactions.ts";

/** Items of an index or a table that one call of Query went through, whatever its filter left of them. */
export type QueriedItems = {
  readonly table: string;
  readonly index: string | undefined;
  readonly items: readonly Item[];
};

/** What a meter is told, and what it must know beside the engine. */
export type MeterSettings = {
  readonly engine: Engine;
  /** Whether a transaction was carried out before under the same token: nothing is written again. */
  readonly isRepeated: (input: JsonRecord) => boolean;
  readonly onQuery: (queried: QueriedItems) => void;
};

type Counted = { read: number; write: number; indexRead: number; indexWrite: number; items: number };

/** One write of a call, with the item that it would put. */
type Target = { readonly table: TableDescription; readonly key: Item; readonly put: Item | undefined };

/** What these errors end was carried out, or at least looked up, and is billed. */
const BILLED_ERRORS: ReadonlySet<string> = new Set([
  "ConditionalCheckFailedException",
  "TransactionCanceledException",
]);

/** Runs operations and tells what each would be billed; operations on tables themselves are not. */
export function createMeter({ engine, isRepeated, onQuery }: MeterSettings) {
  const tableNamed = (name: unknown): TableDescription | undefined =>
    engine.tables().find(({ TableName }) => TableName === name);

  const stored = ({ table, key }: Pick<Target, "table" | "key">): Item | undefined => {
    try {
      return engine.read(table, key);
    } catch {
      // No key of this table: the call is refused when it runs.
      return undefined;
    }
  };

  const targetOf = (tableName: unknown, request: JsonRecord): readonly Target[] => {
    const table = tableNamed(tableName);
    if (table === undefined) return [];
    const put = request["Item"] === undefined ? undefined : (recordOf(request["Item"]) as Item);
    return [{ table, key: keyOf(table, put ?? (recordOf(request["Key"]) as Item)), put }];
  };

  const countReads = (counted: Counted, targets: readonly Target[], consistency: Consistency): void => {
    for (const target of targets) {
      counted.read += readUnits(bytesOf(stored(target)), consistency);
      counted.items += 1;
    }
  };

  const countWrites = (
    counted: Counted,
    targets: readonly Target[],
    factor: number,
    run: () => JsonRecord,
  ): JsonRecord => {
    const before = targets.map(stored);
    const count = (afterOf: (target: Target) => Item | undefined): void => {
      targets.forEach((target, index) => {
        const [old, now] = [before[index], afterOf(target)];
        const indexUnits = indexWriteUnits(target.table, old, now);
        counted.write += writeUnits(old, now) * factor + indexUnits;
        counted.indexWrite += indexUnits;
        counted.items += 1;
      });
    };
    try {
      const result = run();
      count(stored);
      return result;
    } catch (error) {
      if (isAwsError(error) && BILLED_ERRORS.has(error.code)) {
        // Nothing was written, so no index changes; the table bills the larger of what is there and what was to be put.
        targets.forEach(({ put }, index) => {
          counted.write += writeUnits(before[index], put) * factor;
          counted.items += 1;
        });
      }
      throw error;
    }
  };

  const countQuery = (counted: Counted, input: JsonRecord, result: JsonRecord): void => {
    const { _filter, _projection, Select, ...checked } = engine.check("query", input);
    const isWhole = _filter === undefined && _projection === undefined && Select === undefined;
    const { Items } = isWhole ? result : engine.run("query", checked);
    const items = listOf(Items).map((item) => recordOf(item) as Item);
    const units = readUnits(
      items.reduce((sum, item) => sum + bytesOf(item), 0),
      input["ConsistentRead"] === true ? "strong" : "eventual",
    );
    const index = textOf(input["IndexName"]);
    counted.read += units;
    if (index !== undefined) counted.indexRead += units;
    counted.items += items.length;
    onQuery({ table: textOf(input["TableName"]) ?? "", index, items });
  };

  const measured = ({ name, input }: Operation, counted: Counted, run: () => JsonRecord): JsonRecord => {
    switch (name) {
      case "PutItem":
      case "UpdateItem":
      case "DeleteItem":
        return countWrites(counted, targetOf(input["TableName"], input), 1, run);
      case "BatchWriteItem":
        return countWrites(
          counted,
          Object.entries(recordOf(input["RequestItems"])).flatMap(([table, requests]) =>
            listOf(requests).flatMap((request) => {
              const { PutRequest, DeleteRequest } = recordOf(request);
              return targetOf(table, recordOf(PutRequest ?? DeleteRequest));
            }),
          ),
          1,
          run,
        );
      case "TransactWriteItems": {
        const targets = readTransactWrites(input).flatMap(({ request }) =>
          targetOf(request["TableName"], request),
        );
        if (!isRepeated(input)) return countWrites(counted, targets, TRANSACTIONAL_WRITES, run);
        // The answer to a repeated token costs what reading its items does (API_TransactWriteItems).
        const result = run();
        countReads(counted, targets, "transactional");
        return result;
      }
      default: {
        const result = run();
        if (name === "GetItem") {
          countReads(counted, targetOf(input["TableName"], input), consistencyOf(input));
        } else if (name === "BatchGetItem") {
          for (const [table, request] of Object.entries(recordOf(input["RequestItems"]))) {
            const keys = listOf(recordOf(request)["Keys"]).map((Key) => ({ Key }));
            const targets = keys.flatMap((key) => targetOf(table, key));
            countReads(counted, targets, consistencyOf(recordOf(request)));
          }
        } else if (name === "TransactGetItems") {
          const targets = readTransactGets(input).flatMap((get) => targetOf(get["TableName"], get));
          countReads(counted, targets, "transactional");
        } else if (name === "Query") countQuery(counted, input, result);
        return result;
      }
    }
  };

  return {
    /** Gives what `run` gives; tells the units also where it throws. */
    run(operation: Operation, note: (units: RequestUnits) => void, run: () => JsonRecord): JsonRecord {
      const counted: Counted = { read: 0, write: 0, indexRead: 0, indexWrite: 0, items: 0 };
      try {
        return measured(operation, counted, run);
      } finally {
        if (counted.read + counted.write > 0) note(counted);
      }
    },
  };
}

function consistencyOf(request: JsonRecord): Consistency {
  return request["ConsistentRead"] === true ? "strong" : "eventual";
}
