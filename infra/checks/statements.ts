import {
  at,
  isRecord,
  listOf,
  mentions,
  referenced,
  resourcesOf,
  type Template,
  type Value,
} from "./template.ts";

/** One allow statement of a policy, with its lists made lists. */
export interface Allowed {
  readonly actions: readonly string[];
  readonly resources: readonly Value[];
  /** NotAction or NotResource: allows what it does not name. */
  readonly open: boolean;
  /** For checks that ask for a condition; no other check may rely on one. */
  readonly conditions: Value;
}

/** A role with everything that the template allows it. */
export interface RoleRights {
  /** Logical id of the role. */
  readonly role: string;
  /** Folders of the functions that run under the role. */
  readonly functions: readonly string[];
  readonly allowed: readonly Allowed[];
  /** Managed policies whose statements this template does not show. */
  readonly unseen: readonly Value[];
}

/** The allow statements of a policy document, whatever their conditions: a check must hold without them. */
export function allowedBy(document: Value): readonly Allowed[] {
  return listOf(at(document, "Statement")).flatMap((statement) => {
    if (!isRecord(statement) || statement["Effect"] !== "Allow") return [];
    return [
      {
        actions: listOf(statement["Action"]).map((action) => (typeof action === "string" ? action : "*")),
        resources: listOf(statement["Resource"]),
        open: "NotAction" in statement || "NotResource" in statement,
        conditions: statement["Condition"],
      },
    ];
  });
}

/** Every role of the template with its rights, wherever they are written. */
export function rolesOf(template: Template): readonly RoleRights[] {
  const policies = [
    ...resourcesOf(template, "AWS::IAM::Policy"),
    ...resourcesOf(template, "AWS::IAM::ManagedPolicy"),
  ];
  const functions = resourcesOf(template, "AWS::Lambda::Function");
  return resourcesOf(template, "AWS::IAM::Role").map(({ id, properties }) => {
    const attached = policies.filter((policy) => mentions(policy.properties["Roles"], id));
    const inline = listOf(properties["Policies"]).map((policy) => at(policy, "PolicyDocument"));
    const own = resourcesOf(template, "AWS::IAM::RolePolicy").filter((policy) =>
      mentions(policy.properties["RoleName"], id),
    );
    const documents = [
      ...inline,
      ...[...attached, ...own].map((policy) => policy.properties["PolicyDocument"]),
    ];
    const ours = new Set(policies.map((policy) => policy.id));
    return {
      role: id,
      functions: functions
        .filter((one) => referenced(one.properties["Role"]) === id)
        .map((one) => functionName(one.properties["Description"])),
      allowed: documents.flatMap(allowedBy),
      unseen: listOf(properties["ManagedPolicyArns"]).filter((arn) => !ours.has(referenced(arn) ?? "")),
    };
  });
}

/** Whether an action of a policy and a pattern (`ses:Send*`) can mean the same action; in doubt they can. */
export function overlaps(action: string, pattern: string): boolean {
  const [left, right] = [action.toLowerCase(), pattern.toLowerCase()];
  const wild = (text: string) => text.search(/[*?]/);
  const [leftWild, rightWild] = [wild(left), wild(right)];
  if (leftWild < 0 && rightWild < 0) return left === right;
  const leftPrefix = leftWild < 0 ? left : left.slice(0, leftWild);
  const rightPrefix = rightWild < 0 ? right : right.slice(0, rightWild);
  if (leftWild < 0) return leftPrefix.startsWith(rightPrefix);
  if (rightWild < 0) return rightPrefix.startsWith(leftPrefix);
  return leftPrefix.startsWith(rightPrefix) || rightPrefix.startsWith(leftPrefix);
}

/** Whether a resource of a statement can be the resource `id`; only a plain reference to another one cannot. */
export function mayBe(resource: Value, id: string): boolean {
  if (mentions(resource, id)) return true;
  if (referenced(resource) !== undefined) return false;
  if (typeof resource === "string") return /[*?]|:(key|alias)\//.test(resource);
  return true;
}

/** Whether a resource can be an object of the bucket `id`: a path in another bucket of the stack cannot. */
export function mayBeIn(resource: Value, id: string): boolean {
  if (mentions(resource, id)) return true;
  const [start] = listOf(listOf(at(resource, "Fn::Join"))[1]);
  return mayBe(resource, id) && referenced(start) === undefined;
}

/** What stands behind the ARN of the bucket `id`: empty for the bucket itself; undefined where it cannot be told. */
export function pathIn(resource: Value, id: string): string | undefined {
  if (referenced(resource) === id) return "";
  const [separator, parts] = listOf(at(resource, "Fn::Join"));
  const [start, path, ...more] = listOf(parts);
  return separator === "" && referenced(start) === id && typeof path === "string" && more.length === 0
    ? path
    : undefined;
}

function functionName(description: Value): string {
  const match = typeof description === "string" ? /^functions\/([^/]+)\//.exec(description) : null;
  return match?.[1] ?? "unknown";
}
