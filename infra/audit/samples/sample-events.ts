import { directoryVersion } from "#shared/audit/directory-version.ts";
import type { AuditEvent } from "#shared/audit/journal.ts";
import { emailTemplateFor, emailTemplateName, renderEmail } from "#shared/domain/alerts/email.ts";
import { renderText } from "#shared/domain/alerts/render.ts";
import { linkValue, practiceValues, type SlotValue } from "#shared/domain/alerts/slot-value.ts";
import { shownDate, shownTime } from "#shared/domain/alerts/slot-values.ts";
import {
  type Template,
  type TemplatePart,
  templateFor,
  templateName,
} from "#shared/domain/alerts/templates.ts";
import { TOKEN_LENGTH } from "#shared/domain/link-token.ts";
import type { Language } from "#shared/domain/words.ts";
import type { ApprovedName, ApprovedTemplate } from "#shared/vocabulary/records.ts";
import type { SeededRandom } from "./random.ts";

/** An event and the Lambda that records it. */
export interface SampleEvent {
  readonly event: AuditEvent;
  readonly function: string;
}

const PRACTICES = [
  practiceValues({ name: "Riverside Office", phone: "202-555-0143" }),
  practiceValues({ name: "Lakeview Office", phone: "206-555-0117" }),
] as const;
const CLASSIFIER = "foundphone-2-17eeafaf-625c9126-24face1b";
const STAFF_COUNT = 40;
const LINK = linkValue("https://office.example/m", "a".repeat(TOKEN_LENGTH));

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
  const { claimed, text, channel, kind } = claimOf(random);
  const alert = { alertId: alertId ?? "", kind, messageId: messageId ?? "" };
  const thread = { messageId: messageId ?? "", threadId: threadId ?? "", alertId: alertId ?? "" };
  const visit = kind === "message" ? {} : { purpose: "scheduling" as const };
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
        ...visit,
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

/** The template of the practice's own, and the name, that {@link approvals} put in force. */
const OWN: ApprovedTemplate = {
  id: "tpl_01KERHV5R0000000000000SAMPL",
  version: 1,
  use: "reminder",
  purpose: "scheduling",
  tier: 1,
  texts: {
    en: [
      ...([{ slot: "practice" }, ": visit at "] as const),
      ...([
        { slot: "location" },
        " on ",
        { slot: "date" },
        ", ",
        { slot: "time" },
        ". Reply C. Call ",
      ] as const),
      ...([{ slot: "phone" }, ". Reply STOP to end"] as const),
    ],
    es: [
      ...([{ slot: "practice" }, ": cita en "] as const),
      ...([
        { slot: "location" },
        " el ",
        { slot: "date" },
        ", ",
        { slot: "time" },
        ". Responda C. Tel. ",
      ] as const),
      ...([{ slot: "phone" }, ". STOP para salir"] as const),
    ],
  },
  approvedAt: "2026-01-05T00:00:00.000Z",
};
const LOCATION: ApprovedName = { id: "loc_1", kind: "location", textName: "Elm Street", version: 1 };
const VISITS_MS = Date.parse("2026-02-01T14:00:00.000Z");
const QUARTER_MS = 900_000;
const ZONE = "America/New_York";

/** What compliance approved before anything was sent. */
export function approvals(actor: string, random: SeededRandom): readonly SampleEvent[] {
  const asking = () => ({ actor, role: "compliance", requestId: random.uuid() });
  const { id, version, use, purpose, tier, texts } = OWN;
  return [
    {
      function: "practice",
      event: {
        ...asking(),
        action: "directory.approved",
        details: { approvalId: random.id("apr"), entries: [{ ...LOCATION }], vocabularyVersion: 1 },
      },
    },
    {
      function: "practice",
      event: {
        ...asking(),
        action: "template.approved",
        details: {
          templateId: id,
          version,
          use,
          purpose,
          tier,
          texts: { en: texts.en.map(plain), es: texts.es.map(plain) },
          vocabularyVersion: 2,
        },
      },
    },
  ];
}

function plain(part: TemplatePart) {
  return typeof part === "string" ? part : { ...part };
}

function claimOf(random: SeededRandom) {
  const filled = PRACTICES[random.below(PRACTICES.length)] ?? PRACTICES[0];
  const language = random.below(4) === 0 ? "es" : "en";
  const directory = directoryVersion(filled);
  const link = random.below(5) === 0 ? "nudge" : "message";
  if (random.below(10) === 0) {
    const template = emailTemplateFor(link, language);
    const { masked, slots } = renderEmail(template, { ...filled, link: LINK });
    const told = { template: emailTemplateName(template), language, slots: { ...slots }, directory };
    return { claimed: { ...told, text: masked }, text: masked, channel: "email", kind: link };
  }
  const kind = random.below(3) === 0 ? "reminder" : link;
  const template = kind === "reminder" ? reminderOf(language, random) : templateFor(kind, language);
  const { masked, slots, parts } = renderText(template, {
    ...filled,
    link: LINK,
    ...momentOf(language, random),
  });
  const claimed = {
    template: templateName(template),
    language,
    slots: { ...slots },
    directory,
    text: masked,
    segments: parts.segments,
  };
  return { claimed, text: masked, channel: "sms", kind };
}

function reminderOf(language: Language, random: SeededRandom): Template {
  return random.below(2) === 0
    ? templateFor("reminder", language)
    : { ...OWN, language, parts: OWN.texts[language] as Template["parts"] };
}

function momentOf(language: Language, random: SeededRandom) {
  const at = new Date(VISITS_MS + QUARTER_MS * random.below(4 * 24 * 365));
  const other = random.below(20) === 0 ? "America/Denver" : null;
  return {
    date: shownDate(at, ZONE, language),
    time: shownTime(at, ZONE, language, other),
    location: LOCATION.textName as SlotValue<"name">,
  };
}
