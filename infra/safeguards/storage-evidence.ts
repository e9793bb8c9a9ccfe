import { findBreaches } from "../checks/foundphone-checks.ts";
import { at, listOf, mentions, referenced } from "../checks/template.ts";
import { everyOne, type Probe, unless, type Verdict } from "./evidence.ts";
import { bucketKey, inventoryOf, keyName, unknownStores } from "./inventory.ts";
import { numberAt, type Part, partsOf, plainName, type System, statementsOf } from "./system.ts";

const STORAGE = ["test/infra/storage.test.ts", "test/infra/own-checks.test.ts"];

/** Days of six years, with a day for each leap year that can be among them: 45 CFR 164.316(b)(2)(i). */
export const SIX_YEARS_DAYS = 2192;

function underOwnKey(system: System, key: unknown): Verdict {
  const id = referenced(key);
  const isOwn = id !== undefined && system.template.Resources[id]?.Type === "AWS::KMS::Key";
  return isOwn ? { has: plainName(id) } : { lacks: keyName(key) };
}

export const tablesUnderOwnKeys: Probe = (system) =>
  everyOne(
    "Every table is encrypted under a key of this stack",
    partsOf(system.template, "AWS::DynamoDB::Table"),
    ({ properties }) =>
      at(properties, "SSESpecification", "SSEEnabled") === true
        ? underOwnKey(system, at(properties, "SSESpecification", "KMSMasterKeyId"))
        : { lacks: "no key of this stack" },
    STORAGE,
  );

export const queuesAndTopicsUnderOwnKeys: Probe = (system) =>
  everyOne(
    "Every queue and topic is encrypted under a key of this stack",
    partsOf(system.template, "AWS::SQS::Queue", "AWS::SNS::Topic"),
    ({ properties }) => underOwnKey(system, at(properties, "KmsMasterKeyId")),
    STORAGE,
  );

export const logsUnderOwnKeys: Probe = (system) =>
  everyOne(
    "Every log group is encrypted under a key of this stack",
    partsOf(system.template, "AWS::Logs::LogGroup"),
    ({ properties }) => underOwnKey(system, at(properties, "KmsKeyId")),
    STORAGE,
  );

export const bucketsEncrypted: Probe = (system) => {
  const logTargets = partsOf(system.template, "AWS::S3::Bucket").map(({ properties }) =>
    referenced(at(properties, "LoggingConfiguration", "DestinationBucketName")),
  );
  return everyOne(
    "Every bucket is encrypted under a key of this stack; one for access logs under Amazon S3's, which S3 demands",
    partsOf(system.template, "AWS::S3::Bucket"),
    (part) => {
      const how = bucketKey(part);
      const isOwn = partsOf(system.template, "AWS::KMS::Key").some(({ id }) => plainName(id) === how);
      if (isOwn || (how === "keys of Amazon S3" && logTargets.includes(part.id))) return { has: how };
      return { lacks: how };
    },
    STORAGE,
  );
};

export const noOtherStores: Probe = (system) =>
  unless(
    "Nothing else stores data: every other resource is of a type that keeps none",
    ["all types of resources known"],
    unknownStores(system).map((store) => `nobody has said how it is protected: ${store}`),
    ["test/infra/safeguards.test.ts"],
  );

export const keysRotate: Probe = (system) =>
  everyOne(
    "Every symmetric encryption key rotates",
    partsOf(system.template, "AWS::KMS::Key").filter(
      ({ properties }) => (at(properties, "KeyUsage") ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT",
    ),
    ({ properties }) =>
      at(properties, "EnableKeyRotation") === true ? { has: "EnableKeyRotation" } : { lacks: "no rotation" },
    ["test/infra/validation.test.ts"],
  );

export const sealedInTheApplication: Probe = (system) => {
  const keys = partsOf(system.template, "AWS::KMS::Key").filter(({ id }) =>
    ["ContentKey", "ContactKey"].includes(plainName(id)),
  );
  const breaches = findBreaches(system.template).filter(({ rule }) =>
    ["StorageKeyIsNoEnvelopeKey", "EnvelopeKeysOnlyByRoles", "WritersOnlySeal"].includes(rule),
  );
  return unless(
    "Content and contact details are sealed once more in the application, under keys that no store lies under",
    keys.map(({ id }) => `AES-256-GCM under ${plainName(id)}`),
    keys.length < 2
      ? ["ContentKey and ContactKey are not both there"]
      : breaches.map(({ resource, message }) => `${plainName(resource)} ${message}`),
    [
      "test/unit/adapters/envelope.test.ts",
      "test/unit/adapters/seals.test.ts",
      "test/integration/planes.test.ts",
    ],
  );
};

export const tablesRecoverable: Probe = (system) =>
  everyOne(
    "Every table can be restored to any second of the last days",
    partsOf(system.template, "AWS::DynamoDB::Table"),
    ({ properties }) => {
      const recovery = at(properties, "PointInTimeRecoverySpecification");
      return at(recovery, "PointInTimeRecoveryEnabled") === true
        ? { has: `point-in-time recovery, ${numberAt(recovery, "RecoveryPeriodInDays") ?? 35} days` }
        : { lacks: "no point-in-time recovery" };
    },
    ["test/infra/storage.test.ts"],
  );

export const storesOutliveMistakes: Probe = (system) =>
  everyOne(
    "Tables, buckets, keys and the staff directory stay when the stack goes; tables and directory refuse deletion",
    partsOf(
      system.template,
      "AWS::DynamoDB::Table",
      "AWS::S3::Bucket",
      "AWS::KMS::Key",
      "AWS::Cognito::UserPool",
    ),
    ({ type, properties, deletionPolicy }) => {
      if (!String(deletionPolicy).startsWith("Retain")) return { lacks: "goes with the stack" };
      if (type === "AWS::DynamoDB::Table" && at(properties, "DeletionProtectionEnabled") !== true)
        return { lacks: "no deletion protection" };
      if (type === "AWS::Cognito::UserPool" && at(properties, "DeletionProtection") !== "ACTIVE")
        return { lacks: "no deletion protection" };
      return { has: "Retain" };
    },
    ["test/infra/storage.test.ts"],
  );

export const bucketsPrivateAndVersioned: Probe = (system) =>
  everyOne(
    "Every bucket is closed to the public and keeps versions",
    partsOf(system.template, "AWS::S3::Bucket"),
    ({ properties }) => {
      const block = at(properties, "PublicAccessBlockConfiguration");
      const closed = [
        "BlockPublicAcls",
        "BlockPublicPolicy",
        "IgnorePublicAcls",
        "RestrictPublicBuckets",
      ].every((name) => at(block, name) === true);
      if (!closed) return { lacks: "is not closed to the public" };
      return at(properties, "VersioningConfiguration", "Status") === "Enabled"
        ? { has: "closed, versioned" }
        : { lacks: "keeps no versions" };
    },
    ["test/infra/validation.test.ts"],
  );

export const tlsOnly: Probe = (system) => {
  const policies = partsOf(
    system.template,
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
  );
  const refuses = (store: Part) =>
    policies.some(({ properties }) =>
      statementsOf(at(properties, "PolicyDocument")).some(
        (statement) =>
          statement["Effect"] === "Deny" &&
          at(statement["Condition"], "Bool", "aws:SecureTransport") === "false" &&
          listOf(statement["Resource"]).some((resource) => mentions(resource, store.id)),
      ),
    );
  return everyOne(
    "Every bucket, queue and topic refuses requests without TLS",
    partsOf(system.template, "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"),
    (store) => (refuses(store) ? { has: "aws:SecureTransport" } : { lacks: "takes requests without TLS" }),
    ["test/infra/validation.test.ts"],
  );
};

export const emailOverTls: Probe = (system) => {
  const sets = partsOf(system.template, "AWS::SES::ConfigurationSet");
  const claim = "An e-mail leaves over TLS or not at all";
  const tests = ["test/infra/email.test.ts"];
  if (sets.length === 0) return unless(claim, ["this stage sends no e-mail"], [], tests);
  return everyOne(
    claim,
    sets,
    ({ properties }) =>
      at(properties, "DeliveryOptions", "TlsPolicy") === "REQUIRE"
        ? { has: "TlsPolicy REQUIRE" }
        : { lacks: "TLS is optional" },
    tests,
  );
};

export const nothingForgottenEarly: Probe = (system) =>
  everyOne(
    "Audit entries never run out by themselves",
    partsOf(system.template, "AWS::DynamoDB::Table").filter(({ id }) => plainName(id) === "Audit"),
    ({ properties }) =>
      at(properties, "TimeToLiveSpecification", "Enabled") === true
        ? { lacks: "items may run out" }
        : { has: "no time to live" },
    ["test/infra/storage.test.ts"],
  );

export const everyAssetDescribed: Probe = (system) => {
  const assets = inventoryOf(system);
  const unknown = assets.filter(({ kind }) => kind === "unknown");
  return unless(
    "Every resource that stores, moves or can reach ePHI is in the inventory with what it holds",
    [`${assets.length - unknown.length} of ${assets.length} assets described, with the flows between them`],
    unknown.map(({ name }) => `${name} is not described`),
    ["test/infra/safeguards.test.ts"],
  );
};
