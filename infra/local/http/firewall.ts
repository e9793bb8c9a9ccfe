import { isRecord, type JsonRecord, listOf, numberOf, recordOf, textOf } from "../json-shape.ts";
import { referenceOf, resourcesOfType, type TemplateView } from "../template-view.ts";
import type { HttpAnswer } from "./gateway-responses.ts";

/** What the firewall sees of a request. */
export type FirewallRequest = {
  readonly sourceIp: string;
  /** Bytes of the body that were read: at most one more than `bodyBytesInspected`. */
  readonly bodyBytes: number;
  readonly nowMs: number;
};

/** What the web ACL says: pass, its own answer, or the plain block that API Gateway answers with WAF_FILTERED. */
export type FirewallVerdict =
  | { readonly kind: "pass" }
  | { readonly kind: "answer"; readonly answer: HttpAnswer }
  | { readonly kind: "filtered" };

/** The web ACL of one stage. */
export type Firewall = {
  readonly webAclArn: string;
  /** How many bytes of a body the rules see; the rest is oversize. */
  readonly bodyBytesInspected: number;
  /** Names of the rules that only the real service can evaluate: managed rule groups. */
  readonly notEvaluated: readonly string[];
  inspect(request: FirewallRequest): FirewallVerdict;
};

const KIBIBYTES_INSPECTED: Readonly<Record<string, number>> = { KB_16: 16, KB_32: 32, KB_48: 48, KB_64: 64 };
const WINDOW_SECONDS_DEFAULT = 300;

type Inspection = FirewallRequest & { readonly oversize: boolean };
type Condition = (request: Inspection) => boolean;
type Rule = {
  readonly name: string;
  readonly priority: number;
  readonly matches: Condition;
  readonly action: "count" | "allow" | FirewallVerdict;
};

/** Reads the web ACL associated with a stage; undefined where there is none. Throws on a statement that it cannot evaluate. */
export function readFirewall(template: TemplateView, stageLogicalId: string): Firewall | undefined {
  const association = resourcesOfType(template, "AWS::WAFv2::WebACLAssociation").find(({ properties }) =>
    names(properties["ResourceArn"], stageLogicalId),
  );
  if (association === undefined) return undefined;
  const aclLogicalId = referenceOf(association.properties["WebACLArn"], "a web ACL").logicalId;
  const acl = recordOf(template.resolve(recordOf(template.resources[aclLogicalId]?.Properties)));
  const limit = recordOf(recordOf(recordOf(acl["AssociationConfig"])["RequestBody"])["API_GATEWAY"])[
    "DefaultSizeInspectionLimit"
  ];
  const bodyBytesInspected = (KIBIBYTES_INSPECTED[textOf(limit) ?? "KB_16"] ?? 16) * 1024;
  const notEvaluated: string[] = [];
  const rules: Rule[] = [];
  for (const rule of listOf(acl["Rules"]).map(recordOf)) {
    const name = textOf(rule["Name"]) ?? "unnamed";
    const statement = recordOf(rule["Statement"]);
    if (isRecord(statement["ManagedRuleGroupStatement"])) {
      notEvaluated.push(name);
      continue;
    }
    rules.push({
      name,
      priority: numberOf(rule["Priority"]) ?? 0,
      matches: readStatement(statement, name),
      action: readAction(rule, acl, name),
    });
  }
  rules.sort((one, other) => one.priority - other.priority);
  const blocksByDefault = isRecord(recordOf(acl["DefaultAction"])["Block"]);
  return {
    webAclArn: aclLogicalId,
    bodyBytesInspected,
    notEvaluated,
    inspect(request) {
      const seen = {
        ...request,
        oversize: request.bodyBytes > bodyBytesInspected,
        bodyBytes: Math.min(request.bodyBytes, bodyBytesInspected),
      };
      for (const { matches, action } of rules) {
        if (!matches(seen) || action === "count") continue;
        return action === "allow" ? { kind: "pass" } : action;
      }
      return blocksByDefault ? { kind: "filtered" } : { kind: "pass" };
    },
  };
}

/** Whether a value, with every intrinsic inside it, names a logical id. */
function names(value: unknown, logicalId: string): boolean {
  if (Array.isArray(value)) return value.some((each) => names(each, logicalId));
  if (!isRecord(value)) return false;
  if (value["Ref"] === logicalId) return true;
  return Object.values(value).some((each) => names(each, logicalId));
}

function readStatement(statement: JsonRecord, rule: string): Condition {
  const [kind, content, ...more] = Object.entries(statement).flat();
  if (typeof kind !== "string" || more.length > 0)
    throw new Error(`Firewall rule ${rule} has no single statement.`);
  const settings = recordOf(content);
  switch (kind) {
    case "SizeConstraintStatement":
      return sizeConstraint(settings, rule);
    case "RateBasedStatement":
      return rateBased(settings, rule);
    case "NotStatement": {
      const inner = readStatement(recordOf(settings["Statement"]), rule);
      return (request) => !inner(request);
    }
    case "AndStatement":
    case "OrStatement": {
      const inner = listOf(settings["Statements"]).map((each) => readStatement(recordOf(each), rule));
      return kind === "AndStatement"
        ? (request) => inner.every((each) => each(request))
        : (request) => inner.some((each) => each(request));
    }
    default:
      throw new Error(`Firewall rule ${rule} has a ${kind}, which this host cannot evaluate.`);
  }
}

function sizeConstraint(settings: JsonRecord, rule: string): Condition {
  const body = recordOf(settings["FieldToMatch"])["Body"];
  const size = numberOf(settings["Size"]);
  if (!isRecord(body) || size === undefined)
    throw new Error(`Firewall rule ${rule} constrains something other than the body.`);
  const oversize = textOf(body["OversizeHandling"]) ?? "CONTINUE";
  const compare = comparison(textOf(settings["ComparisonOperator"]) ?? "", size, rule);
  return (request) => {
    if (request.oversize && oversize === "MATCH") return true;
    if (request.oversize && oversize === "NO_MATCH") return false;
    return compare(request.bodyBytes);
  };
}

function comparison(operator: string, size: number, rule: string): (bytes: number) => boolean {
  switch (operator) {
    case "GT":
      return (bytes) => bytes > size;
    case "GE":
      return (bytes) => bytes >= size;
    case "LT":
      return (bytes) => bytes < size;
    case "LE":
      return (bytes) => bytes <= size;
    case "EQ":
      return (bytes) => bytes === size;
    case "NE":
      return (bytes) => bytes !== size;
    default:
      throw new Error(`Firewall rule ${rule} has an unknown comparison operator.`);
  }
}

function rateBased(settings: JsonRecord, rule: string): Condition {
  const limit = numberOf(settings["Limit"]);
  if (limit === undefined || settings["AggregateKeyType"] !== "IP")
    throw new Error(`Firewall rule ${rule} does not count by address.`);
  const windowSeconds = numberOf(settings["EvaluationWindowSec"]) ?? WINDOW_SECONDS_DEFAULT;
  const scope = isRecord(settings["ScopeDownStatement"])
    ? readStatement(settings["ScopeDownStatement"], rule)
    : () => true;
  // Counts by second: a flood makes the list no longer than the window.
  const secondsByIp = new Map<string, { second: number; count: number }[]>();
  return (request) => {
    if (!scope(request)) return false;
    const second = Math.floor(request.nowMs / 1000);
    const seconds = (secondsByIp.get(request.sourceIp) ?? []).filter(
      (each) => each.second > second - windowSeconds,
    );
    const last = seconds.at(-1);
    if (last?.second === second) last.count += 1;
    else seconds.push({ second, count: 1 });
    secondsByIp.set(request.sourceIp, seconds);
    return seconds.reduce((sum, { count }) => sum + count, 0) > limit;
  };
}

function readAction(rule: JsonRecord, acl: JsonRecord, name: string): Rule["action"] {
  const action = recordOf(rule["Action"]);
  if (isRecord(action["Count"])) return "count";
  if (isRecord(action["Allow"])) return "allow";
  if (!isRecord(action["Block"]))
    throw new Error(`Firewall rule ${name} has an action that this host does not know.`);
  const custom = action["Block"]["CustomResponse"];
  if (!isRecord(custom)) return { kind: "filtered" };
  const headers: Record<string, string> = {};
  for (const header of listOf(custom["ResponseHeaders"]).map(recordOf)) {
    const headerName = textOf(header["Name"]) ?? "";
    // The service refuses this header, so a template that has it would fail to deploy.
    if (headerName.toLowerCase() === "content-type")
      throw new Error(`Firewall rule ${name} sets content-type, which AWS WAF refuses.`);
    headers[headerName] = textOf(header["Value"]) ?? "";
  }
  const key = textOf(custom["CustomResponseBodyKey"]);
  const body = key === undefined ? {} : recordOf(recordOf(acl["CustomResponseBodies"])[key]);
  const mediaTypes: Readonly<Record<string, string>> = {
    APPLICATION_JSON: "application/json",
    TEXT_HTML: "text/html",
    TEXT_PLAIN: "text/plain",
  };
  headers["Content-Type"] = mediaTypes[textOf(body["ContentType"]) ?? "TEXT_PLAIN"] ?? "text/plain";
  return {
    kind: "answer",
    answer: { status: numberOf(custom["ResponseCode"]) ?? 403, headers, body: textOf(body["Content"]) ?? "" },
  };
}
