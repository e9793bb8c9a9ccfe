import { ResponseType } from "aws-cdk-lib/aws-apigateway";
import { describe, expect, test } from "vitest";
import { at, listOf, mentions, referenced, resourcesOf } from "#infra/checks/template.ts";
import { PORTAL_ROUTES } from "#infra/constructs/portal-api.ts";
import { PUBLIC_ROUTES } from "#infra/constructs/staff-api.ts";
import { synthesized, withDomain } from "./synthesized.ts";

const template = synthesized();
const apis = resourcesOf(template, "AWS::ApiGateway::RestApi").map(({ id }) => id);
const staffApi = apis.find((id) => id.startsWith("StaffApi")) ?? "";
const portalApi = apis.find((id) => id.startsWith("PortalApi")) ?? "";

function pathOf(resource: string): string {
  const properties = template.Resources[resource]?.Properties;
  const part = at(properties, "PathPart");
  if (typeof part !== "string") return "";
  return `${pathOf(referenced(at(properties, "ParentId")) ?? "")}/${part}`;
}

function outputsOf(of: unknown) {
  return (of as { readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>> }).Outputs;
}

const methods = resourcesOf(template, "AWS::ApiGateway::Method").map(({ properties }) => ({
  api: referenced(properties["RestApiId"]),
  route: `${properties["HttpMethod"]} ${pathOf(referenced(properties["ResourceId"]) ?? "")}`,
  properties,
}));

test("every route asks the authorizer, but the listed public ones", () => {
  const open = methods.filter(({ properties }) => properties["AuthorizationType"] !== "CUSTOM");
  const listed = [...PUBLIC_ROUTES, ...PORTAL_ROUTES].flatMap(([path, verbs]) =>
    verbs.map((verb) => `${verb} ${path}`),
  );
  expect(open.map(({ route }) => route).sort()).toEqual(listed.sort());
  const [authorizer] = resourcesOf(template, "AWS::ApiGateway::Authorizer");
  for (const { properties } of methods.filter((method) => !open.includes(method))) {
    expect(referenced(properties["AuthorizerId"])).toBe(authorizer?.id);
  }
});

test("the authorizer is asked on every call", () => {
  const [authorizer] = resourcesOf(template, "AWS::ApiGateway::Authorizer");
  expect(authorizer?.properties).toMatchObject({
    Type: "TOKEN",
    AuthorizerResultTtlInSeconds: 0,
    IdentitySource: "method.request.header.Authorization",
  });
});

test("the staff API has the routes of its contract, under /v1, and the portal its own, under /m", () => {
  const stages = resourcesOf(template, "AWS::ApiGateway::Stage").map(({ properties }) => [
    referenced(properties["RestApiId"]),
    properties["StageName"],
  ]);
  expect(Object.fromEntries(stages)).toEqual({ [staffApi]: "v1", [portalApi]: "m" });
  const routes = (api: string) => methods.filter((method) => method.api === api).map(({ route }) => route);
  expect(routes(portalApi).sort()).toEqual([
    "GET /real",
    "GET /{token}",
    "GET /{token}/attachments",
    "GET /{token}/attachments/{attachmentId}",
    "GET /{token}/preferences",
    "GET /{token}/thread",
    "GET /{token}/unsubscribe",
    "GET /{token}/version",
    "HEAD /{token}",
    "POST /{token}",
    "POST /{token}/attachments",
    "POST /{token}/attachments/{attachmentId}/removal",
    "POST /{token}/lock",
    "POST /{token}/new-link",
    "POST /{token}/preferences",
    "POST /{token}/replies",
    "POST /{token}/unsubscribe",
    "POST /{token}/wrong-person",
  ]);
  expect(routes(staffApi)).toEqual(
    expect.arrayContaining([
      "POST /messages",
      "POST /messages/preview",
      "GET /patients/{id}/messages",
      "PATCH /threads/{id}",
      "GET /appointments",
      "PUT /appointments/{externalId}",
      "POST /imports",
      "GET /imports/{id}",
    ]),
  );
});

describe.each(apis)("%s", (api) => {
  const responses = resourcesOf(template, "AWS::ApiGateway::GatewayResponse").filter(
    ({ properties }) => referenced(properties["RestApiId"]) === api,
  );

  test("answers every type of gateway response with a problem document that echoes nothing", () => {
    const all = Object.values(ResponseType)
      .filter((value): value is ResponseType => value instanceof ResponseType)
      .map(({ responseType }) => responseType);
    expect(responses.map(({ properties }) => String(properties["ResponseType"])).sort()).toEqual(all.sort());
    for (const { properties } of responses) {
      const text = String(at(properties, "ResponseTemplates", "application/json"));
      const variables = text.match(/\$[\w.]+/g) ?? [];
      expect(JSON.parse(text)).toMatchObject({
        type: "about:blank",
        status: Number(properties["StatusCode"]),
      });
      expect(
        variables.filter((name) => !["$context.requestId", "$context.authorizer.code"].includes(name)),
      ).toEqual([]);
    }
  });

  test("answers 404 where there is no such path, with or without an Authorization header", () => {
    for (const type of ["INVALID_SIGNATURE", "MISSING_AUTHENTICATION_TOKEN", "RESOURCE_NOT_FOUND"]) {
      const response = responses.find(({ properties }) => properties["ResponseType"] === type);
      const document = JSON.parse(
        String(at(response?.properties, "ResponseTemplates", "application/json")),
      ) as object;
      expect(response?.properties["StatusCode"]).toBe("404");
      expect(document).toMatchObject({ status: 404, code: "not_found" });
    }
    expect(methods.filter(({ properties }) => properties["AuthorizationType"] === "AWS_IAM")).toEqual([]);
  });

  test("throttles, logs accesses, stands behind the firewall", () => {
    const stage = resourcesOf(template, "AWS::ApiGateway::Stage").find(
      ({ properties }) => referenced(properties["RestApiId"]) === api,
    );
    const [settings] = listOf(stage?.properties["MethodSettings"]);
    expect(settings).toMatchObject({ HttpMethod: "*", DataTraceEnabled: false });
    expect(at(settings, "ThrottlingRateLimit")).toBeGreaterThan(0);
    expect(at(settings, "CachingEnabled")).toBeUndefined();
    expect(at(stage?.properties, "AccessLogSetting", "DestinationArn")).toBeDefined();
    const guards = resourcesOf(template, "AWS::WAFv2::WebACLAssociation").filter(({ properties }) =>
      mentions(properties["ResourceArn"], stage?.id ?? ""),
    );
    expect(guards).toHaveLength(1);
  });
});

test("the portal's log holds five things about a request, and no address", () => {
  const stage = resourcesOf(template, "AWS::ApiGateway::Stage").find(
    ({ properties }) => properties["StageName"] === "m",
  );
  const format = JSON.parse(String(at(stage?.properties, "AccessLogSetting", "Format")));
  expect(Object.keys(format).sort()).toEqual([
    "httpMethod",
    "requestId",
    "resourcePath",
    "responseLatency",
    "status",
  ]);
});

test("firewalls refuse floods and large bodies", () => {
  const acls = resourcesOf(template, "AWS::WAFv2::WebACL");
  expect(acls).toHaveLength(2);
  for (const { properties } of acls) {
    const [rate, size] = listOf(properties["Rules"]);
    expect(at(rate, "Action", "Block", "CustomResponse")).toMatchObject({
      ResponseCode: 429,
      ResponseHeaders: expect.arrayContaining([{ Name: "Retry-After", Value: "60" }]),
    });
    expect(at(size, "Statement", "SizeConstraintStatement")).toMatchObject({
      ComparisonOperator: "GT",
      Size: 65_536,
      FieldToMatch: { Body: { OversizeHandling: "MATCH" } },
    });
    // A plain block: the APIs answer it with WAF_FILTERED.
    expect(at(size, "Action", "Block")).toEqual({});
    expect(at(properties, "AssociationConfig", "RequestBody", "API_GATEWAY")).toEqual({
      DefaultSizeInspectionLimit: "KB_64",
    });
  }
  for (const { properties } of resourcesOf(template, "AWS::ApiGateway::GatewayResponse")) {
    if (properties["ResponseType"] === "WAF_FILTERED") expect(properties["StatusCode"]).toBe("413");
  }
  const logs = resourcesOf(template, "AWS::Logs::LogGroup").map(({ properties }) =>
    String(properties["LogGroupName"]),
  );
  expect(logs.filter((name) => name.startsWith("aws-waf-logs-"))).toHaveLength(2);
});

test("with a domain, the portal is served there and nowhere else", () => {
  const own = synthesized(withDomain("a.example", "Office"));
  const portal = resourcesOf(own, "AWS::ApiGateway::RestApi").find(({ id }) => id.startsWith("PortalApi"));
  expect(portal?.properties["DisableExecuteApiEndpoint"]).toBe(true);
  const [mapping] = resourcesOf(own, "AWS::ApiGateway::BasePathMapping");
  expect(mapping?.properties["BasePath"]).toBe("m");
  const [domain] = resourcesOf(own, "AWS::ApiGateway::DomainName");
  expect(outputsOf(own)["PortalAliasTarget"]?.Value).toEqual({
    "Fn::GetAtt": [domain?.id, "RegionalDomainName"],
  });
  expect(outputsOf(template)).not.toHaveProperty("PortalAliasTarget");
});
