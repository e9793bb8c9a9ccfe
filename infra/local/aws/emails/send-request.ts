import { isRecord, type JsonRecord, listOf, recordOf, textOf } from "../../json-shape.ts";
import { type AwsError, awsError } from "../aws-error.ts";

/** A header of an e-mail besides SES's own. */
export type EmailHeader = { readonly name: string; readonly value: string };

/** What a SendEmail request asks for. */
export type SendRequest = {
  readonly from: string;
  readonly to: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly html: string | undefined;
  readonly headers: readonly EmailHeader[];
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSetName: string | undefined;
};

/** Limits of the SES v2 API: recipients of one e-mail, tags, headers of a simple content. */
const RECIPIENTS_MAX = 50;
const TAGS_MAX = 50;
const HEADERS_MAX = 15;
const TAG_NAME = /^[\w-]{1,256}$/u;
const TAG_VALUE = /^[\w.@-]{1,256}$/u;
const HEADER_NAME = /^[!-9;-~]{1,126}$/u;
const HEADER_VALUE = /^[ -~]{1,870}$/u;
const ADDRESS = /^[^\s@<>"(),:;\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/iu;
/** What SES writes itself, and what it therefore takes from nobody. */
const OWN_HEADERS = new Set([
  "bcc",
  "cc",
  "content-disposition",
  "content-type",
  "date",
  "from",
  "message-id",
  "mime-version",
  "reply-to",
  "return-path",
  "sender",
  "subject",
  "to",
]);

/** Reads a SendEmail request; throws BadRequestException for what SES or this host does not take. */
export function readSendRequest(input: JsonRecord): SendRequest {
  only(input, [
    "FromEmailAddress",
    "Destination",
    "ReplyToAddresses",
    "Content",
    "EmailTags",
    "ConfigurationSetName",
  ]);
  const destination = recordOf(input["Destination"]);
  const content = recordOf(input["Content"]);
  const simple = recordOf(content["Simple"]);
  const parts = recordOf(simple["Body"]);
  only(destination, ["ToAddresses"]);
  only(content, ["Simple"]);
  only(simple, ["Subject", "Body", "Headers"]);
  only(parts, ["Text", "Html"]);

  const from = textOf(input["FromEmailAddress"]);
  const to = listOf(destination["ToAddresses"]).map(String);
  const replyTo = listOf(input["ReplyToAddresses"]).map(String);
  const subject = textOf(recordOf(simple["Subject"])["Data"]);
  const body = textOf(recordOf(parts["Text"])["Data"]);
  if (from === undefined || subject === undefined || body === undefined)
    throw badRequest("The local host sends e-mails with a sender, a subject and a text body.");
  if (to.length < 1 || to.length > RECIPIENTS_MAX) throw badRequest("An e-mail has 1 to 50 recipients.");
  if (![from, ...to, ...replyTo].every((each) => ADDRESS.test(addressOf(each))))
    throw badRequest("An address is not valid.");
  if (/[\r\n]/u.test(subject)) throw badRequest("The subject has more than one line.");
  return {
    from,
    to,
    replyTo,
    subject,
    body,
    html: textOf(recordOf(parts["Html"])["Data"]),
    headers: readHeaders(listOf(simple["Headers"])),
    tags: readTags(listOf(input["EmailTags"])),
    configurationSetName: textOf(input["ConfigurationSetName"]),
  };
}

/** The bare address of `Name <address>`. */
export function addressOf(text: string): string {
  return /<([^<>]*)>\s*$/u.exec(text)?.[1] ?? text.trim();
}

/** The name before the address, or undefined where there is none. */
export function displayNameOf(text: string): string | undefined {
  return /^\s*"?(.*?)"?\s*<[^<>]*>\s*$/u.exec(text)?.[1];
}

function readHeaders(list: readonly unknown[]): readonly EmailHeader[] {
  if (list.length > HEADERS_MAX) throw badRequest("An e-mail has at most 15 headers of its own.");
  return list.map((entry) => {
    const [name, value] = [textOf(recordOf(entry)["Name"]) ?? "", textOf(recordOf(entry)["Value"]) ?? ""];
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) throw badRequest("A header is not valid.");
    if (OWN_HEADERS.has(name.toLowerCase())) throw badRequest("A header is one that SES writes itself.");
    return { name, value };
  });
}

function readTags(list: readonly unknown[]): Readonly<Record<string, string>> {
  if (list.length > TAGS_MAX) throw badRequest("An e-mail has at most 50 tags.");
  const tags = list.map((entry) => {
    const [name, value] = [textOf(recordOf(entry)["Name"]) ?? "", textOf(recordOf(entry)["Value"]) ?? ""];
    if (!TAG_NAME.test(name) || !TAG_VALUE.test(value)) throw badRequest("A tag is not valid.");
    return [name, value] as const;
  });
  if (new Set(tags.map(([name]) => name)).size < tags.length) throw badRequest("Two tags have one name.");
  return Object.fromEntries(tags);
}

/** What would be ignored is refused, so that nobody relies on it: list management, templates, copies, attachments. */
function only(record: JsonRecord, members: readonly string[]): void {
  const other = Object.entries(record).some(
    ([name, value]) =>
      value != null && !(isRecord(value) && Object.keys(value).length === 0) && !members.includes(name),
  );
  if (other) throw badRequest("The local host does not support a parameter of the request.");
}

function badRequest(message: string): AwsError {
  return awsError("BadRequestException", message);
}
