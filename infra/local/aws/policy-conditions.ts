/** The values of the condition keys of one request, by the key's name as AWS writes it. */
export type ConditionContext = Readonly<Record<string, readonly string[]>>;

/** One condition of a statement: all conditions must hold. */
export type Condition = {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
};

type Comparison = { readonly negated: boolean; matches(actual: string, expected: string): boolean };

const equals = (actual: string, expected: string): boolean => actual === expected;
const equalsAnyCase = (actual: string, expected: string): boolean =>
  actual.toLowerCase() === expected.toLowerCase();
const arnLike = (actual: string, expected: string): boolean => {
  // A wildcard of an ARN condition stays inside its part between two colons.
  const [actualParts, expectedParts] = [arnParts(actual), arnParts(expected)];
  return (
    actualParts.length === expectedParts.length &&
    actualParts.every((part, index) => wildcardMatches(part, expectedParts[index] ?? ""))
  );
};

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: { negated: false, matches: equals },
  StringNotEquals: { negated: true, matches: equals },
  StringEqualsIgnoreCase: { negated: false, matches: equalsAnyCase },
  StringNotEqualsIgnoreCase: { negated: true, matches: equalsAnyCase },
  StringLike: { negated: false, matches: wildcardMatches },
  StringNotLike: { negated: true, matches: wildcardMatches },
  ArnEquals: { negated: false, matches: arnLike },
  ArnLike: { negated: false, matches: arnLike },
  ArnNotEquals: { negated: true, matches: arnLike },
  ArnNotLike: { negated: true, matches: arnLike },
  Bool: { negated: false, matches: equalsAnyCase },
  NumericEquals: { negated: false, matches: (actual, expected) => Number(actual) === Number(expected) },
  NumericLessThan: { negated: false, matches: (actual, expected) => Number(actual) < Number(expected) },
  NumericGreaterThan: { negated: false, matches: (actual, expected) => Number(actual) > Number(expected) },
};

/** The condition keys whose values the gateway works out for every request they apply to. */
const KNOWN_KEYS = new Set(
  [
    "aws:CalledVia",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:ViaAWSService",
    "dynamodb:EnclosingOperation",
    "dynamodb:LeadingKeys",
    "kms:CallerAccount",
    "kms:EncryptionContextKeys",
    "kms:GrantIsForAWSResource",
    "kms:MacAlgorithm",
    "kms:SigningAlgorithm",
    "kms:ViaService",
    "s3:if-none-match",
    "s3:prefix",
    "s3:ResourceAccount",
    "s3:TlsVersion",
    "s3:x-amz-acl",
    "s3:x-amz-content-sha256",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "ses:FromAddress",
    "ses:FromDisplayName",
    "ses:Recipients",
  ].map((key) => key.toLowerCase()),
);

/** Whether the value matches a pattern in which `*` is any text and `?` any one character. */
export function wildcardMatches(value: string, pattern: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[\\s\\S]*")
    .replaceAll("?", "[\\s\\S]");
  return new RegExp(`^${expression}$`).test(value);
}

/** Throws for an operator or a key that `conditionHolds` could only guess about. */
export function assertKnownCondition({ operator, key, values }: Condition): void {
  const { base } = operatorParts(operator);
  if (base !== "Null" && COMPARISONS[base] === undefined)
    throw new Error(`The local host does not know the condition operator ${operator}.`);
  const name = key.toLowerCase();
  if (!KNOWN_KEYS.has(name) && !name.startsWith("kms:encryptioncontext:")) {
    throw new Error(`The local host does not know the condition key ${key}.`);
  }
  if (values.some((value) => value.includes("${")))
    throw new Error("The local host does not evaluate policy variables.");
}

/** Whether one condition holds for the request, by IAM's rules for missing keys and sets of values. */
export function conditionHolds({ operator, key, values }: Condition, context: ConditionContext): boolean {
  const { base, quantifier, ifExists } = operatorParts(operator);
  const name = key.toLowerCase();
  const actual = Object.entries(context).find(([contextKey]) => contextKey.toLowerCase() === name)?.[1] ?? [];
  if (base === "Null") return values.some((value) => (value === "true") === (actual.length === 0));
  const comparison = COMPARISONS[base];
  if (comparison === undefined)
    throw new Error(`The local host does not know the condition operator ${operator}.`);
  const matches = (value: string): boolean =>
    values.some((expected) => comparison.matches(value, expected)) !== comparison.negated;
  if (actual.length === 0)
    return quantifier === "ForAnyValue"
      ? false
      : quantifier === "ForAllValues" || ifExists || comparison.negated;
  if (quantifier === "ForAllValues" || (comparison.negated && quantifier === undefined))
    return actual.every(matches);
  return actual.some(matches);
}

function operatorParts(operator: string): {
  base: string;
  quantifier: string | undefined;
  ifExists: boolean;
} {
  const [, quantifier, rest = operator] = /^(ForAllValues|ForAnyValue):(.+)$/.exec(operator) ?? [];
  return { base: rest.replace(/IfExists$/, ""), quantifier, ifExists: rest.endsWith("IfExists") };
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
