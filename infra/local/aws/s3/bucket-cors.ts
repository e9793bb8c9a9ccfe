import { type JsonRecord, listOf, numberOf, recordOf } from "../../json-shape.ts";
import { wildcardMatches } from "../policy-conditions.ts";
import type { WireAnswer } from "../service.ts";
import { s3Error } from "./s3-error.ts";

/** One rule of a bucket's CorsConfiguration. */
export type CorsRule = {
  readonly methods: readonly string[];
  readonly origins: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds: number | undefined;
};

/** What a browser says of the page that asks, from the headers of its request. */
export type CorsQuestion = {
  readonly origin: string | undefined;
  /** The method of the request, or the one that a preflight asks about. */
  readonly method: string;
  /** The headers that a preflight asks about, in small letters. */
  readonly headers: readonly string[];
};

/** Reads the rules of a bucket's properties; `localised` turns an origin of the template into one of this host. */
export function readCorsRules(
  properties: JsonRecord,
  localised: (origin: string) => string,
): readonly CorsRule[] {
  return listOf(recordOf(properties["CorsConfiguration"])["CorsRules"])
    .map(recordOf)
    .map(
      (rule): CorsRule => ({
        methods: listOf(rule["AllowedMethods"]).map(String),
        origins: listOf(rule["AllowedOrigins"]).map((origin) => localised(String(origin))),
        headers: listOf(rule["AllowedHeaders"]).map((header) => String(header).toLowerCase()),
        exposed: listOf(rule["ExposedHeaders"]).map(String),
        maxAgeSeconds: numberOf(rule["MaxAge"]),
      }),
    );
}

/** The first rule that lets the page ask so; S3 looks at no other. */
function ruleFor(
  rules: readonly CorsRule[],
  { origin, method, headers }: CorsQuestion,
): CorsRule | undefined {
  return origin === undefined
    ? undefined
    : rules.find(
        (rule) =>
          rule.methods.includes(method) &&
          rule.origins.some((pattern) => wildcardMatches(origin, pattern)) &&
          headers.every((header) => rule.headers.some((pattern) => wildcardMatches(header, pattern))),
      );
}

/** The headers by which a page may see an answer; none where no rule lets it. */
export function corsHeaders(
  rules: readonly CorsRule[],
  question: CorsQuestion,
): Readonly<Record<string, string>> {
  const rule = ruleFor(rules, question);
  if (rule === undefined) return {};
  const forAll = rule.origins.includes("*");
  return {
    "Access-Control-Allow-Origin": forAll ? "*" : (question.origin ?? ""),
    "Access-Control-Allow-Methods": rule.methods.join(", "),
    ...(rule.exposed.length === 0 ? {} : { "Access-Control-Expose-Headers": rule.exposed.join(", ") }),
    ...(forAll ? {} : { "Access-Control-Allow-Credentials": "true" }),
    Vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

/** The answer to a preflight; throws AccessForbidden where no rule lets the page ask so. */
export function preflightAnswer(rules: readonly CorsRule[], question: CorsQuestion): WireAnswer {
  if (rules.length === 0)
    throw s3Error("AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.");
  const rule = ruleFor(rules, question);
  if (rule === undefined)
    throw s3Error(
      "AccessForbidden",
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  return {
    statusCode: 200,
    headers: {
      ...corsHeaders(rules, question),
      ...(question.headers.length === 0
        ? {}
        : { "Access-Control-Allow-Headers": question.headers.join(", ") }),
      ...(rule.maxAgeSeconds === undefined ? {} : { "Access-Control-Max-Age": String(rule.maxAgeSeconds) }),
    },
    content: "",
  };
}
