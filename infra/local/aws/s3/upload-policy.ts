import { isRecord, listOf, numberOf, recordOf, textOf } from "../../json-shape.ts";
import { s3Error } from "./s3-error.ts";
import type { UploadForm } from "./upload-form.ts";

/** Fields that need no condition. */
const FREE_FIELDS: ReadonlySet<string> = new Set(["policy", "x-amz-signature"]);
const FREE_PREFIX = "x-ignore-";

type Condition =
  | { readonly kind: "eq" | "starts-with"; readonly field: string; readonly value: string }
  | { readonly kind: "content-length-range"; readonly min: number; readonly max: number };

/**
 * Holds a form to its policy (base64 of JSON): its expiration on the local clock, every condition, a condition for every
 * field, and the size of the file. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function checkUploadPolicy(policy: string, bucket: string, { fields, file }: UploadForm): void {
  const { expiresMs, conditions } = readPolicy(policy);
  const refuse = (why: string) => s3Error("AccessDenied", `Invalid according to Policy: ${why}`);
  if (Date.now() >= expiresMs) throw refuse("Policy expired.");

  const fieldValue = (field: string): string => (field === "bucket" ? bucket : (fields.get(field) ?? ""));
  const failed = conditions.some(
    (condition) =>
      (condition.kind === "eq" && fieldValue(condition.field) !== condition.value) ||
      (condition.kind === "starts-with" && !fieldValue(condition.field).startsWith(condition.value)),
  );
  if (failed) throw refuse("Policy Condition failed");

  const named = new Set(
    conditions.flatMap((condition) => (condition.kind === "content-length-range" ? [] : [condition.field])),
  );
  const extra = [...fields.keys()].some(
    (field) => !named.has(field) && !FREE_FIELDS.has(field) && !field.startsWith(FREE_PREFIX),
  );
  if (extra) throw refuse("Extra input fields");

  for (const condition of conditions) {
    if (condition.kind !== "content-length-range") continue;
    if (file.length > condition.max)
      throw s3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
    if (file.length < condition.min)
      throw s3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
  }
}

function readPolicy(policy: string): {
  readonly expiresMs: number;
  readonly conditions: readonly Condition[];
} {
  const document = recordOf(parsed(Buffer.from(policy, "base64").toString("utf8")));
  const expiresMs = Date.parse(textOf(document["expiration"]) ?? "");
  const conditions = document["conditions"];
  if (Number.isNaN(expiresMs) || !Array.isArray(conditions)) throw invalidPolicy();
  return { expiresMs, conditions: conditions.flatMap(readCondition) };
}

function readCondition(condition: unknown): readonly Condition[] {
  if (isRecord(condition) && !Array.isArray(condition)) {
    return Object.entries(condition).map(([field, value]) => ({
      kind: "eq",
      field: field.toLowerCase(),
      value: textOf(value) ?? fail(),
    }));
  }
  const [operator, first, second] = listOf(condition);
  const kind = textOf(operator)?.toLowerCase();
  if (kind === "content-length-range")
    return [{ kind, min: numberOf(first) ?? fail(), max: numberOf(second) ?? fail() }];
  const field = textOf(first);
  if ((kind !== "eq" && kind !== "starts-with") || field?.startsWith("$") !== true) throw invalidPolicy();
  return [{ kind, field: field.slice(1).toLowerCase(), value: textOf(second) ?? fail() }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidPolicy();
  }
}

function fail(): never {
  throw invalidPolicy();
}

function invalidPolicy(): Error {
  return s3Error(
    "InvalidPolicyDocument",
    "The content of the form does not meet the conditions of a policy document.",
  );
}
