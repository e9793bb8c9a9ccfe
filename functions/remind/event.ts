import * as z from "zod";

const REQUESTS_MAX = 10_000;

/** What a scheduler of any kind may send; README.md says more. */
const OwnEvent = z.strictObject({ maxRequests: z.int().min(1).max(REQUESTS_MAX).optional() });

/** What EventBridge rules and EventBridge Scheduler send where they were told nothing else. */
const ScheduledEvent = z.looseObject({
  source: z.enum(["aws.events", "aws.scheduler"]),
  "detail-type": z.literal("Scheduled Event"),
});

/** The order in an event. Throws one line, which repeats nothing of the event, for what nobody should send. */
export function readEvent(event: unknown): { readonly maxRequests?: number | undefined } {
  // `aws lambda invoke` without a payload.
  if (event === null || event === undefined) return {};
  const own = OwnEvent.safeParse(event);
  if (own.success) return own.data;
  if (ScheduledEvent.safeParse(event).success) return {};
  throw new Error(
    `remind takes {} or {"maxRequests": 1 to ${REQUESTS_MAX}}, and the scheduled events of EventBridge`,
  );
}
