import { mayBeIn, overlaps, pathIn, type RoleRights } from "./statements.ts";
import {
  at,
  type Finding,
  listOf,
  mentions,
  referenced,
  resourcesOf,
  type Template,
  type Value,
} from "./template.ts";

/** An action on the objects below a path; the path of a right on the bucket itself is empty. */
export type Right = readonly [action: string, path: string];

/** Who may do what in a bucket, and what its own policy must refuse to everybody else. */
export interface BucketParts {
  /** Everything that any function may do; a role that is not here may do nothing there. */
  readonly rights: Readonly<Record<string, readonly Right[]>>;
  readonly refused: readonly Right[];
  /** Names of the two rules. */
  readonly partsRule: string;
  readonly refusalsRule: string;
}

function mayDo({ rights }: BucketParts, { functions }: RoleRights, [action, path]: Right): boolean {
  return (
    functions.length > 0 &&
    functions.every((name) => (rights[name] ?? []).some((right) => right[0] === action && right[1] === path))
  );
}

/** What a role may do in `bucket` that is not its own to do. */
export function checkRights(parts: BucketParts, rights: RoleRights, bucket: string): readonly Finding[] {
  return rights.allowed.flatMap(({ actions, resources, open }) => {
    const touching = open ? ["*"] : resources.filter((resource) => mayBeIn(resource, bucket));
    const s3Actions = actions.filter((action) => overlaps(action, "s3:*"));
    return touching.flatMap((resource) =>
      s3Actions
        .filter((action) => !mayDo(parts, rights, [action, pathIn(resource, bucket) ?? "*"]))
        .map((action) => ({
          rule: parts.partsRule,
          resource: rights.role,
          message: `may ${action} in a part of ${bucket} that is not its own`,
        })),
    );
  });
}

/** Whatever a role comes to allow, the bucket refuses everybody whom this check does not know. */
export function checkPolicy(
  parts: BucketParts,
  template: Template,
  roles: readonly RoleRights[],
  bucket: string,
): readonly Finding[] {
  const statements = resourcesOf(template, "AWS::S3::BucketPolicy")
    .filter(({ properties }) => mentions(properties["Bucket"], bucket))
    .flatMap(({ properties }) => listOf(at(properties["PolicyDocument"], "Statement")));
  const refuses = (statement: Value, [action, path]: Right): boolean => {
    // Who may read an object may read its versions: those that were replaced go within days.
    const right: Right = [action === "s3:GetObjectVersion" ? "s3:GetObject" : action, path];
    const paths = listOf(at(statement, "Resource")).map((resource) => pathIn(resource, bucket));
    const left = listOf(at(statement, "Condition", "ArnNotEquals", "aws:PrincipalArn"));
    const conditions = Object.keys((at(statement, "Condition") as object | undefined) ?? {});
    return (
      at(statement, "Effect") === "Deny" &&
      [at(statement, "Principal"), at(statement, "Principal", "AWS")].includes("*") &&
      listOf(at(statement, "Action")).includes(action) &&
      paths.includes(path) &&
      conditions.every((operator) => operator === "ArnNotEquals") &&
      left.every((role) =>
        roles.some((rights) => rights.role === referenced(role) && mayDo(parts, rights, right)),
      )
    );
  };
  return parts.refused
    .filter((right) => !statements.some((statement) => refuses(statement, right)))
    .map(([action, path]) => ({
      rule: parts.refusalsRule,
      resource: bucket,
      message: `does not refuse ${action} of ${path} to roles that have no part in it`,
    }));
}
