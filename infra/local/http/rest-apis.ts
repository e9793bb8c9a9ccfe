import { isRecord, type JsonRecord, listOf, numberOf, recordOf, textOf } from "../json-shape.ts";
import { functionIn, referenceOf, resourcesOfType, type TemplateView } from "../template-view.ts";
import { type Firewall, readFirewall } from "./firewall.ts";
import { type GatewayResponse, isGatewayResponseType } from "./gateway-responses.ts";

/** A TOKEN authorizer of the template. */
export type TokenAuthorizer = {
  readonly functionLogicalId: string;
  /** Name of the header that carries the token. */
  readonly headerName: string;
  readonly validation?: RegExp;
};

/** One method of a REST API: what API Gateway does with a request that reaches it. */
export type ApiMethod = {
  /** Resource path as in the template, for example `/patients/{id}`. */
  readonly resourcePath: string;
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly functionLogicalId: string;
  readonly integrationTimeoutMs: number;
  readonly authorizer?: TokenAuthorizer;
};

/** Requests a second and burst that a stage lets through for each method. */
export type Throttle = { readonly ratePerSecond: number; readonly burst: number };

/** One stage of one REST API of the template, ready to be served. */
export type RestApi = {
  readonly logicalId: string;
  readonly restApiId: string;
  readonly stageName: string;
  readonly methods: readonly ApiMethod[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  readonly accessLogFormat?: string;
  readonly binaryMediaTypes: readonly string[];
  readonly throttle?: Throttle;
  readonly firewall?: Firewall;
};

const INTEGRATION_TIMEOUT_MS_DEFAULT = 29_000;

/** Reads every REST API stage of the template; throws on an integration or authorizer of a kind that it does not host. */
export function readRestApis(template: TemplateView): readonly RestApi[] {
  const stages = resourcesOfType(template, "AWS::ApiGateway::Stage");
  const apis = stages.map(({ logicalId: stageLogicalId, properties }) => {
    const logicalId = referenceOf(properties["RestApiId"], `the API of stage ${stageLogicalId}`).logicalId;
    const stageName = textOf(template.resolve(properties["StageName"]));
    if (stageName === undefined) throw new Error(`Stage ${stageLogicalId} has no name.`);
    const accessLogFormat = textOf(template.resolve(recordOf(properties["AccessLogSetting"])["Format"]));
    const throttle = readThrottle(properties);
    const firewall = readFirewall(template, stageLogicalId);
    return {
      logicalId,
      restApiId: template.physicalId(logicalId),
      stageName,
      methods: readMethods(template, logicalId),
      gatewayResponses: readGatewayResponses(template, logicalId),
      binaryMediaTypes: listOf(
        recordOf(template.resources[logicalId]?.Properties)["BinaryMediaTypes"],
      ).filter((type): type is string => typeof type === "string"),
      ...(accessLogFormat === undefined ? {} : { accessLogFormat }),
      ...(throttle === undefined ? {} : { throttle }),
      ...(firewall === undefined ? {} : { firewall }),
    };
  });
  const names = apis.map(({ stageName }) => stageName);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined)
    throw new Error(`Two REST APIs have a stage named ${double}; one base address cannot serve both.`);
  return apis;
}

function readMethods(template: TemplateView, apiLogicalId: string): readonly ApiMethod[] {
  return resourcesOfType(template, "AWS::ApiGateway::Method")
    .filter(
      ({ logicalId, properties }) =>
        referenceOf(properties["RestApiId"], `the API of ${logicalId}`).logicalId === apiLogicalId,
    )
    .map(({ logicalId, properties }) => {
      const integration = recordOf(properties["Integration"]);
      if (integration["Type"] !== "AWS_PROXY") {
        throw new Error(
          `Method ${logicalId} has an integration that is not AWS_PROXY, which this host does not serve.`,
        );
      }
      const authorizer = readAuthorizer(template, logicalId, properties);
      const resource = referenceOf(properties["ResourceId"], `the resource of ${logicalId}`);
      return {
        resourcePath: resourcePath(template, properties["ResourceId"]),
        resourceId: resource.attribute === undefined ? template.physicalId(resource.logicalId) : "root",
        httpMethod: textOf(properties["HttpMethod"]) ?? "ANY",
        functionLogicalId: functionIn(
          template,
          template.resolve(integration["Uri"]),
          `The integration of ${logicalId}`,
        ),
        integrationTimeoutMs: numberOf(integration["TimeoutInMillis"]) ?? INTEGRATION_TIMEOUT_MS_DEFAULT,
        ...(authorizer === undefined ? {} : { authorizer }),
      };
    });
}

function resourcePath(template: TemplateView, reference: unknown): string {
  const { logicalId, attribute } = referenceOf(reference, "a resource path");
  if (attribute === "RootResourceId") return "/";
  const properties = recordOf(template.resources[logicalId]?.Properties);
  const parent = resourcePath(template, properties["ParentId"]);
  return `${parent === "/" ? "" : parent}/${textOf(properties["PathPart"]) ?? ""}`;
}

function readAuthorizer(
  template: TemplateView,
  methodLogicalId: string,
  properties: JsonRecord,
): TokenAuthorizer | undefined {
  const kind = properties["AuthorizationType"] ?? "NONE";
  if (kind === "NONE") return undefined;
  if (kind !== "CUSTOM")
    throw new Error(`Method ${methodLogicalId} has an authorization type that this host does not serve.`);
  const { logicalId } = referenceOf(properties["AuthorizerId"], `the authorizer of ${methodLogicalId}`);
  const authorizer = recordOf(template.resources[logicalId]?.Properties);
  const source = /^method\.request\.header\.([\w-]+)$/.exec(textOf(authorizer["IdentitySource"]) ?? "")?.[1];
  if (authorizer["Type"] !== "TOKEN" || source === undefined) {
    throw new Error(
      `Authorizer ${logicalId} is not a TOKEN authorizer on a header, which is the only kind this host serves.`,
    );
  }
  if (numberOf(authorizer["AuthorizerResultTtlInSeconds"] ?? 300) !== 0) {
    throw new Error(`Authorizer ${logicalId} caches its results, which this host does not serve.`);
  }
  const validation = textOf(authorizer["IdentityValidationExpression"]);
  return {
    functionLogicalId: functionIn(
      template,
      template.resolve(authorizer["AuthorizerUri"]),
      `Authorizer ${logicalId}`,
    ),
    headerName: source,
    ...(validation === undefined ? {} : { validation: new RegExp(`^(?:${validation})$`, "u") }),
  };
}

function readGatewayResponses(
  template: TemplateView,
  apiLogicalId: string,
): ReadonlyMap<string, GatewayResponse> {
  const responses = new Map<string, GatewayResponse>();
  for (const { logicalId, properties } of resourcesOfType(template, "AWS::ApiGateway::GatewayResponse")) {
    if (referenceOf(properties["RestApiId"], `the API of ${logicalId}`).logicalId !== apiLogicalId) continue;
    const type = textOf(properties["ResponseType"]);
    if (type === undefined || !isGatewayResponseType(type))
      throw new Error(`${logicalId} is of an unknown gateway response type.`);
    const status = numberOf(properties["StatusCode"]);
    responses.set(type, {
      ...(status === undefined ? {} : { status }),
      parameters: textMap(template.resolve(properties["ResponseParameters"])),
      templates: textMap(template.resolve(properties["ResponseTemplates"])),
    });
  }
  return responses;
}

function textMap(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function readThrottle(stage: JsonRecord): Throttle | undefined {
  for (const setting of listOf(stage["MethodSettings"]).map(recordOf)) {
    const ratePerSecond = numberOf(setting["ThrottlingRateLimit"]);
    const burst = numberOf(setting["ThrottlingBurstLimit"]);
    const everywhere = setting["HttpMethod"] === "*" && setting["ResourcePath"] === "/*";
    if (everywhere && ratePerSecond !== undefined && burst !== undefined) return { ratePerSecond, burst };
  }
  return undefined;
}
