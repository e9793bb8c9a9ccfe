import { type BucketParts, checkPolicy, checkRights } from "./bucket-parts.ts";
import { rolesOf } from "./statements.ts";
import { at, type Check, listOf, resourcesOf } from "./template.ts";

const INCOMING = "/incoming/*";

const PARTS: BucketParts = {
  rights: {
    // Signs uploads that it cannot read back.
    appointments: [["s3:PutObject", INCOMING]],
    "import-records": [
      ["s3:GetObject", INCOMING],
      ["s3:GetObjectVersion", INCOMING],
      ["s3:DeleteObjectVersion", INCOMING],
      ["s3:ListBucketVersions", ""],
    ],
  },
  refused: [
    ["s3:GetObject", INCOMING],
    ["s3:GetObjectVersion", INCOMING],
    ["s3:PutObject", INCOMING],
  ],
  partsRule: "ImportsByPart",
  refusalsRule: "ImportsRefuseStrangers",
};

/**
 * Files to be imported are read by the one function that works through them and put by the one that signs for it; the
 * bucket's own policy says so too, and its key is asked for the bucket, whose ARN the roles' conditions name.
 */
export const checkImports: Check = (template) => {
  const roles = rolesOf(template);
  return resourcesOf(template, "AWS::S3::Bucket")
    .filter(({ id }) => id.startsWith("Imports"))
    .flatMap(({ id, properties }) => [
      ...roles.flatMap((rights) => checkRights(PARTS, rights, id)),
      ...checkPolicy(PARTS, template, roles, id),
      ...listOf(at(properties, "BucketEncryption", "ServerSideEncryptionConfiguration"))
        .filter((rule) => at(rule, "BucketKeyEnabled") !== true)
        .map(() => ({
          rule: "ImportsHaveABucketKey",
          resource: id,
          message: "has no bucket key, whose ARN the roles' conditions name",
        })),
    ]);
};
