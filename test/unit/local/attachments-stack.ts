import { allow, arnOf, fn, key, smallTemplate } from "./small-stack.ts";

const below = (path: string) => ({ "Fn::Join": ["", [arnOf("Attachments"), `/${path}`]] });
/** Only through this bucket, whose bucket key makes its ARN the context. */
const throughBucket = {
  StringEquals: {
    "kms:ViaService": "s3.us-east-1.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": arnOf("Attachments"),
  },
};
const seal = allow("kms:GenerateDataKey", arnOf("ContentKey"), throughBucket);
const open = allow("kms:Decrypt", arnOf("ContentKey"), throughBucket);

/** A bucket for uploads of browsers, with a signer that can only put, a reader, a checker, and some who lack one thing. */
export const attachmentsTemplate = {
  Resources: {
    ...smallTemplate.Resources,
    EventsKey: key({}, [
      ...["sns", "events", "sms-voice", "s3"].map((service) => ({
        ...allow("kms:*", "*"),
        Principal: { Service: `${service}.amazonaws.com` },
      })),
    ]),
    Portal: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: "portal" } },
    Arrivals: { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: arnOf("EventsKey") } },
    ArrivalsPolicy: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: {
        Queues: [{ Ref: "Arrivals" }],
        PolicyDocument: {
          Statement: [
            {
              ...allow("sqs:SendMessage", arnOf("Arrivals"), {
                StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
                ArnLike: { "aws:SourceArn": "arn:aws:s3:::small-attachments*" },
              }),
              Principal: { Service: "s3.amazonaws.com" },
            },
          ],
        },
      },
    },
    Attachments: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: arnOf("ContentKey") },
            },
          ],
        },
        VersioningConfiguration: { Status: "Enabled" },
        LifecycleConfiguration: { Rules: [] },
        CorsConfiguration: {
          CorsRules: [
            {
              AllowedMethods: ["POST", "GET", "HEAD"],
              AllowedOrigins: [
                {
                  "Fn::Join": [
                    "",
                    [
                      "https://",
                      { Ref: "Portal" },
                      ".execute-api.",
                      { Ref: "AWS::Region" },
                      ".amazonaws.com",
                    ],
                  ],
                },
              ],
              MaxAge: 600,
            },
          ],
        },
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: "s3:ObjectCreated:*",
              Queue: arnOf("Arrivals"),
              Filter: { S3Key: { Rules: [{ Name: "prefix", Value: "incoming/" }] } },
            },
          ],
        },
      },
    },
    AttachmentsPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: {
        Bucket: { Ref: "Attachments" },
        PolicyDocument: {
          Statement: [
            {
              Effect: "Deny",
              Principal: { AWS: "*" },
              Action: ["s3:GetObject", "s3:GetObjectVersion"],
              Resource: below("checked/*"),
              Condition: {
                ArnNotEquals: { "aws:PrincipalArn": [arnOf("ViewerRole"), arnOf("SightlessRole")] },
              },
            },
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: below("*"),
              Condition: {
                StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
                Null: { "s3:x-amz-server-side-encryption": "false" },
              },
            },
          ],
        },
      },
    },
    ...fn("Signer", [allow("s3:PutObject", below("incoming/*")), seal], {
      ATTACHMENTS_HOST: { "Fn::GetAtt": ["Attachments", "RegionalDomainName"] },
    }),
    ...fn("Viewer", [allow("s3:GetObject", below("checked/*")), open]),
    ...fn("Sightless", [allow("s3:GetObject", below("checked/*"))]),
    ...fn("Outsider", [allow("s3:*", [arnOf("Attachments"), below("*")]), seal, open]),
    ...fn("Checker", [
      allow(
        ["s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion"],
        below("incoming/*"),
      ),
      allow("s3:PutObject", below("checked/*")),
      seal,
      open,
    ]),
    ...fn("Eraser", [
      allow("s3:ListBucketVersions", arnOf("Attachments"), {
        StringLike: { "s3:prefix": ["incoming/att_*", "checked/att_*"] },
      }),
      allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], [below("incoming/*"), below("checked/att_*")]),
    ]),
  },
};
