import { overlaps } from "../checks/statements.ts";
import { at, listOf, mentions, referenced, resourcesOf } from "../checks/template.ts";
import { compare } from "./inventory.ts";
import { grantsOf, type Plane, targetOf } from "./planes.ts";
import { partsOf, plainName, type System, statementsOf } from "./system.ts";

/** Where data rests or passes. */
export interface Place {
  /** Stable within one report: a logical id without its hash, or a lower-case word for what is outside. */
  readonly id: string;
  readonly label: string;
  readonly kind: "person" | "service" | "api" | "topic" | "queue" | "function" | "table" | "key" | "bucket";
  /** Of functions. */
  readonly plane?: Plane;
}

/** One way that data takes, and what in the template says so. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly how: "reads" | "writes" | "reads and writes" | "sends" | "delivers" | "calls" | "starts" | "uses";
  /** The key's verb (opens, seals, signs, computes), the route count, or nothing. */
  readonly detail: string;
  readonly because: string;
}

/** The ePHI flow map: derived from role policies, event sources and routes. */
export interface FlowMap {
  readonly places: readonly Place[];
  readonly flows: readonly Flow[];
}

const OUTSIDE: readonly Place[] = [
  { id: "phone", label: "Patient's phone", kind: "person" },
  { id: "mailbox", label: "Patient's mailbox", kind: "person" },
  { id: "browser", label: "Patient's browser", kind: "person" },
  { id: "staff", label: "Staff and systems", kind: "person" },
  { id: "clock", label: "Schedules", kind: "service" },
  { id: "sms", label: "End User Messaging SMS", kind: "service" },
  { id: "ses", label: "Amazon SES", kind: "service" },
  { id: "bedrock", label: "Amazon Bedrock", kind: "service" },
  { id: "cognito", label: "Cognito user pool", kind: "service" },
  { id: "trail", label: "CloudTrail", kind: "service" },
  { id: "exports", label: "DynamoDB export", kind: "service" },
];

const KINDS: Readonly<Record<string, Place["kind"]>> = {
  "AWS::ApiGateway::RestApi": "api",
  "AWS::SNS::Topic": "topic",
  "AWS::SQS::Queue": "queue",
  "AWS::DynamoDB::Table": "table",
  "AWS::KMS::Key": "key",
  "AWS::S3::Bucket": "bucket",
};

const READS = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "s3:GetObject"];
const WRITES = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "s3:PutObject"];
const OPT_OUT_LIST = [
  "sms-voice:DeleteOptedOutNumber",
  "sms-voice:DescribeOptedOutNumbers",
  "sms-voice:PutOptedOutNumber",
];
const KEY_VERBS: readonly (readonly [action: string, verb: string])[] = [
  ["kms:Decrypt", "opens"],
  ["kms:GenerateDataKey", "seals"],
  ["kms:Sign", "signs"],
  ["kms:GenerateMac", "computes"],
];

/** Keys that encrypt whole stores; AWS uses them on the caller's behalf, and they are left out of the map. */
const STORAGE_KEYS = new Set(["DataKey", "AuditKey", "EventsKey"]);

/** The flow map of a template. Dead-letter queues and storage keys are left out; the inventory has them. */
export function flowsOf(system: System): FlowMap {
  const places = placesOf(system);
  const known = new Set(places.map(({ id }) => id));
  const flows = [
    ...roleFlows(system),
    ...apiFlows(system),
    ...eventFlows(system),
    ...recordFlows(system),
  ].filter(({ from, to }) => known.has(from) && known.has(to));
  const used = new Set(flows.flatMap(({ from, to }) => [from, to]));
  return {
    places: places.filter(({ id, kind }) => used.has(id) || kind === "table"),
    flows: flows.toSorted((one, other) => compare(sortKey(one), sortKey(other))),
  };
}

function sortKey({ from, to, how, detail }: Flow): string {
  return [from, to, how, detail].join(" ");
}

function placesOf({ template, functions }: System): readonly Place[] {
  const stored = Object.entries(KINDS).flatMap(([type, kind]) =>
    partsOf(template, type).map(({ id }): Place => ({ id: plainName(id), label: plainName(id), kind })),
  );
  return [
    ...OUTSIDE,
    ...stored.filter(
      ({ id }) => !STORAGE_KEYS.has(id) && !id.endsWith("DeadLetters") && !id.endsWith("AccessLogs"),
    ),
    ...functions.map(
      ({ id, name, plane }): Place => ({
        id: plainName(id),
        label: name,
        kind: "function",
        plane,
      }),
    ),
  ].toSorted((one, other) => compare(one.id, other.id));
}

/** What each function's role lets it do with places. */
function roleFlows(system: System): readonly Flow[] {
  return system.functions.flatMap(({ id, name, rights }) => {
    const from = plainName(id);
    const because = `role of ${name}`;
    const flow = (to: string, how: Flow["how"], detail = ""): Flow => ({ from, to, how, detail, because });
    const grants = grantsOf(rights);
    const may = (patterns: readonly string[], target?: string) =>
      grants.some(
        (grant) =>
          patterns.some((pattern) => overlaps(grant.action, pattern)) &&
          (target === undefined || grant.target === "*" || targetOf(grant.target) === target),
      );
    const stores = partsOf(system.template, "AWS::DynamoDB::Table", "AWS::S3::Bucket").flatMap((store) => {
      const reads = may(READS, store.id);
      const writes = may(WRITES, store.id);
      if (!reads && !writes) return [];
      const both = reads && writes ? "reads and writes" : undefined;
      return [flow(plainName(store.id), both ?? (reads ? "reads" : "writes"))];
    });
    const keys = partsOf(system.template, "AWS::KMS::Key").flatMap((key) => {
      const verbs = KEY_VERBS.filter(([action]) => may([action], key.id)).map(([, verb]) => verb);
      return verbs.length === 0 ? [] : [flow(plainName(key.id), "uses", verbs.join(", "))];
    });
    const queues = partsOf(system.template, "AWS::SQS::Queue")
      .filter((queue) => may(["sqs:SendMessage"], queue.id))
      .map((queue) => flow(plainName(queue.id), "sends"));
    return [
      ...stores,
      ...keys,
      ...queues,
      ...(may(["sms-voice:Send*"]) ? [flow("sms", "sends", "alert-only texts")] : []),
      ...(may(OPT_OUT_LIST) ? [flow("sms", "reads and writes", "list of numbers that stopped")] : []),
      ...(may(["ses:Send*"]) ? [flow("ses", "sends", "alert-only e-mails")] : []),
      ...(may(["bedrock:Invoke*"]) ? [flow("bedrock", "sends", "words to classify")] : []),
      ...(may(["dynamodb:ExportTableToPointInTime"]) ? [flow("exports", "starts")] : []),
    ];
  });
}

/** Who calls the APIs, and which function answers. */
function apiFlows({ template, functions }: System): readonly Flow[] {
  const methods = resourcesOf(template, "AWS::ApiGateway::Method").filter(
    ({ properties }) => at(properties, "HttpMethod") !== "OPTIONS",
  );
  return resourcesOf(template, "AWS::ApiGateway::RestApi").flatMap(({ id }) => {
    const own = methods.filter(({ properties }) => referenced(properties["RestApiId"]) === id);
    const guards = resourcesOf(template, "AWS::ApiGateway::Authorizer").filter(
      ({ properties }) => referenced(properties["RestApiId"]) === id,
    );
    const api = plainName(id);
    const caller = guards.length === 0 ? "browser" : "staff";
    return [
      { from: caller, to: api, how: "calls", detail: "HTTPS", because: `routes of ${api}` } as const,
      ...functions.flatMap((one): readonly Flow[] => {
        const routes = own.filter(({ properties }) => mentions(at(properties, "Integration"), one.id)).length;
        const answers: Flow = {
          from: api,
          to: plainName(one.id),
          how: "calls",
          detail: routes === 1 ? "1 route" : `${routes} routes`,
          because: `routes of ${api}`,
        };
        const asked: Flow = { ...answers, detail: "every call", because: `authorizer of ${api}` };
        const isGuard = guards.some(({ properties }) => mentions(properties["AuthorizerUri"], one.id));
        return [...(routes > 0 ? [answers] : []), ...(isGuard ? [asked] : [])];
      }),
      ...(guards.length === 0
        ? []
        : [{ from: "staff", to: "cognito", how: "calls", detail: "sign-in", because: "user pool" } as const]),
    ];
  });
}

/** Who reaches a bucket by what functions sign: where it takes uploads, staff and systems; browsers only where it lets them. */
function callersOf(bucket: Readonly<Record<string, unknown>>): readonly string[] {
  const takesUploads = listOf(at(bucket, "NotificationConfiguration", "QueueConfigurations")).length > 0;
  if (at(bucket, "CorsConfiguration") !== undefined) return ["browser", "staff"];
  return takesUploads ? ["staff"] : [];
}

/** What topics, queues, rules and mappings pass on. */
function eventFlows({ template }: System): readonly Flow[] {
  const flow = (
    from: string | undefined,
    to: string | undefined,
    how: Flow["how"],
    because: string,
    detail = "",
  ): readonly Flow[] =>
    from === undefined || to === undefined
      ? []
      : [{ from: plainName(from), to: plainName(to), how, detail, because }];
  return [
    ...resourcesOf(template, "AWS::Lambda::EventSourceMapping").flatMap(({ properties }) =>
      flow(
        targetOf(properties["EventSourceArn"]),
        targetOf(properties["FunctionName"]),
        "delivers",
        "event source",
      ),
    ),
    ...resourcesOf(template, "AWS::S3::Bucket").flatMap(({ id, properties }) => [
      ...listOf(at(properties, "NotificationConfiguration", "QueueConfigurations")).flatMap((told) =>
        flow(id, targetOf(at(told, "Queue")), "delivers", "notification of the bucket", "ids of uploads"),
      ),
      ...callersOf(properties).flatMap((who) =>
        flow(who, id, "calls", "addresses and forms that functions sign", "for minutes"),
      ),
    ]),
    ...resourcesOf(template, "AWS::SNS::Subscription").flatMap(({ properties }) =>
      flow(targetOf(properties["TopicArn"]), targetOf(properties["Endpoint"]), "delivers", "subscription"),
    ),
    ...resourcesOf(template, "AWS::Events::Rule").flatMap(({ properties }) =>
      listOf(properties["Targets"]).flatMap((target) => {
        const schedule = properties["ScheduleExpression"];
        const source = listOf(at(properties["EventPattern"], "source")).includes("aws.sms-voice");
        const to = targetOf(at(target, "Arn"));
        if (typeof schedule === "string") return flow("clock", to, "starts", "schedule", schedule);
        return source ? flow("sms", to, "delivers", "event rule", "delivery reports") : [];
      }),
    ),
    ...resourcesOf(template, "AWS::SNS::TopicPolicy").flatMap(({ properties }) =>
      statementsOf(properties["PolicyDocument"]).flatMap((statement) => {
        if (statement["Effect"] !== "Allow") return [];
        const to = targetOf(listOf(statement["Resource"])[0]);
        const service = at(statement["Principal"], "Service");
        if (service === "sms-voice.amazonaws.com") return flow("sms", to, "delivers", "topic policy");
        return service === "ses.amazonaws.com" ? flow("ses", to, "delivers", "topic policy") : [];
      }),
    ),
    ...flow("sms", "phone", "delivers", "what the service is for", "texts"),
    ...flow("phone", "sms", "delivers", "what the service is for", "answers"),
    ...(resourcesOf(template, "AWS::SES::ConfigurationSet").length > 0
      ? flow("ses", "mailbox", "delivers", "what the service is for", "e-mails")
      : []),
  ];
}

/** What AWS itself records and copies: the trail, and exports. */
function recordFlows({ template, roles }: System): readonly Flow[] {
  const tables = partsOf(template, "AWS::DynamoDB::Table");
  const exported = tables.filter(({ id }) =>
    roles.some(({ allowed }) =>
      allowed.some(
        ({ actions, resources }) =>
          actions.some((action) => overlaps(action, "dynamodb:ExportTableToPointInTime")) &&
          resources.some((resource) => resource === "*" || targetOf(resource) === id),
      ),
    ),
  );
  const trails = partsOf(template, "AWS::CloudTrail::Trail");
  return [
    ...trails.flatMap(({ properties }) =>
      tables
        .filter(({ id }) => mentions(at(properties, "AdvancedEventSelectors"), id))
        .map(
          ({ id }): Flow => ({
            from: plainName(id),
            to: "trail",
            how: "delivers",
            detail: "every access, keys only",
            because: "event selectors of the trail",
          }),
        ),
    ),
    ...trails.flatMap(({ properties }): readonly Flow[] => {
      const bucket = referenced(at(properties, "S3BucketName"));
      return bucket === undefined
        ? []
        : [
            {
              from: "trail",
              to: plainName(bucket),
              how: "writes",
              detail: "",
              because: "bucket of the trail",
            },
          ];
    }),
    ...exported.map(
      ({ id }): Flow => ({
        from: plainName(id),
        to: "exports",
        how: "reads",
        detail: "point in time",
        because: "role that may export",
      }),
    ),
    ...(exported.length === 0
      ? []
      : partsOf(template, "AWS::S3::Bucket")
          .map(({ id }) => plainName(id))
          .filter((name) => name.startsWith("Exports"))
          .map(
            (to): Flow => ({
              from: "exports",
              to,
              how: "writes",
              detail: "",
              because: "role that may export",
            }),
          )),
  ];
}
