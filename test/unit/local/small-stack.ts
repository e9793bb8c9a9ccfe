import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Aws, startAws } from "#infra/local/aws/aws.ts";
import { type Clock, createClockBuffer, installClock } from "#infra/local/aws/clock.ts";

const ROOT = {
  AWS: {
    "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":iam::", { Ref: "AWS::AccountId" }, ":root"]],
  },
};
/** The ARN of a resource of the template. */
export const arnOf = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
/** A statement that allows something. */
export const allow = (Action: string | string[], Resource: unknown, Condition?: unknown) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
/** A key that leaves everything to the policies of roles. */
export const key = (properties: Record<string, unknown> = {}, more: unknown[] = []) => ({
  Type: "AWS::KMS::Key",
  Properties: {
    ...properties,
    KeyPolicy: { Statement: [{ ...allow("kms:*", "*"), Principal: ROOT }, ...more] },
  },
});
/** Only through an AWS service. */
export const via = (service: string) => ({
  StringEquals: { "kms:ViaService": { "Fn::Sub": `${service}.\${AWS::Region}.amazonaws.com` } },
});
/** A function with a role of its own. */
export const fn = (name: string, statements: unknown[], environment: Record<string, unknown> = {}) => ({
  [`${name}Role`]: { Type: "AWS::IAM::Role", Properties: {} },
  [`${name}Policy`]: {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: name,
      Roles: [{ Ref: `${name}Role` }],
      PolicyDocument: { Version: "2012-10-17", Statement: statements },
    },
  },
  [name]: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Description: `functions/${name.toLowerCase()}/index.ts`,
      Role: arnOf(`${name}Role`),
      Environment: { Variables: environment },
    },
  },
});
const servicePublishes = (service: string, Action: string, Resource: unknown) => ({
  ...allow(Action, Resource),
  Principal: { Service: service },
});

const TABLE_ACTIONS = [
  "GetItem",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "Query",
  "BatchGetItem",
  "ConditionCheckItem",
  "BatchWriteItem",
  "DescribeTimeToLive",
];

/** The number that the small stack's existing phone number has. */
export const ORIGINATION_ARN = "arn:aws:sms-voice:us-east-1:000000000000:phone-number/phone-1";

/** A template with a little of everything that the local AWS side hosts. */
export const smallTemplate = {
  Resources: {
    DataKey: key(),
    ContentKey: key(),
    EventsKey: key({}, [
      servicePublishes("sns.amazonaws.com", "kms:*", "*"),
      servicePublishes("events.amazonaws.com", "kms:*", "*"),
      servicePublishes("sms-voice.amazonaws.com", "kms:*", "*"),
    ]),
    MacKey: key({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }),
    AnchorKey: key({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
    Items: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        AttributeDefinitions: ["pk", "sk", "dueShard", "dueAt"].map((AttributeName) => ({
          AttributeName,
          AttributeType: "S",
        })),
        BillingMode: "PAY_PER_REQUEST",
        GlobalSecondaryIndexes: [
          {
            IndexName: "due",
            KeySchema: [
              { AttributeName: "dueShard", KeyType: "HASH" },
              { AttributeName: "dueAt", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["queue"] },
          },
        ],
        SSESpecification: { SSEEnabled: true, SSEType: "KMS", KMSMasterKeyId: arnOf("DataKey") },
        TimeToLiveSpecification: { AttributeName: "expiresAtSeconds", Enabled: true },
      },
    },
    Work: {
      Type: "AWS::SQS::Queue",
      Properties: {
        KmsMasterKeyId: arnOf("DataKey"),
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: arnOf("WorkDeadLetters"), maxReceiveCount: 3 },
      },
    },
    WorkDeadLetters: { Type: "AWS::SQS::Queue", Properties: {} },
    DeliveryEvents: { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: arnOf("EventsKey") } },
    InboundTexts: { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: arnOf("EventsKey") } },
    EventQueuesPolicy: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: {
        Queues: [{ Ref: "DeliveryEvents" }, { Ref: "InboundTexts" }],
        PolicyDocument: {
          Statement: [
            servicePublishes("sns.amazonaws.com", "sqs:SendMessage", "*"),
            servicePublishes("events.amazonaws.com", "sqs:SendMessage", "*"),
          ],
        },
      },
    },
    DeliveryEventsTopic: { Type: "AWS::SNS::Topic", Properties: { KmsMasterKeyId: arnOf("EventsKey") } },
    InboundTextsTopic: { Type: "AWS::SNS::Topic", Properties: { KmsMasterKeyId: arnOf("EventsKey") } },
    TopicsPolicy: {
      Type: "AWS::SNS::TopicPolicy",
      Properties: {
        Topics: [{ Ref: "DeliveryEventsTopic" }, { Ref: "InboundTextsTopic" }],
        PolicyDocument: { Statement: [servicePublishes("sms-voice.amazonaws.com", "sns:Publish", "*")] },
      },
    },
    DeliverySubscription: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        Protocol: "sqs",
        TopicArn: { Ref: "DeliveryEventsTopic" },
        Endpoint: arnOf("DeliveryEvents"),
      },
    },
    InboundSubscription: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        Protocol: "sqs",
        TopicArn: { Ref: "InboundTextsTopic" },
        Endpoint: arnOf("InboundTexts"),
      },
    },
    StatusRule: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventPattern: { source: ["aws.sms-voice"], "detail-type": ["Text Message Delivery Status Updated"] },
        Targets: [{ Id: "Queue", Arn: arnOf("DeliveryEvents") }],
        State: "ENABLED",
      },
    },
    Protect: {
      Type: "AWS::SMSVOICE::ProtectConfiguration",
      Properties: {
        CountryRuleSet: {
          SMS: [
            { CountryCode: "US", ProtectStatus: "ALLOW" },
            { CountryCode: "CA", ProtectStatus: "BLOCK" },
          ],
        },
      },
    },
    OptOuts: { Type: "AWS::SMSVOICE::OptOutList", Properties: {} },
    Texts: {
      Type: "AWS::SMSVOICE::ConfigurationSet",
      Properties: {
        ProtectConfigurationId: { "Fn::GetAtt": ["Protect", "ProtectConfigurationId"] },
        EventDestinations: [
          {
            EventDestinationName: "events",
            Enabled: true,
            MatchingEventTypes: ["TEXT_DELIVERED", "TEXT_BLOCKED", "TEXT_CARRIER_UNREACHABLE"],
            SnsDestination: { TopicArn: { Ref: "DeliveryEventsTopic" } },
          },
        ],
      },
    },
    Staff: {
      Type: "AWS::Cognito::UserPool",
      Properties: { MfaConfiguration: "ON", UsernameAttributes: ["email"] },
    },
    StaffClient: {
      Type: "AWS::Cognito::UserPoolClient",
      Properties: {
        UserPoolId: { Ref: "Staff" },
        ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AccessTokenValidity: 10,
        TokenValidityUnits: { AccessToken: "minutes" },
        AuthSessionValidity: 3,
      },
    },
    MachineClient: {
      Type: "AWS::Cognito::UserPoolClient",
      Properties: {
        UserPoolId: { Ref: "Staff" },
        GenerateSecret: true,
        AllowedOAuthFlows: ["client_credentials"],
        AllowedOAuthScopes: ["api/use"],
        AccessTokenValidity: 10,
        TokenValidityUnits: { AccessToken: "minutes" },
      },
    },
    Admins: {
      Type: "AWS::Cognito::UserPoolGroup",
      Properties: { GroupName: "admin", UserPoolId: { Ref: "Staff" } },
    },
    ...fn(
      "Worker",
      [
        allow(
          TABLE_ACTIONS.map((action) => `dynamodb:${action}`),
          [arnOf("Items"), { "Fn::Join": ["", [arnOf("Items"), "/index/*"]] }],
        ),
        allow("kms:Decrypt", arnOf("DataKey"), via("dynamodb")),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], arnOf("DataKey"), via("sqs")),
        allow(["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"], arnOf("ContentKey")),
        allow(["kms:GenerateMac", "kms:VerifyMac"], arnOf("MacKey")),
        allow(["kms:Sign", "kms:GetPublicKey"], arnOf("AnchorKey")),
        allow(
          ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          arnOf("Work"),
        ),
        allow("sms-voice:SendTextMessage", [ORIGINATION_ARN, arnOf("Texts"), arnOf("Protect")]),
        allow(
          [
            "sms-voice:PutOptedOutNumber",
            "sms-voice:DescribeOptedOutNumbers",
            "sms-voice:DeleteOptedOutNumber",
          ],
          arnOf("OptOuts"),
        ),
      ],
      { ORIGINATION_IDENTITY: ORIGINATION_ARN, QUEUE_URL: { Ref: "Work" } },
    ),
    ...fn("Reader", [
      allow("dynamodb:GetItem", arnOf("Items"), {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*"] },
      }),
      allow("kms:Decrypt", arnOf("DataKey"), via("dynamodb")),
      allow("kms:GenerateDataKey", arnOf("ContentKey"), {
        StringEquals: { "kms:EncryptionContext:purpose": "content" },
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["purpose"] },
        Null: { "kms:EncryptionContextKeys": "false" },
      }),
      allow("sms-voice:*", "*"),
      { Effect: "Deny", Action: "sms-voice:Send*", Resource: "*" },
    ]),
    ...fn("Keyless", [
      allow(["dynamodb:GetItem", "dynamodb:PutItem"], arnOf("Items")),
      allow("sqs:SendMessage", arnOf("Work")),
    ]),
  },
};

/** Starts the small stack (or another template, its APIs at `base`) on a clock of its own; `stop` also removes its file. */
export async function startSmallStack(
  template: unknown = smallTemplate,
  base?: string,
): Promise<{ aws: Aws; clock: Clock; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "local-aws-"));
  const templatePath = join(folder, "Small.template.json");
  writeFileSync(templatePath, JSON.stringify(template));
  const clock = installClock(createClockBuffer());
  const remove = (): void => rmSync(folder, { recursive: true });
  try {
    const aws = await startAws({ templatePath, clock, ...(base === undefined ? {} : { base }) });
    return {
      aws,
      clock,
      stop: async () => {
        await aws.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What an SDK client of a function needs to reach the stack. */
export function clientOf(aws: Aws, functionName: string) {
  return {
    endpoint: aws.gatewayUrl,
    region: "us-east-1",
    credentials: aws.credentialsFor(functionName),
    maxAttempts: 1,
  };
}
