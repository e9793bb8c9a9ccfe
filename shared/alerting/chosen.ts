import type { AlertRecord } from "../messaging/records.ts";

/** The shipped wording of a message, which nobody has to choose. */
const PLAIN = "message";

/** The id of the template that a message's sender chose for its text; null: the plain one. */
export function chosenTemplate({ kind, channel, template }: AlertRecord): string | null {
  const [id = PLAIN] = template.split("@");
  return kind === "message" && channel === "sms" && id !== PLAIN ? id : null;
}
