/** What a reason is about: the categories of corpus/GUIDE.md that can raise a tier. The order is part of the data format. */
export const CATEGORIES = [
  "other",
  "portal-notice",
  "result",
  "diagnosis",
  "medication",
  "procedure",
  "instruction",
  "specialty",
  "mental-health",
  "substance",
  "sexual-reproductive",
  "hiv-sti",
  "referral",
  "symptom-from-patient",
  "question-from-patient",
  "equipment",
  "vaccination-status",
  "billing-clinical",
  "code",
  "evasion",
  "body",
] as const;

/** One of {@link CATEGORIES}; `body` is a part of the body named without more. */
export type Category = (typeof CATEGORIES)[number];

/**
 * The voices that can raise a tier: lexicon, phrases, rules, the statistical model and the gates on the text as written;
 * `disguise` and `typo` on what it says once a disguise or a typing error is undone; `reader` is the second reader.
 */
export type Via = "lexicon" | "phrase" | "rule" | "model" | "gate" | "disguise" | "typo" | "reader";

/** Why a text is above tier 1: a named rule and the exact UTF-16 span `[start, end)` of the original text. */
export type Reason = {
  readonly rule: string;
  readonly category: Category;
  readonly start: number;
  readonly end: number;
  /** One plain sentence; it never quotes the text. */
  readonly explanation: string;
  readonly via: Via;
};

const TOPICS: Readonly<Record<Category, string>> = {
  other: "something clinical",
  "portal-notice": "something waiting in the portal",
  result: "a result or its interpretation",
  diagnosis: "a condition or disease",
  medication: "a medicine, supplement or dose",
  procedure: "a test, procedure or treatment",
  instruction: "care directions",
  specialty: "a specialty, department or type of care",
  "mental-health": "mental health",
  substance: "substance use",
  "sexual-reproductive": "sexual or reproductive health",
  "hiv-sti": "HIV or a sexually transmitted infection",
  referral: "a referral",
  "symptom-from-patient": "a symptom or how someone feels",
  "question-from-patient": "a clinical question",
  equipment: "equipment that reveals care",
  "vaccination-status": "somebody's vaccination",
  "billing-clinical": "a charge for a clinical service",
  code: "a clinical code",
  evasion: "a clinical word written so that it is hard to find",
  body: "a part of the body",
};

/** The explanation of a reason that found words about a category. */
export function explainTopic(category: Category, via: Via): string {
  const topic = TOPICS[category];
  switch (via) {
    case "lexicon":
      return `A word here tells of ${topic}.`;
    case "phrase":
      return `The words here together tell of ${topic}.`;
    case "disguise":
      return `Once a disguise is undone, this tells of ${topic}.`;
    case "typo":
      return `With one typing error undone, this tells of ${topic}.`;
    case "model":
      return "The wording here resembles clinical messages more than administrative ones.";
    default:
      return `This wording tells of ${topic}.`;
  }
}
