import { at, isRecord, listOf, mentions, referenced } from "../checks/template.ts";
import { contentsOf, type Kind, keepsNoData, NOT_DESCRIBED } from "./contents.ts";
import { grantsOf, PLANE_NAMES, targetOf } from "./planes.ts";
import { type FunctionPart, numberAt, type Part, partsOf, plainName, type System } from "./system.ts";

/** One resource that stores, moves or can reach ePHI, as the template describes it. */
export interface Asset {
  readonly name: string;
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  readonly kind: Kind | "unknown";
  readonly holds: string;
  readonly key: string;
  readonly retention: string;
  readonly backup: string;
  readonly accessLog: string;
}

type Describe = (part: Part, system: System) => Omit<Asset, "name" | "id" | "type" | "kind" | "holds">;

const ALL_CALLS = "CloudTrail, management events";
const NONE = "none";
const NOT_KEPT = "keeps nothing";

const NOT_KNOWN = { key: "not known", retention: "not known", backup: "not known", accessLog: "not known" };

const DESCRIBE: Readonly<Record<string, Describe>> = {
  "AWS::DynamoDB::Table": (part, system) => ({
    key: keyName(at(part.properties, "SSESpecification", "KMSMasterKeyId")),
    retention: [
      "until deleted",
      ...(at(part.properties, "TimeToLiveSpecification", "Enabled") === true
        ? ["or at the time that an item names"]
        : []),
      at(part.properties, "DeletionProtectionEnabled") === true ? "deletion protection" : "no protection",
      keptAfterStack(part),
    ].join("; "),
    backup: recovery(part),
    accessLog: isTrailed(part, system) ? "CloudTrail, every access to an item" : NONE,
  }),
  "AWS::S3::Bucket": (part, system) => ({
    key: bucketKey(part),
    retention: `${objectLock(part)}; ${keptAfterStack(part)}`,
    backup:
      at(part.properties, "VersioningConfiguration", "Status") === "Enabled" ? "versioned" : "not versioned",
    accessLog:
      [
        ...(isTrailed(part, system) ? ["CloudTrail, every access to an object"] : []),
        ...(at(part.properties, "LoggingConfiguration", "DestinationBucketName") === undefined
          ? []
          : ["server access log"]),
      ].join("; ") || NONE,
  }),
  "AWS::SQS::Queue": (part) => ({
    key: keyName(at(part.properties, "KmsMasterKeyId")),
    retention: `${days((numberAt(part.properties, "MessageRetentionPeriod") ?? 345_600) / 86_400)} at most`,
    backup: NONE,
    accessLog: ALL_CALLS,
  }),
  "AWS::SNS::Topic": (part) => ({
    key: keyName(at(part.properties, "KmsMasterKeyId")),
    retention: NOT_KEPT,
    backup: NONE,
    accessLog: ALL_CALLS,
  }),
  "AWS::Logs::LogGroup": (part) => ({
    key: keyName(at(part.properties, "KmsKeyId")),
    retention: [
      numberAt(part.properties, "RetentionInDays") === undefined
        ? "for ever"
        : days(numberAt(part.properties, "RetentionInDays") ?? 0),
      keptAfterStack(part),
    ].join("; "),
    backup: NONE,
    accessLog: ALL_CALLS,
  }),
  "AWS::KMS::Key": (part) => ({
    key: "hardware of AWS KMS",
    retention: keptAfterStack(part),
    backup: "by AWS KMS",
    accessLog: "CloudTrail, every use",
  }),
  "AWS::Lambda::Function": (_part) => ({
    key: "its code holds no data",
    retention: NOT_KEPT,
    backup: NONE,
    accessLog: "own log group",
  }),
  "AWS::ApiGateway::RestApi": (part, system) => ({
    key: "TLS to the client, signed AWS calls behind",
    retention: NOT_KEPT,
    backup: NONE,
    accessLog: partsOf(system.template, "AWS::ApiGateway::Stage").some(
      ({ properties }) =>
        referenced(at(properties, "RestApiId")) === part.id &&
        at(properties, "AccessLogSetting", "DestinationArn") !== undefined,
    )
      ? "access log"
      : NONE,
  }),
  "AWS::Cognito::UserPool": (part) => ({
    key: "keys of AWS",
    retention: `until deleted; ${at(part.properties, "DeletionProtection") === "ACTIVE" ? "deletion protection" : "no protection"}`,
    backup: NONE,
    accessLog: ALL_CALLS,
  }),
  "AWS::SMSVOICE::ConfigurationSet": () => ({
    key: "keys of AWS; the carrier's network is not encrypted",
    retention: "cannot be read from a template",
    backup: NONE,
    accessLog: "delivery events; data events of the trail are off, as they would hold numbers",
  }),
  "AWS::SMSVOICE::OptOutList": (part) => ({
    key: "keys of AWS",
    retention: `until deleted; ${keptAfterStack(part)}`,
    backup: "the Consents table knows the same decisions",
    accessLog: ALL_CALLS,
  }),
  "AWS::SES::ConfigurationSet": (part) => ({
    key: `keys of AWS; TLS to the next server: ${String(at(part.properties, "DeliveryOptions", "TlsPolicy") ?? "optional").toLowerCase()}`,
    retention: NOT_KEPT,
    backup: NONE,
    accessLog: "delivery events",
  }),
  "AWS::CloudTrail::Trail": (part) => ({
    key: keyName(at(part.properties, "KMSKeyId")),
    retention: "as its bucket and log group",
    backup: "digest files",
    accessLog: ALL_CALLS,
  }),
};

/**
 * Every resource of the template that stores, moves or can reach ePHI, by type and name; last those of types that nobody
 * has thought of.
 */
export function inventoryOf(system: System): readonly Asset[] {
  return [...Object.entries(DESCRIBE), ...unknownTypes(system)].flatMap(([type, describe]) =>
    partsOf(system.template, type)
      .map((part): Asset => {
        const name = plainName(part.id);
        const own = system.functions.find(({ id }) => id === part.id);
        const contents =
          contentsOf(type, name) ??
          (own === undefined ? undefined : { kind: kindOf(own), holds: reachOf(own) });
        return {
          name: own?.name ?? name,
          id: part.id,
          type,
          kind: contents?.kind ?? "unknown",
          holds: keyPurpose(part) ?? contents?.holds ?? NOT_DESCRIBED,
          ...describe(part, system),
        };
      })
      .toSorted((one, other) => compare(one.name, other.name)),
  );
}

/** Resources of types of which nobody has said what they keep and how they are protected, by logical id without hash. */
export function unknownStores(system: System): readonly string[] {
  return unknownTypes(system).flatMap(([type]) =>
    partsOf(system.template, type).map(({ id }) => `${plainName(id)} (${type})`),
  );
}

function unknownTypes({ template }: System): readonly (readonly [type: string, describe: Describe])[] {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  const unknown = [...types].filter((type) => !Object.hasOwn(DESCRIBE, type) && !keepsNoData(type));
  return unknown.toSorted(compare).map((type) => [type, () => NOT_KNOWN]);
}

/** Orders texts by their UTF-16 units, on every machine alike. */
export function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Whether the trail records every access to an item of a table, or to an object of a bucket. */
export function isTrailed(store: Part, system: System): boolean {
  const dataType = store.type === "AWS::S3::Bucket" ? "AWS::S3::Object" : store.type;
  return partsOf(system.template, "AWS::CloudTrail::Trail").some(({ properties }) =>
    listOf(at(properties, "AdvancedEventSelectors")).some((selector) => {
      const fields = listOf(at(selector, "FieldSelectors"));
      const ofItems = fields.some(
        (field) => at(field, "Field") === "resources.type" && mentionsText(field, dataType),
      );
      const named = fields.find((field) => at(field, "Field") === "resources.ARN");
      return ofItems && (named === undefined || mentions(named, store.id));
    }),
  );
}

/** The plain name of the key of this stack that a property names, or how it is encrypted otherwise. */
export function keyName(value: unknown): string {
  if (value === undefined) return "no key of this stack";
  const id = referenced(value);
  return id === undefined ? "a key outside of this stack" : plainName(id);
}

/** How a bucket is encrypted: the name of its key, or AWS's own. */
export function bucketKey({ properties }: Part): string {
  const [rule] = listOf(at(properties, "BucketEncryption", "ServerSideEncryptionConfiguration"));
  const how = isRecord(rule) ? rule["ServerSideEncryptionByDefault"] : undefined;
  if (at(how, "SSEAlgorithm") === "AES256") return "keys of Amazon S3";
  return keyName(at(how, "KMSMasterKeyID"));
}

function objectLock({ properties }: Part): string {
  const retention = at(properties, "ObjectLockConfiguration", "Rule", "DefaultRetention");
  const locked = at(properties, "ObjectLockEnabled") === true && retention !== undefined;
  return locked
    ? `Object Lock, ${String(at(retention, "Mode")).toLowerCase()}, ${days(numberAt(retention, "Days") ?? 0)}`
    : "no Object Lock";
}

function recovery({ properties }: Part): string {
  const recoverable = at(properties, "PointInTimeRecoverySpecification");
  if (at(recoverable, "PointInTimeRecoveryEnabled") !== true) return NONE;
  return `any second of the last ${days(numberAt(recoverable, "RecoveryPeriodInDays") ?? 35)}`;
}

function keptAfterStack({ deletionPolicy }: Part): string {
  return String(deletionPolicy).startsWith("Retain") ? "kept when the stack goes" : "goes with the stack";
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

function mentionsText(value: unknown, text: string): boolean {
  return JSON.stringify(value).includes(JSON.stringify(text));
}

function keyPurpose({ type, properties }: Part): string | undefined {
  const description = at(properties, "Description");
  return type === "AWS::KMS::Key" && typeof description === "string"
    ? `for: ${description.replace(/^Foundphone: /, "")}`
    : undefined;
}

const TABLE_ACTION = /^dynamodb:/;

function kindOf(part: FunctionPart): Kind {
  const stores = grantsOf(part.rights).filter(({ action }) => TABLE_ACTION.test(action));
  return stores.length > 0 || part.plane === "alert" || part.plane === "content" ? "ePHI" : "none";
}

/** What a function can reach by its role. */
function reachOf(part: FunctionPart): string {
  const tables = grantsOf(part.rights)
    .filter(({ action }) => TABLE_ACTION.test(action))
    .map(({ target }) => plainName(targetOf(target) ?? "every table"));
  const names = [...new Set(tables)].toSorted(compare);
  return `${PLANE_NAMES[part.plane]}. ${names.length === 0 ? "Reaches no table" : `Tables: ${names.join(", ")}`}`;
}
