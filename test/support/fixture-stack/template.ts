import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that stands for a synthesized one: its asset manifest names the small functions beside it. */
export const FIXTURE_TEMPLATE_PATH = fileURLToPath(new URL("./Fixture.template.json", import.meta.url));

const problem = (
  type: string,
  status: number,
  code: string,
  more: Readonly<Record<string, string>> = {},
) => ({
  Type: "AWS::ApiGateway::GatewayResponse",
  Properties: {
    RestApiId: { Ref: "Api" },
    ResponseType: type,
    StatusCode: String(status),
    ResponseParameters: { "gatewayresponse.header.Cache-Control": "'no-store'", ...more },
    ResponseTemplates: {
      "application/problem+json": `{"status":${String(status)},"code":"${code}","traceId":"$context.requestId"}`,
    },
  },
});

const functionOf = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { S3Bucket: "assets", S3Key: `${name}.zip` },
    Description: `functions/${name}/index.ts`,
    Role: { "Fn::GetAtt": ["Role", "Arn"] },
    MemorySize: 128,
    Timeout: 2,
    Environment: {
      Variables: {
        GREETING: "hello",
        BASE: { "Fn::Join": ["", ["https://", { Ref: "Api" }, ".execute-api.us-east-1.amazonaws.com/t"]] },
      },
    },
    ...more,
  },
});

const invocationUri = (logicalId: string) => ({
  "Fn::Join": [
    "",
    [
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/",
      { "Fn::GetAtt": [logicalId, "Arn"] },
      "/invocations",
    ],
  ],
});

const method = (resource: unknown, httpMethod: string, isOpen = false) => ({
  Type: "AWS::ApiGateway::Method",
  Properties: {
    RestApiId: { Ref: "Api" },
    ResourceId: resource,
    HttpMethod: httpMethod,
    ...(isOpen
      ? { AuthorizationType: "NONE" }
      : { AuthorizationType: "CUSTOM", AuthorizerId: { Ref: "Authorizer" } }),
    Integration: { Type: "AWS_PROXY", IntegrationHttpMethod: "POST", Uri: invocationUri("Echo") },
  },
});

const resource = (parent: unknown, part: string) => ({
  Type: "AWS::ApiGateway::Resource",
  Properties: { RestApiId: { Ref: "Api" }, ParentId: parent, PathPart: part },
});

/** A small template with one API, an authorizer, a firewall, a queue and a schedule. */
export const FIXTURE_TEMPLATE = {
  Resources: {
    Role: { Type: "AWS::IAM::Role", Properties: {} },
    RolePolicy: {
      Type: "AWS::IAM::Policy",
      Properties: {
        PolicyName: "role",
        Roles: [{ Ref: "Role" }],
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
              Resource: { "Fn::GetAtt": ["Work", "Arn"] },
            },
          ],
        },
      },
    },
    Pool: { Type: "AWS::Cognito::UserPool", Properties: { MfaConfiguration: "ON" } },
    PoolClient: {
      Type: "AWS::Cognito::UserPoolClient",
      Properties: { UserPoolId: { Ref: "Pool" }, ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] },
    },
    MachineClient: {
      Type: "AWS::Cognito::UserPoolClient",
      Properties: {
        UserPoolId: { Ref: "Pool" },
        GenerateSecret: true,
        AllowedOAuthFlows: ["client_credentials"],
      },
    },
    ...Object.fromEntries(
      ["frontdesk", "clinician", "compliance", "admin", "auditor"].map((group) => [
        `Group${group}`,
        {
          Type: "AWS::Cognito::UserPoolGroup",
          Properties: { UserPoolId: { Ref: "Pool" }, GroupName: group },
        },
      ]),
    ),
    Echo: functionOf("echo"),
    Authorize: functionOf("authorize"),
    Api: {
      Type: "AWS::ApiGateway::RestApi",
      Properties: { Name: "fixture", BinaryMediaTypes: ["image/png"] },
    },
    Stage: {
      Type: "AWS::ApiGateway::Stage",
      Properties: {
        RestApiId: { Ref: "Api" },
        StageName: "t",
        AccessLogSetting: {
          Format:
            '{"id":"$context.requestId","path":"$context.resourcePath","who":"$context.authorizer.principalId","status":"$context.status"}',
        },
      },
    },
    Authorizer: {
      Type: "AWS::ApiGateway::Authorizer",
      Properties: {
        RestApiId: { Ref: "Api" },
        Type: "TOKEN",
        IdentitySource: "method.request.header.Authorization",
        AuthorizerResultTtlInSeconds: 0,
        AuthorizerUri: invocationUri("Authorize"),
      },
    },
    Open: resource({ "Fn::GetAtt": ["Api", "RootResourceId"] }, "open"),
    OpenBehaviour: resource({ Ref: "Open" }, "{behaviour}"),
    OpenFixed: resource({ Ref: "Open" }, "fixed"),
    Closed: resource({ "Fn::GetAtt": ["Api", "RootResourceId"] }, "closed"),
    ClosedItem: resource({ Ref: "Closed" }, "{id}"),
    GetOpenBehaviour: method({ Ref: "OpenBehaviour" }, "GET", true),
    PostOpenBehaviour: method({ Ref: "OpenBehaviour" }, "POST", true),
    GetOpenFixed: method({ Ref: "OpenFixed" }, "GET", true),
    GetClosedItem: method({ Ref: "ClosedItem" }, "GET"),
    AccessDenied: problem("ACCESS_DENIED", 401, "$context.authorizer.code"),
    Unauthorized: problem("UNAUTHORIZED", 401, "unauthenticated"),
    Missing: problem("MISSING_AUTHENTICATION_TOKEN", 404, "not_found"),
    TooLarge: problem("REQUEST_TOO_LARGE", 413, "payload_too_large"),
    Failure: problem("INTEGRATION_FAILURE", 500, "internal"),
    AuthorizerBroken: problem("AUTHORIZER_CONFIGURATION_ERROR", 500, "authorizer"),
    Throttled: problem("THROTTLED", 429, "rate_limited", { "gatewayresponse.header.Retry-After": "'30'" }),
    Filtered: problem("WAF_FILTERED", 403, "forbidden"),
    Default4xx: problem("DEFAULT_4XX", 400, "invalid_request"),
    Firewall: {
      Type: "AWS::WAFv2::WebACL",
      Properties: {
        Name: "fixture",
        DefaultAction: { Allow: {} },
        AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: "KB_64" } } },
        CustomResponseBodies: {
          large: { ContentType: "APPLICATION_JSON", Content: '{"code":"payload_too_large"}' },
        },
        Rules: [
          {
            Name: "size",
            Priority: 1,
            Statement: {
              SizeConstraintStatement: {
                FieldToMatch: { Body: { OversizeHandling: "MATCH" } },
                ComparisonOperator: "GT",
                Size: 65_536,
              },
            },
            Action: { Block: { CustomResponse: { ResponseCode: 413, CustomResponseBodyKey: "large" } } },
          },
          {
            Name: "rate",
            Priority: 0,
            Statement: {
              RateBasedStatement: { AggregateKeyType: "IP", Limit: 200, EvaluationWindowSec: 60 },
            },
            Action: { Block: {} },
          },
        ],
      },
    },
    FirewallAssociation: {
      Type: "AWS::WAFv2::WebACLAssociation",
      Properties: {
        WebACLArn: { "Fn::GetAtt": ["Firewall", "Arn"] },
        ResourceArn: {
          "Fn::Join": [
            "",
            ["arn:aws:apigateway:us-east-1::/restapis/", { Ref: "Api" }, "/stages/", { Ref: "Stage" }],
          ],
        },
      },
    },
    Work: { Type: "AWS::SQS::Queue", Properties: {} },
    WorkSource: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: { "Fn::GetAtt": ["Work", "Arn"] },
        FunctionName: { Ref: "Echo" },
        BatchSize: 10,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
    EveryMinute: {
      Type: "AWS::Events::Rule",
      Properties: {
        ScheduleExpression: "rate(1 minute)",
        State: "ENABLED",
        Targets: [{ Id: "Target0", Arn: { "Fn::GetAtt": ["Echo", "Arn"] } }],
      },
    },
  },
};

/** Writes the fixture as a synthesis would, with `more` resources or in their place; gives the path of the template. */
export function writeFixture(more: Readonly<Record<string, unknown>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "fixture-stack-"));
  const functions = fileURLToPath(new URL("./functions/", import.meta.url));
  const files = Object.fromEntries(
    ["echo", "authorize"].map((name) => [name, { source: { path: join(functions, name) } }]),
  );
  writeFileSync(join(folder, "Fixture.assets.json"), JSON.stringify({ files }));
  const path = join(folder, "Fixture.template.json");
  writeFileSync(path, JSON.stringify({ Resources: { ...FIXTURE_TEMPLATE.Resources, ...more } }));
  return path;
}
