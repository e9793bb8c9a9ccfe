import { directoryVersion } from "#shared/audit/directory-version.ts";
import {
  EMAIL_TEMPLATES,
  type EmailSlotValues,
  emailTemplateName,
  renderEmail,
} from "#shared/domain/alerts/email.ts";
import { type RecordedSlots, renderText } from "#shared/domain/alerts/render.ts";
import { SHIPPED_TEMPLATES } from "#shared/domain/alerts/shipped.ts";
import { type SlotValues, type Template, templateName } from "#shared/domain/alerts/templates.ts";
import { takeApproval } from "./approvals.ts";
import type { AttributeValue } from "./canonical-item.ts";
import type { FindingKind, Findings } from "./finding.ts";
import { EDGE, placeholder, type TextForm, takeOut } from "./own-form.ts";
import { type ClaimPlace, type MetOwnTexts, type NamedInText, OwnTexts } from "./own-texts.ts";
import { exampleDate, exampleTime, isShownDate, isShownTime, languageOf } from "./shown-values.ts";

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
  /** The names in it, which must have been approved. */
  readonly names: readonly NamedInText[];
  /** Its form, where its template is the practice's own. */
  readonly own: TextForm | undefined;
}

/** What an entry of the action `alert.claimed` tells of its text. */
interface Claim {
  readonly text: string;
  readonly template: string;
  readonly language: string;
  readonly directory: string;
  readonly slots: Readonly<Record<string, string>>;
  /** What the alert was for. */
  readonly kind: string;
}

const PLACES_MAX = 50;
const JUDGEMENTS_MAX = 5000;
const TEXTS_MAX = 20_000;
const DIRECTORIES_MAX = 1000;
const NAME_SLOTS = ["location", "provider", "pharmacy"] as const;
const SLOTS: ReadonlySet<string> = new Set([
  "practice",
  "phone",
  "link",
  "code",
  "date",
  "time",
  ...NAME_SLOTS,
]);
/** A version of a template that the practice made. */
const OWN_TEMPLATE = /^tpl_[^@]+@[1-9]\d*$/;
const MASKED_CODE = "******";

const TEXT_TEMPLATES = new Map(
  SHIPPED_TEMPLATES.map((template) => [`${templateName(template)} ${template.language}`, template]),
);
const EMAILS = new Map(
  EMAIL_TEMPLATES.map((template) => [`${emailTemplateName(template)} ${template.language}`, template]),
);

/** What a claim's entry tells beside its details. */
export interface ClaimEntry extends ClaimPlace {
  readonly purpose: string | null;
}

/**
 * Makes every text again from what its entry says of it, and keeps the different ones for the found-phone test. What
 * approvals decide about is kept until all entries were met.
 */
export class ClaimedTexts {
  readonly #judgements = new Map<string, Judgement>();
  readonly #texts = new Map<string, MetText>();
  readonly #directories = new Map<string, MetDirectory & { lines: number }>();
  readonly #own = new OwnTexts();

  /** Takes the details of one claim. */
  take(details: AttributeValue | undefined, entry: ClaimEntry, findings: Findings): void {
    const { chain, sequence, atMs } = entry;
    const place = { chain, sequence };
    const told = readClaim(details?.["M"]);
    if (told === undefined) {
      const says = "the entry does not tell its text, template, language, slots and directory";
      findings.add({ kind: "text-differs", says, ...place });
      return;
    }
    const { claim, shown, isPossible } = withoutMoment(told);
    this.#meet(shown, place);
    if (!isPossible) {
      const says = "no calendar or clock of a text shows the day or time in it";
      findings.add({ kind: "value-unknown", says, ...place });
      return;
    }
    const { finding, directory, names, own } = this.#judge(claim);
    if (finding !== undefined) findings.add({ ...finding, ...place });
    if (directory === undefined) return;
    this.#meetDirectory(directory);
    const { template, slots, kind } = claim;
    const language = languageOf(claim.language);
    const at = { chain, sequence, atMs };
    if (own !== undefined && language !== undefined) {
      const text = {
        ...own,
        template,
        language,
        kind,
        purpose: entry.purpose,
        slots: Object.keys(slots).sort(),
      };
      if (!this.#own.meetText(text, at)) {
        const says = "there are more different forms of texts than templates can give";
        findings.add({ kind: "text-differs", says, ...place });
      }
    }
    for (const named of names) {
      if (this.#own.meetName(named, at)) continue;
      const says = "there are more different names in texts than a directory has";
      findings.add({ kind: "name-unapproved", says, ...place });
    }
  }

  /** Takes an entry that tells of an approval, or of the end of one. */
  takeApproval(
    action: string,
    details: AttributeValue | undefined,
    { chain, sequence, atMs }: ClaimPlace,
    findings: Findings,
  ): void {
    if (takeApproval(action, details, atMs, this.#own.told)) return;
    const says = "the entry does not tell what was approved, or what ended";
    findings.add({ kind: "item-unknown", says, chain, sequence });
  }

  #meetDirectory(directory: MetDirectory): void {
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
    let key = `${template}${EDGE}${language}${EDGE}${directory}${EDGE}${text}`;
    for (const name of SLOTS) key += EDGE + (slots[name] ?? EDGE);
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

  /** What approvals decide about. */
  get own(): MetOwnTexts {
    return this.#own.met;
  }

  /** Directories with the number of lines whose texts were filled from each. */
  get directories(): readonly (MetDirectory & { readonly lines: number })[] {
    return [...this.#directories.values()];
  }
}

/**
 * A claim with its day and time taken out of text and slots where it is certain where they stand, so that texts that
 * differ in nothing else are judged once; how the found-phone test shall read it; and whether there is such a day and time.
 */
function withoutMoment(claim: Claim): {
  readonly claim: Claim;
  readonly shown: string;
  readonly isPossible: boolean;
} {
  const { text, slots } = claim;
  const { date, time } = slots;
  if (date === undefined && time === undefined) return { claim, shown: text, isPossible: true };
  const language = languageOf(claim.language);
  const isPossible =
    language !== undefined &&
    (date === undefined || isShownDate(date, language)) &&
    (time === undefined || isShownTime(time, language));
  const moment = {
    ...(date === undefined ? {} : { date }),
    ...(time === undefined ? {} : { time }),
  };
  const taken = isPossible ? takeOut(text, moment) : undefined;
  if (taken === undefined || language === undefined) return { claim, shown: text, isPossible };
  const { form, kept } = taken;
  const held: Record<string, string> = { ...slots };
  for (const slot of Object.keys(moment)) held[slot] = kept[slot] ?? placeholder(slot);
  const shown = form
    .replace(placeholder("date"), exampleDate(language))
    .replace(placeholder("time"), exampleTime(time ?? "", language));
  return { claim: { ...claim, text: form, slots: held }, shown, isPossible };
}

/** Makes the text of a claim again and compares; one of the practice's own template is compared when that is known. */
function judge(claim: Claim): Judgement {
  const { text, template, language, directory: version, slots } = claim;
  const { practice, phone, link } = slots;
  const wrong = (kind: FindingKind, says: string): Judgement => ({
    finding: { kind, says },
    directory: undefined,
    names: [],
    own: undefined,
  });
  const textTemplate = TEXT_TEMPLATES.get(`${template} ${language}`);
  const email = EMAILS.get(`${template} ${language}`);
  const isOwn = OWN_TEMPLATE.test(template) && languageOf(language) !== undefined;
  if (textTemplate === undefined && email === undefined && !isOwn)
    return wrong("template-unknown", "there is no template of this name and version in this language");
  if (practice === undefined || phone === undefined)
    return wrong("text-differs", "the entry does not tell what filled the slots");
  const own = isOwn ? ownForm(text, slots) : undefined;
  const isAgain = isOwn
    ? own !== undefined
    : text === (textTemplate === undefined ? emailAgain(email, slots) : textAgain(textTemplate, slots));
  if (!isAgain) return wrong("text-differs", "template and slots give another text");
  const host = hostOf(link);
  if (host === undefined) return wrong("text-differs", "the link in the text is none");
  const directory = { practice, phone, host, version };
  if (directoryVersion({ practice, phone }) !== version)
    return wrong("directory-differs", "practice and phone give another directory version");
  const names = NAME_SLOTS.flatMap((kind) => {
    const textName = slots[kind];
    return textName === undefined ? [] : [{ kind, textName }];
  });
  return { finding: undefined, directory, names, own };
}

/** The form of a text of the practice's own; undefined where no template gives it with these slots. */
function ownForm(text: string, slots: Claim["slots"]): TextForm | undefined {
  const { link, code } = slots;
  if (link !== undefined && !MASKED_LINK.test(link)) return undefined;
  return code === undefined || code === MASKED_CODE ? takeOut(text, slots) : undefined;
}

/** The text, undefined where it cannot be made or where the slots are not exactly the template's, masked. */
function textAgain(template: Template, slots: Claim["slots"]): string | undefined {
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
    const made = renderEmail(template, { practice, phone, link } as unknown as EmailSlotValues);
    return MASKED_LINK.test(link) && made.slots.link === link ? made.masked : undefined;
  } catch {
    return undefined;
  }
}

/** Whether masking again changes nothing: token and code were masked before they were recorded. */
function isSame(made: RecordedSlots, slots: Claim["slots"]): boolean {
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
  const [text, template, language, directory, kind] = [
    "text",
    "template",
    "language",
    "directory",
    "kind",
  ].map((name) => tell(details, name));
  const given = (details as Readonly<Record<string, AttributeValue | undefined>> | undefined)?.["slots"]?.[
    "M"
  ];
  if (
    typeof text !== "string" ||
    text.includes(EDGE) ||
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
    if (typeof value !== "string" || !SLOTS.has(name) || value.includes(EDGE)) return undefined;
    slots[name] = value;
  }
  return { text, template, language, directory, slots, kind: typeof kind === "string" ? kind : "" };
}
