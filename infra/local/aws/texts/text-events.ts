import type { JsonRecord } from "../../json-shape.ts";
import { modelEnum } from "./sms-model.ts";

/** A text that End User Messaging accepted. */
export type AcceptedText = {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly sentAt: string;
  readonly context: Readonly<Record<string, string>>;
  /** Without the `TEXT_` of its last event; ACCEPTED before the first one; NETWORK for a text of the network's own. */
  status: string;
  readonly messageType: string;
  readonly isoCountryCode: string;
  readonly configurationSet: string | undefined;
  readonly protectConfigurationId: string | undefined;
};

/** Events after which others may follow. */
const INTERIM = new Set(["TEXT_PENDING", "TEXT_QUEUED", "TEXT_SUCCESSFUL"]);

/** The service documents TEXT_SENT as unsupported, and the _ALL types only select. */
const NEVER_EMITTED = new Set(["TEXT_ALL", "TEXT_SENT"]);

/** Every event that the service can emit about a text. */
export const TEXT_EVENT_TYPES: readonly string[] = modelEnum("EventType").filter(
  (eventType) => eventType.startsWith("TEXT_") && !NEVER_EMITTED.has(eventType),
);

/** Whether the service waits for nothing more: with some carriers SUCCESSFUL is the last that is heard. */
export function isLastWord(eventType: string): boolean {
  return eventType === "TEXT_SUCCESSFUL" || !INTERIM.has(eventType);
}

/** The characters of GSM 03.38, without and with an escape in front. */
const GSM_BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM_ESCAPED = new Set("^{}\\[~]|€\f");

/** The encoding a body is sent in and the number of parts it takes. */
export function messageParts(body: string): { readonly encoding: "GSM" | "Unicode"; readonly parts: number } {
  const characters = Array.from(body);
  if (characters.every((character) => GSM_BASIC.has(character) || GSM_ESCAPED.has(character))) {
    const septets = characters.reduce((sum, character) => sum + (GSM_ESCAPED.has(character) ? 2 : 1), 0);
    return { encoding: "GSM", parts: septets <= 160 ? 1 : Math.ceil(septets / 153) };
  }
  return { encoding: "Unicode", parts: body.length <= 70 ? 1 : Math.ceil(body.length / 67) };
}

/** A status event as an event destination of a configuration set gets it. */
export function statusEvent(text: AcceptedText, eventType: string): JsonRecord {
  const status = eventType.replace(/^TEXT_/, "");
  const { encoding, parts } = messageParts(text.body);
  return {
    eventType,
    eventVersion: "1.0",
    eventTimestamp: Date.now(),
    isFinal: !INTERIM.has(eventType),
    originationPhoneNumber: text.from,
    destinationPhoneNumber: text.to,
    isoCountryCode: text.isoCountryCode,
    isInternationalSend: text.isoCountryCode !== "US",
    mcc: "310",
    mnc: "800",
    carrierName: "Local carrier",
    messageId: text.id,
    messageRequestTimestamp: Date.parse(text.sentAt),
    messageEncoding: encoding,
    messageType: text.messageType,
    messageStatus: status,
    messageStatusDescription: `Message status: ${status}`,
    context: text.context,
    totalMessageParts: parts,
    totalMessagePrice: 0.00581 * parts,
    totalCarrierFee: 0.00302 * parts,
    ...(text.protectConfigurationId === undefined
      ? {}
      : {
          protectConfiguration: {
            protectConfigurationId: text.protectConfigurationId,
            protectStatus: "ALLOW",
          },
        }),
  };
}

/** The same as EventBridge carries it: AWS's published samples there hold neither the destination nor the context. */
export function busDetail(event: JsonRecord): JsonRecord {
  const { destinationPhoneNumber: _to, context: _context, ...detail } = event;
  return detail;
}
