import type { Write } from "../audit/journal.ts";
import { type RenderedText, renderText } from "../domain/alerts/render.ts";
import { templateFor } from "../domain/alerts/templates.ts";
import { formatToken, linkLookup, tokenMessage } from "../domain/link-token.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { AlertingPorts } from "./ports.ts";

/** A text with the record that makes its link or code work. */
export interface ComposedText {
  readonly rendered: RenderedText;
  /** Where the link's record lies. */
  readonly lookup: string;
  readonly write: Write;
  readonly timeToLiveSeconds: number;
}

const LINK_ID_BYTES = 16;
const CODE_DIGITS = 6;
/** NIST SP 800-63B: an out-of-band code lives at most 10 minutes. */
const CODE_LIFETIME_SECONDS = 600;
const TEXT_LIFETIME_SECONDS_MAX = 259_200;
const TEXT_LIFETIME_SECONDS_MIN = 5;

type ComposePorts = Pick<
  AlertingPorts,
  "messages" | "linkMac" | "randomBytes" | "randomInt" | "practiceIdentity" | "linkLifetimeSeconds" | "now"
>;

/** Seconds that the provider may try for: never past the alert's own end. */
function timeToLive(alert: AlertRecord, now: Date, most: number): number {
  const left =
    alert.expiresAt === null ? most : Math.floor((Date.parse(alert.expiresAt) - now.getTime()) / 1000);
  return Math.max(TEXT_LIFETIME_SECONDS_MIN, Math.min(most, left, TEXT_LIFETIME_SECONDS_MAX));
}

/** Mints the link and renders the text that carries it. Links are minted nowhere else. */
async function composeLink(ports: ComposePorts, alert: AlertRecord): Promise<ComposedText> {
  const { messages, practiceIdentity, linkLifetimeSeconds } = ports;
  const now = ports.now();
  const expiresAt = secondsAfter(now, linkLifetimeSeconds);
  const message = tokenMessage(new Date(expiresAt), ports.randomBytes(LINK_ID_BYTES));
  const mac = await ports.linkMac("link", message);
  const lookup = linkLookup(mac);
  const rendered = renderText(templateFor("message", alert.language), {
    practice: practiceIdentity.name,
    phone: practiceIdentity.phone,
    link: `${practiceIdentity.portalBaseUrl}/${formatToken(message, mac)}`,
  });
  const write = messages.addLink({
    lookup,
    patientId: alert.patientId,
    messageId: alert.messageId,
    threadId: alert.threadId,
    alertId: alert.id,
    purpose: alert.purpose,
    language: alert.language,
    consentId: alert.consentId,
    createdAt: now.toISOString(),
    expiresAt,
    misses: 0,
    diedAt: null,
    codeMac: null,
    codeExpiresAt: null,
  });
  return { rendered, lookup, write, timeToLiveSeconds: timeToLive(alert, now, linkLifetimeSeconds) };
}

/** Mints the code and renders the text that carries it; only its keyed HMAC is kept. */
async function composeCode(ports: ComposePorts, alert: AlertRecord): Promise<ComposedText> {
  const { messages, practiceIdentity } = ports;
  const lookup = alert.linkLookup;
  if (lookup === null) throw new Error("an alert with a code names no link");
  const now = ports.now();
  const code = String(ports.randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0");
  const codeMac = await ports.linkMac("code", lookup, code);
  const rendered = renderText(templateFor("code", alert.language), {
    practice: practiceIdentity.name,
    phone: practiceIdentity.phone,
    code,
  });
  return {
    rendered,
    lookup,
    write: messages.setCode(lookup, codeMac, secondsAfter(now, CODE_LIFETIME_SECONDS)),
    timeToLiveSeconds: timeToLive(alert, now, CODE_LIFETIME_SECONDS),
  };
}

/** Mints what the alert carries and renders its text. */
export function composeText(ports: ComposePorts, alert: AlertRecord): Promise<ComposedText> {
  switch (alert.kind) {
    case "message":
      return composeLink(ports, alert);
    case "code":
      return composeCode(ports, alert);
    default:
      return alert.kind satisfies never;
  }
}
