import { directoryVersion } from "#shared/audit/directory-version.ts";
import type { AuditEvent } from "#shared/audit/journal.ts";
import { emailTemplateFor, emailTemplateName, renderEmail } from "#shared/domain/alerts/email.ts";
import { renderText } from "#shared/domain/alerts/render.ts";
import { templateFor, templateName } from "#shared/domain/alerts/templates.ts";
import type { SeededRandom } from "./random.ts";

/** An event and the Lambda that records it. */
export interface SampleEvent {
  readonly event: AuditEvent;
  readonly function: string;
}

const PRACTICES = [
  { practice: "Riverside Office", phone: "202-555-0143" },
  { practice: "Lakeview Office", phone: "206-555-0117" },
] as const;
const CLASSIFIER = "foundphone-2-17eeafaf-625c9126-24face1b";
const STAFF_COUNT = 40;
const LINK = `https://office.example/m/${"a".repeat(43)}`;

/** What is recorded of one message to a patient, from its acceptance to the answer of the network: seven events. */
export function messageEvents(patientId: string, random: SeededRandom): readonly SampleEvent[] {
  const [messageId, threadId, alertId, consentId] = ["msg", "thr", "alr", "con"].map((prefix) =>
    random.id(prefix),
  );
  const staff = { actor: staffMember(random.below(STAFF_COUNT)), role: "clinician" };
  const sender = { actor: "function:send-alert", role: "function" };
  const patient = { actor: `patient:${patientId}`, role: "patient" };
  const about = { patientId, purpose: "portal" } as const;
  const requestId = () => random.uuid();
  const sending = requestId();
  const alert = { alertId: alertId ?? "", kind: "message", messageId: messageId ?? "" };
  const thread = { messageId: messageId ?? "", threadId: threadId ?? "", alertId: alertId ?? "" };
  const { claimed, text, channel } = claimOf(random);
  return [
    {
      function: "messages",
      event: {
        ...staff,
        ...about,
        requestId: requestId(),
        action: "message.accepted",
        details: {
          ...thread,
          receipt: {
            tier: 3,
            classifierVersion: CLASSIFIER,
            reasonCount: random.below(7),
            voices: ["lexicon", "phrase", "rule"],
            minimumTier: null,
            consentId: consentId ?? "",
            template: "message@1",
            channel,
          },
        },
      },
    },
    {
      function: "send-alert",
      event: {
        action: "alert.claimed",
        ...sender,
        ...about,
        requestId: sending,
        details: { ...alert, consentId: consentId ?? "", ...claimed },
      },
    },
    {
      function: "send-alert",
      event: {
        action: "alert.sent",
        ...sender,
        ...about,
        requestId: sending,
        details: { ...alert, providerMessageId: random.uuid(), text },
      },
    },
    {
      function: "portal",
      event: {
        action: "link.opened",
        ...patient,
        ...about,
        details: { ...thread, tier: 3 },
        requestId: requestId(),
      },
    },
    {
      function: "portal",
      event: {
        action: "session.opened",
        ...patient,
        ...about,
        details: { ...thread, tier: 3 },
        requestId: requestId(),
      },
    },
    {
      function: "portal",
      event: {
        action: "thread.read",
        ...patient,
        ...about,
        details: { threadId: threadId ?? "", tier: 3, messageIds: [messageId ?? ""] },
        requestId: requestId(),
      },
    },
    {
      function: "record-delivery",
      event: {
        action: "alert.delivered",
        actor: "function:record-delivery",
        role: "function",
        ...about,
        requestId: requestId(),
        details: { ...alert, eventType: "TEXT_DELIVERED", providerMessageId: random.uuid(), reason: null },
      },
    },
  ];
}

/** A sign-in, as it stands in the chain of a member of staff. */
export function signIn(actor: string, random: SeededRandom): SampleEvent {
  return {
    function: "authorize",
    event: {
      action: "session.started",
      actor,
      role: "clinician",
      requestId: random.uuid(),
      details: { replacedOldest: random.below(8) === 0 },
    },
  };
}

/** A member of staff by number. */
export function staffMember(number: number): string {
  return `staff_${String(number).padStart(8, "0")}-0000-4000-a000-000000000000`;
}

function claimOf(random: SeededRandom) {
  const filled = PRACTICES[random.below(PRACTICES.length)] ?? PRACTICES[0];
  const language = random.below(4) === 0 ? "es" : "en";
  const kind = random.below(5) === 0 ? "nudge" : "message";
  const directory = directoryVersion(filled);
  if (random.below(10) === 0) {
    const template = emailTemplateFor(kind, language);
    const { masked, slots } = renderEmail(template, { ...filled, link: LINK });
    const claimed = {
      template: emailTemplateName(template),
      language,
      slots: { ...slots },
      directory,
      text: masked,
    };
    return { claimed, text: masked, channel: "email" };
  }
  const template = templateFor(kind, language);
  const { masked, slots, parts } = renderText(template, { ...filled, link: LINK });
  const claimed = {
    template: templateName(template),
    language,
    slots: { ...slots },
    directory,
    text: masked,
    segments: parts.segments,
  };
  return { claimed, text: masked, channel: "sms" };
}
