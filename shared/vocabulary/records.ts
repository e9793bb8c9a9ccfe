import type { ApprovedWords } from "../domain/alerts/approved-words.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { SlotValue } from "../domain/alerts/slot-value.ts";
import type { TemplatePart } from "../domain/alerts/templates.ts";
import type { Language, Purpose, Tier } from "../domain/words.ts";

/** What the directory knows of. */
export const DIRECTORY_KINDS = ["location", "provider", "pharmacy"] as const;
export type DirectoryKind = (typeof DIRECTORY_KINDS)[number];

/** A name that texts may carry, as compliance approved it. */
export interface ApprovedName {
  /** The directory entry's id. */
  readonly id: string;
  readonly kind: DirectoryKind;
  readonly textName: string;
  /** Of the entry, when it was approved. */
  readonly version: number;
}

/** A template of the practice's own, as compliance approved it. */
export interface ApprovedTemplate {
  /** `tpl_…`. */
  readonly id: string;
  readonly version: number;
  /** The kind of alert whose text it is. */
  readonly use: AlertKind;
  /** What it may be used for. */
  readonly purpose: Purpose;
  readonly tier: Tier;
  readonly texts: Readonly<Record<Language, readonly TemplatePart[]>>;
  readonly approvedAt: string;
  /** What a page tells of it; absent in what was approved before this was kept. */
  readonly about?: TemplateStory | undefined;
}

/** Who answers for an approved template. */
export interface TemplateStory {
  readonly name: string;
  /** Who read the words of each language. */
  readonly reviewers: Readonly<Record<Language, string>>;
  readonly author: string;
  readonly writtenAt: string;
  readonly approvedBy: string;
}

/**
 * Everything beside the shipped templates that a text can be made of, as it is in force. Each approval or withdrawal
 * makes a new version; old ones are kept.
 */
export interface Vocabulary {
  /** 0: nothing was ever approved. */
  readonly version: number;
  /** When this version came into force, ISO 8601 UTC. */
  readonly at: string;
  readonly templates: readonly ApprovedTemplate[];
  readonly names: readonly ApprovedName[];
}

/**
 * A vocabulary as it was read from where only approvals write: beside what ships, the only words that a text can be made
 * of. What somebody is about to write, or what was in force once, is a {@link Vocabulary} and makes no text.
 */
export interface VocabularyInForce extends Vocabulary {
  readonly templates: readonly (ApprovedTemplate & {
    readonly texts: Readonly<Record<Language, ApprovedWords<TemplatePart>>>;
  })[];
  readonly names: readonly (ApprovedName & { readonly textName: SlotValue<"name"> })[];
}

/** Which vocabulary is in force, and for which kinds it has templates: all that most texts need to know of it. */
export interface VocabularyMark {
  readonly version: number;
  readonly uses: readonly AlertKind[];
}

/** What holds before the first approval. */
export const VOCABULARY_EMPTY: VocabularyInForce = {
  version: 0,
  at: "1970-01-01T00:00:00.000Z",
  templates: [],
  names: [],
};

/** An entry of the directory, as the practice keeps it. */
export interface DirectoryEntry {
  /** `loc_…`, `prv_…` or `phm_…`, or what the practice chose: letters, digits, `-` and `_`. */
  readonly id: string;
  readonly kind: DirectoryKind;
  /** What staff call it; no text shows it. */
  readonly name: string;
  /** What schedulers and files call it. */
  readonly codes: readonly string[];
  /** IANA name; null: the practice's. Of locations only. */
  readonly timeZone: string | null;
  /** What texts shall call it. */
  readonly textName: string;
  /** Grows with each change of `textName`. */
  readonly version: number;
  /** The text name that is in force, if any. */
  readonly approved: {
    readonly textName: string;
    readonly version: number;
    readonly by: string;
    readonly at: string;
  } | null;
  /** Who proposed the present text name. */
  readonly proposedBy: string;
  /** The newest request for approval that asks about the present text name; absent: nobody asked yet. */
  readonly asked?: string | undefined;
}

/** The practice's directory: what may be named in texts, and what may not yet. */
export interface Directory {
  readonly entries: readonly DirectoryEntry[];
  /** 0: none yet. */
  readonly version: number;
}

/** What somebody wrote as one version of a template, with who answers for it. */
export interface TemplateVersion {
  /** From 1; each edit makes the next. */
  readonly version: number;
  readonly texts: Readonly<Record<Language, TemplateText>>;
  /** Who wrote this version, and never approves it. */
  readonly author: string;
  readonly writtenAt: string;
}

/** A template's wording in one language. */
export interface TemplateText {
  readonly parts: readonly TemplatePart[];
  /** Who read it for language and sense. */
  readonly reviewer: string;
}

/** How far the newest version of a template has come. `withdrawn` is for good. */
export const TEMPLATE_STATES = ["draft", "approved", "declined", "withdrawn"] as const;
export type TemplateState = (typeof TEMPLATE_STATES)[number];

/** A template of the practice's own, with what is not approved yet. */
export interface TemplateRecord {
  /** `tpl_…`. */
  readonly id: string;
  readonly name: string;
  readonly use: AlertKind;
  readonly purpose: Purpose;
  readonly newest: TemplateVersion;
  readonly state: TemplateState;
  /** The version that texts are made of; null: none. */
  readonly inForce: number | null;
  /** Who decided on the newest version, or withdrew the template; null: nobody yet. */
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly createdAt: string;
  /** Of the record: grows with every change. */
  readonly revision: number;
}

export const APPROVAL_STATES = ["pending", "approved", "declined", "withdrawn"] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** What a second person may say; `withdrawn` takes back what was approved. */
export type ApprovalDecision = Exclude<ApprovalState, "pending">;

/** A text name as somebody proposed it and somebody else is asked about it. */
export interface AskedName {
  readonly id: string;
  readonly kind: DirectoryKind;
  readonly textName: string;
  readonly version: number;
}

/** Something that only a second person may decide. */
export interface ApprovalRecord {
  /** `apr_…`. */
  readonly id: string;
  readonly kind: "directory";
  /** An entry's id, or `directory`: all that waited when it was asked. */
  readonly target: string;
  readonly reason: string;
  readonly names: readonly AskedName[];
  readonly state: ApprovalState;
  /** Who asked. */
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly version: number;
}
