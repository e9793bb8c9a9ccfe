import { Duration } from "aws-cdk-lib";
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  TokenAuthorizer,
} from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import type { ApiGatewayLogging } from "./api-gateway-logging.ts";
import { callsTo } from "./api-integration.ts";
import { EncryptedLogGroup, type LogSettings } from "./encrypted-log-group.ts";
import { answerWithProblems } from "./gateway-responses.ts";
import type { ServiceFunction } from "./service-function.ts";

type AnyFunction = ServiceFunction<unknown>;

/** The functions behind the staff API, by the name of their folder. */
export interface StaffApiFunctions {
  readonly authorize: AnyFunction;
  readonly "service-info": AnyFunction;
  readonly patients: AnyFunction;
  readonly consents: AnyFunction;
  readonly classifications: AnyFunction;
  readonly messages: AnyFunction;
  readonly threads: AnyFunction;
  readonly attachments: AnyFunction;
  readonly tasks: AnyFunction;
  readonly appointments: AnyFunction;
  readonly practice: AnyFunction;
  readonly "export-audit": AnyFunction;
  readonly audit: AnyFunction;
}

type Route = readonly [
  path: string,
  methods: readonly string[],
  functionName: Exclude<keyof StaffApiFunctions, "authorize">,
];

/** Open to anyone: whether the service lives, and its own description. */
export const PUBLIC_ROUTES: readonly Route[] = [
  ["/health", ["GET"], "service-info"],
  ["/openapi.json", ["GET"], "service-info"],
];

const ROUTES: readonly Route[] = [
  ["/patients", ["POST"], "patients"],
  ["/patients/lookup", ["POST"], "patients"],
  ["/patients/{id}", ["GET", "PATCH"], "patients"],
  ["/patients/{id}/pin", ["DELETE"], "patients"],
  ["/patients/{id}/consents", ["GET", "POST"], "consents"],
  ["/patients/{id}/consent-requests", ["POST"], "consents"],
  ["/patients/{id}/opt-outs", ["POST"], "consents"],
  ["/patients/{id}/preferences", ["GET", "PUT"], "consents"],
  ["/patients/{id}/messages", ["GET"], "messages"],
  ["/classifications", ["POST"], "classifications"],
  ["/messages", ["POST"], "messages"],
  ["/messages/preview", ["POST"], "messages"],
  ["/messages/{id}", ["GET"], "messages"],
  ["/messages/{id}/revocation", ["POST"], "messages"],
  ["/messages/{id}/alerts", ["POST"], "messages"],
  ["/link-revocations", ["POST"], "messages"],
  ["/threads", ["GET"], "threads"],
  ["/threads/{id}", ["GET", "PATCH"], "threads"],
  ["/threads/{id}/notes", ["POST"], "threads"],
  ["/attachments", ["POST"], "attachments"],
  ["/attachments/{id}", ["GET"], "threads"],
  ["/imports", ["POST"], "appointments"],
  ["/imports/{id}", ["GET"], "appointments"],
  ["/tasks", ["GET"], "tasks"],
  ["/tasks/{id}/completion", ["POST"], "tasks"],
  ["/appointments", ["GET"], "appointments"],
  ["/appointments/{externalId}", ["GET", "PUT", "DELETE"], "appointments"],
  ["/practice", ["GET", "PUT"], "practice"],
  ["/practice/switches", ["PUT"], "practice"],
  ["/vendors/{id}", ["GET", "PUT"], "practice"],
  ["/templates", ["GET", "POST"], "practice"],
  ["/templates/{id}", ["GET", "DELETE"], "practice"],
  ["/templates/{id}/approval", ["POST"], "practice"],
  ["/approvals", ["GET", "POST"], "practice"],
  ["/approvals/{id}/decision", ["POST"], "practice"],
  ["/vocabulary", ["GET"], "practice"],
  ["/audit/exports", ["POST"], "export-audit"],
  ["/audit", ["GET"], "audit"],
  ["/audit/access-reviews/{month}/sign-off", ["POST"], "audit"],
  ["/patients/{id}/disclosures", ["GET"], "audit"],
  ["/patients/{id}/accesses", ["GET"], "audit"],
];

const STAGE = "v1";
const REQUESTS_PER_SECOND = 50;
const REQUESTS_BURST = 100;

/** Where the staff API logs. */
export interface StaffApiProps {
  readonly logs: LogSettings;
  readonly logging: ApiGatewayLogging;
  readonly functions: StaffApiFunctions;
}

/** The API of staff and machines. Every route but the public ones asks the authorizer, on every call. */
export class StaffApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, { logs, logging, functions }: StaffApiProps) {
    super(scope, id);
    const accessLogs = new EncryptedLogGroup(this, "AccessLogs", logs);
    const api = new RestApi(this, "Resource", {
      restApiName: "foundphone-staff",
      description: "Foundphone: staff API",
      endpointTypes: [EndpointType.REGIONAL],
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: REQUESTS_PER_SECOND,
        throttlingBurstLimit: REQUESTS_BURST,
        tracingEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLogs.logGroup),
        accessLogFormat: AccessLogFormat.custom(
          JSON.stringify({
            requestTime: "$context.requestTime",
            requestId: "$context.requestId",
            sourceIp: "$context.identity.sourceIp",
            principal: "$context.authorizer.principalId",
            httpMethod: "$context.httpMethod",
            resourcePath: "$context.resourcePath",
            status: "$context.status",
            responseLatency: "$context.responseLatency",
          }),
        ),
      },
    });
    this.api = api;
    answerWithProblems(api);
    // API Gateway would create this group itself, without key or retention.
    const executionLogs = new EncryptedLogGroup(this, "ExecutionLogs", {
      ...logs,
      name: `API-Gateway-Execution-Logs_${api.restApiId}/${STAGE}`,
    });
    api.deploymentStage.node.addDependency(logging, executionLogs);

    const authorizer = new TokenAuthorizer(this, "Authorizer", {
      handler: functions.authorize.function,
      resultsCacheTtl: Duration.seconds(0),
    });
    const connect = (routes: readonly Route[], security: object) => {
      for (const [path, methods, name] of routes) {
        const resource = api.root.resourceForPath(path);
        for (const method of methods) {
          resource.addMethod(method, callsTo(functions[name], api, STAGE), security);
        }
      }
    };
    connect(PUBLIC_ROUTES, { authorizationType: AuthorizationType.NONE });
    connect(ROUTES, { authorizationType: AuthorizationType.CUSTOM, authorizer });
  }
}
