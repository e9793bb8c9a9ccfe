import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  type GlobalSecondaryIndexProps,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { TTL_ATTRIBUTE } from "#shared/tables/indexes.ts";
import { type Allowance, allow } from "./allow.ts";
import type { StorageKey } from "./storage-key.ts";

/** What a table needs besides its place. */
export interface RecordTableProps {
  readonly key: StorageKey;
  /** How far back a table can be restored; 35 days unless its erasures must be final sooner. */
  readonly recoveryPeriod?: Duration;
  /** Whether items may be deleted at a time that they name; they may unless told. */
  readonly expires?: boolean;
  readonly indexes?: readonly GlobalSecondaryIndexProps[];
}

/** Item actions that a role may be given. Scan is not among them. */
export type ItemAction =
  | "dynamodb:BatchGetItem"
  | "dynamodb:ConditionCheckItem"
  | "dynamodb:DeleteItem"
  | "dynamodb:GetItem"
  | "dynamodb:PutItem"
  | "dynamodb:Query"
  | "dynamodb:UpdateItem";

/** A table for one lifecycle of records: own key, restorable, kept when the stack goes. */
export abstract class RecordTable extends Construct {
  readonly #table: Table;
  readonly #key: StorageKey;

  constructor(scope: Construct, id: string, props: RecordTableProps) {
    super(scope, id);
    this.#key = props.key;
    props.key.allowTables();
    this.#table = new Table(this, "Resource", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key.key,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: (props.recoveryPeriod ?? Duration.days(35)).toDays(),
      },
      ...(props.expires === false ? {} : { timeToLiveAttribute: TTL_ATTRIBUTE }),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const index of props.indexes ?? []) this.#table.addGlobalSecondaryIndex(index);
  }

  /** For the trail, which records every access to an item. */
  get arn(): string {
    return this.#table.tableArn;
  }

  protected get tableName(): string {
    return this.#table.tableName;
  }

  protected grant(
    grantee: IGrantable,
    verb: string,
    actions: readonly ItemAction[],
    conditions?: Allowance["conditions"],
  ): void {
    const allowance = { sid: `${verb}${this.node.id}`, actions, resources: [this.arn] };
    allow(grantee, conditions === undefined ? allowance : { ...allowance, conditions });
    this.#key.grantTableUse(grantee);
  }

  /**
   * Lets `grantee` have DynamoDB write the whole table to a bucket, and ask what became of that, without reading an item
   * itself. Whether AWS opens the table's key in the name of who asks is not documented: it is granted through DynamoDB alone.
   */
  protected allowExport(grantee: IGrantable): void {
    allow(grantee, {
      sid: `Export${this.node.id}`,
      actions: ["dynamodb:ExportTableToPointInTime"],
      resources: [this.arn],
    });
    allow(grantee, {
      sid: `FollowExportsOf${this.node.id}`,
      actions: ["dynamodb:DescribeExport"],
      resources: [`${this.arn}/export/*`],
    });
    this.#key.grantTableUse(grantee);
  }

  protected grantIndexQuery(grantee: IGrantable, verb: string, indexName: string): void {
    allow(grantee, {
      sid: verb,
      actions: ["dynamodb:Query"],
      resources: [`${this.arn}/index/${indexName}`],
    });
  }
}
