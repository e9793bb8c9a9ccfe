import type { Asking } from "../audit/journal.ts";
import type { ConsentRefusal } from "../consent/decide.ts";
import type { TextParts } from "../domain/alerts/gsm7.ts";
import { messageTemplate } from "../domain/alerts/message-template.ts";
import { type RenderedText, renderText } from "../domain/alerts/render.ts";
import { linkValue, practiceValues } from "../domain/alerts/slot-value.ts";
import { TOKEN_LENGTH } from "../domain/link-token.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { ChosenTemplate, UnusableTemplate } from "../vocabulary/chosen-template.ts";
import {
  type AcceptPorts,
  bindingOf,
  choiceOf,
  hasExpired,
  missingFrom,
  type OutgoingMessage,
  readSituation,
  receiptOf,
  refusalFor,
  type SituationPorts,
  type UnknownAttachment,
} from "./accept.ts";
import { type Assessment, assess } from "./assess.ts";
import type { Classify, Practice, SecondReader } from "./ports.ts";
import { readAgain, versionOf } from "./read-again.ts";
import type { StoredReceipt } from "./records.ts";

/** What would happen to a message. */
export type PreviewOutcome =
  | {
      readonly kind: "preview";
      readonly assessment: Assessment;
      readonly receipt: StoredReceipt;
      readonly alert: { readonly text: string; readonly parts: TextParts } | null;
    }
  | { readonly kind: "refused"; readonly reason: ConsentRefusal }
  | { readonly kind: "unknown-patient" }
  | { readonly kind: "unknown-thread" }
  | { readonly kind: "expired" }
  | UnknownAttachment
  | UnusableTemplate
  /** It would be stopped before it is sent. */
  | { readonly kind: "text-blocked" };

/** Stands where the token will be; of the true length and in nobody's hands. */
const SAMPLE_TOKEN = "x".repeat(TOKEN_LENGTH);

/** Says what accepting a message would do, with the exact text; stores and sends nothing. */
export function createPreviewMessage(
  ports: SituationPorts &
    Pick<AcceptPorts, "bindable" | "templates"> & {
      readonly classify: Classify;
      readonly classifierVersion: string;
      readonly secondReader: SecondReader | null;
      readonly practiceIdentity: Practice;
      readonly now: () => Date;
    },
) {
  /** The text, with a link of the true length. */
  async function render({ language, timeZone }: PatientRecord, chosen: ChosenTemplate | undefined) {
    const { portalBaseUrl } = ports.practiceIdentity;
    const always = {
      ...practiceValues(ports.practiceIdentity),
      link: linkValue(portalBaseUrl, SAMPLE_TOKEN),
    };
    const template = messageTemplate(language);
    if (chosen === undefined) return renderText(template, always);
    const { fill } = await ports.templates();
    const values = { ...always, ...(await fill(chosen, language, timeZone)) };
    return renderText({ ...template, parts: chosen.texts[language] }, values);
  }

  /** What `send-alert` asks of every text before it leaves (DESIGN §3.2). */
  function isObjectionable({ masked, parts }: RenderedText): boolean {
    const { encoding, segments } = parts;
    return (
      encoding !== "GSM-7" ||
      segments > ports.practiceIdentity.textPartsMax ||
      ports.classify(masked, { direction: "outbound" }).tier === 3
    );
  }

  return async (message: OutgoingMessage, asking: Asking): Promise<PreviewOutcome> => {
    const found = await readSituation(ports, message, asking, null);
    const missing = missingFrom(found, message);
    if (missing !== undefined || found.patient === undefined) {
      return { kind: missing ?? "unknown-patient" };
    }
    const situation = { ...found, patient: found.patient };
    if (hasExpired(message, ports.now())) return { kind: "expired" };
    const refusal = refusalFor(message, situation, ports.now());
    if (refusal !== null) return { kind: "refused", reason: refusal };
    const binding = await bindingOf(ports, message);
    if (binding?.kind === "unbindable") return { kind: "unknown-attachment", index: binding.index };
    const chosen = await choiceOf(ports, message);
    if (chosen?.kind === "unusable-template") return chosen;
    const local = assess(ports.classify, message, message.minimumTier);
    const assessment = await readAgain(ports, local, message, situation.vendor);
    const version = versionOf(ports.classifierVersion, ports.secondReader, assessment);
    const rendered = message.deliver === "portal-only" ? null : await render(situation.patient, chosen);
    if (rendered !== null && isObjectionable(rendered)) return { kind: "text-blocked" };
    return {
      kind: "preview",
      assessment,
      receipt: receiptOf(assessment, message, situation, version, chosen),
      alert: rendered === null ? null : { text: rendered.text, parts: rendered.parts },
    };
  };
}
