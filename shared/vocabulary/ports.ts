import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { Slot, TemplatePart } from "../domain/alerts/templates.ts";
import type { Language, Purpose, Tier } from "../domain/words.ts";
import type { RequestMemory } from "../idempotency/idempotency.ts";
import type {
  ApprovalRecord,
  ApprovedName,
  Directory,
  DirectoryKind,
  TemplateRecord,
  Vocabulary,
} from "./records.ts";

/** A page of a list in the order of ids, after the one with the id `after`. */
export type PageOf<Value> = (
  limit: number,
  after: string | null,
) => Promise<{ readonly items: readonly Value[]; readonly more: boolean }>;

/** What is wrong with a text name; it repeats nothing of the name. */
export interface NameFinding {
  readonly code: string;
  /** UTF-16 offsets in the name. */
  readonly start: number;
  readonly end: number;
  readonly explanation: string;
}

/** What is wrong with a template's text; it repeats nothing of the text. */
export interface TemplateFinding {
  readonly language: Language;
  readonly code: string;
  /** UTF-16 offsets in the text as it was written. */
  readonly start: number;
  readonly end: number;
  readonly explanation: string;
  /** The values with which it goes wrong. */
  readonly slots?: Readonly<Partial<Record<Slot, string>>>;
}

/** A template as somebody wrote it, `{slot}` where a value stands. */
export interface WrittenTemplate {
  readonly use: AlertKind;
  readonly purpose: Purpose;
  readonly texts: Readonly<Record<Language, string>>;
}

/** Whether a template may be used, with every finding if not. */
export type TemplateVerdict =
  | {
      readonly kind: "fit";
      readonly tier: Tier;
      readonly parts: Readonly<Record<Language, readonly TemplatePart[]>>;
    }
  | { readonly kind: "unfit"; readonly findings: readonly TemplateFinding[] };

/** Reads what the practice wants to say. Loaded when it is needed: the classifier is large. */
export interface Judge {
  readonly nameFindings: (
    name: string,
    kind: DirectoryKind,
    vocabulary: Vocabulary,
  ) => readonly NameFinding[];
  readonly judgeTemplate: (template: WrittenTemplate, names: readonly ApprovedName[]) => TemplateVerdict;
}

/** Storage of what texts can be made of. */
export interface VocabularyStore {
  vocabulary(): Lookup<Vocabulary>;
  setVocabulary(vocabulary: Omit<Vocabulary, "version">, version: number): readonly Write[];
  directory(): Lookup<Directory>;
  setDirectory(entries: Directory["entries"], version: number): Write;
}

/** What use cases about templates need. */
export interface TemplatePorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly vocabulary: VocabularyStore;
  readonly templates: {
    template(id: string): Lookup<TemplateRecord>;
    templateCount(): Lookup<{ readonly count: number; readonly version: number }>;
    setTemplate(template: Omit<TemplateRecord, "revision">, revision: number): Write;
    setTemplateCount(count: number, version: number): Write;
  };
  readonly openJudge: () => Promise<Judge>;
  readonly newId: (prefix: "tpl", now?: Date) => string;
  readonly now: () => Date;
}

/** What use cases about second persons need. */
export interface ApprovalPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly vocabulary: VocabularyStore;
  readonly approvals: {
    approval(id: string): Lookup<ApprovalRecord>;
    setApproval(approval: Omit<ApprovalRecord, "version">, version: number): Write;
  };
  readonly openJudge: () => Promise<Judge>;
  readonly newId: (prefix: "apr", now?: Date) => string;
  readonly now: () => Date;
}
