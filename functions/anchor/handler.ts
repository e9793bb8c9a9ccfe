import type { Context } from "aws-lambda";
import type { MadeAnchor } from "#shared/audit/make-anchors.ts";
import type { Log } from "#shared/runtime/log.ts";

/** Makes the anchors that are due; any scheduler may invoke it, the event is not looked at. */
export function createHandler(makeAnchors: (requestId: string) => Promise<readonly MadeAnchor[]>, log: Log) {
  return async (
    _event: unknown,
    { awsRequestId }: Pick<Context, "awsRequestId">,
  ): Promise<{ readonly anchors: readonly number[] }> => {
    const made = await makeAnchors(awsRequestId);
    for (const anchor of made) log.info("ANCHOR_SIGNED", { ...anchor });
    return { anchors: made.map(({ anchor }) => anchor) };
  };
}
