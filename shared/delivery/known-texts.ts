import type { AlertRecord } from "../messaging/records.ts";
import type { DeliveryOutcome } from "./outcomes.ts";
import type { DeliveryEvent } from "./record.ts";

/** Which alert a report is about. */
interface FoundAlert {
  readonly patientId: string;
  readonly alertId: string;
}

/** How far a text is known to have come. */
type Reached = "nothing" | "under-way" | "arrived";

interface KnownText extends FoundAlert {
  readonly reached: Reached;
  readonly at: number;
}

const TEXTS_MAX = 2_000;
/** A text that is under way becomes an unknown one only after days of silence (times.ts), so this is short. */
const REMEMBERED_MS = 60 * 60 * 1000;

/**
 * What an instance remembers of texts for an hour, so that the carrier's further reports cost no reads: whose they are,
 * and how far they came. Every text is reported about twice or more, by each of two sources.
 */
export function createKnownTexts(now: () => Date) {
  const texts = new Map<string, KnownText>();

  /** What is known of the report's text; what names another alert is none of it. */
  function textOf({ channel, alertId, providerMessageId }: DeliveryEvent): KnownText | undefined {
    const known = channel === "sms" ? texts.get(providerMessageId) : undefined;
    if (known === undefined || now().getTime() - known.at > REMEMBERED_MS) return undefined;
    return alertId === null || alertId === known.alertId ? known : undefined;
  }

  function note(event: DeliveryEvent, { patientId, alertId }: FoundAlert, reached: Reached): void {
    if (event.channel !== "sms") return;
    const [oldest] = texts.keys();
    if (texts.size >= TEXTS_MAX && oldest !== undefined) texts.delete(oldest);
    texts.set(event.providerMessageId, { patientId, alertId, reached, at: now().getTime() });
  }

  return {
    alertOf: (event: DeliveryEvent): FoundAlert | undefined => textOf(event),
    noteAlert: (event: DeliveryEvent, found: FoundAlert): void => note(event, found, "nothing"),
    /** Notes how far the alert of a report has come, as it was read or written. */
    noteStatus: (event: DeliveryEvent, found: FoundAlert, status: AlertRecord["status"]): void => {
      if (status === "delivered") note(event, found, "arrived");
      if (status === "sent") note(event, found, "under-way");
    },
    /** True where the report can change nothing: no report leads on from `delivered`, and none back (outcomes.ts). */
    isOld: (event: DeliveryEvent, { status }: DeliveryOutcome): boolean => {
      const reached = textOf(event)?.reached;
      if (status === "delivered") return reached === "arrived";
      return status === "sent" && (reached === "arrived" || reached === "under-way");
    },
  };
}
