import { substitute } from "./gateway-responses.ts";
import type { RequestContext } from "./request-context.ts";

/** One access-log line of one stage. */
export type AccessLogLine = {
  readonly time: string;
  readonly api: string;
  readonly stage: string;
  readonly message: string;
};

/** Renders an access-log line in the stage's own format; a variable without a value is `-`, as in API Gateway. */
export function renderAccessLog(format: string, context: RequestContext): string {
  return substitute(format, context, "-");
}
