import { Stack } from "aws-cdk-lib";
import {
  AccessLogFormat,
  AuthorizationType,
  DomainName,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigateway";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { Construct } from "constructs";
import type { ApiGatewayLogging } from "./api-gateway-logging.ts";
import { callsTo } from "./api-integration.ts";
import { EncryptedLogGroup, type LogSettings } from "./encrypted-log-group.ts";
import { answerWithPages } from "./gateway-responses.ts";
import type { PageOwner } from "./portal-error-pages.ts";
import type { ServiceFunction } from "./service-function.ts";

const STAGE = "m";
const REQUESTS_PER_SECOND = 50;
const REQUESTS_BURST = 100;

/** The portal's routes: public, since a link and a proof are all a patient has. */
export const PORTAL_ROUTES: readonly (readonly [path: string, methods: readonly string[]])[] = [
  ["/{token}", ["GET", "HEAD", "POST"]],
  ["/{token}/thread", ["GET"]],
  ["/{token}/version", ["GET"]],
  ["/{token}/replies", ["POST"]],
  ["/{token}/attachments", ["GET", "POST"]],
  ["/{token}/attachments/{attachmentId}", ["GET"]],
  ["/{token}/attachments/{attachmentId}/removal", ["POST"]],
  ["/{token}/lock", ["POST"]],
  ["/{token}/new-link", ["POST"]],
  ["/{token}/preferences", ["GET", "POST"]],
  ["/{token}/wrong-person", ["POST"]],
  ["/real", ["GET"]],
  ["/{token}/unsubscribe", ["GET", "POST"]],
];

/** Where the portal logs, whose it is, and its own host where there is one. */
export interface PortalApiProps {
  readonly owner: PageOwner;
  readonly logs: LogSettings;
  readonly logging: ApiGatewayLogging;
  readonly domain?: { readonly host: string; readonly certificateArn: string };
}

/** The patients' pages. Neither traces nor execution logs: both would hold the link's token. */
export class PortalApi extends Construct {
  readonly api: RestApi;
  readonly #host: string | undefined;
  readonly #domain: DomainName | undefined;

  constructor(scope: Construct, id: string, { owner, logs, logging, domain }: PortalApiProps) {
    super(scope, id);
    this.#host = domain?.host;
    const accessLogs = new EncryptedLogGroup(this, "AccessLogs", logs);
    this.api = new RestApi(this, "Resource", {
      restApiName: "foundphone-portal",
      description: "Foundphone: patient portal",
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: domain !== undefined,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: REQUESTS_PER_SECOND,
        throttlingBurstLimit: REQUESTS_BURST,
        tracingEnabled: false,
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        metricsEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLogs.logGroup),
        accessLogFormat: AccessLogFormat.custom(
          JSON.stringify({
            requestId: "$context.requestId",
            resourcePath: "$context.resourcePath",
            httpMethod: "$context.httpMethod",
            status: "$context.status",
            responseLatency: "$context.responseLatency",
          }),
        ),
      },
    });
    answerWithPages(this.api, owner);
    this.api.deploymentStage.node.addDependency(logging);
    this.#domain = domain === undefined ? undefined : this.#publishAt(domain);
  }

  get environment() {
    return { PORTAL_BASE_URL: `${this.origin}/${STAGE}` };
  }

  /** The origin of every page, as browsers tell it to other hosts. */
  get origin(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `https://${this.#host ?? `${this.api.restApiId}.execute-api.${region}.${urlSuffix}`}`;
  }

  /** Where the DNS record of the portal's own host must point; none without a host. */
  get aliasTarget(): string | undefined {
    return this.#domain?.domainNameAliasDomainName;
  }

  /** Connects every route to the portal's function. */
  serve<Environment>(portal: ServiceFunction<Environment>): void {
    for (const [path, methods] of PORTAL_ROUTES) {
      const resource = this.api.root.resourceForPath(path);
      for (const method of methods) {
        resource.addMethod(method, callsTo(portal, this.api, STAGE), {
          authorizationType: AuthorizationType.NONE,
        });
      }
    }
  }

  #publishAt({
    host,
    certificateArn,
  }: {
    readonly host: string;
    readonly certificateArn: string;
  }): DomainName {
    const name = new DomainName(this, "Domain", {
      domainName: host,
      certificate: Certificate.fromCertificateArn(this, "Certificate", certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    name.addBasePathMapping(this.api, { basePath: STAGE, stage: this.api.deploymentStage });
    return name;
  }
}
