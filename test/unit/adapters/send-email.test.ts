import {
  AccountSuspendedException,
  BadRequestException,
  LimitExceededException,
  MailFromDomainNotVerifiedException,
  MessageRejected,
  NotFoundException,
  SESv2Client,
  SESv2ServiceException,
  SendEmailCommand,
  SendingPausedException,
  TooManyRequestsException,
} from "@aws-sdk/client-sesv2";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { describe, expect, it } from "vitest";
import { createSendEmail, emailResultOf } from "#shared/adapters/ses/send-email.ts";
import { ALERT_ID } from "#test/support/builders.ts";

const META = { message: "canary patient@example.com", $metadata: {} };
const EMAIL = {
  to: "patient@example.com",
  subject: "New message from Riverside Office",
  text: "Hello.",
  alertId: ALERT_ID,
  unsubscribeUrl: "https://p.example/m/token/unsubscribe",
};

function aSender() {
  const client = new SESv2Client({ region: "us-east-1" });
  const sendEmail = createSendEmail(client, {
    from: "Riverside Office <office@riverside-office.example>",
    configurationSet: "set",
  });
  return { ses: mockClient(client), sendEmail };
}

function accessDenied() {
  return new SESv2ServiceException({ ...META, name: "AccessDeniedException", $fault: "client" });
}

describe("sending an e-mail", () => {
  it("asks for exactly one plain-text e-mail that can be unsubscribed from with one click", async () => {
    const { ses, sendEmail } = aSender();
    ses.on(SendEmailCommand).resolves({ MessageId: "mail-1" });

    const result = await sendEmail(EMAIL);

    expect(result).toEqual({ kind: "accepted", providerMessageId: "mail-1" });
    expect(ses.commandCalls(SendEmailCommand).map(({ args: [command] }) => command.input)).toEqual([
      {
        FromEmailAddress: "Riverside Office <office@riverside-office.example>",
        Destination: { ToAddresses: ["patient@example.com"] },
        Content: {
          Simple: {
            Subject: { Data: EMAIL.subject, Charset: "UTF-8" },
            Body: { Text: { Data: "Hello.", Charset: "UTF-8" } },
            Headers: [
              { Name: "List-Unsubscribe", Value: "<https://p.example/m/token/unsubscribe>" },
              { Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click" },
              { Name: "Auto-Submitted", Value: "auto-generated" },
            ],
          },
        },
        ConfigurationSetName: "set",
        EmailTags: [{ Name: "alertId", Value: ALERT_ID }],
      },
    ]);
  });

  it("is unknown where the answer names no message", async () => {
    const { ses, sendEmail } = aSender();
    ses.on(SendEmailCommand).resolves({});

    expect(await sendEmail(EMAIL)).toEqual({ kind: "unknown" });
  });

  it("gives an error back as a result", async () => {
    const { ses, sendEmail } = aSender();
    ses.on(SendEmailCommand).rejects(new MessageRejected(META));

    expect(await sendEmail(EMAIL)).toEqual({ kind: "refused", reason: "messagerejected" });
  });
});

describe("an error of the mail service", () => {
  const busy = (reason: string, retryAfterSeconds: number) => ({ kind: "busy", reason, retryAfterSeconds });

  it.each([
    [new TooManyRequestsException(META), busy("toomanyrequestsexception", 60)],
    [new LimitExceededException(META), busy("limitexceededexception", 1800)],
    [new AccountSuspendedException(META), busy("accountsuspendedexception", 1800)],
    [new SendingPausedException(META), busy("sendingpausedexception", 1800)],
    [new MailFromDomainNotVerifiedException(META), busy("mailfromdomainnotverifiedexception", 1800)],
    [accessDenied(), busy("accessdeniedexception", 1800)],
    [new MessageRejected(META), { kind: "refused", reason: "messagerejected" }],
    [new NotFoundException(META), { kind: "refused", reason: "notfoundexception" }],
    [new BadRequestException(META), { kind: "refused", reason: "badrequestexception" }],
    [new SESv2ServiceException({ ...META, name: "InternalFailure", $fault: "server" }), { kind: "unknown" }],
    [Object.assign(new Error("socket hang up"), { name: "TimeoutError" }), { kind: "unknown" }],
    ["not even an error", { kind: "unknown" }],
  ])("is sorted by what it proves (case %#)", (error, result) => {
    expect(emailResultOf(error)).toEqual(result);
    expect(JSON.stringify(emailResultOf(error))).not.toContain("canary");
  });
});
