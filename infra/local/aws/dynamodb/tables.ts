import { createHash } from "node:crypto";
import { type JsonRecord, listOf, recordOf, textOf } from "../../json-shape.ts";
import { awsError, isAwsError, unknownOperation } from "../aws-error.ts";
import type { PermissionCheck } from "../iam.ts";
import { type AwsService, type Operation, readJsonOperation } from "../service.ts";
import type { Template } from "../template.ts";
import type {
  AttributeValue,
  DynaliteAction,
  Item,
  KeyElement,
  TableDescription,
} from "./dynalite-modules.ts";
import { createEngine, keyOf } from "./engine.ts";
import type { ItemHistory } from "./item-history.ts";
import { createMeter, type QueriedItems } from "./meter.ts";
import { createTransactions, readTransactGets, readTransactWrites } from "./transactions.ts";

/** The tables of the template, for the host itself. */
export type Tables = {
  readonly service: AwsService;
  /** The physical names. */
  names(): readonly string[];
  describe(table: string): TableDescription;
  /** Every item of a table, as DynamoDB's JSON, in key order. */
  items(table: string): readonly Item[];
  /** The same as JSON texts. */
  texts(table: string): readonly string[];
  /** Every write to a table since the start. */
  history(table: string): ItemHistory;
  /** Puts an item as it is, unchecked and uncounted: for whoever fills tables before anything is called. */
  put(table: string, item: Item): void;
  /** From now on tells of every metered Query what it went through. */
  watchQueries(watch: (queried: QueriedItems) => void): void;
  /** Deletes what its time-to-live attribute says is over at the local clock; gives the number of items. */
  expireItems(): number;
};

/** What one table has beside its keys. */
type TableSettings = { timeToLiveAttribute: string | undefined; readonly keyArn: string | undefined };

/** DynamoDB ignores a time to live further back than this, in seconds. */
const OLDEST_EXPIRY_SECONDS = 5 * 365 * 24 * 3600;

const SINGLE_WRITES: Readonly<Record<string, DynaliteAction>> = {
  PutItem: "putItem",
  UpdateItem: "updateItem",
  DeleteItem: "deleteItem",
};
const OTHER_ACTIONS: Readonly<Record<string, DynaliteAction>> = {
  GetItem: "getItem",
  Query: "query",
  BatchGetItem: "batchGetItem",
  BatchWriteItem: "batchWriteItem",
};

/** Creates every table of the template, empty. */
export function createTables(template: Template): Tables {
  const engine = createEngine();
  const transactions = createTransactions(engine);
  const queryWatchers: ((queried: QueriedItems) => void)[] = [];
  const meter = createMeter({
    engine,
    isRepeated: transactions.isRepeated,
    onQuery: (queried) => {
      for (const watch of queryWatchers) watch(queried);
    },
  });
  const settings = new Map<string, TableSettings>();
  for (const { logicalId, properties } of template.byType("AWS::DynamoDB::Table")) {
    const description = describeTable(template, logicalId, properties);
    engine.addTable(description);
    settings.set(description.TableName, tableSettings(template, properties));
  }

  const arnOf = (table: string): string =>
    `arn:aws:dynamodb:${template.region}:${template.account}:table/${table}`;
  const settingsOf = (table: string): TableSettings => {
    const found = settings.get(table);
    if (found === undefined) throw awsError("ResourceNotFoundException", "Requested resource not found");
    return found;
  };

  const keyUse = (table: string): readonly PermissionCheck[] => {
    const keyArn = settings.get(table)?.keyArn;
    if (keyArn === undefined) return [];
    const context = {
      "kms:ViaService": [`dynamodb.${template.region}.amazonaws.com`],
      "kms:EncryptionContext:aws:dynamodb:tableName": [table],
      "kms:EncryptionContext:aws:dynamodb:subscriberId": [template.account],
      "kms:EncryptionContextKeys": ["aws:dynamodb:tableName", "aws:dynamodb:subscriberId"],
    };
    return [{ action: "kms:Decrypt", resource: keyArn, context, implied: true }];
  };

  const check = (
    action: string,
    table: string,
    leadingKeys: readonly string[],
    more: PermissionCheck["context"] = {},
    index?: string,
  ): readonly PermissionCheck[] => [
    {
      action,
      resource: index === undefined ? arnOf(table) : `${arnOf(table)}/index/${index}`,
      context: { "dynamodb:LeadingKeys": leadingKeys, ...more },
    },
    ...keyUse(table),
  ];

  const leadingKeys = (table: string, keysOrItems: readonly JsonRecord[]): readonly string[] => {
    const attribute =
      engine.tables().find(({ TableName }) => TableName === table)?.KeySchema[0]?.AttributeName ?? "";
    return [...new Set(keysOrItems.flatMap((item) => plainValue(recordOf(item[attribute]))))];
  };

  const queriedKeys = (input: JsonRecord): readonly string[] => {
    try {
      const table = engine.table(textOf(input["TableName"]) ?? "");
      const schema =
        table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === input["IndexName"])?.KeySchema ??
        table.KeySchema;
      const conditions = engine.check("query", input).KeyConditions?.[schema[0]?.AttributeName ?? ""];
      return (conditions?.AttributeValueList ?? []).flatMap(plainValue);
    } catch {
      // The request itself is wrong: it is refused when it runs, and until then it has no keys to be judged by.
      return [];
    }
  };

  const permissions = ({ name, input }: Operation): readonly PermissionCheck[] => {
    const table = textOf(input["TableName"]) ?? "";
    switch (name) {
      case "GetItem":
      case "UpdateItem":
      case "DeleteItem":
        return check(`dynamodb:${name}`, table, leadingKeys(table, [recordOf(input["Key"])]));
      case "PutItem":
        return check("dynamodb:PutItem", table, leadingKeys(table, [recordOf(input["Item"])]));
      case "Query":
        return check("dynamodb:Query", table, queriedKeys(input), {}, textOf(input["IndexName"]));
      case "BatchGetItem":
        return Object.entries(recordOf(input["RequestItems"])).flatMap(([each, request]) =>
          check(
            "dynamodb:BatchGetItem",
            each,
            leadingKeys(each, listOf(recordOf(request)["Keys"]).map(recordOf)),
          ),
        );
      case "BatchWriteItem":
        return Object.entries(recordOf(input["RequestItems"])).flatMap(([each, requests]) => {
          const items = listOf(requests).map((request) => {
            const { PutRequest: put, DeleteRequest: remove } = recordOf(request);
            return recordOf(recordOf(put)["Item"] ?? recordOf(remove)["Key"]);
          });
          return check("dynamodb:BatchWriteItem", each, leadingKeys(each, items));
        });
      case "TransactWriteItems":
        return readTransactWrites(input).flatMap(({ permission, request }) => {
          const each = textOf(request["TableName"]) ?? "";
          const keys = leadingKeys(each, [recordOf(request["Item"] ?? request["Key"])]);
          return check(permission, each, keys, { "dynamodb:EnclosingOperation": ["TransactWriteItems"] });
        });
      case "TransactGetItems":
        return readTransactGets(input).flatMap((get) => {
          const each = textOf(get["TableName"]) ?? "";
          return check("dynamodb:GetItem", each, leadingKeys(each, [recordOf(get["Key"])]), {
            "dynamodb:EnclosingOperation": ["TransactGetItems"],
          });
        });
      default:
        return [{ action: `dynamodb:${name}`, resource: arnOf(table), context: {} }];
    }
  };

  /** A single write with ReturnValuesOnConditionCheckFailure, which dynalite ignores. */
  const writeOne = (action: DynaliteAction, input: JsonRecord): JsonRecord => {
    const { ReturnValuesOnConditionCheckFailure: onFailure, ...rest } = input;
    const request = engine.check(action, rest);
    const table = engine.table(request.TableName ?? "");
    try {
      return engine.run(action, request);
    } catch (error) {
      if (onFailure !== "ALL_OLD" || !isAwsError(error) || error.code !== "ConditionalCheckFailedException")
        throw error;
      const existing = engine.read(table, keyOf(table, request.Item ?? request.Key ?? {}));
      throw existing === undefined ? error : awsError(error.code, error.message, { Item: existing });
    }
  };

  const updateTimeToLive = (input: JsonRecord): JsonRecord => {
    const { AttributeName: attribute, Enabled: enabled } = recordOf(input["TimeToLiveSpecification"]);
    const table = settingsOf(textOf(input["TableName"]) ?? "");
    const name = textOf(attribute);
    if (name === undefined || name === "" || typeof enabled !== "boolean") {
      throw awsError("ValidationException", "TimeToLiveSpecification needs AttributeName and Enabled.");
    }
    if (enabled === (table.timeToLiveAttribute !== undefined)) {
      throw awsError("ValidationException", `TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
    }
    if (!enabled && table.timeToLiveAttribute !== name) {
      throw awsError("ValidationException", "TimeToLive is active on a different AttributeName");
    }
    table.timeToLiveAttribute = enabled ? name : undefined;
    return { TimeToLiveSpecification: { AttributeName: name, Enabled: enabled } };
  };

  const run = ({ name, input }: Operation): JsonRecord => {
    const single = SINGLE_WRITES[name];
    if (single !== undefined) return writeOne(single, input);
    const other = OTHER_ACTIONS[name];
    if (other !== undefined) return engine.run(other, engine.check(other, input));
    switch (name) {
      case "TransactWriteItems":
        return transactions.write(input);
      case "TransactGetItems":
        return transactions.read(input);
      case "DescribeTable":
        return { Table: engine.table(textOf(input["TableName"]) ?? "") };
      case "UpdateTimeToLive":
        return updateTimeToLive(input);
      case "DescribeTimeToLive": {
        const { timeToLiveAttribute } = settingsOf(textOf(input["TableName"]) ?? "");
        return {
          TimeToLiveDescription:
            timeToLiveAttribute === undefined
              ? { TimeToLiveStatus: "DISABLED" }
              : { TimeToLiveStatus: "ENABLED", AttributeName: timeToLiveAttribute },
        };
      }
      default:
        throw unknownOperation(name);
    }
  };

  return {
    service: {
      name: "dynamodb",
      read: (request) => readJsonOperation(request, "DynamoDB_20120810"),
      permissions,
      run: (operation, _caller, note) =>
        note === undefined ? run(operation) : meter.run(operation, note, () => run(operation)),
    },
    names: () => engine.tables().map(({ TableName }) => TableName),
    describe: (table) => engine.table(table),
    items: (table) => {
      engine.table(table);
      return engine.items(table);
    },
    texts: (table) => {
      engine.table(table);
      return engine.texts(table);
    },
    history: (table) => {
      engine.table(table);
      return engine.history(table);
    },
    put: (table, item) => {
      engine.restore(engine.table(table), item, item);
    },
    watchQueries: (watch) => {
      queryWatchers.push(watch);
    },
    expireItems: () => {
      const nowSeconds = Math.floor(Date.now() / 1000);
      let expired = 0;
      for (const table of engine.tables()) {
        const attribute = settings.get(table.TableName)?.timeToLiveAttribute;
        if (attribute === undefined) continue;
        for (const item of engine.items(table.TableName)) {
          const at = Number(item[attribute]?.["N"] ?? Number.NaN);
          if (!(at <= nowSeconds && at > nowSeconds - OLDEST_EXPIRY_SECONDS)) continue;
          engine.restore(table, item, undefined);
          expired += 1;
        }
      }
      return expired;
    },
  };
}

function describeTable(template: Template, logicalId: string, properties: JsonRecord): TableDescription {
  const name = template.physicalId(logicalId);
  if (properties["LocalSecondaryIndexes"] !== undefined)
    throw new Error("The local host does not know local secondary indexes.");
  const indexes = listOf(properties["GlobalSecondaryIndexes"]).map((index) => {
    const { IndexName, KeySchema, Projection } = recordOf(index);
    return {
      IndexName: String(IndexName),
      KeySchema: KeySchema as readonly KeyElement[],
      Projection: Projection as {
        readonly ProjectionType: string;
        readonly NonKeyAttributes?: readonly string[];
      },
    };
  });
  if (indexes.some(({ KeySchema }) => KeySchema.length > 2))
    throw new Error("The local host does not know index keys of several attributes.");
  return {
    TableName: name,
    TableStatus: "ACTIVE",
    TableArn: template.attribute(logicalId, "Arn"),
    TableId: tableId(name),
    CreationDateTime: Math.floor(Date.now() / 1000),
    KeySchema: properties["KeySchema"] as readonly KeyElement[],
    AttributeDefinitions: properties["AttributeDefinitions"] as TableDescription["AttributeDefinitions"],
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}

function tableId(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

function tableSettings(template: Template, properties: JsonRecord): TableSettings {
  const encryption = recordOf(properties["SSESpecification"]);
  const key = textOf(encryption["KMSMasterKeyId"]);
  const timeToLive = recordOf(properties["TimeToLiveSpecification"]);
  return {
    keyArn: key === undefined ? undefined : keyArn(template, key),
    timeToLiveAttribute: timeToLive["Enabled"] === true ? textOf(timeToLive["AttributeName"]) : undefined,
  };
}

/** The ARN of a key of the template that is named by ARN, id or alias. */
export function keyArn(template: Template, key: string): string {
  if (key.startsWith("arn:")) return key;
  const alias = template.byType("AWS::KMS::Alias").find(({ properties }) => properties["AliasName"] === key);
  const target = alias === undefined ? key : String(alias.properties["TargetKeyId"]);
  return target.startsWith("arn:") ? target : template.attribute(target, "Arn");
}

function plainValue(value: AttributeValue): readonly string[] {
  const [text] = Object.values(value);
  return typeof text === "string" ? [text] : [];
}
