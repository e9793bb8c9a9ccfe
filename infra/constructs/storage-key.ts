import { Stack } from "aws-cdk-lib";
import {
  AccountRootPrincipal,
  type IGrantable,
  PolicyStatement,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
import { keyPolicy } from "./key-policy.ts";

const TABLE_USE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

const DELIVERY = ["kms:Decrypt", "kms:GenerateDataKey"];

/** A customer-managed key under which AWS services store what we give them. Functions reach it only through those services. */
export class StorageKey extends Construct {
  readonly #key: Key;
  readonly #granted = new Map<string, Set<IGrantable>>();
  #holdsTables = false;

  constructor(scope: Construct, id: string, props: { readonly description: string }) {
    super(scope, id);
    this.#key = new Key(this, "Resource", {
      description: props.description,
      enableKeyRotation: true,
      policy: keyPolicy([
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ]),
    });
  }

  /** For the resource that is encrypted; nobody else needs the key itself. */
  get key(): IKey {
    return this.#key;
  }

  /** Lets tables lie under this key. A table keeps grants on it, made in the name of whoever deploys the table. */
  allowTables(): void {
    if (this.#holdsTables) return;
    this.#holdsTables = true;
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        sid: "GrantsForTables",
        principals: [new AccountRootPrincipal()],
        actions: ["kms:CreateGrant"],
        resources: ["*"],
        conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
    );
  }

  /** Lets `grantee` use tables stored under this key. */
  grantTableUse(grantee: IGrantable): void {
    this.#grantThrough(grantee, "dynamodb", "ThroughTables", TABLE_USE);
  }

  /** Lets `grantee` put messages on queues stored under this key. */
  grantQueueSend(grantee: IGrantable): void {
    this.#grantThrough(grantee, "sqs", "ToSend", ["kms:Decrypt", "kms:GenerateDataKey"]);
  }

  /** Lets `grantee` take messages from queues stored under this key. */
  grantQueueReceive(grantee: IGrantable): void {
    this.#grantThrough(grantee, "sqs", "ToReceive", ["kms:Decrypt"]);
  }

  /** Lets `grantee` use objects of buckets stored under this key. */
  grantObjectUse(grantee: IGrantable): void {
    // Who only puts needs to open too: an upload in several parts takes its key out for each of them.
    this.#grantThrough(grantee, "s3", "ThroughBuckets", ["kms:Decrypt", "kms:GenerateDataKey"]);
  }

  /** Lets an AWS service encrypt and decrypt what it delivers to a topic or queue in the name of this account. */
  allowDelivery(service: string): void {
    this.allowService(service, DELIVERY, {
      StringEquals: { "aws:SourceAccount": Stack.of(this).account },
    });
  }

  /**
   * The same for EventBridge, which does not tell KMS whose rule it works for: AWS does not support source keys here.
   * The queue's own policy names the one rule.
   */
  allowEventBridge(): void {
    this.allowService("events.amazonaws.com", DELIVERY);
  }

  /** Lets CloudWatch Logs encrypt the log groups of this account and region. */
  allowLogs(): void {
    const stack = Stack.of(this);
    this.allowService(
      `logs.${stack.region}.amazonaws.com`,
      [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:*`,
        },
      },
    );
  }

  /** Lets an AWS service use the key, under `conditions` where there are any. */
  allowService(
    service: string,
    actions: readonly string[],
    conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
  ): void {
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: [...actions],
        resources: ["*"],
        conditions: { ...conditions },
      }),
    );
  }

  // Tables, queues and buckets share keys, and each of them asks; one statement for a purpose is enough.
  #grantThrough(
    grantee: IGrantable,
    service: "dynamodb" | "s3" | "sqs",
    purpose: string,
    actions: readonly string[],
  ): void {
    const granted = this.#granted.get(purpose) ?? new Set();
    this.#granted.set(purpose, granted);
    if (granted.has(grantee)) return;
    granted.add(grantee);
    allow(grantee, {
      sid: `Use${this.node.id}${purpose}`,
      actions,
      resources: [this.#key.keyArn],
      conditions: { StringEquals: { "kms:ViaService": `${service}.${Stack.of(this).region}.amazonaws.com` } },
    });
  }
}
