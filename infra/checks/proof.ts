import { mayBeIn, overlaps, pathIn, type RoleRights, rolesOf } from "./statements.ts";
import { at, type Check, type Finding, referenced, resourcesOf, type Template } from "./template.ts";

const ANCHOR_MAKERS = new Set(["anchor"]);
const EXPORTERS = new Set(["export-audit"]);

/** The tables that auditors get, by the beginnings of their logical ids. */
const EXPORTABLE = /^(Audit|Consents|Practice)[0-9A-F]{8}$/;

/** Six years (45 CFR 164.316(b)(2)(i)), with the leap days that they may have. */
const LOCKED_DAYS_MIN = 2192;

/** By its trail the one stage is known whose locks may be shortened, so that it can be taken down again. */
const TRIAL_TRAIL = "foundphone-evaluation";

/** AWS actions by which what is locked, or the record of what was there, could be made to go away. */
const UNLOCKING = [
  "s3:BypassGovernanceRetention",
  "s3:Delete*",
  "s3:ObjectOwnerOverrideToBucketOwner",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutBucketVersioning",
  "s3:PutLifecycleConfiguration",
  "s3:PutObjectLegalHold",
  "s3:PutObjectRetention",
  "s3:PutReplicationConfiguration",
  "s3:ReplicateDelete",
];

/** AWS actions that delete a version of an object that nothing locks. */
const ERASING = ["s3:DeleteObjectVersion"];

/** AWS actions by which all items of a table leave it at once. */
const EXPORTING = ["dynamodb:ExportTableToPointInTime", "dynamodb:CreateBackup", "dynamodb:Restore*"];

const EXPORT = "dynamodb:ExportTableToPointInTime";

/**
 * One function signs anchors and puts them away, nobody can delete or unlock one, and one function has tables exported:
 * those of the record, and no others.
 */
export const checkProof: Check = (template) => {
  const all = resourcesOf(template, "AWS::S3::Bucket");
  const buckets = all.filter(({ id }) => id.startsWith("Anchors"));
  const files = all.map(({ id }) => id).filter((id) => /^(?:Attachments|Imports)/u.test(id));
  return [
    ...rolesOf(template).flatMap((rights) => [
      ...checkUnlocking(rights, files),
      ...checkSigning(rights),
      ...checkExporting(rights),
      ...buckets.flatMap(({ id }) => checkWriting(rights, id)),
    ]),
    ...checkLock(template, buckets),
  ];
};

function isOnly({ functions }: RoleRights, names: ReadonlySet<string>): boolean {
  return functions.length > 0 && functions.every((name) => names.has(name));
}

function actionsAmong({ allowed }: RoleRights, patterns: readonly string[]): readonly string[] {
  return allowed
    .flatMap(({ actions }) => actions)
    .filter((action) => patterns.some((pattern) => overlaps(action, pattern)));
}

function checkUnlocking(rights: RoleRights, files: readonly string[]): readonly Finding[] {
  // Attachments and imports are no record: which function may delete them is their own check.
  const elsewhere = rights.allowed.map((statement) => {
    const ofFiles =
      !statement.open &&
      statement.resources.every((resource) => files.some((id) => pathIn(resource, id) !== undefined));
    return ofFiles
      ? { ...statement, actions: statement.actions.filter((action) => !ERASING.includes(action)) }
      : statement;
  });
  return actionsAmong({ ...rights, allowed: elsewhere }, UNLOCKING).map((action) => ({
    rule: "NobodyUnlocks",
    resource: rights.role,
    message: `may ${action}`,
  }));
}

function checkSigning(rights: RoleRights): readonly Finding[] {
  if (isOnly(rights, ANCHOR_MAKERS)) return [];
  return actionsAmong(rights, ["kms:Sign"]).map((action) => ({
    rule: "OnlyAnchorSigns",
    resource: rights.role,
    message: `may ${action} and makes no anchors`,
  }));
}

function checkExporting(rights: RoleRights): readonly Finding[] {
  const finding = (message: string): Finding => ({
    rule: "OnlyTheRecordIsExported",
    resource: rights.role,
    message,
  });
  return rights.allowed.flatMap(({ actions, resources }) => {
    const exporting = actions.filter((action) => EXPORTING.some((pattern) => overlaps(action, pattern)));
    return exporting.flatMap((action) => {
      if (!isOnly(rights, EXPORTERS)) return [finding(`may ${action} and exports nothing`)];
      if (action !== EXPORT) return [finding(`may ${action}, which is more than to export`)];
      return resources
        .filter((resource) => !EXPORTABLE.test(referenced(resource) ?? ""))
        .map(() => finding("may export a table that auditors do not get"));
    });
  });
}

/** What stands in an anchor's place blocks the next one; so only one role may put anything there. */
function checkWriting(rights: RoleRights, bucket: string): readonly Finding[] {
  if (isOnly(rights, ANCHOR_MAKERS)) return [];
  return rights.allowed
    .filter(({ resources, open }) => open || resources.some((resource) => mayBeIn(resource, bucket)))
    .flatMap(({ actions }) => actions.filter((action) => overlaps(action, "s3:Put*")))
    .map((action) => ({
      rule: "OnlyAnchorWritesAnchors",
      resource: rights.role,
      message: `may ${action} among the anchors`,
    }));
}

function checkLock(template: Template, buckets: ReturnType<typeof resourcesOf>): readonly Finding[] {
  const finding = (resource: string, message: string): Finding => ({
    rule: "AnchorsAreLocked",
    resource,
    message,
  });
  const signs = resourcesOf(template, "AWS::KMS::Key").filter(({ id }) => id.startsWith("AnchorKey"));
  const missing = signs
    .filter(() => buckets.length === 0)
    .map(({ id }) => finding(id, "signs anchors that no bucket keeps"));
  const trails = resourcesOf(template, "AWS::CloudTrail::Trail");
  const isTrial =
    trails.some(({ properties }) => properties["TrailName"] === TRIAL_TRAIL) &&
    trails.every(({ properties }) =>
      [TRIAL_TRAIL, `${TRIAL_TRAIL}-items`].includes(String(properties["TrailName"])),
    );
  const loose = buckets.flatMap(({ id, properties }) => {
    const retention = at(properties, "ObjectLockConfiguration", "Rule", "DefaultRetention");
    const days = Number(at(retention, "Days") ?? 0);
    const mode = at(retention, "Mode");
    return [
      ...(properties["ObjectLockEnabled"] === true && days >= LOCKED_DAYS_MIN
        ? []
        : [finding(id, `does not lock anchors for ${LOCKED_DAYS_MIN} days`)]),
      ...(mode === "COMPLIANCE" || (mode === "GOVERNANCE" && isTrial)
        ? []
        : [finding(id, "lets somebody shorten the lock of a stage that is no trial")]),
    ];
  });
  return [...missing, ...loose];
}
