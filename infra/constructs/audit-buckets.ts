import { Duration } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { ObjectLockSettings } from "../stages.ts";
import { type AccessLogsBucket, RecordBucket } from "./record-bucket.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { StorageKey } from "./storage-key.ts";

const ANCHORS = "anchors/";
const ANCHOR_KEYS = "anchor-keys/";
const TABLES = "tables/";
const SAFEGUARDS = "safeguards/";

interface AuditBucketProps {
  readonly key: StorageKey;
  readonly accessLogs: AccessLogsBucket;
}

/** Anchors of the audit chains and the keys they are signed with, where nobody can delete or replace them. */
export class AnchorsBucket extends RecordBucket {
  constructor(
    scope: Construct,
    id: string,
    { key, accessLogs, lock }: AuditBucketProps & { readonly lock: ObjectLockSettings },
  ) {
    const kept = Duration.days(lock.days);
    super(scope, id, {
      key,
      accessLogs,
      retention:
        lock.mode === "compliance"
          ? ObjectLockRetention.compliance(kept)
          : ObjectLockRetention.governance(kept),
      brokenUploadsKept: Duration.days(7),
    });
    // Nothing is put over anything, not even as a newer version.
    this.refusePuts("RefuseOverwriting", { Null: { "s3:if-none-match": "true" } });
  }

  get environment() {
    return { ANCHORS_BUCKET_NAME: this.bucketName };
  }

  /**
   * Adds anchors, and reads the one that another run may have added. Nobody else may put anything here, whatever their
   * policies say: what stands in an anchor's place would keep the next one out.
   */
  grantAnchor(anchor: ServiceFunction<unknown>): void {
    this.grant(anchor, "AddTo", ["s3:PutObject"], [ANCHORS, ANCHOR_KEYS]);
    this.grant(anchor, "ReadIn", ["s3:GetObject"], [ANCHORS]);
    this.refusePuts("RefuseEverybodyElse", {
      ArnNotEquals: { "aws:PrincipalArn": anchor.roleArn },
    });
  }
}

/** What an auditor copies as a whole: exports of tables, with anchors, keys and the safeguards report beside them. */
export class ExportsBucket extends RecordBucket {
  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    super(scope, id, { ...props, brokenUploadsKept: Duration.days(7) });
  }

  get environment() {
    return { EXPORTS_BUCKET_NAME: this.bucketName };
  }

  /** Adds copies of anchors, and reads nothing. */
  grantCopyAnchors(grantee: IGrantable): void {
    this.grant(grantee, "CopyAnchorsTo", ["s3:PutObject"], [ANCHORS, ANCHOR_KEYS]);
  }

  /** Lets DynamoDB write a table's export in the name of `grantee`, which can read none of it. */
  grantReceiveExports(grantee: IGrantable): void {
    // What AWS asks for of whoever requests an export; ACLs are off in this bucket.
    this.grant(
      grantee,
      "ReceiveTablesIn",
      ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
      [TABLES],
    );
    this.grant(grantee, "LaySafeguardsIn", ["s3:PutObject"], [SAFEGUARDS]);
  }
}
