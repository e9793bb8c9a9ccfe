import type { APIGatewayProxyEvent } from "aws-lambda";
import type * as z from "zod";
import { EXPECTED } from "#shared/contracts/expected.ts";
import { type Actor, type Operation, ROLES, type Role, roleFor } from "#shared/domain/roles.ts";
import { ApiProblem } from "./problem.ts";
import { parseStrictJson } from "./strict-json.ts";

const BODY_BYTES_MAX = 64 * 1024;
const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
const KNOWN_ROLES: readonly string[] = ROLES;

/** A caller and the role under which it is allowed to do what it asks. */
export interface Caller {
  readonly actor: string;
  readonly role: Role;
  readonly requestId: string;
}

/** The caller with every role that it holds; `unauthenticated` where the authorizer named none. */
export function actorOf(event: APIGatewayProxyEvent): Actor {
  const context = event.requestContext.authorizer ?? {};
  const { actor, roles } = context as { actor?: unknown; roles?: unknown };
  if (typeof actor !== "string" || typeof roles !== "string") {
    throw new ApiProblem("unauthenticated");
  }
  return {
    id: actor,
    roles: roles.split(" ").filter((role): role is Role => KNOWN_ROLES.includes(role)),
  };
}

/** The caller, where one of its roles may do `operation`; else the problem `forbidden`. */
export function allow(event: APIGatewayProxyEvent, operation: Operation): Caller {
  const actor = actorOf(event);
  const role = roleFor(actor, operation);
  if (role === undefined) throw new ApiProblem("forbidden");
  return { actor: actor.id, role, requestId: event.requestContext.requestId };
}

/** Every value of a header, whatever the case of its name. */
function headerValues(event: APIGatewayProxyEvent, name: string): readonly string[] {
  return Object.entries(event.multiValueHeaders ?? {}).flatMap(([key, values]) =>
    key.toLowerCase() === name ? (values ?? []) : [],
  );
}

/** A header by its name in any case; undefined when it is absent or repeated. */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const values = headerValues(event, name);
  return values.length === 1 ? values[0] : undefined;
}

/** A path parameter that fits `schema`; anything else is `not_found`, as an unknown id is. */
export function pathParameter<Value>(
  event: APIGatewayProxyEvent,
  name: string,
  schema: z.ZodType<Value>,
): Value {
  const parsed = schema.safeParse(event.pathParameters?.[name]);
  if (!parsed.success) throw new ApiProblem("not_found");
  return parsed.data;
}

function pointerTo(issue: z.core.$ZodIssue): string {
  // Unknown names come from the caller: point to the object that holds them.
  const path = issue.path.filter((part) => typeof part === "string" || typeof part === "number");
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function detailOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "unrecognized_keys") return "There is a field that this request does not have.";
  // Other messages are the library's own.
  if (issue?.message.startsWith(EXPECTED) === true) return issue.message;
  // The values of a schema are ours, never the caller's.
  if (issue?.code === "invalid_value")
    return `${EXPECTED}${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}.`;
  return "A field is missing or has a value that is not allowed.";
}

function parseWith<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiProblem("invalid_request", {
    ...(issue === undefined ? {} : { pointer: pointerTo(issue) }),
    detail: detailOf(issue),
  });
}

/** The JSON body that fits `schema`; else the problem that says what is wrong with it. */
export function jsonBody<Value>(event: APIGatewayProxyEvent, schema: z.ZodType<Value>): Value {
  const type = header(event, "content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new ApiProblem("unsupported_media_type");
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > BODY_BYTES_MAX) throw new ApiProblem("payload_too_large");
  let value: unknown;
  try {
    value = parseStrictJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ApiProblem("invalid_request", {
      detail: "The body is not JSON in UTF-8 with each name once.",
    });
  }
  return parseWith(schema, value);
}

/** The query that fits `schema`; a repeated parameter is refused. */
export function query<Value>(event: APIGatewayProxyEvent, schema: z.ZodType<Value>): Value {
  const entries = Object.entries(event.multiValueQueryStringParameters ?? {});
  if (entries.some(([, values]) => values?.length !== 1)) throw new ApiProblem("invalid_request");
  return parseWith(schema, Object.fromEntries(entries.map(([name, values]) => [name, values?.[0]])));
}

/** The idempotency key, if one was sent. */
export function idempotencyKey(event: APIGatewayProxyEvent): string | undefined {
  if (headerValues(event, "idempotency-key").length === 0) return undefined;
  const key = header(event, "idempotency-key");
  if (key === undefined || key.trim() === "" || key.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    throw new ApiProblem("invalid_request", {
      detail: "Idempotency-Key must be given once, with 1 to 255 characters.",
    });
  }
  return key;
}

/** The version in `If-Match`, undefined when the caller did not ask for one. */
export function ifMatch(event: APIGatewayProxyEvent): number | undefined {
  if (headerValues(event, "if-match").length === 0) return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header(event, "if-match") ?? "")?.[1];
  // An ETag that we never gave out cannot match.
  if (version === undefined) throw new ApiProblem("version_conflict");
  return Number(version);
}
