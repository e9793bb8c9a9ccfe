import { createHash } from "node:crypto";
import { type JsonRecord, textOf } from "../../json-shape.ts";
import { awsError } from "../aws-error.ts";
import { keyArn, type Tables } from "../dynamodb/tables.ts";
import type { Authorizer, PermissionCheck } from "../iam.ts";
import type { ConditionContext } from "../policy-conditions.ts";
import type { ObjectEncryption } from "../s3/bucket-settings.ts";
import type { Bucket } from "../s3/object-store.ts";
import { type S3, storageKeyContext } from "../s3/s3.ts";
import type { AwsService, Caller, Operation } from "../service.ts";
import type { Template } from "../template.ts";
import { type ExportOutput, type ExportScope, exportFiles } from "./export-files.ts";
import { exportLines } from "./export-lines.ts";
import { type ExportTarget, readScope, readTarget } from "./export-request.ts";
import { type ExportedTable, findTable, newExportId } from "./exported-table.ts";

/** What exports are made of and where they go. */
export type ExportParts = {
  readonly template: Template;
  readonly tables: Tables;
  readonly s3: S3;
  readonly authorizer: Authorizer;
};

/** Whether an export still runs, and how it ended. */
type Outcome =
  | { readonly status: "IN_PROGRESS" }
  | ({ readonly status: "COMPLETED"; readonly endMs: number } & Omit<ExportOutput, "files">)
  | { readonly status: "FAILED"; readonly endMs: number; readonly code: string; readonly message: string };

type Export = {
  readonly arn: string;
  readonly exportId: string;
  readonly table: ExportedTable;
  readonly target: ExportTarget;
  readonly scope: ExportScope;
  readonly clientToken: string | undefined;
  readonly startMs: number;
  readonly outcome: Outcome;
};

/** How long a ClientToken is remembered, for the whole account. */
const TOKEN_LIFETIME_MS = 8 * 3_600_000;
/** What a caller may do with the export's objects (developer guide, "Requesting a table export"). */
const OBJECT_ACTIONS = ["s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"];
/** Uploads in parts read the data key again. */
const KEY_ACTIONS = ["kms:GenerateDataKey", "kms:Decrypt"];
const MS = 1000;

/**
 * Adds ExportTableToPointInTime and DescribeExport to the tables' service. As on AWS a bucket that does not exist or
 * may not be written is no error of the call: the export has failed when it is described. Here it has come to its end
 * before the call is answered, which says IN_PROGRESS all the same.
 */
export function withTableExports(service: AwsService, parts: ExportParts): AwsService {
  const exports = new Map<string, Export>();
  const tokens = new Map<string, { readonly digest: string; readonly arn: string; readonly atMs: number }>();
  const { template, tables } = parts;

  const start = async (input: JsonRecord, caller: Caller): Promise<JsonRecord> => {
    const nowMs = Date.now();
    const target = readTarget(input);
    const table = findTable(template, tables, textOf(input["TableArn"]) ?? "");
    if (table === undefined) throw awsError("TableNotFoundException", "Table not found");
    if (table.recoveryDays === undefined)
      throw awsError(
        "PointInTimeRecoveryUnavailableException",
        "Point in time recovery is not enabled for the table",
      );
    const { ClientToken: token, ...asked } = input;
    const clientToken = textOf(token);
    const digest = createHash("sha256").update(JSON.stringify(asked)).digest("base64");
    const earlier = clientToken === undefined ? undefined : tokens.get(clientToken);
    if (earlier !== undefined && nowMs - earlier.atMs < TOKEN_LIFETIME_MS) {
      if (earlier.digest !== digest)
        throw awsError("ExportConflictException", "Duplicate request detected with a different payload");
      return { ExportDescription: describe(knownExport(earlier.arn)) };
    }

    const scope = readScope(input, table, nowMs);
    const exportId = newExportId(nowMs);
    const arn = `${table.arn}/export/${exportId}`;
    // Before anything is waited for: a second call with the same token is the same request.
    if (clientToken !== undefined) tokens.set(clientToken, { digest, arn, atMs: nowMs });
    const outcome: Outcome = { status: "IN_PROGRESS" };
    const running: Export = { arn, exportId, table, target, scope, clientToken, startMs: nowMs, outcome };
    exports.set(arn, running);
    exports.set(arn, { ...running, outcome: await write(parts, running, caller) });
    return { ExportDescription: describe(running) };
  };

  const knownExport = (arn: string): Export => {
    const found = exports.get(arn);
    if (found === undefined) throw awsError("ExportNotFoundException", "Export not found");
    return found;
  };

  return {
    ...service,
    permissions: (operation) => exportPermissions(operation) ?? service.permissions(operation),
    run: (operation, caller, note) => {
      switch (operation.name) {
        case "ExportTableToPointInTime":
          return start(operation.input, caller);
        case "DescribeExport":
          return {
            ExportDescription: describe(knownExport(textOf(operation.input["ExportArn"]) ?? "")),
          };
        default:
          return service.run(operation, caller, note);
      }
    },
  };
}

/** The parameter that names the resource of each operation. */
const RESOURCE_PARAMETERS: Readonly<Record<string, string>> = {
  ExportTableToPointInTime: "TableArn",
  DescribeExport: "ExportArn",
};

function exportPermissions({ name, input }: Operation): readonly PermissionCheck[] | undefined {
  const parameter = RESOURCE_PARAMETERS[name];
  return parameter === undefined
    ? undefined
    : [{ action: `dynamodb:${name}`, resource: textOf(input[parameter]) ?? "", context: {} }];
}

async function write(
  { template, tables, s3, authorizer }: ExportParts,
  { exportId, table, target, scope, startMs }: Export,
  caller: Caller,
): Promise<Outcome> {
  const failed = (code: string, message: string): Outcome => ({
    status: "FAILED",
    endMs: Date.now(),
    code,
    message,
  });
  const bucket = s3.bucket(target.bucket);
  if (bucket === undefined) return failed("S3NoSuchBucket", "The specified bucket does not exist");
  const encryption = encryptionOf(template, target, bucket);
  if (encryption === undefined) return failed("KMSNotFound", "The key of the export is not known");
  const { files, ...output } = await exportFiles(
    {
      exportId,
      tableArn: table.arn,
      tableId: table.id,
      startMs,
      bucket: target.bucket,
      prefix: target.prefix,
      sseAlgorithm: encryption.keyArn === undefined ? "AES256" : "KMS",
      sseKeyId: target.sseKeyId,
      scope,
    },
    exportLines(tables, table.name, scope),
  );
  if (caller.kind === "function") {
    const refusal = files
      .flatMap(({ path }) => writingPermissions(template, bucket, target, encryption, path))
      .map((check) => authorizer.refuseFunction(caller.function, check))
      .find((each) => each !== undefined);
    if (refusal !== undefined) return failed("S3AccessDenied", "Access Denied");
  }
  for (const { path, content } of files) bucket.put(path, { content, encryption });
  return { status: "COMPLETED", endMs: Date.now(), ...output };
}

/** Without an algorithm DynamoDB's manifests say AES256; assumed here: it then asks S3 for that and not for the bucket's default. */
function encryptionOf(
  template: Template,
  { sseAlgorithm, sseKeyId }: ExportTarget,
  { settings }: Bucket,
): ObjectEncryption | undefined {
  if (sseAlgorithm !== "KMS") return { algorithm: "AES256" };
  if (sseKeyId === undefined)
    return settings.encryption.keyArn === undefined ? undefined : settings.encryption;
  try {
    return { algorithm: "aws:kms", keyArn: keyArn(template, sseKeyId) };
  } catch {
    return undefined;
  }
}

/** What DynamoDB does in the bucket with the caller's rights. That it does so shows in the condition keys. */
function writingPermissions(
  template: Template,
  { settings }: Bucket,
  { sseKeyId }: ExportTarget,
  { algorithm, keyArn: key }: ObjectEncryption,
  path: string,
): readonly PermissionCheck[] {
  const calledVia: ConditionContext = {
    "aws:CalledVia": ["dynamodb.amazonaws.com"],
    "aws:ViaAWSService": ["true"],
  };
  const headers: ConditionContext = {
    "s3:x-amz-acl": ["bucket-owner-full-control"],
    "s3:x-amz-server-side-encryption": [algorithm],
    ...(sseKeyId === undefined ? {} : { "s3:x-amz-server-side-encryption-aws-kms-key-id": [key ?? ""] }),
  };
  return [
    ...OBJECT_ACTIONS.map((action) => ({
      action,
      resource: `${settings.arn}/${path}`,
      context: { ...calledVia, ...headers },
    })),
    ...(key === undefined ? [] : KEY_ACTIONS).map((action) => ({
      action,
      resource: key ?? "",
      context: { ...calledVia, ...storageKeyContext(template, settings, path) },
    })),
  ];
}

function describe({ arn, table, target, scope, clientToken, startMs, outcome }: Export): JsonRecord {
  return {
    ExportArn: arn,
    ExportStatus: outcome.status,
    StartTime: startMs / MS,
    TableArn: table.arn,
    TableId: table.id,
    ...(clientToken === undefined ? {} : { ClientToken: clientToken }),
    S3Bucket: target.bucket,
    ...(target.bucketOwner === undefined ? {} : { S3BucketOwner: target.bucketOwner }),
    ...(target.prefix === undefined ? {} : { S3Prefix: target.prefix }),
    ...(target.sseAlgorithm === undefined ? {} : { S3SseAlgorithm: target.sseAlgorithm }),
    ...(target.sseKeyId === undefined ? {} : { S3SseKmsKeyId: target.sseKeyId }),
    ExportFormat: "DYNAMODB_JSON",
    ExportType: scope.type,
    ...(scope.type === "FULL_EXPORT"
      ? { ExportTime: scope.exportTimeMs / MS }
      : {
          IncrementalExportSpecification: {
            ExportFromTime: scope.fromMs / MS,
            ExportToTime: scope.toMs / MS,
            ExportViewType: scope.view,
          },
        }),
    ...ending(outcome),
  };
}

function ending(outcome: Outcome): JsonRecord {
  if (outcome.status === "IN_PROGRESS") return {};
  const EndTime = outcome.endMs / MS;
  return outcome.status === "FAILED"
    ? { EndTime, FailureCode: outcome.code, FailureMessage: outcome.message }
    : {
        EndTime,
        ExportManifest: outcome.manifest,
        BilledSizeBytes: outcome.billedBytes,
        ItemCount: outcome.itemCount,
      };
}
