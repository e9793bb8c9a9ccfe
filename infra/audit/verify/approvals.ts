import type { TemplatePart } from "#shared/domain/alerts/templates.ts";
import { LANGUAGES, type Language } from "#shared/domain/words.ts";
import type { AttributeValue } from "./canonical-item.ts";

/** A version of a template of the practice's own, as the entry about its approval tells it. */
export interface ApprovedWording {
  readonly templateId: string;
  readonly version: number;
  readonly use: string;
  readonly purpose: string;
  readonly texts: Readonly<Record<Language, readonly TemplatePart[]>>;
  readonly atMs: number;
}

/** The end of a template. */
export interface WithdrawnTemplate {
  readonly templateId: string;
  readonly atMs: number;
}

/** A name that came into force for an entry of the directory, or (null) the end of whatever name it had. */
export interface NameChange {
  /** `location`, `provider` or `pharmacy`. */
  readonly kind: string;
  readonly id: string;
  readonly textName: string | null;
  readonly atMs: number;
}

/** What entries tell of what compliance approved. */
export interface ToldApprovals {
  readonly wordings: ApprovedWording[];
  readonly withdrawn: WithdrawnTemplate[];
  readonly names: NameChange[];
}

type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** Takes what the details of an entry tell; false where it does not tell what such an entry must. */
export function takeApproval(
  action: string,
  details: AttributeValue | undefined,
  atMs: number,
  told: ToldApprovals,
): boolean {
  const map = mapIn(details) ?? {};
  switch (action) {
    case "template.approved": {
      const wording = wordingIn(map, atMs);
      if (wording !== undefined) told.wordings.push(wording);
      return wording !== undefined;
    }
    case "template.withdrawn": {
      const templateId = textIn(map["templateId"]);
      if (templateId !== undefined) told.withdrawn.push({ templateId, atMs });
      return templateId !== undefined;
    }
    case "directory.approved":
      return takeNames(map["entries"], true, atMs, told.names);
    case "directory.changed":
    case "directory.withdrawn":
      return takeNames(map["removed"], false, atMs, told.names);
    default:
      return true;
  }
}

function wordingIn(map: Attributes, atMs: number): ApprovedWording | undefined {
  const [templateId, use, purpose] = ["templateId", "use", "purpose"].map((name) => textIn(map[name]));
  const version = Number(map["version"]?.["N"]);
  const texts = mapIn(map["texts"]);
  if (templateId === undefined || use === undefined || purpose === undefined) return undefined;
  const [en, es] = LANGUAGES.map((language) => partsIn(texts?.[language]));
  if (en === undefined || es === undefined || !Number.isSafeInteger(version)) return undefined;
  return { templateId, version, use, purpose, texts: { en, es }, atMs };
}

function partsIn(value: AttributeValue | undefined): readonly TemplatePart[] | undefined {
  const list = value?.["L"];
  if (!Array.isArray(list)) return undefined;
  const parts: TemplatePart[] = [];
  for (const each of list as readonly AttributeValue[]) {
    const words = textIn(each);
    const slot = textIn(mapIn(each)?.["slot"]);
    if (words !== undefined) parts.push(words);
    else if (slot !== undefined) parts.push({ slot } as TemplatePart);
    else return undefined;
  }
  return parts;
}

function takeNames(
  value: AttributeValue | undefined,
  isApproved: boolean,
  atMs: number,
  names: NameChange[],
): boolean {
  const list = value?.["L"];
  if (!Array.isArray(list)) return false;
  let isWhole = true;
  for (const each of list as readonly AttributeValue[]) {
    const map = mapIn(each) ?? {};
    const [kind, id, textName] = ["kind", "id", "textName"].map((name) => textIn(map[name]));
    if (kind === undefined || id === undefined || (isApproved && textName === undefined)) isWhole = false;
    else names.push({ kind, id, textName: isApproved ? (textName ?? null) : null, atMs });
  }
  return isWhole;
}

function mapIn(value: AttributeValue | undefined): Attributes | undefined {
  const map = value?.["M"];
  return typeof map === "object" && map !== null ? (map as Attributes) : undefined;
}

function textIn(value: AttributeValue | undefined): string | undefined {
  const text = value?.["S"];
  return typeof text === "string" ? text : undefined;
}
