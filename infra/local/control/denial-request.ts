import type { Denial } from "../aws/denials.ts";
import type { JsonRecord } from "../json-shape.ts";
import { type CallNames, knownName } from "./fault-request.ts";
import { requiredText } from "./json-request.ts";
import { RequestRefused } from "./problems.ts";

/** The members of a request to take a permission away. */
export const DENIAL_MEMBERS = ["function", "action", "table"] as const;

const ACTION = /^dynamodb:[A-Z]\w+$/u;

/** Reads a request to take a permission on a table away; `tableArn` gives the ARN of a table by its name. */
export function readDenial(
  body: JsonRecord,
  known: CallNames,
  tableArn: (name: string) => string | undefined,
): Denial {
  const action = requiredText(body, "action");
  if (!ACTION.test(action))
    throw new RequestRefused(
      "invalid_request",
      "action must be one of DynamoDB's, such as dynamodb:PutItem.",
      "/action",
    );
  const resource = tableArn(requiredText(body, "table"));
  if (resource === undefined)
    throw new RequestRefused("invalid_request", "The template has no such table.", "/table");
  return { function: knownName(body, "function", known.functions), action, resource };
}
