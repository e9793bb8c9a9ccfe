import { type BucketParts, checkPolicy, checkRights } from "./bucket-parts.ts";
import { mayBe, overlaps, type RoleRights, rolesOf } from "./statements.ts";
import { at, type Check, type Finding, listOf, referenced, resourcesOf, type Value } from "./template.ts";

const INCOMING = "/incoming/*";
const CHECKED = "/checked/*";
/** Paths that a right on the bucket itself has. */
const ITSELF = "";

/** Everything that any function may do in the bucket of attachments. */
const RIGHTS: BucketParts["rights"] = {
  // Signs uploads that it cannot read back, and downloads of what was checked.
  portal: [
    ["s3:PutObject", INCOMING],
    ["s3:GetObject", CHECKED],
  ],
  // The same for staff, in two functions: the one that receives cannot read anything.
  attachments: [["s3:PutObject", INCOMING]],
  threads: [["s3:GetObject", CHECKED]],
  "check-attachment": [
    ["s3:GetObject", INCOMING],
    ["s3:PutObject", CHECKED],
    ["s3:DeleteObjectVersion", INCOMING],
    ["s3:DeleteObjectVersion", CHECKED],
    ["s3:ListBucketVersions", ITSELF],
  ],
};

/** What the bucket's own policy must refuse to everybody but those who have the right. */
const REFUSED: BucketParts["refused"] = [
  ["s3:GetObject", INCOMING],
  ["s3:GetObjectVersion", INCOMING],
  ["s3:GetObject", CHECKED],
  ["s3:GetObjectVersion", CHECKED],
  ["s3:PutObject", CHECKED],
  ["s3:PutObject", INCOMING],
];

const PARTS: BucketParts = {
  rights: RIGHTS,
  refused: REFUSED,
  partsRule: "AttachmentsByPart",
  refusalsRule: "AttachmentsRefuseStrangers",
};

const METHODS = new Set(["GET", "HEAD", "POST"]);

/**
 * Each part of the bucket of attachments is read and written by those functions alone that are named here, by their roles
 * and by the bucket's own policy; pages of one origin may ask; and the content key opens nothing but what a statement names.
 */
export const checkAttachments: Check = (template) => {
  const buckets = resourcesOf(template, "AWS::S3::Bucket").filter(({ id }) => id.startsWith("Attachments"));
  const contentKeys = resourcesOf(template, "AWS::KMS::Key").filter(({ id }) => id.startsWith("ContentKey"));
  const roles = rolesOf(template);
  return [
    ...buckets.flatMap(({ id, properties }) => [
      ...roles.flatMap((rights) => checkRights(PARTS, rights, id)),
      ...checkPolicy(PARTS, template, roles, id),
      ...checkBucket(id, properties),
    ]),
    ...contentKeys.flatMap(({ id }) => roles.flatMap((rights) => checkOpening(rights, id, buckets))),
  ];
};

function checkBucket(bucket: string, properties: Readonly<Record<string, Value>>): readonly Finding[] {
  const finding = (rule: string, message: string): Finding => ({ rule, resource: bucket, message });
  const encryption = listOf(at(properties, "BucketEncryption", "ServerSideEncryptionConfiguration"));
  const cors = listOf(at(properties, "CorsConfiguration", "CorsRules"));
  const origins = cors.flatMap((rule) => listOf(at(rule, "AllowedOrigins")));
  const methods = cors.flatMap((rule) => listOf(at(rule, "AllowedMethods")));
  return [
    // Without it the context of the key would be the object's ARN, and no role's condition would hold.
    ...(encryption.every((rule) => at(rule, "BucketKeyEnabled") === true)
      ? []
      : [finding("AttachmentsHaveABucketKey", "has no bucket key, whose ARN the roles' conditions name")]),
    ...(origins.length <= 1 && !JSON.stringify(origins).includes("*")
      ? []
      : [finding("OnePageAsks", "lets pages of more than one origin ask")]),
    ...(methods.every((method) => METHODS.has(String(method)))
      ? []
      : [finding("OnePageAsks", "lets pages do more than send forms and read")]),
  ];
}

/**
 * A role that may open under the content key is held to what it opens: data keys of a use that is named, or objects of the
 * bucket of attachments, through S3.
 */
function checkOpening(
  rights: RoleRights,
  contentKey: string,
  buckets: readonly { readonly id: string }[],
): readonly Finding[] {
  return rights.allowed
    .filter(
      ({ actions, resources, open }) =>
        (open || resources.some((resource) => mayBe(resource, contentKey))) &&
        actions.some((action) => overlaps(action, "kms:Decrypt")),
    )
    .filter(({ conditions }) => {
      const ofUse = listOf(at(conditions, "StringLike", "kms:EncryptionContext:use"));
      const equal = at(conditions, "StringEquals");
      const byService = listOf(at(equal, "kms:ViaService")).map(String);
      const ofBucket = listOf(at(equal, "kms:EncryptionContext:aws:s3:arn"));
      const namesUses = ofUse.length > 0 && ofUse.every((use) => !/^[*?]/u.test(String(use)));
      const namesObjects =
        byService.length > 0 &&
        byService.every((service) => service.startsWith("s3.")) &&
        ofBucket.length > 0 &&
        ofBucket.every((arn) => buckets.some(({ id }) => referenced(arn) === id));
      return !namesUses && !namesObjects;
    })
    .map(() => ({
      rule: "OpensOnlyWhatIsNamed",
      resource: rights.role,
      message: `may open all that lies under ${contentKey}`,
    }));
}
