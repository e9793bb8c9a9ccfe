import type { Write } from "../audit/journal.ts";
import { emailTemplateFor, emailTemplateName, renderEmail } from "../domain/alerts/email.ts";
import type { TextParts } from "../domain/alerts/gsm7.ts";
import { carriesLink } from "../domain/alerts/kinds.ts";
import { type RecordedSlots, type RenderedWords, renderText } from "../domain/alerts/render.ts";
import { codeValue, linkValue, practiceValues } from "../domain/alerts/slot-value.ts";
import type { SlotValues } from "../domain/alerts/templates.ts";
import { formatToken, linkLookup, TOKEN_LENGTH, tokenMessage } from "../domain/link-token.ts";
import { linkKeyOf } from "../messaging/link-keys.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord, LinkRecord } from "../messaging/records.ts";
import type { AlertingPorts } from "./ports.ts";
import type { Wording } from "./wording.ts";

/** A text or e-mail with the record that makes its link or code work. */
export interface ComposedText {
  readonly text: RenderedWords;
  /** With link token and code masked: what records keep and the found-phone test reads. */
  readonly masked: string;
  /** `id@version` of the template that was rendered. */
  readonly template: string;
  /** What filled its slots, with link token and code masked. */
  readonly slots: RecordedSlots;
  /** Null for an e-mail, which has no parts. */
  readonly parts: TextParts | null;
  /** What an e-mail has beside its text. */
  readonly email: { readonly subject: RenderedWords; readonly unsubscribeUrl: string } | null;
  /** Where the link's record lies; null where the text has neither link nor code. */
  readonly lookup: string | null;
  readonly writes: readonly Write[];
  readonly timeToLiveSeconds: number;
}

const LINK_ID_BYTES = 16;
/** Codes have six digits. */
const CODES = 1_000_000;
/** NIST SP 800-63B: an out-of-band code lives at most 10 minutes. */
const CODE_LIFETIME_SECONDS = 600;
const TEXT_LIFETIME_SECONDS_MAX = 259_200;
const TEXT_LIFETIME_SECONDS_MIN = 5;

type ComposePorts = Pick<
  AlertingPorts,
  "messages" | "linkKeys" | "randomBytes" | "randomInt" | "practiceIdentity" | "linkLifetimeSeconds" | "now"
>;

/** Seconds that the provider may try for: never past the alert's own end. */
function timeToLive(alert: AlertRecord, now: Date, most: number): number {
  const left =
    alert.expiresAt === null ? most : Math.floor((Date.parse(alert.expiresAt) - now.getTime()) / 1000);
  return Math.max(TEXT_LIFETIME_SECONDS_MIN, Math.min(most, left, TEXT_LIFETIME_SECONDS_MAX));
}

function rendered({ template, name, slots }: Wording, minted: Pick<SlotValues, "link" | "code"> = {}) {
  return { ...renderText(template, { ...slots, ...minted }), template: name };
}

/** Mints the link and renders the text or e-mail that carries it. Links are minted nowhere else. */
async function composeLink(
  ports: ComposePorts,
  alert: AlertRecord,
  kind: "message" | "nudge",
  wording: Wording,
): Promise<ComposedText> {
  const { messages, practiceIdentity, linkLifetimeSeconds } = ports;
  const { messageId, threadId, sender, purpose, consentId } = alert;
  if (messageId === null || threadId === null || sender === null || purpose === null || consentId === null) {
    throw new Error("an alert with a link names no message");
  }
  const now = ports.now();
  const expiresAt = secondsAfter(now, linkLifetimeSeconds);
  const key = ports.linkKeys.current;
  const message = tokenMessage(new Date(expiresAt), ports.randomBytes(LINK_ID_BYTES), key.id);
  const mac = await key.mac("link", message);
  const lookup = linkLookup(mac);
  const link = linkValue(practiceIdentity.portalBaseUrl, formatToken(message, mac));
  const record: LinkRecord = {
    lookup,
    patientId: alert.patientId,
    messageId,
    threadId,
    alertId: alert.id,
    sender,
    purpose,
    language: alert.language,
    consentId,
    keyId: key.id,
    createdAt: now.toISOString(),
    expiresAt,
    misses: 0,
    diedAt: null,
    codeMac: null,
    codeExpiresAt: null,
  };
  // A nudge reminds of a link that is as good as its own: who taps the first text is not turned away.
  const writes = [messages.addLink(record), ...(kind === "nudge" ? [] : [messages.supersedeLinks(record)])];
  const timeToLiveSeconds = timeToLive(alert, now, linkLifetimeSeconds);
  if (alert.channel === "email") {
    const emailTemplate = emailTemplateFor(kind, alert.language);
    const { subject, text, masked, slots, unsubscribeUrl } = renderEmail(emailTemplate, {
      ...practiceValues(practiceIdentity),
      link,
    });
    return {
      text,
      masked,
      template: emailTemplateName(emailTemplate),
      slots,
      parts: null,
      email: { subject, unsubscribeUrl },
      lookup,
      writes,
      timeToLiveSeconds,
    };
  }
  return { ...rendered(wording, { link }), email: null, lookup, writes, timeToLiveSeconds };
}

/** True where a code can be minted for `link`: it is there, and its key is in force. */
export function canMintCode({ linkKeys }: ComposePorts, link: LinkRecord | undefined): boolean {
  return link !== undefined && linkKeyOf(linkKeys, link.keyId) !== undefined;
}

/**
 * Mints the code and renders the text that carries it; only its HMAC is kept, under the key of the link
 * that it belongs to.
 */
async function composeCode(
  ports: ComposePorts,
  alert: AlertRecord,
  link: LinkRecord | undefined,
  wording: Wording,
): Promise<ComposedText> {
  const { messages } = ports;
  const key = link === undefined ? undefined : linkKeyOf(ports.linkKeys, link.keyId);
  if (link === undefined || key === undefined) throw new Error("an alert with a code has no link to open");
  const { lookup } = link;
  const now = ports.now();
  const code = codeValue(ports.randomInt(CODES));
  const codeMac = await key.mac("code", lookup, code);
  return {
    ...rendered(wording, { code }),
    email: null,
    lookup,
    writes: [messages.setCode(lookup, codeMac, secondsAfter(now, CODE_LIFETIME_SECONDS))],
    timeToLiveSeconds: timeToLive(alert, now, CODE_LIFETIME_SECONDS),
  };
}

/** Parts that the alert's text will have: what it carries differs, and is always as long as this. */
export function partsOf({ practiceIdentity }: ComposePorts, wording: Wording): number {
  const link = linkValue(practiceIdentity.portalBaseUrl, "0".repeat(TOKEN_LENGTH));
  return rendered(wording, { link, code: codeValue(0) }).parts.segments;
}

/** Mints what the alert carries and renders its text; `link` is the one that a code is for. */
export async function composeText(
  ports: ComposePorts,
  alert: AlertRecord,
  link: LinkRecord | undefined,
  wording: Wording,
): Promise<ComposedText> {
  if (carriesLink(alert.kind)) return composeLink(ports, alert, alert.kind, wording);
  if (alert.kind === "code") return composeCode(ports, alert, link, wording);
  return {
    ...rendered(wording),
    email: null,
    lookup: null,
    writes: [],
    timeToLiveSeconds: timeToLive(alert, ports.now(), TEXT_LIFETIME_SECONDS_MAX),
  };
}
