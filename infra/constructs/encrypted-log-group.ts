import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib";
import { type ILogGroup, LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { StorageKey } from "./storage-key.ts";

/** Under which key log lines lie, and for how long. */
export interface LogSettings {
  readonly key: StorageKey;
  readonly retentionDays: number;
}

/** A log group under a customer-managed key, kept when the stack goes. */
export class EncryptedLogGroup extends Construct {
  readonly logGroup: ILogGroup;

  constructor(
    scope: Construct,
    id: string,
    { key, retentionDays, name }: LogSettings & { readonly name?: string },
  ) {
    super(scope, id);
    this.logGroup = new LogGroup(this, "Resource", {
      encryptionKey: key.key,
      retention: retentionDays,
      // A deployment that fails at first must not leave a name behind that the next one needs.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(name === undefined ? {} : { logGroupName: name }),
    });
  }

  /** The ARN without the trailing `:*`, as API Gateway and WAF want it. */
  get destinationArn(): string {
    return Stack.of(this).formatArn({
      service: "logs",
      resource: "log-group",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: this.logGroup.logGroupName,
    });
  }
}
