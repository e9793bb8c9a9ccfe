import type { APIGatewayProxyEvent } from "aws-lambda";
import { parseBirthDate } from "#shared/portal/birth-date.ts";
import type { Stated } from "#shared/portal/prove.ts";
import { header } from "./headers.ts";

const FORM_TYPE = "application/x-www-form-urlencoded";
const FORM_BYTES_MAX = 4096;
const CODE = /^\d{6}$/;

/** The fields of a proof. */
export interface ProofForm {
  readonly birthDate: Stated | null;
  readonly code: Stated | null;
  readonly newCode: boolean;
}

/** A form, or the status that says why there is none. */
export type FormOutcome =
  | { readonly kind: "form"; readonly form: ProofForm }
  | { readonly kind: "unreadable"; readonly status: 413 | 415 };

/**
 * Reads the proof form: fields that we do not know are ignored, an empty field says nothing, and a
 * field that is there twice or has not the form of an answer is a wrong answer.
 */
export function readProofForm(event: APIGatewayProxyEvent): FormOutcome {
  const text = event.body ?? "";
  const type = header(event, "content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== FORM_TYPE && !(type === undefined && text === "")) {
    return { kind: "unreadable", status: 415 };
  }
  const body = Buffer.from(text, event.isBase64Encoded ? "base64" : "utf8");
  if (body.length > FORM_BYTES_MAX) return { kind: "unreadable", status: 413 };
  const fields = new URLSearchParams(body.toString("utf8"));
  return {
    kind: "form",
    form: {
      birthDate: readField(fields, "birthDate", (value) => parseBirthDate(value) ?? null),
      code: readField(fields, "code", (value) => {
        const digits = value.replaceAll(/[\s-]/g, "");
        return CODE.test(digits) ? digits : null;
      }),
      newCode: fields.has("newCode"),
    },
  };
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
