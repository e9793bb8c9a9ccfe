import type { APIGatewayProxyEvent } from "aws-lambda";
import { idPattern } from "#shared/domain/ids.ts";
import { type FormOutcome, readFields } from "./form.ts";

/** A reply as its form states it. */
export interface ReplyForm {
  /** As it was written, however long. */
  readonly body: string;
  readonly attachmentIds: readonly string[];
  /** Of the page that it was written on; empty where that was not stated. */
  readonly formId: string;
}

/**
 * Much longer than a reply may be: what is too long is shown again, and nothing of it is lost. The firewall lets no
 * more through.
 */
const BYTES_MAX = 64 * 1024;
const FORM_ID = /^[A-Za-z0-9_-]{22}$/;
const ATTACHMENT = idPattern("att");

/** Reads the form of a reply: fields `body`, `attachments` (once for each) and `form`; others are ignored. */
export function readReplyForm(event: APIGatewayProxyEvent): FormOutcome<ReplyForm> {
  const read = readFields(event, BYTES_MAX);
  if (read.kind === "unreadable") return read;
  const fields = read.form;
  const formId = fields.get("form") ?? "";
  return {
    kind: "form",
    form: {
      body: fields.getAll("body").join("\n"),
      // What is no id names nothing that could be sent, and is refused like it.
      attachmentIds: fields.getAll("attachments").map((id) => (ATTACHMENT.test(id) ? id : "none")),
      formId: FORM_ID.test(formId) ? formId : "",
    },
  };
}
