import type { APIGatewayProxyEvent } from "aws-lambda";
import { ATTACHMENT_BYTES_MAX } from "#shared/domain/attachments/kinds.ts";
import { type FormOutcome, readFields } from "./form.ts";
import { header } from "./headers.ts";

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const JSON_BYTES_MAX = 4096;

/** A file as a page declares it; nothing of it is checked yet. */
export interface DeclaredUpload {
  readonly fileName: unknown;
  readonly contentType: unknown;
  readonly sizeBytes: unknown;
}

/** True where a request's body is JSON, as the pages' own script sends it. */
export function isJson(event: APIGatewayProxyEvent): boolean {
  return JSON_TYPE.test(header(event, "content-type") ?? "");
}

/**
 * Reads which file is to be uploaded. A page without script cannot know its size: the form may leave that out, and the
 * name, and then takes as much as there may be.
 */
export function readUpload(event: APIGatewayProxyEvent): FormOutcome<DeclaredUpload> {
  if (isJson(event)) return readJson(event);
  const read = readFields(event);
  if (read.kind === "unreadable") return read;
  const said = (name: string) => {
    const value = read.form.get(name)?.trim() ?? "";
    return value === "" ? undefined : value;
  };
  const size = said("sizeBytes");
  return {
    kind: "form",
    form: {
      fileName: said("fileName") ?? "file",
      contentType: said("contentType"),
      sizeBytes: size === undefined ? ATTACHMENT_BYTES_MAX : Number(size),
    },
  };
}

function readJson(event: APIGatewayProxyEvent): FormOutcome<DeclaredUpload> {
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (body.length > JSON_BYTES_MAX) return { kind: "unreadable", status: 413 };
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value !== "object" || value === null) return { kind: "unreadable", status: 415 };
    const { fileName, contentType, sizeBytes } = value as Partial<DeclaredUpload>;
    return { kind: "form", form: { fileName, contentType, sizeBytes } };
  } catch {
    return { kind: "unreadable", status: 415 };
  }
}
