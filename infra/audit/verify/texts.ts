import { directoryVersion } from "#shared/audit/directory-version.ts";
import { EMAIL_TEMPLATES, emailTemplateName, renderEmail } from "#shared/domain/alerts/email.ts";
import { renderText } from "#shared/domain/alerts/render.ts";
import { type SlotValues, TEMPLATES, templateName } from "#shared/domain/alerts/templates.ts";
import type { AttributeValue } from "./canonical-item.ts";
import type { FindingKind, Findings } from "./finding.ts";

/** A text that was sent, how often, and where it was met first. */
export interface MetText {
  count: number;
  readonly places: { readonly chain: string; readonly sequence: number }[];
}

/** A state of the practice's directory as texts show it. */
export interface MetDirectory {
  readonly practice: string;
  readonly phone: string;
  /** Host of the portal's links; null where no text carried one. */
  readonly host: string | null;
  readonly version: string;
}

interface Judgement {
  readonly finding: { readonly kind: FindingKind; readonly says: string } | undefined;
  readonly directory: MetDirectory | undefined;
}

/** What an entry of the action `alert.claimed` tells of its text. */
interface Claim {
  readonly text: string;
  readonly template: string;
  readonly language: string;
  readonly directory: string;
  readonly slots: Readonly<Record<string, string>>;
}

const PLACES_MAX = 50;
const JUDGEMENTS_MAX = 5000;
const TEXTS_MAX = 20_000;
const DIRECTORIES_MAX = 1000;
const SLOTS: ReadonlySet<string> = new Set(["practice", "phone", "link", "code"]);

const TEXT_TEMPLATES = new Map(
  TEMPLATES.map((template) => [`${templateName(template)} ${template.language}`, template]),
);
const EMAILS = new Map(
  EMAIL_TEMPLATES.map((template) => [`${emailTemplateName(template)} ${template.language}`, template]),
);

/** Makes every text again from what its entry says of it, and keeps the different ones for the found-phone test. */
export class ClaimedTexts {
  readonly #judgements = new Map<string, Judgement>();
  readonly #texts = new Map<string, MetText>();
  readonly #directories = new Map<string, MetDirectory & { lines: number }>();

  /** Takes the details of one claim. */
  take(
    details: AttributeValue | undefined,
    place: { readonly chain: string; readonly sequence: number },
    findings: Findings,
  ): void {
    const claim = readClaim(details?.["M"]);
    if (claim === undefined) {
      const says = "the entry does not tell its text, template, language, slots and directory";
      findings.add({ kind: "text-differs", says, ...place });
      return;
    }
    this.#meet(claim.text, place);
    const { finding, directory } = this.#judge(claim);
    if (finding !== undefined) findings.add({ ...finding, ...place });
    if (directory === undefined) return;
    const key = JSON.stringify(directory);
    const known = this.#directories.get(key);
    if (known !== undefined) known.lines += 1;
    else if (this.#directories.size < DIRECTORIES_MAX) this.#directories.set(key, { ...directory, lines: 1 });
  }

  #meet(text: string, place: { readonly chain: string; readonly sequence: number }): void {
    const known = this.#texts.get(text);
    if (known === undefined) {
      this.#texts.set(text, { count: 1, places: [place] });
      return;
    }
    known.count += 1;
    if (known.places.length < PLACES_MAX) known.places.push(place);
  }

  #judge(claim: Claim): Judgement {
    const { text, template, language, directory, slots } = claim;
    const { practice, phone, link, code } = slots;
    const key = JSON.stringify([template, language, directory, practice, phone, link, code, text]);
    const known = this.#judgements.get(key);
    if (known !== undefined) return known;
    const judgement = judge(claim);
    if (this.#judgements.size >= JUDGEMENTS_MAX) this.#judgements.clear();
    this.#judgements.set(key, judgement);
    return judgement;
  }

  /** Whether there are so many different texts that they should be handed over now. */
  get isFull(): boolean {
    return this.#texts.size >= TEXTS_MAX;
  }

  /** Hands over the different texts met so far. */
  takeTexts(): ReadonlyMap<string, MetText> {
    const texts = new Map(this.#texts);
    this.#texts.clear();
    return texts;
  }

  /** Directories with the number of lines whose texts were filled from each. */
  get directories(): readonly (MetDirectory & { readonly lines: number })[] {
    return [...this.#directories.values()];
  }
}

/** Makes the text of a claim again and compares. */
function judge(claim: Claim): Judgement {
  const { text, template, language, directory: version, slots } = claim;
  const { practice, phone, link } = slots;
  const wrong = (kind: FindingKind, says: string): Judgement => ({
    finding: { kind, says },
    directory: undefined,
  });
  const textTemplate = TEXT_TEMPLATES.get(`${template} ${language}`);
  const email = EMAILS.get(`${template} ${language}`);
  if (textTemplate === undefined && email === undefined)
    return wrong("template-unknown", "there is no template of this name and version in this language");
  if (practice === undefined || phone === undefined)
    return wrong("text-differs", "the entry does not tell what filled the slots");
  const again = textTemplate === undefined ? emailAgain(email, slots) : textAgain(textTemplate, slots);
  if (again === undefined || again !== text)
    return wrong("text-differs", "template and slots give another text");
  const host = hostOf(link);
  if (host === undefined) return wrong("text-differs", "the link in the text is none");
  const directory = { practice, phone, host, version };
  if (directoryVersion({ practice, phone }) !== version)
    return wrong("directory-differs", "practice and phone give another directory version");
  return { finding: undefined, directory };
}

/** The text, undefined where it cannot be made or where the slots are not exactly the template's, masked. */
function textAgain(template: (typeof TEMPLATES)[number], slots: Claim["slots"]): string | undefined {
  const needed = new Set<string>(["practice", "phone"]);
  for (const part of template.parts) if (typeof part !== "string") needed.add(part.slot);
  const names = Object.keys(slots);
  if (names.length !== needed.size || names.some((name) => !needed.has(name))) return undefined;
  try {
    const made = renderText(template, slots as unknown as SlotValues);
    return isSame(made.slots, slots) ? made.masked : undefined;
  } catch {
    return undefined;
  }
}

/** What a telephone opens as a page, without a name or password before the host. */
const LINK = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?\/[!-~]*$/;
/** A link whose last part was masked. */
const MASKED_LINK = /\/\*{6}$/;

function emailAgain(
  template: (typeof EMAIL_TEMPLATES)[number] | undefined,
  { practice, phone, link, ...others }: Claim["slots"],
): string | undefined {
  if (template === undefined || practice === undefined || phone === undefined || link === undefined)
    return undefined;
  if (Object.keys(others).length > 0) return undefined;
  try {
    const made = renderEmail(template, { practice, phone, link });
    return MASKED_LINK.test(link) && made.slots.link === link ? made.masked : undefined;
  } catch {
    return undefined;
  }
}

/** Whether masking again changes nothing: token and code were masked before they were recorded. */
function isSame(made: SlotValues, slots: Claim["slots"]): boolean {
  const { link, code } = slots;
  return made.link === link && made.code === code && (link === undefined || MASKED_LINK.test(link));
}

/** The host of a link, null where there is none; undefined where the link is no address. */
function hostOf(link: string | undefined): string | null | undefined {
  if (link === undefined) return null;
  return LINK.test(link) && URL.canParse(link) ? new URL(link).host : undefined;
}

function readClaim(details: unknown): Claim | undefined {
  const tell = (map: unknown, name: string): unknown =>
    (map as Readonly<Record<string, AttributeValue | undefined>> | undefined)?.[name]?.["S"];
  const [text, template, language, directory] = ["text", "template", "language", "directory"].map((name) =>
    tell(details, name),
  );
  const given = (details as Readonly<Record<string, AttributeValue | undefined>> | undefined)?.["slots"]?.[
    "M"
  ];
  if (
    typeof text !== "string" ||
    typeof template !== "string" ||
    typeof language !== "string" ||
    typeof directory !== "string" ||
    typeof given !== "object" ||
    given === null
  )
    return undefined;
  const slots: Record<string, string> = {};
  for (const name of Object.keys(given)) {
    const value = tell(given, name);
    if (typeof value !== "string" || !SLOTS.has(name)) return undefined;
    slots[name] = value;
  }
  return { text, template, language, directory, slots };
}
