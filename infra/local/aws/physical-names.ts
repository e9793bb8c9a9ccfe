import type { JsonRecord } from "../json-shape.ts";
import { textOf } from "../json-shape.ts";

/** Where the local stack pretends to be. */
export type Place = {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  /** The base URL of the gateway, without a slash at the end. */
  readonly gatewayUrl: string;
};

/** What one resource is called once it is deployed: the value of `Ref` and the attributes of `Fn::GetAtt`. */
export type PhysicalNames = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };

type Naming = (place: Place, logicalId: string, properties: JsonRecord) => PhysicalNames;

const arn = (place: Place, service: string, resource: string): string =>
  `arn:aws:${service}:${place.region}:${place.account}:${resource}`;
const globalArn = (place: Place, service: string, resource: string): string =>
  `arn:aws:${service}::${place.account}:${resource}`;
const named = (place: Place, logicalId: string, properties: JsonRecord, property: string): string =>
  textOf(properties[property]) ?? `${place.stackName}-${logicalId}`;
const plain: Naming = (place, logicalId) => ({ ref: `${place.stackName}-${logicalId}`, attributes: {} });
/** Identifiers that AWS makes of ten lower-case characters. */
const shortId = (logicalId: string): string => {
  // A stable hash is enough: the ids must differ within a template and stay the same between starts.
  let hash = 0x811c9dc5;
  for (const character of logicalId) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `l${hash.toString(36).padStart(9, "0").slice(-9)}`;
};
const byId =
  (...attributes: string[]): Naming =>
  (_place, logicalId) => {
    const id = shortId(logicalId);
    return { ref: id, attributes: Object.fromEntries(attributes.map((attribute) => [attribute, id])) };
  };
const byName =
  (
    property: string,
    service: string,
    resource: (name: string) => string,
    extra: (name: string, arnText: string) => Record<string, string> = () => ({}),
  ): Naming =>
  (place, logicalId, properties) => {
    const name = named(place, logicalId, properties, property);
    const own = arn(place, service, resource(name));
    return { ref: name, attributes: { Arn: own, ...extra(name, own) } };
  };

const NAMINGS: Readonly<Record<string, Naming>> = {
  "AWS::DynamoDB::Table": byName("TableName", "dynamodb", (name) => `table/${name}`),
  "AWS::SQS::Queue": (place, logicalId, properties) => {
    const name = named(place, logicalId, properties, "QueueName");
    const url = `${place.gatewayUrl}/${place.account}/${name}`;
    return { ref: url, attributes: { Arn: arn(place, "sqs", name), QueueName: name, QueueUrl: url } };
  },
  "AWS::SQS::QueuePolicy": plain,
  "AWS::SNS::Topic": (place, logicalId, properties) => {
    const name = named(place, logicalId, properties, "TopicName");
    return {
      ref: arn(place, "sns", name),
      attributes: { TopicArn: arn(place, "sns", name), TopicName: name },
    };
  },
  "AWS::SNS::TopicPolicy": plain,
  "AWS::SNS::Subscription": plain,
  // The logical id stands where AWS has a UUID, so that a call record can be read without a table of ids.
  "AWS::KMS::Key": (place, logicalId) => ({
    ref: logicalId,
    attributes: { Arn: arn(place, "kms", `key/${logicalId}`), KeyId: logicalId },
  }),
  "AWS::KMS::Alias": (_place, _logicalId, properties) => ({
    ref: textOf(properties["AliasName"]) ?? "",
    attributes: {},
  }),
  "AWS::Lambda::Function": byName("FunctionName", "lambda", (name) => `function:${name}`),
  "AWS::Lambda::Permission": plain,
  "AWS::Lambda::EventSourceMapping": byId("Id"),
  "AWS::Lambda::EventInvokeConfig": plain,
  "AWS::Lambda::LayerVersion": (place, logicalId) => ({
    ref: arn(place, "lambda", `layer:${logicalId}:1`),
    attributes: {},
  }),
  "AWS::IAM::Role": (place, logicalId, properties) => {
    const name = named(place, logicalId, properties, "RoleName");
    return {
      ref: name,
      attributes: { Arn: globalArn(place, "iam", `role/${name}`), RoleId: `AROA${logicalId.toUpperCase()}` },
    };
  },
  "AWS::IAM::Policy": plain,
  "AWS::IAM::ManagedPolicy": (place, logicalId, properties) => {
    const name = named(place, logicalId, properties, "ManagedPolicyName");
    return { ref: globalArn(place, "iam", `policy/${name}`), attributes: {} };
  },
  "AWS::Logs::LogGroup": (place, logicalId, properties) => {
    const name = named(place, logicalId, properties, "LogGroupName");
    return { ref: name, attributes: { Arn: `${arn(place, "logs", `log-group:${name}`)}:*` } };
  },
  "AWS::Logs::MetricFilter": plain,
  "AWS::Logs::ResourcePolicy": plain,
  "AWS::CloudWatch::Alarm": byName("AlarmName", "cloudwatch", (name) => `alarm:${name}`),
  "AWS::CloudWatch::Dashboard": plain,
  "AWS::Cognito::UserPool": (place, logicalId) => {
    // aws-jwt-verify accepts only ids of the form region_alphanumerics.
    const id = `${place.region}_local${logicalId.replaceAll(/[^A-Za-z0-9]/g, "")}`;
    const provider = `cognito-idp.${place.region}.amazonaws.com/${id}`;
    return {
      ref: id,
      attributes: {
        Arn: arn(place, "cognito-idp", `userpool/${id}`),
        UserPoolId: id,
        ProviderName: provider,
        ProviderURL: `https://${provider}`,
      },
    };
  },
  "AWS::Cognito::UserPoolClient": (_place, logicalId) => {
    const id = logicalId.toLowerCase();
    return { ref: id, attributes: { ClientId: id, Name: logicalId } };
  },
  "AWS::Cognito::UserPoolGroup": (_place, logicalId, properties) => ({
    ref: textOf(properties["GroupName"]) ?? logicalId,
    attributes: {},
  }),
  "AWS::Cognito::UserPoolResourceServer": (_place, logicalId, properties) => ({
    ref: textOf(properties["Identifier"]) ?? logicalId,
    attributes: {},
  }),
  "AWS::Cognito::UserPoolDomain": (_place, logicalId, properties) => ({
    ref: textOf(properties["Domain"]) ?? logicalId,
    attributes: {},
  }),
  "AWS::Cognito::UserPoolRiskConfigurationAttachment": plain,
  "AWS::Cognito::LogDeliveryConfiguration": plain,
  "AWS::Cognito::ManagedLoginBranding": plain,
  "AWS::ApiGateway::RestApi": (_place, logicalId) => {
    const id = shortId(logicalId);
    return { ref: id, attributes: { RestApiId: id, RootResourceId: shortId(`${logicalId}/`) } };
  },
  "AWS::ApiGateway::Resource": byId("ResourceId"),
  "AWS::ApiGateway::Method": byId(),
  "AWS::ApiGateway::Model": (_place, logicalId, properties) => ({
    ref: textOf(properties["Name"]) ?? shortId(logicalId),
    attributes: {},
  }),
  "AWS::ApiGateway::RequestValidator": byId("RequestValidatorId"),
  "AWS::ApiGateway::Deployment": byId("DeploymentId"),
  "AWS::ApiGateway::Stage": (_place, _logicalId, properties) => ({
    ref: textOf(properties["StageName"]) ?? "",
    attributes: {},
  }),
  "AWS::ApiGateway::Authorizer": byId("AuthorizerId"),
  "AWS::ApiGateway::GatewayResponse": byId("Id"),
  "AWS::ApiGateway::Account": byId("Id"),
  "AWS::ApiGateway::UsagePlan": byId("Id"),
  "AWS::ApiGateway::DomainName": (_place, logicalId, properties) => {
    const domain = textOf(properties["DomainName"]) ?? logicalId;
    return {
      ref: domain,
      attributes: {
        RegionalDomainName: `d-${shortId(logicalId)}.execute-api.amazonaws.com`,
        RegionalHostedZoneId: "Z1UJRXOUMOOFQ8",
        DistributionDomainName: `d-${shortId(logicalId)}.cloudfront.net`,
        DistributionHostedZoneId: "Z2FDTNDATAQYW2",
      },
    };
  },
  "AWS::ApiGateway::BasePathMapping": byId(),
  "AWS::CertificateManager::Certificate": (place, logicalId) => ({
    ref: arn(place, "acm", `certificate/${logicalId}`),
    attributes: {},
  }),
  "AWS::Events::Rule": byName("Name", "events", (name) => `rule/${name}`),
  "AWS::SMSVOICE::ConfigurationSet": byName(
    "ConfigurationSetName",
    "sms-voice",
    (name) => `configuration-set/${name}`,
  ),
  "AWS::SMSVOICE::OptOutList": byName("OptOutListName", "sms-voice", (name) => `opt-out-list/${name}`),
  "AWS::SMSVOICE::ProtectConfiguration": (place, logicalId) => {
    const id = `protect-${shortId(logicalId)}`;
    return {
      ref: id,
      attributes: { Arn: arn(place, "sms-voice", `protect-configuration/${id}`), ProtectConfigurationId: id },
    };
  },
  "AWS::SMSVOICE::PhoneNumber": (place, logicalId) => {
    const id = `phone-${shortId(logicalId)}`;
    return {
      ref: id,
      attributes: {
        Arn: arn(place, "sms-voice", `phone-number/${id}`),
        PhoneNumberId: id,
        PhoneNumber: "+18005550199",
      },
    };
  },
  "AWS::SMSVOICE::Pool": (place, logicalId) => {
    const id = `pool-${shortId(logicalId)}`;
    return { ref: id, attributes: { Arn: arn(place, "sms-voice", `pool/${id}`), PoolId: id } };
  },
  "AWS::S3::Bucket": (place, logicalId, properties) => {
    const name = textOf(properties["BucketName"]) ?? `${place.stackName}-${logicalId}`.toLowerCase();
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        // Who may reach the bucket from a page is told by this host: here that is the gateway, with the bucket in the path.
        RegionalDomainName: new URL(place.gatewayUrl).host,
      },
    };
  },
  "AWS::S3::BucketPolicy": plain,
  "AWS::CloudTrail::Trail": byName("TrailName", "cloudtrail", (name) => `trail/${name}`),
  "AWS::WAFv2::WebACL": (place, logicalId, properties) => {
    const name = named(place, logicalId, properties, "Name");
    const id = shortId(logicalId);
    return {
      ref: `${name}|${id}|REGIONAL`,
      attributes: { Arn: arn(place, "wafv2", `regional/webacl/${name}/${id}`), Id: id },
    };
  },
  "AWS::WAFv2::WebACLAssociation": plain,
  "AWS::WAFv2::LoggingConfiguration": plain,
  "AWS::Route53::RecordSet": plain,
  "AWS::SES::ConfigurationSet": (place, logicalId, properties) => ({
    ref: named(place, logicalId, properties, "Name"),
    attributes: {},
  }),
  "AWS::SES::ConfigurationSetEventDestination": byId("Id"),
  "AWS::SES::EmailIdentity": (_place, logicalId, properties) => ({
    ref: textOf(properties["EmailIdentity"]) ?? logicalId,
    attributes: {},
  }),
  "AWS::CDK::Metadata": plain,
};

/** Names one resource as its deployment would; throws for a resource type that this host has not been taught. */
export function physicalNames(
  place: Place,
  type: string,
  logicalId: string,
  properties: JsonRecord,
): PhysicalNames {
  const naming = NAMINGS[type];
  if (naming === undefined)
    throw new Error(`The local host does not know the resource type ${type} (${logicalId}).`);
  return naming(place, logicalId, properties);
}
