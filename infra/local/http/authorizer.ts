import type { FunctionOutcome } from "../functions/function-outcome.ts";
import { isRecord, listOf } from "../json-shape.ts";
import type { TokenAuthorizer } from "./rest-apis.ts";

/** What the authorizer decides about one request. */
export type Authorization =
  | { readonly kind: "allowed"; readonly context: Readonly<Record<string, string | number>> }
  | { readonly kind: "denied"; readonly context: Readonly<Record<string, string | number>> }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "misconfigured" };

/** Calls a function by its logical id with an event. */
export type Invoke = (functionLogicalId: string, event: unknown) => Promise<FunctionOutcome>;

/**
 * Asks a TOKEN authorizer as API Gateway does: without the header, or with one that fails the validation expression, the
 * function is not called. `Error("Unauthorized")` is a 401; any other fault or a malformed answer is a configuration error.
 */
export async function authorize(
  authorizer: TokenAuthorizer,
  methodArn: string,
  headers: Readonly<Record<string, string>>,
  invoke: Invoke,
): Promise<Authorization> {
  const token = headers[authorizer.headerName.toLowerCase()];
  if (token === undefined || token === "" || authorizer.validation?.test(token) === false)
    return { kind: "unauthorized" };
  const outcome = await invoke(authorizer.functionLogicalId, {
    type: "TOKEN",
    methodArn,
    authorizationToken: token,
  });
  if (outcome.kind !== "answered") {
    return {
      kind:
        outcome.kind === "failed" && outcome.errorMessage === "Unauthorized"
          ? "unauthorized"
          : "misconfigured",
    };
  }
  return readAuthorizerAnswer(outcome.payload, methodArn);
}

/** Reads what the authorizer answered and matches its policy against the method's ARN. */
export function readAuthorizerAnswer(payload: string, methodArn: string): Authorization {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return { kind: "misconfigured" };
  }
  if (!isRecord(answer)) return { kind: "misconfigured" };
  const principalId = answer["principalId"];
  const document = answer["policyDocument"];
  const given = answer["context"] ?? {};
  if (typeof principalId !== "string" || principalId === "" || !isRecord(document) || !isRecord(given))
    return { kind: "misconfigured" };
  const context: Record<string, string | number> = { principalId, integrationLatency: 0 };
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
      return { kind: "misconfigured" };
    context[name] = String(value);
  }
  const statements = Array.isArray(document["Statement"]) ? document["Statement"] : [document["Statement"]];
  let allowed = false;
  let denied = false;
  for (const statement of statements) {
    if (!isRecord(statement)) return { kind: "misconfigured" };
    const effect = statement["Effect"];
    const actions = texts(statement["Action"]);
    const resources = texts(statement["Resource"]);
    const unknown = Object.keys(statement).some(
      (member) => !["Sid", "Effect", "Action", "Resource"].includes(member),
    );
    if (
      unknown ||
      (effect !== "Allow" && effect !== "Deny") ||
      actions === undefined ||
      resources === undefined
    )
      return { kind: "misconfigured" };
    const applies =
      actions.some((action) => wildcard(action.toLowerCase(), "execute-api:invoke")) &&
      resources.some((resource) => wildcard(resource, methodArn));
    if (applies && effect === "Allow") allowed = true;
    if (applies && effect === "Deny") denied = true;
  }
  return { kind: allowed && !denied ? "allowed" : "denied", context };
}

function texts(value: unknown): readonly string[] | undefined {
  const values = typeof value === "string" ? [value] : listOf(value);
  return values.length > 0 && values.every((each): each is string => typeof each === "string")
    ? values
    : undefined;
}

/** IAM's match: `*` stands for any text, also with slashes, `?` for one character. */
function wildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/gu, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(text);
}
