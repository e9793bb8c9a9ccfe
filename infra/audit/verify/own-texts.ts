import type { Language } from "#shared/domain/words.ts";
import type { ToldApprovals } from "./approvals.ts";
import type { Finding } from "./finding.ts";
import { formOf, type TextForm } from "./own-form.ts";

/** Where a claim stands, and when it was made. */
export interface ClaimPlace {
  readonly chain: string;
  readonly sequence: number;
  readonly atMs: number;
}

/** How often something was claimed, and where first and last. */
export interface Uses {
  count: number;
  first: ClaimPlace;
  last: ClaimPlace;
}

/** A text of a template that did not ship, as far as it can be told before its approval is met. */
export interface OwnText extends TextForm {
  /** `id@version`. */
  readonly template: string;
  readonly language: Language;
  /** What the alert was for. */
  readonly kind: string;
  readonly purpose: string | null;
  /** Names of the slots that were filled. */
  readonly slots: readonly string[];
}

/** A name that a text carried. */
export interface NamedInText {
  /** The slot, which is the kind of the directory's entry. */
  readonly kind: string;
  readonly textName: string;
}

/** What one worker, or all, met of texts that approvals decide about. */
export interface MetOwnTexts {
  readonly texts: readonly (OwnText & Uses)[];
  readonly names: readonly (NamedInText & Uses)[];
  readonly told: ToldApprovals;
}

/** Of each sort: more than any practice has; what comes beyond is not what the service writes. */
const KEPT_MAX = 20_000;

/** Keeps what approvals decide about until all of them were met: they may stand anywhere in the export. */
export class OwnTexts {
  readonly told: ToldApprovals = { wordings: [], withdrawn: [], names: [] };
  readonly #texts = new Map<string, OwnText & Uses>();
  readonly #names = new Map<string, NamedInText & Uses>();

  /** Keeps a text; false where there is no room. */
  meetText(text: OwnText, place: ClaimPlace): boolean {
    return meet(this.#texts, textKey(text), text, place);
  }

  /** Keeps a name; false where there is no room. */
  meetName(named: NamedInText, place: ClaimPlace): boolean {
    return meet(this.#names, nameKey(named), named, place);
  }

  /** All that was met. */
  get met(): MetOwnTexts {
    return { texts: [...this.#texts.values()], names: [...this.#names.values()], told: this.told };
  }
}

const textKey = ({ template, language, kind, purpose, slots, form, kept }: OwnText) =>
  JSON.stringify([template, language, kind, purpose, slots, form, kept]);
const nameKey = ({ kind, textName }: NamedInText) => JSON.stringify([kind, textName]);

function meet<Met>(known: Map<string, Met & Uses>, key: string, met: Met, place: ClaimPlace): boolean {
  const uses = known.get(key);
  if (uses !== undefined) {
    addUses(uses, { count: 1, first: place, last: place });
    return true;
  }
  if (known.size >= KEPT_MAX) return false;
  known.set(key, { ...met, count: 1, first: place, last: place });
  return true;
}

function addUses(uses: Uses, { count, first, last }: Uses): void {
  uses.count += count;
  if (isBefore(first, uses.first)) uses.first = first;
  if (isBefore(uses.last, last)) uses.last = last;
}

function isBefore(one: ClaimPlace, other: ClaimPlace): boolean {
  if (one.atMs !== other.atMs) return one.atMs < other.atMs;
  if (one.chain !== other.chain) return one.chain < other.chain;
  return one.sequence < other.sequence;
}

/** What the clocks of two functions may differ. */
const CLOCKS_MS = 5000;
/** A claim that held what was in force may name a later time than the end that came after it. */
const ENDED_MS = 60_000;

/** Decides about every text and name that was met, by all approvals that were met. */
export function settleOwnTexts(
  met: readonly MetOwnTexts[],
  report: (finding: Finding, count: number) => void,
): void {
  const wordings = met.flatMap(({ told }) => told.wordings);
  const withdrawn = met.flatMap(({ told }) => told.withdrawn);
  for (const text of merged(
    met.flatMap(({ texts }) => texts),
    textKey,
  )) {
    const { template, language, kind, purpose, slots, first, last, count } = text;
    const unapproved = (says: string, place: ClaimPlace) =>
      report({ kind: "template-unapproved", says, chain: place.chain, sequence: place.sequence }, 1);
    const own = wordings
      .filter(({ templateId, version }) => `${templateId}@${String(version)}` === template)
      .toSorted((one, other) => one.atMs - other.atMs);
    const [approved] = own;
    if (approved === undefined) {
      unapproved("no entry tells that this version of the template was approved", first);
      continue;
    }
    if (approved.use !== kind || (kind === "message" && approved.purpose !== purpose))
      unapproved("the template was approved for another use or purpose", first);
    if (first.atMs < approved.atMs - CLOCKS_MS)
      unapproved("the text was about to leave before its template was approved", first);
    const endMs = Math.min(
      ...withdrawn.filter(({ templateId }) => templateId === approved.templateId).map(({ atMs }) => atMs),
      ...wordings
        .filter(({ templateId, version }) => templateId === approved.templateId && version > approved.version)
        .map(({ atMs }) => atMs),
    );
    if (last.atMs > endMs + ENDED_MS)
      unapproved("the text was about to leave when its template was replaced or withdrawn", last);
    const parts = approved.texts[language];
    const needed = new Set(["practice", "phone"]);
    for (const part of parts) if (typeof part !== "string") needed.add(part.slot);
    const isFilled = slots.length === needed.size && slots.every((slot) => needed.has(slot));
    if (!isFilled || formOf(parts, text.kept) !== text.form) {
      const says = "template and slots give another text";
      report({ kind: "text-differs", says, chain: first.chain, sequence: first.sequence }, count);
    }
  }
  settleNames(met, report);
}

function settleNames(met: readonly MetOwnTexts[], report: (finding: Finding, count: number) => void): void {
  const spans = spansOf(met.flatMap(({ told }) => told.names));
  for (const named of merged(
    met.flatMap(({ names }) => names),
    nameKey,
  )) {
    const span = spans.get(nameKey(named));
    const wrong = (says: string, { chain, sequence }: ClaimPlace) =>
      report({ kind: "name-unapproved", says, chain, sequence }, 1);
    if (span === undefined) {
      wrong("no entry tells that the name in the text was approved", named.first);
      continue;
    }
    if (named.first.atMs < span.fromMs - CLOCKS_MS)
      wrong("the text was about to leave before the name in it was approved", named.first);
    if (named.last.atMs > span.untilMs + ENDED_MS)
      wrong("the text was about to leave when the name in it was replaced or removed", named.last);
  }
}

interface Span {
  fromMs: number;
  untilMs: number;
}

/** From the first approval of each name to its last end, whichever entries of the directory had it. */
function spansOf(changes: readonly { kind: string; id: string; textName: string | null; atMs: number }[]) {
  const spans = new Map<string, Span>();
  const byEntry = Map.groupBy(changes, ({ kind, id }) => JSON.stringify([kind, id]));
  for (const own of byEntry.values()) {
    const inOrder = own.toSorted((one, other) => one.atMs - other.atMs);
    inOrder.forEach(({ kind, textName, atMs }, index) => {
      if (textName === null) return;
      const end = inOrder.slice(index + 1).find((later) => later.textName !== textName);
      const untilMs = end?.atMs ?? Number.POSITIVE_INFINITY;
      const key = nameKey({ kind, textName });
      const known = spans.get(key);
      if (known === undefined) spans.set(key, { fromMs: atMs, untilMs });
      else {
        known.fromMs = Math.min(known.fromMs, atMs);
        known.untilMs = Math.max(known.untilMs, untilMs);
      }
    });
  }
  return spans;
}

/** What several workers met, each once, in the order of their keys. */
function merged<Met>(all: readonly (Met & Uses)[], keyOf: (met: Met) => string): readonly (Met & Uses)[] {
  const known = new Map<string, Met & Uses>();
  for (const met of all) {
    const key = keyOf(met);
    const uses = known.get(key);
    if (uses === undefined) known.set(key, { ...met });
    else addUses(uses, met);
  }
  return [...known].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, met]) => met);
}
