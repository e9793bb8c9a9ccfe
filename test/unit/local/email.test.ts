import { NotFoundException, SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { EMAIL_EVENTS } from "#infra/local/aws/emails/email-events.ts";
import { prefersPage } from "#infra/local/control/accepted-type.ts";
import { EMAIL_REPORTS, EMAIL_STATES } from "#infra/local/control/pages/report-labels.ts";
import { clientOf, smallTemplate, startSmallStack } from "./small-stack.ts";

const { Resources } = smallTemplate;
const IDENTITY = "arn:aws:ses:us-east-1:000000000000:identity/example.org";
const SET = "arn:aws:ses:us-east-1:000000000000:configuration-set/letters";
const publishing = (Service: string, Action: string) => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  Principal: { Service },
});
const senderOf = (name: string, statement: object) => ({
  [`${name}Role`]: { Type: "AWS::IAM::Role", Properties: {} },
  [`${name}Policy`]: {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: name,
      Roles: [{ Ref: `${name}Role` }],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "ses:SendEmail", ...statement }],
      },
    },
  },
  [name]: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Description: `functions/${name.toLowerCase()}/index.ts`,
      Role: { "Fn::GetAtt": [`${name}Role`, "Arn"] },
      Environment: { Variables: {} },
    },
  },
});
const eventsKey = Resources.EventsKey;
const template = (
  topicPublisher = "ses.amazonaws.com",
  eventTypes = ["delivery", "bounce", "complaint", "reject", "deliveryDelay"],
) => ({
  Resources: {
    ...Resources,
    EventsKey: {
      ...eventsKey,
      Properties: {
        KeyPolicy: {
          Statement: [...eventsKey.Properties.KeyPolicy.Statement, publishing("ses.amazonaws.com", "kms:*")],
        },
      },
    },
    EmailTopic: {
      Type: "AWS::SNS::Topic",
      Properties: { KmsMasterKeyId: { "Fn::GetAtt": ["EventsKey", "Arn"] } },
    },
    EmailTopicPolicy: {
      Type: "AWS::SNS::TopicPolicy",
      Properties: {
        Topics: [{ Ref: "EmailTopic" }],
        PolicyDocument: { Statement: [publishing(topicPublisher, "sns:Publish")] },
      },
    },
    EmailSubscription: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        Protocol: "sqs",
        TopicArn: { Ref: "EmailTopic" },
        Endpoint: { "Fn::GetAtt": ["DeliveryEvents", "Arn"] },
      },
    },
    Letters: {
      Type: "AWS::SES::ConfigurationSet",
      Properties: { Name: "letters", DeliveryOptions: { TlsPolicy: "REQUIRE" } },
    },
    Plain: { Type: "AWS::SES::ConfigurationSet", Properties: {} },
    LetterEvents: {
      Type: "AWS::SES::ConfigurationSetEventDestination",
      Properties: {
        ConfigurationSetName: { Ref: "Letters" },
        EventDestination: {
          Enabled: true,
          MatchingEventTypes: eventTypes,
          SnsDestination: { TopicARN: { Ref: "EmailTopic" } },
        },
      },
    },
    ...senderOf("Sender", { Resource: [IDENTITY, SET] }),
    ...senderOf("WithoutSet", { Resource: IDENTITY }),
    ...senderOf("OfOneAddress", {
      Resource: [IDENTITY, SET],
      Condition: { StringEquals: { "ses:FromAddress": "office@example.org" } },
    }),
  },
});

const simple = {
  Subject: { Data: "A message" },
  Body: { Text: { Data: "Something is waiting." }, Html: { Data: "<p>Something is waiting.</p>" } },
  Headers: [
    { Name: "List-Unsubscribe", Value: "<https://example.org/u/1>" },
    { Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click" },
  ],
};
const letter = {
  FromEmailAddress: "Riverside Office <office@example.org>",
  Destination: { ToAddresses: ["patient@example.net"] },
  ConfigurationSetName: "letters",
  EmailTags: [{ Name: "alertId", Value: "alr_1" }],
  Content: { Simple: simple },
};

describe("the local mailbox", () => {
  let aws: Aws;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    ({ aws, stop } = await startSmallStack(template()));
  });
  afterEach(() => stop());

  const request = async (accessKeyId: string, path: string, body: object) => {
    const response = await fetch(`${aws.gatewayUrl}${path}`, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/ses/aws4_request, Signature=x`,
      },
      body: JSON.stringify(body),
    });
    const document = (await response.json()) as { readonly __type?: string; readonly MessageId?: string };
    return { status: response.status, ...document };
  };
  const send = (body: object = letter, sender?: string) =>
    request(
      sender === undefined ? aws.hostCredentials.accessKeyId : aws.credentialsFor(sender).accessKeyId,
      "/v2/email/outbound-emails",
      body,
    );
  const events = () =>
    aws.queues
      .bodiesSeen()
      .map(({ body }) => JSON.parse(body) as { readonly Message?: string })
      .map(({ Message }) => JSON.parse(Message ?? "{}") as Record<string, Record<string, unknown>>);

  it("keeps an e-mail with its set, tags, headers and whether it goes over TLS only", async () => {
    const { status, MessageId } = await send();

    expect(status).toBe(200);
    expect(aws.ses.emails()).toEqual([
      {
        id: MessageId,
        to: ["patient@example.net"],
        from: "Riverside Office <office@example.org>",
        replyTo: [],
        subject: "A message",
        body: "Something is waiting.",
        html: "<p>Something is waiting.</p>",
        sentAt: expect.any(String),
        status: "ACCEPTED",
        configurationSet: "letters",
        requiresTls: true,
        tags: { alertId: "alr_1" },
        headers: [
          { name: "List-Unsubscribe", value: "<https://example.org/u/1>" },
          { name: "List-Unsubscribe-Post", value: "List-Unsubscribe=One-Click" },
        ],
      },
    ]);
  });

  it("speaks with AWS's own client, which knows its errors", async () => {
    const client = new SESv2Client(clientOf(aws, "sender"));
    const sent = await client.send(new SendEmailCommand(letter));
    const { credentials: _denied, ...place } = clientOf(aws, "sender");
    const host = new SESv2Client({ ...place, credentials: aws.hostCredentials });
    const unknownSet = host.send(new SendEmailCommand({ ...letter, ConfigurationSetName: "other" }));

    expect(aws.ses.emails()).toMatchObject([{ id: sent.MessageId, tags: { alertId: "alr_1" } }]);
    await expect(unknownSet).rejects.toBeInstanceOf(NotFoundException);
    client.destroy();
    host.destroy();
  });

  it("does not require TLS where the set does not, and takes a text part alone", async () => {
    await send({ ...letter, ConfigurationSetName: aws.template.physicalId("Plain") });
    await send({
      FromEmailAddress: "office@example.org",
      Destination: letter.Destination,
      Content: { Simple: { ...simple, Body: { Text: { Data: "Something is waiting." } } } },
    });

    expect(aws.ses.emails()).toMatchObject([
      { requiresTls: false },
      { requiresTls: false, configurationSet: undefined, html: undefined },
    ]);
  });

  it("asks the sender's role for the identity and for the configuration set", async () => {
    const { ConfigurationSetName: _set, ...withoutSet } = letter;

    expect(await send(letter, "sender")).toMatchObject({ status: 200 });
    expect(await send(withoutSet, "withoutset")).toMatchObject({ status: 200 });
    expect(await send(letter, "withoutset")).toMatchObject({ __type: "AccessDeniedException" });
    expect(await send({ ...letter, FromEmailAddress: "a@other.example" }, "sender")).toMatchObject({
      __type: "AccessDeniedException",
    });
    expect(await send(letter, "worker")).toMatchObject({ __type: "AccessDeniedException" });
    expect(await send(letter, "ofoneaddress")).toMatchObject({ status: 200 });
    expect(await send({ ...letter, FromEmailAddress: "other@example.org" }, "ofoneaddress")).toMatchObject({
      __type: "AccessDeniedException",
    });
  });

  it("does not know a configuration set that the template does not have", async () => {
    expect(await send({ ...letter, ConfigurationSetName: "other" })).toMatchObject({
      status: 404,
      __type: "NotFoundException",
    });
    expect(aws.ses.emails()).toEqual([]);
  });

  it.each<[string, object]>([
    ["no recipient", { Destination: {} }],
    ["51 recipients", { Destination: { ToAddresses: Array.from({ length: 51 }, () => "a@example.org") } }],
    ["copies", { Destination: { ...letter.Destination, CcAddresses: ["b@example.org"] } }],
    ["a recipient that is no address", { Destination: { ToAddresses: ["patient"] } }],
    ["no text part", { Content: { Simple: { ...simple, Body: { Html: { Data: "<p></p>" } } } } }],
    ["a subject of two lines", { Content: { Simple: { ...simple, Subject: { Data: "A\nBcc: b@c.org" } } } }],
    ["a raw content", { Content: { Raw: { Data: "" } } }],
    ["an attachment", { Content: { Simple: { ...simple, Attachments: [{}] } } }],
    ["list management", { ListManagementOptions: { ContactListName: "patients" } }],
    ["a tag with a space", { EmailTags: [{ Name: "alertId", Value: "alr 1" }] }],
    ["two tags of one name", { EmailTags: [letter.EmailTags[0], letter.EmailTags[0]] }],
    [
      "a header of two lines",
      { Content: { Simple: { ...simple, Headers: [{ Name: "X-A", Value: "a\nb" }] } } },
    ],
    [
      "a header that is SES's own",
      { Content: { Simple: { ...simple, Headers: [{ Name: "From", Value: "a" }] } } },
    ],
  ])("refuses %s", async (_what, more) => {
    expect(await send({ ...letter, ...more })).toMatchObject({ status: 400, __type: "BadRequestException" });
    expect(aws.ses.emails()).toEqual([]);
  });

  it("refuses operations that it does not imitate", async () => {
    expect(await request(aws.hostCredentials.accessKeyId, "/v2/email/identities", {})).toMatchObject({
      __type: "UnknownOperationException",
    });
  });

  it("reports the delivery five seconds later to the set's topic, with the tags", async () => {
    const { MessageId } = await send();
    const sentMs = Date.parse(aws.ses.emails()[0]?.sentAt ?? "");
    expect(aws.ses.nextReportMs()).toBe(sentMs + 5000);
    aws.ses.reportDue(sentMs + 4999);
    expect(events()).toEqual([]);

    aws.ses.reportDue(sentMs + 5000);
    aws.ses.reportDue(sentMs + 60_000);

    expect(aws.ses.emails()).toMatchObject([{ status: "DELIVERED" }]);
    expect(events()).toMatchObject([
      {
        eventType: "Delivery",
        delivery: { recipients: ["patient@example.net"] },
        mail: {
          messageId: MessageId,
          destination: ["patient@example.net"],
          sourceArn: IDENTITY,
          tags: {
            alertId: ["alr_1"],
            "ses:configuration-set": ["letters"],
            "ses:from-domain": ["example.org"],
          },
        },
      },
    ]);
    expect(aws.ses.nextReportMs()).toBeUndefined();
  });

  it("reports what it is told instead, in any order and repeatedly", async () => {
    const { MessageId } = await send();
    const id = String(MessageId);
    aws.ses.emitEvent(id, "DeliveryDelay");
    aws.ses.emitEvent(id, "Bounce", "Transient");
    aws.ses.emitEvent(id, "Bounce");
    aws.ses.emitEvent(id, "Complaint");
    aws.ses.emitEvent(id, "Reject");
    aws.ses.emitEvent(id, "Delivery");
    aws.ses.reportDue(Date.now() + 60_000);

    expect(events()).toMatchObject([
      { eventType: "DeliveryDelay", deliveryDelay: { delayedRecipients: [{ status: "4.4.1" }] } },
      { eventType: "Bounce", bounce: { bounceType: "Transient" } },
      {
        eventType: "Bounce",
        bounce: {
          bounceType: "Permanent",
          bouncedRecipients: [{ emailAddress: "patient@example.net", status: "5.1.1" }],
        },
      },
      {
        eventType: "Complaint",
        complaint: { complainedRecipients: [{ emailAddress: "patient@example.net" }] },
      },
      { eventType: "Reject", reject: { reason: "Bad content" } },
      { eventType: "Delivery" },
    ]);
    expect(() => aws.ses.emitEvent("none", "Bounce")).toThrow(RangeError);
  });

  it.each([
    ["bounce@simulator.amazonses.com", ["Bounce"]],
    ["complaint@simulator.amazonses.com", ["Delivery", "Complaint"]],
  ])("reports of %s what the mailbox simulator does", async (to, types) => {
    await send({ ...letter, Destination: { ToAddresses: [to] } });
    aws.ses.reportDue(Date.now() + 60_000);

    expect(events().map(({ eventType }) => eventType)).toEqual(types);
  });

  it("publishes nothing of an e-mail without a configuration set", async () => {
    const { ConfigurationSetName: _set, ...withoutSet } = letter;
    await send(withoutSet);
    aws.ses.reportDue(Date.now() + 60_000);

    expect(aws.ses.emails()).toMatchObject([{ status: "DELIVERED" }]);
    expect(events()).toEqual([]);
  });

  it("has words on its page for every event and every status", () => {
    expect(EMAIL_REPORTS.map(([eventType]) => eventType).toSorted()).toEqual(
      Object.keys(EMAIL_EVENTS).toSorted(),
    );
    expect(Object.keys(EMAIL_STATES).toSorted()).toEqual(
      ["ACCEPTED", ...Object.values(EMAIL_EVENTS)].toSorted(),
    );
  });
});

describe("an event destination", () => {
  it("that does not ask for a type gets none of it", async () => {
    const { aws, stop } = await startSmallStack(template("ses.amazonaws.com", ["BOUNCE"]));
    const response = await fetch(`${aws.gatewayUrl}/v2/email/outbound-emails`, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${aws.hostCredentials.accessKeyId}/20260101/us-east-1/ses/aws4_request, Signature=x`,
      },
      body: JSON.stringify(letter),
    });
    const { MessageId } = (await response.json()) as { readonly MessageId: string };
    aws.ses.emitEvent(MessageId, "Delivery");
    aws.ses.emitEvent(MessageId, "Bounce");
    const types = aws.queues.bodiesSeen().map(({ body }) => /eventType\\":\\"(\w+)/u.exec(body)?.[1]);
    await stop();

    expect(types).toEqual(["Bounce"]);
  });

  it("that SES may not publish to stops the start", async () => {
    await expect(startSmallStack(template("sns.amazonaws.com"))).rejects.toThrow(/SES could not publish/u);
  });

  it("of a type that does not exist stops the start", async () => {
    await expect(startSmallStack(template("ses.amazonaws.com", ["read"]))).rejects.toThrow(/LetterEvents/u);
  });
});

describe("who opens the mailbox's address", () => {
  it.each([
    [{ accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" }, true],
    [{ accept: "Text/HTML" }, true],
    [{ accept: "*/*", "sec-fetch-dest": "document" }, true],
    [{ accept: "*/*" }, false],
    [{ accept: "application/json", "sec-fetch-dest": "empty" }, false],
    [{}, false],
  ])("with %o gets a page: %s", (headers, isPage) => {
    expect(prefersPage(headers)).toBe(isPage);
  });
});
