import {
  at,
  type Check,
  type Finding,
  isRecord,
  listOf,
  mentions,
  referenced,
  resourcesOf,
  type Template,
  type Value,
} from "./template.ts";

/** The only things about a portal request that may be logged. */
const LOGGABLE = new Set([
  "$context.requestId",
  "$context.resourcePath",
  "$context.httpMethod",
  "$context.status",
  "$context.responseLatency",
]);

const REDACTED_HEADERS = ["authorization", "cookie"];

/** A link's token stands in the portal's path, so nothing that would keep a path, a header or a body may be on. */
export const checkPortalLogging: Check = (template) => {
  const portals = resourcesOf(template, "AWS::ApiGateway::RestApi").filter(({ id }) =>
    id.startsWith("PortalApi"),
  );
  return [
    ...resourcesOf(template, "AWS::ApiGateway::Stage").flatMap(({ id, properties }) =>
      checkDataTrace(id, properties),
    ),
    ...portals.flatMap((portal) => [
      ...checkStages(template, portal.id),
      ...checkTracing(template, portal.id),
    ]),
    ...resourcesOf(template, "AWS::WAFv2::WebACL").flatMap(({ id, properties }) =>
      checkFirewall(template, id, properties),
    ),
  ];
};

function breach(resource: string, message: string): Finding {
  return { rule: "PortalLogsNoToken", resource, message };
}

function checkDataTrace(id: string, stage: Value): readonly Finding[] {
  const traced = listOf(at(stage, "MethodSettings")).some(
    (settings) => at(settings, "DataTraceEnabled") === true,
  );
  return traced ? [breach(id, "logs whole requests")] : [];
}

function checkStages(template: Template, portal: string): readonly Finding[] {
  const stages = resourcesOf(template, "AWS::ApiGateway::Stage").filter(({ properties }) =>
    mentions(properties["RestApiId"], portal),
  );
  return stages.flatMap(({ id, properties }) => {
    const format = at(properties, "AccessLogSetting", "Format");
    const variables =
      typeof format === "string" ? (format.match(/\$[\w.]+/g) ?? []) : ["a format that is not plain text"];
    const levels = listOf(properties["MethodSettings"]).map((settings) => at(settings, "LoggingLevel"));
    const guarded = resourcesOf(template, "AWS::WAFv2::WebACLAssociation").some((association) =>
      mentions(association.properties["ResourceArn"], id),
    );
    return [
      ...(properties["TracingEnabled"] === true ? [breach(id, "traces requests")] : []),
      ...(levels.every((level) => level === "OFF") ? [] : [breach(id, "writes execution logs")]),
      ...(format === undefined ? [breach(id, "has no access log")] : []),
      ...variables
        .filter((variable) => !LOGGABLE.has(variable))
        .map((variable) => breach(id, `logs ${variable}`)),
      ...(guarded ? [] : [breach(id, "stands behind no firewall")]),
    ];
  });
}

function checkTracing(template: Template, portal: string): readonly Finding[] {
  const uris = resourcesOf(template, "AWS::ApiGateway::Method")
    .filter(({ properties }) => mentions(properties["RestApiId"], portal))
    .map(({ properties }) => at(properties, "Integration", "Uri"));
  return resourcesOf(template, "AWS::Lambda::Function")
    .filter(({ id }) => uris.some((uri) => mentions(uri, id)))
    .filter(({ properties }) => at(properties, "TracingConfig", "Mode") === "Active")
    .map(({ id }) => breach(id, "traces requests of the portal"));
}

function checkFirewall(template: Template, id: string, acl: Value): readonly Finding[] {
  const visibilities = [acl, ...listOf(at(acl, "Rules"))].map((part) => at(part, "VisibilityConfig"));
  const sampled = visibilities.some((visibility) => at(visibility, "SampledRequestsEnabled") !== false);
  const logging = resourcesOf(template, "AWS::WAFv2::LoggingConfiguration").filter(
    ({ properties }) => referenced(properties["ResourceArn"]) === id,
  );
  return [
    ...(sampled ? [breach(id, "keeps samples of requests")] : []),
    ...logging.flatMap((configuration) => {
      const fields = listOf(configuration.properties["RedactedFields"]).filter(isRecord);
      const headers = fields.map((field) => at(field, "SingleHeader", "Name"));
      return [
        ...["UriPath", "QueryString"].filter((name) => !fields.some((field) => name in field)),
        ...REDACTED_HEADERS.filter((name) => !headers.includes(name)),
      ].map((name) => breach(configuration.id, `does not redact ${name}`));
    }),
  ];
}
