import { randomUUID } from "node:crypto";
import { type JsonRecord, listOf, recordOf, textOf } from "../json-shape.ts";
import { awsError } from "./aws-error.ts";
import {
  type AcceptedEmail,
  type BounceType,
  domainOf,
  EMAIL_EVENTS,
  type EmailEventType,
  emailEvent,
} from "./emails/email-events.ts";
import { plainType, readEmailConfigurationSets } from "./emails/email-resources.ts";
import { addressOf, displayNameOf, readSendRequest } from "./emails/send-request.ts";
import type { PermissionCheck } from "./iam.ts";
import { type AwsService, parseJsonObject } from "./service.ts";
import type { Template } from "./template.ts";
import type { Topics } from "./topics.ts";

/** SES v2's SendEmail with a simple content, what it accepted, and what became of that. */
export type Email = {
  readonly service: AwsService;
  /** Every accepted e-mail, oldest first. */
  emails(): readonly AcceptedEmail[];
  /** The mail service reports; throws RangeError for an unknown e-mail. */
  emitEvent(emailId: string, eventType: EmailEventType, bounceType?: BounceType): void;
  /** Reports, by itself, of every e-mail whose time has come and of which it was not told to report before. */
  reportDue(nowMs?: number): void;
  /** When it reports next by itself, in milliseconds since the epoch. */
  nextReportMs(): number | undefined;
  stop(): void;
};

/** Local milliseconds until the delivery is reported. */
const DELIVERY_DELAY_MS = 5_000;
const LOOK_EVERY_MS = 500;
/** SES's mailbox simulator: what it reports by itself of these recipients instead of the delivery. */
const SIMULATED: Readonly<Record<string, readonly EmailEventType[]>> = {
  "bounce@simulator.amazonses.com": ["Bounce"],
  "complaint@simulator.amazonses.com": ["Delivery", "Complaint"],
};

/**
 * Reads the configuration sets of the template. Every sender address is taken as verified: the template does not say
 * which are.
 */
export function createEmail(template: Template, topics: Topics): Email {
  const emails: AcceptedEmail[] = [];
  const sets = readEmailConfigurationSets(template, topics);
  const unreported = new Map<AcceptedEmail, number>();

  const emit = (email: AcceptedEmail, eventType: EmailEventType, bounceType?: BounceType): void => {
    email.status = EMAIL_EVENTS[eventType];
    const event = JSON.stringify(emailEvent(email, eventType, template, bounceType));
    for (const { topicArn, types } of sets.find(({ name }) => name === email.configurationSet)
      ?.destinations ?? []) {
      if (types.has(plainType(eventType))) topics.publish(topicArn, event);
    }
  };
  const reportDue = (nowMs = Date.now()): void => {
    for (const [email, dueMs] of unreported) {
      if (dueMs > nowMs) continue;
      unreported.delete(email);
      const [only = ""] = email.to.length === 1 ? email.to.map(addressOf) : [];
      for (const eventType of SIMULATED[only.toLowerCase()] ?? ["Delivery"]) emit(email, eventType);
    }
  };
  const looking = setInterval(() => {
    reportDue();
  }, LOOK_EVERY_MS);
  looking.unref();

  /** SES asks for the sender's identity and, where a configuration set is named, for that too. */
  const permissions = (input: JsonRecord): readonly PermissionCheck[] => {
    const from = textOf(input["FromEmailAddress"]) ?? "";
    const name = displayNameOf(from);
    const context = {
      "ses:FromAddress": [addressOf(from)],
      ...(name === undefined ? {} : { "ses:FromDisplayName": [name] }),
      "ses:Recipients": listOf(recordOf(input["Destination"])["ToAddresses"]).map((to) =>
        addressOf(String(to)),
      ),
    };
    const setName = textOf(input["ConfigurationSetName"]);
    return [
      `identity/${domainOf(from)}`,
      ...(setName === undefined ? [] : [`configuration-set/${setName}`]),
    ].map((resource) => ({
      action: "ses:SendEmail",
      resource: `arn:aws:ses:${template.region}:${template.account}:${resource}`,
      context,
    }));
  };

  const send = (input: JsonRecord): JsonRecord => {
    const { configurationSetName, ...content } = readSendRequest(input);
    const set = sets.find(({ name }) => name === configurationSetName);
    if (configurationSetName !== undefined && set === undefined)
      throw awsError("NotFoundException", "The configuration set does not exist.", {}, 404);
    const email: AcceptedEmail = {
      id: randomUUID(),
      ...content,
      sentAt: new Date().toISOString(),
      status: "ACCEPTED",
      configurationSet: set?.name,
      requiresTls: set?.requiresTls ?? false,
    };
    emails.push(email);
    unreported.set(email, Date.parse(email.sentAt) + DELIVERY_DELAY_MS);
    return { MessageId: email.id };
  };

  return {
    service: {
      name: "ses",
      read: (request) => {
        if (request.method !== "POST" || request.path !== "/v2/email/outbound-emails") {
          throw awsError("UnknownOperationException", "The local host implements only SendEmail of SES.");
        }
        return { name: "SendEmail", input: parseJsonObject(request.body) };
      },
      permissions: ({ input }) => permissions(input),
      run: ({ input }) => send(input),
    },
    emails: () => emails.map((email) => ({ ...email })),
    emitEvent: (emailId, eventType, bounceType) => {
      const email = emails.find(({ id }) => id === emailId);
      if (email === undefined) throw new RangeError("There is no such e-mail.");
      unreported.delete(email);
      emit(email, eventType, bounceType);
    },
    reportDue,
    nextReportMs: () => {
      // All wait equally long, so the oldest is the next.
      const [next] = unreported.values();
      return next;
    },
    stop: () => {
      clearInterval(looking);
    },
  };
}
