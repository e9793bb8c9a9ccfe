import type { APIGatewayProxyEvent } from "aws-lambda";
import type { DeviceChoice } from "#shared/portal/begin-session.ts";
import { parseBirthDate } from "#shared/portal/birth-date.ts";
import type { Stated } from "#shared/portal/prove.ts";
import { header } from "./headers.ts";
import { MEANT_ROUTE } from "./views/neutral-page.ts";

const FORM_TYPE = "application/x-www-form-urlencoded";
const FORM_BYTES_MAX = 4096;
const CODE = /^\d{6}$/;
const PIN = /^\d{6,8}$/;
/** The one field of a one-click request (RFC 8058 §3.1). */
export const ONE_CLICK = { name: "List-Unsubscribe", value: "One-Click" } as const;
const ONE_CLICK_PART = /name="?List-Unsubscribe"?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\nOne-Click\r?\n/i;

const FIRST_PAGE = "/{token}";
const MEANT: readonly string[] = [MEANT_ROUTE.newLink, MEANT_ROUTE.wrongPerson];

/** The fields of a proof. */
export interface ProofForm {
  readonly birthDate: Stated | null;
  readonly pin: Stated | null;
  readonly code: Stated | null;
  readonly newCode: boolean;
  readonly stepUp: boolean;
  readonly deviceChoice: DeviceChoice;
}

/** A form, or the status that says why there is none. */
export type FormOutcome<Form> =
  | { readonly kind: "form"; readonly form: Form }
  | { readonly kind: "unreadable"; readonly status: 413 | 415 };

/**
 * Reads the proof form: fields that we do not know are ignored, an empty field says nothing, and a
 * field that is there twice or has not the form of an answer has the value null.
 */
export function readProofForm(event: APIGatewayProxyEvent): FormOutcome<ProofForm> {
  const read = readFields(event);
  if (read.kind === "unreadable") return read;
  const fields = read.form;
  return {
    kind: "form",
    form: {
      birthDate: readField(fields, "birthDate", (value) => parseBirthDate(value) ?? null),
      pin: readField(fields, "pin", (value) => digitsOf(value, PIN)),
      code: readField(fields, "code", (value) => digitsOf(value, CODE)),
      newCode: fields.has("newCode"),
      stepUp: fields.has("stepUp"),
      deviceChoice: readDeviceChoice(fields),
    },
  };
}

/**
 * The resource that a request means: the first page cannot hold its own token, so its forms post to the
 * page's own address and name the route that they mean.
 */
export function meantResource(event: APIGatewayProxyEvent): string {
  const { httpMethod, resource } = event;
  if (httpMethod !== "POST" || resource !== FIRST_PAGE) return resource;
  const read = readFields(event);
  const route = read.kind === "form" ? read.form.get(MEANT_ROUTE.field) : null;
  return route !== null && MEANT.includes(route) ? `${resource}/${route}` : resource;
}

function digitsOf(value: string, form: RegExp): string | null {
  const digits = value.replaceAll(/[\s-]/g, "");
  return form.test(digits) ? digits : null;
}

/** Whoever says both means the careful one. */
function readDeviceChoice(fields: URLSearchParams): DeviceChoice {
  const said = fields.getAll("device");
  if (said.includes("shared")) return "shared";
  return said.includes("own") ? "own" : null;
}

/** True where a mail client, or the button of our page, asks to unsubscribe as RFC 8058 has it (§3.2). */
export function asksToUnsubscribe(event: APIGatewayProxyEvent): boolean {
  const body = bodyOf(event);
  if (body.length > FORM_BYTES_MAX) return false;
  const text = body.toString("utf8");
  const type = contentType(event);
  if (type === FORM_TYPE) return new URLSearchParams(text).get(ONE_CLICK.name) === ONE_CLICK.value;
  return type === "multipart/form-data" && ONE_CLICK_PART.test(text);
}

function contentType(event: APIGatewayProxyEvent): string | undefined {
  return header(event, "content-type")?.split(";")[0]?.trim().toLowerCase();
}

function bodyOf(event: APIGatewayProxyEvent): Buffer {
  return Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
}

/** The fields of a form of at most `bytesMax` bytes. */
export function readFields(
  event: APIGatewayProxyEvent,
  bytesMax: number = FORM_BYTES_MAX,
): FormOutcome<URLSearchParams> {
  const body = bodyOf(event);
  const type = contentType(event);
  if (type !== FORM_TYPE && !(type === undefined && body.length === 0)) {
    return { kind: "unreadable", status: 415 };
  }
  if (body.length > bytesMax) return { kind: "unreadable", status: 413 };
  return { kind: "form", form: new URLSearchParams(body.toString("utf8")) };
}

function readField(
  fields: URLSearchParams,
  name: string,
  parse: (value: string) => string | null,
): Stated | null {
  const values = fields.getAll(name);
  if (values.length > 1) return { value: null };
  const value = values[0]?.trim() ?? "";
  return value === "" ? null : { value: parse(value) };
}

/** True where a form asks to leave for somewhere else at once; whatever cannot be read asks for nothing. */
export function readExit(event: APIGatewayProxyEvent): boolean {
  const read = readFields(event);
  return read.kind === "form" && read.form.get("exit") === "yes";
}
