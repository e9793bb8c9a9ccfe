import { randomUUID } from "node:crypto";
import { listOf, recordOf, textOf } from "../json-shape.ts";
import { awsError } from "./aws-error.ts";
import { type AwsService, parseJsonObject } from "./service.ts";
import type { Template } from "./template.ts";

/** An e-mail that SES accepted. */
export type AcceptedEmail = {
  readonly id: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly body: string;
  readonly sentAt: string;
  readonly status: "ACCEPTED";
};

/** SES v2's SendEmail with a simple content, and what it accepted. */
export type Email = { readonly service: AwsService; emails(): readonly AcceptedEmail[] };

/** Creates the mailbox. Every sender address is taken as verified: the template does not say which are. */
export function createEmail(template: Template): Email {
  const emails: AcceptedEmail[] = [];
  return {
    service: {
      name: "ses",
      read: (request) => {
        if (request.method !== "POST" || request.path !== "/v2/email/outbound-emails") {
          throw awsError("UnknownOperationException", "The local host implements only SendEmail of SES.");
        }
        return { name: "SendEmail", input: parseJsonObject(request.body) };
      },
      permissions: ({ input }) => {
        const address = textOf(input["FromEmailAddress"]) ?? "";
        const domain = address.split("@").at(-1) ?? "";
        return [
          {
            action: "ses:SendEmail",
            resource: `arn:aws:ses:${template.region}:${template.account}:identity/${domain}`,
            context: {},
          },
        ];
      },
      run: ({ input }) => {
        const to = listOf(recordOf(input["Destination"])["ToAddresses"]).map(String);
        const from = textOf(input["FromEmailAddress"]);
        const simple = recordOf(recordOf(input["Content"])["Simple"]);
        const subject = textOf(recordOf(simple["Subject"])["Data"]);
        const body = textOf(recordOf(recordOf(simple["Body"])["Text"])["Data"]);
        if (
          from === undefined ||
          subject === undefined ||
          body === undefined ||
          to.length < 1 ||
          to.length > 50
        ) {
          throw awsError(
            "BadRequestException",
            "The local host sends e-mails with a sender, 1 to 50 recipients, a subject and a text body.",
          );
        }
        const id = randomUUID();
        emails.push({ id, to, from, subject, body, sentAt: new Date().toISOString(), status: "ACCEPTED" });
        return { MessageId: id };
      },
    },
    emails: () => [...emails],
  };
}
