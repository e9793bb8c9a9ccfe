import { isRecord, type JsonRecord, recordOf, textOf } from "../json-shape.ts";
import {
  assertKnownCondition,
  type Condition,
  type ConditionContext,
  conditionHolds,
  wildcardMatches,
} from "./policy-conditions.ts";

/** Whom a statement of a resource policy is about. */
type Principals = { readonly aws: readonly string[]; readonly services: readonly string[] };

/** One statement of a policy. */
export type Statement = {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Only in resource policies. */
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
};

/** What is asked of a policy. */
export type PolicyRequest = {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
};

/** Who asks: a role of this account or an AWS service. */
export type PolicyPrincipal =
  | { readonly kind: "role"; readonly arn: string; readonly account: string }
  | { readonly kind: "service"; readonly name: string };

/** What a set of statements says about a request. */
export type PolicyOutcome = {
  readonly denied: boolean;
  readonly allowed: boolean;
  /** Allowed to the account, which leaves the decision to the identity's own policies (KMS needs this one). */
  readonly delegated: boolean;
};

/** Reads a policy document with resolved intrinsics; throws for every element that it could only guess about. */
export function parsePolicyDocument(document: unknown): readonly Statement[] {
  const statements = recordOf(document)["Statement"];
  return (Array.isArray(statements) ? statements : [statements]).map((statement) =>
    parseStatement(recordOf(statement)),
  );
}

function parseStatement(statement: JsonRecord): Statement {
  const known = new Set(["Sid", "Effect", "Action", "Resource", "Principal", "Condition"]);
  const unknown = Object.keys(statement).find((element) => !known.has(element));
  if (unknown !== undefined) throw new Error(`The local host does not know the policy element ${unknown}.`);
  const effect = textOf(statement["Effect"]);
  if (effect !== "Allow" && effect !== "Deny") throw new Error("A policy statement has no effect.");
  const conditions = Object.entries(recordOf(statement["Condition"])).flatMap(([operator, keys]) =>
    Object.entries(recordOf(keys)).map(
      ([key, values]): Condition => ({ operator, key, values: textList(values) }),
    ),
  );
  for (const condition of conditions) assertKnownCondition(condition);
  const actions = textList(statement["Action"]);
  if (actions.length === 0) throw new Error("A policy statement names no action.");
  return {
    effect,
    actions,
    resources: textList(statement["Resource"]),
    principals: parsePrincipals(statement["Principal"]),
    conditions,
  };
}

function parsePrincipals(principal: unknown): Principals | undefined {
  if (principal === undefined) return undefined;
  if (principal === "*") return { aws: ["*"], services: ["*"] };
  const kinds = recordOf(principal);
  const unknown = Object.keys(kinds).find((kind) => kind !== "AWS" && kind !== "Service");
  if (!isRecord(principal) || unknown !== undefined)
    throw new Error("The local host does not know this kind of policy principal.");
  return { aws: textList(kinds["AWS"]), services: textList(kinds["Service"]) };
}

function textList(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => String(item));
}

/** What the statements of a role say: explicit Deny wins, else one Allow is enough. */
export function evaluateIdentityPolicy(
  statements: readonly Statement[],
  request: PolicyRequest,
): PolicyOutcome {
  const applying = statements.filter((statement) => applies(statement, request));
  return {
    denied: applying.some(({ effect }) => effect === "Deny"),
    allowed: applying.some(({ effect }) => effect === "Allow"),
    delegated: false,
  };
}

/** The same for the policy of a resource, where each statement also names its principals. */
export function evaluateResourcePolicy(
  statements: readonly Statement[],
  request: PolicyRequest,
  principal: PolicyPrincipal,
): PolicyOutcome {
  const applying = statements
    .filter((statement) => applies(statement, request))
    .map((statement) => ({
      effect: statement.effect,
      match: principalMatch(statement.principals, principal),
    }))
    .filter(({ match }) => match !== "none");
  return {
    denied: applying.some(({ effect }) => effect === "Deny"),
    allowed: applying.some(({ effect, match }) => effect === "Allow" && match === "direct"),
    delegated: applying.some(({ effect, match }) => effect === "Allow" && match === "account"),
  };
}

function applies(statement: Statement, request: PolicyRequest): boolean {
  return (
    statement.actions.some((action) => wildcardMatches(request.action.toLowerCase(), action.toLowerCase())) &&
    statement.resources.some((resource) => wildcardMatches(request.resource, resource)) &&
    statement.conditions.every((condition) => conditionHolds(condition, request.context))
  );
}

function principalMatch(
  principals: Principals | undefined,
  principal: PolicyPrincipal,
): "direct" | "account" | "none" {
  if (principals === undefined) throw new Error("A statement of a resource policy names no principal.");
  if (principal.kind === "service") {
    return principals.services.includes(principal.name) || principals.services.includes("*")
      ? "direct"
      : "none";
  }
  if (principals.aws.includes("*") || principals.aws.includes(principal.arn)) return "direct";
  const account = [principal.account, `arn:aws:iam::${principal.account}:root`];
  return principals.aws.some((value) => account.includes(value)) ? "account" : "none";
}
