import type { Asking } from "../audit/journal.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { Language, Purpose } from "../domain/words.ts";
import { type KeyedRequest, recall, remembering, slotOf } from "../idempotency/idempotency.ts";
import type { TemplateFinding, TemplatePorts } from "./ports.ts";
import { type TemplateRecord, VOCABULARY_EMPTY } from "./records.ts";

/** Most templates of the practice's own that are not withdrawn. */
export const TEMPLATES_MAX = 100;

/** A template as somebody wrote it; with the id of one that there is, its next version. */
export interface TemplateDraft {
  readonly id: string | undefined;
  readonly name: string;
  readonly use: AlertKind;
  readonly purpose: Purpose;
  readonly texts: Readonly<Record<Language, { readonly text: string; readonly reviewer: string }>>;
}

/** What a first answer said. */
interface Written {
  readonly id: string;
  readonly version: number;
  readonly revision: number;
}

/** What came of writing a template. */
export type WriteOutcome =
  | ({ readonly kind: "written" } & Written)
  | { readonly kind: "unfit"; readonly findings: readonly TemplateFinding[] }
  | {
      readonly kind:
        | "unknown"
        | "withdrawn"
        | "other-use"
        | "too-many"
        | "version-conflict"
        | "idempotency-conflict";
    };

const RACES_MAX = 3;

/**
 * Writes a template or its next version, if nothing is wrong with it. It is a draft: what was approved before stays in
 * force until a second person approves this.
 */
export function createWriteTemplate(ports: TemplatePorts) {
  const { read, journal, memory, templates, vocabulary } = ports;

  /** Undefined when somebody was faster. */
  async function attempt(
    draft: TemplateDraft,
    revision: number | undefined,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<WriteOutcome | undefined> {
    const [remembered, count, inForce, present] = await read(
      memory.remembered(slotOf(keyed)),
      templates.templateCount(),
      vocabulary.vocabulary(),
      templates.template(draft.id ?? "none"),
    );
    const known = recall<Written>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return { kind: "written", ...known.answer };
    if (draft.id !== undefined && present === undefined) return { kind: "unknown" };
    if (present?.state === "withdrawn") return { kind: "withdrawn" };
    if (present !== undefined && present.use !== draft.use) return { kind: "other-use" };
    if (revision !== undefined && present?.revision !== revision) return { kind: "version-conflict" };
    if (present === undefined && (count?.count ?? 0) >= TEMPLATES_MAX) return { kind: "too-many" };

    const judge = await ports.openJudge();
    const { name, use, purpose, texts } = draft;
    const verdict = judge.judgeTemplate(
      { use, purpose, texts: { en: texts.en.text, es: texts.es.text } },
      (inForce ?? VOCABULARY_EMPTY).names,
    );
    if (verdict.kind === "unfit") return verdict;

    const now = ports.now();
    const at = now.toISOString();
    const template: Omit<TemplateRecord, "revision"> = {
      id: present?.id ?? ports.newId("tpl", now),
      name,
      use,
      purpose,
      newest: {
        version: (present?.newest.version ?? 0) + 1,
        texts: {
          en: { parts: verdict.parts.en, reviewer: texts.en.reviewer },
          es: { parts: verdict.parts.es, reviewer: texts.es.reviewer },
        },
        author: asking.actor,
        writtenAt: at,
      },
      state: "draft",
      inForce: present?.inForce ?? null,
      decidedBy: null,
      decidedAt: null,
      createdAt: present?.createdAt ?? at,
    };
    const { id, newest } = template;
    const answer = { id, version: newest.version, revision: (present?.revision ?? 0) + 1 };
    const outcome = await journal.commit(
      {
        ...asking,
        action: "template.written",
        details: { templateId: id, version: newest.version, use, purpose },
      },
      [
        templates.setTemplate(template, present?.revision ?? 0),
        ...(present === undefined
          ? [templates.setTemplateCount((count?.count ?? 0) + 1, count?.version ?? 0)]
          : []),
        ...remembering(memory, keyed, answer, now),
      ],
    );
    return outcome.kind === "committed" ? { kind: "written", ...answer } : undefined;
  }

  return async (
    draft: TemplateDraft,
    revision: number | undefined,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<WriteOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(draft, revision, asking, keyed);
      if (outcome !== undefined) return outcome;
    }
    return { kind: "version-conflict" };
  };
}
