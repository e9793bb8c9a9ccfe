import { overlaps } from "../checks/statements.ts";
import { at, listOf, mentions, referenced } from "../checks/template.ts";
import { type Evidence, everyOne, type Probe, unless } from "./evidence.ts";
import { isTrailed } from "./inventory.ts";
import { grantsOf, targetOf } from "./planes.ts";
import { SIX_YEARS_DAYS } from "./storage-evidence.ts";
import { numberAt, type Part, partsOf, plainName, type System } from "./system.ts";

const JOURNAL = [
  "test/unit/audit/chain.test.ts",
  "test/unit/audit/journal.test.ts",
  "test/integration/planes.test.ts",
  "test/integration/unrecorded.test.ts",
];

const PROOF = ["test/infra/proof.test.ts", "test/integration/anchors.test.ts"];

const CHANGING = [
  "dynamodb:BatchWriteItem",
  "dynamodb:DeleteItem",
  "dynamodb:PartiQL*",
  "dynamodb:UpdateItem",
];
/** May not leave the account by an export: contact details, and the keys of content. */
const NEVER_EXPORTED = ["ContentKeys", "Patients"];
/** Where anchors lie locked, what auditors copy, and what patients and staff send each other. */
const TRAILED_BUCKETS = ["Anchors", "Attachments", "Exports", "Imports"];

/** Plain names of the roles that may do an action on a resource whose plain name is given. */
function whoMay(system: System, actions: readonly string[], name: string): readonly string[] {
  return system.roles
    .filter((rights) =>
      grantsOf(rights).some(({ action, target }) => {
        const id = targetOf(target);
        const named = id === undefined ? target === "*" : plainName(id) === name;
        return named && actions.some((pattern) => overlaps(action, pattern));
      }),
    )
    .map(({ role }) => plainName(role).replace(/FunctionRole$/, ""));
}

export const auditOnlyGrows: Probe = (system) => {
  const writers = whoMay(system, ["dynamodb:PutItem"], "Audit");
  const changers = whoMay(system, CHANGING, "Audit");
  return unless(
    "Functions add to the audit; no role may update or delete an entry (an entry that is put twice is refused by a " +
      "condition, and shown by its chain)",
    writers.length === 0 ? [] : [`may add: ${writers.join(", ")}`],
    [
      ...changers.map((role) => `${role} may change or delete entries`),
      ...(writers.length === 0 ? ["nobody may add entries"] : []),
    ],
    [...JOURNAL, "test/infra/functions.test.ts"],
  );
};

export const trailRecordsAll: Probe = (system) => {
  const trails = partsOf(system.template, "AWS::CloudTrail::Trail");
  const tables = partsOf(system.template, "AWS::DynamoDB::Table");
  const recordsManagement = trails.some(({ properties }) =>
    listOf(at(properties, "AdvancedEventSelectors")).some((selector) =>
      listOf(at(selector, "FieldSelectors")).some((field) =>
        listOf(at(field, "Equals")).includes("Management"),
      ),
    ),
  );
  const lacking = [
    ...(recordsManagement ? [] : ["the trail leaves out management events"]),
    ...trails.flatMap(({ properties }) => [
      ...(at(properties, "IsLogging") === true ? [] : ["the trail is not logging"]),
      ...(at(properties, "IsMultiRegionTrail") === true ? [] : ["the trail covers one region"]),
      ...(at(properties, "KMSKeyId") === undefined ? ["the trail is not encrypted under an own key"] : []),
    ]),
  ];
  const buckets = partsOf(system.template, "AWS::S3::Bucket").filter(({ id }) =>
    TRAILED_BUCKETS.includes(plainName(id)),
  );
  const unseen = tables.filter((table) => !isTrailed(table, system));
  const unseenBuckets = buckets.filter((bucket) => !isTrailed(bucket, system));
  return unless(
    "A trail records every call to AWS, in every region, every access to an item of every table and to an object of the " +
      "auditors' buckets and of the attachments",
    trails.length === 0
      ? []
      : [
          `${tables.length - unseen.length} of ${tables.length} tables by item`,
          `${buckets.length - unseenBuckets.length} of ${buckets.length} such buckets by object`,
        ],
    trails.length === 0
      ? ["there is no trail"]
      : [
          ...lacking,
          ...unseen.map(({ id }) => `accesses to items of ${plainName(id)} are not recorded`),
          ...unseenBuckets.map(({ id }) => `accesses to objects of ${plainName(id)} are not recorded`),
        ],
    ["test/infra/storage.test.ts", "test/infra/proof.test.ts", "test/infra/cloudtrail.test.ts"],
  );
};

export const trailCannotBeBent: Probe = (system) =>
  everyOne(
    "The trail's files are signed by digests and locked in their bucket",
    partsOf(system.template, "AWS::CloudTrail::Trail"),
    ({ properties }) => {
      if (at(properties, "EnableLogFileValidation") !== true) return { lacks: "no digests" };
      const bucket = system.template.Resources[referenced(at(properties, "S3BucketName")) ?? ""]?.Properties;
      const rule = at(bucket, "ObjectLockConfiguration", "Rule", "DefaultRetention");
      if (at(bucket, "ObjectLockEnabled") !== true || rule === undefined) return { lacks: "no Object Lock" };
      return { has: `digests; Object Lock ${String(at(rule, "Mode"))}, ${String(at(rule, "Days"))} days` };
    },
    ["test/infra/storage.test.ts"],
  );

/** Metric filters on the trail's log whose metric has an alarm that tells somebody. */
function watchedInTrail(system: System, eventNames: readonly string[]): Evidence["lacking"] {
  const groups = partsOf(system.template, "AWS::CloudTrail::Trail")
    .map(({ properties }) => targetOf(at(properties, "CloudWatchLogsLogGroupArn")))
    .filter((group) => group !== undefined);
  const filters = partsOf(system.template, "AWS::Logs::MetricFilter").filter(({ properties }) =>
    groups.includes(referenced(at(properties, "LogGroupName")) ?? ""),
  );
  const alarms = partsOf(system.template, "AWS::CloudWatch::Alarm").filter(
    ({ properties }) => listOf(at(properties, "AlarmActions")).length > 0,
  );
  return eventNames.filter(
    (eventName) =>
      !filters.some(({ properties }) => {
        const names = listOf(at(properties, "MetricTransformations")).map((one) => at(one, "MetricName"));
        const pattern = String(at(properties, "FilterPattern"));
        return (
          pattern.includes(`"${eventName}"`) &&
          alarms.some((alarm) => names.includes(at(alarm.properties, "MetricName")))
        );
      }),
  );
}

export const guardsAreWatched: Probe = (system) => {
  const wanted = ["StopLogging", "DeleteTrail", "PutEventSelectors", "PutKeyPolicy", "ScheduleKeyDeletion"];
  const unwatched = watchedInTrail(system, wanted);
  return unless(
    "An alarm tells when somebody turns to the trail or to a key",
    unwatched.length < wanted.length
      ? [`alarms on: ${wanted.filter((name) => !unwatched.includes(name)).join(", ")}`]
      : [],
    unwatched.map((name) => `no alarm on ${name}`),
    ["test/infra/alarms.test.ts"],
  );
};

export const signInsAreWatched: Probe = (system) => {
  const unwatched = watchedInTrail(system, ["InitiateAuth"]);
  const proofs = partsOf(system.template, "AWS::CloudWatch::Alarm").some(
    ({ properties }) => at(properties, "MetricName") === "ProofsRejected",
  );
  return unless(
    "Failed sign-ins of staff and failed proofs of patients raise alarms",
    proofs ? ["ProofsRejected: failed proofs in the portal"] : [],
    [
      ...(proofs ? [] : ["no alarm on failed proofs"]),
      ...(unwatched.length > 0
        ? [
            "no alarm on failed sign-ins of staff; they are in the trail (infra/audit/cloudtrail/sign-ins.sql)",
          ]
        : []),
    ],
    ["test/infra/alarms.test.ts", "test/unit/portal/proof.test.ts"],
  );
};

export const failuresAreWatched: Probe = (system) => {
  const alarms = partsOf(system.template, "AWS::CloudWatch::Alarm");
  const silent = alarms.filter(({ properties }) => listOf(at(properties, "AlarmActions")).length === 0);
  const unwatched = system.functions.filter(
    ({ id }) => !alarms.some(({ properties }) => mentions(properties, id)),
  );
  return unless(
    "Every function is watched, and every alarm goes to a topic that somebody on duty subscribes to",
    [
      `${alarms.length - silent.length} alarms on ${system.functions.length - unwatched.length} functions and the rest`,
    ],
    [
      ...silent.map(({ id }) => `${plainName(id)} tells nobody`),
      ...unwatched.map(({ name }) => `${name} is not watched`),
      ...(alarms.length === 0 ? ["there is no alarm"] : []),
    ],
    ["test/infra/alarms.test.ts"],
  );
};

export const anchorsLocked: Probe = (system) => {
  const buckets = partsOf(system.template, "AWS::S3::Bucket").filter(
    ({ id }) => id.startsWith("Anchors") && !id.includes("AccessLogs"),
  );
  const ruleOf = ({ properties }: Part) =>
    at(properties, "ObjectLockConfiguration", "Rule", "DefaultRetention");
  const evidence = everyOne(
    `Anchors of the audit lie under Object Lock for six years (${SIX_YEARS_DAYS} days), which nobody may shorten`,
    buckets,
    (bucket) => {
      const rule = ruleOf(bucket);
      const days = (numberAt(rule, "Days") ?? 0) + 365 * (numberAt(rule, "Years") ?? 0);
      if (at(bucket.properties, "ObjectLockEnabled") !== true) return { lacks: "no Object Lock" };
      return days < SIX_YEARS_DAYS
        ? { lacks: `locked for ${days} days` }
        : { has: `Object Lock ${String(at(rule, "Mode"))}, ${days} days` };
    },
    ["test/infra/proof.test.ts"],
  );
  const loose = buckets.filter((bucket) => at(ruleOf(bucket), "Mode") === "GOVERNANCE");
  return {
    ...evidence,
    lacking: [
      ...evidence.lacking,
      ...loose.map(({ id }) => `governance mode: whoever may bypass it can shorten it: ${plainName(id)}`),
    ],
  };
};

export const anchorsSigned: Probe = (system) => {
  const signers = whoMay(system, ["kms:Sign"], "AnchorKey");
  const scheduled = system.functions.filter(
    ({ id, rights }) =>
      grantsOf(rights).some(({ action }) => overlaps(action, "kms:Sign")) &&
      partsOf(system.template, "AWS::Events::Rule").some(
        ({ properties }) =>
          typeof at(properties, "ScheduleExpression") === "string" && mentions(at(properties, "Targets"), id),
      ),
  );
  return unless(
    "Heads of all chains are signed on a schedule, by one function and with a key that nobody else may use",
    scheduled.length === 1 && signers.length === 1 ? [`signs: ${signers.join(", ")}`] : [],
    [
      ...(signers.length === 0 ? ["nobody signs anchors"] : []),
      ...(signers.length > 1 ? [`several may sign: ${signers.join(", ")}`] : []),
      ...(signers.length > 0 && scheduled.length === 0 ? ["anchors are not made on a schedule"] : []),
    ],
    [...PROOF, "test/unit/audit/make-anchors.test.ts", "test/unit/audit/merkle.test.ts"],
  );
};

export const auditorsGetExports: Probe = (system) => {
  const action = ["dynamodb:ExportTableToPointInTime"];
  const exporters = whoMay(system, action, "Audit");
  const wrong = NEVER_EXPORTED.flatMap((table) =>
    whoMay(system, action, table).map((role) => `${role} may export ${table}`),
  );
  return unless(
    "Auditors get exports of the audit; contact details and content keys are never exported",
    exporters.length === 0 ? [] : [`may export Audit: ${exporters.join(", ")}`],
    [...(exporters.length === 0 ? ["nobody may export the audit"] : []), ...wrong],
    ["test/infra/proof.test.ts", "test/integration/exports.test.ts"],
  );
};

export const accessesLogged: Probe = (system) =>
  everyOne(
    "Every API logs its requests, without bodies and tokens",
    partsOf(system.template, "AWS::ApiGateway::Stage"),
    ({ properties }) => {
      if (at(properties, "AccessLogSetting", "DestinationArn") === undefined)
        return { lacks: "logs no request" };
      const bodies = listOf(at(properties, "MethodSettings")).some(
        (setting) => at(setting, "DataTraceEnabled") === true,
      );
      return bodies ? { lacks: "logs bodies" } : { has: "access log" };
    },
    ["test/infra/apis.test.ts", "test/integration/canaries.test.ts"],
  );

export const logsKept: Probe = (system) =>
  everyOne(
    "Every log group is kept for a stated time of at least 90 days",
    partsOf(system.template, "AWS::Logs::LogGroup"),
    ({ properties }) => {
      const days = numberAt(properties, "RetentionInDays");
      if (days === undefined) return { has: "for ever" };
      return days >= 90 ? { has: `${days} days` } : { lacks: `${days} days` };
    },
    ["test/infra/storage.test.ts"],
  );

export const actorsCanBeReviewed: Probe = (system) =>
  everyOne(
    "The audit can be read by patient and by actor",
    partsOf(system.template, "AWS::DynamoDB::Table").filter(({ id }) => plainName(id) === "Audit"),
    ({ properties }) => {
      const names = listOf(at(properties, "GlobalSecondaryIndexes")).map((index) => at(index, "IndexName"));
      return names.includes("actor") ? { has: "index by actor and time" } : { lacks: "no index by actor" };
    },
    ["test/integration/audit-reports.test.ts"],
  );
