import { TEMPLATES, templateName } from "../../domain/alerts/templates.ts";

/** Wording of what staff record; a patient must have acknowledged all three. */
const RECORDED_BY_STAFF =
  "recorded by staff: the patient knows that texts are not fully secure, confirmed that the number or address is theirs, " +
  "and knows that they can opt out at any time; the words on paper are the practice's own";

const KNOWN: Readonly<Record<string, string>> = {
  "consent-2026-11": RECORDED_BY_STAFF,
  "portal-2026-11":
    "ticked by the patient in the portal, after the proof of the date of birth or PIN: texts and e-mails are not fully " +
    "secure; the number or address is theirs; they can stop at any time",
  stop:
    "no wording was shown: the patient's own text (STOP, START or words), the portal's button, a letter or call, a " +
    "report of the carrier or of a mailbox, or the word of somebody else who got a link",
};

/** The words of a question by text, in each language, with its slots named. */
function questionOf(wording: string): string | undefined {
  const found = TEMPLATES.filter(
    (template) => template.id.startsWith("opt-in-") && templateName(template) === wording,
  );
  const told = found.map(({ language, parts }) => {
    const words = parts.map((part) => (typeof part === "string" ? part : `[${part.slot}]`)).join("");
    return `“${words}” (${language})`;
  });
  return told.length === 0 ? undefined : `asked by text and answered: ${told.join("; ")}`;
}

/** What a wording that the ledger names stands for. */
export function wordingInWords(wording: string): string {
  const known = Object.hasOwn(KNOWN, wording) ? KNOWN[wording] : undefined;
  return known ?? questionOf(wording) ?? "a wording that this version does not know";
}
