import type { Asking } from "../audit/journal.ts";
import { writeTemplate } from "../domain/templates/parse.ts";
import { fits, withoutTemplate, withTemplate } from "./in-force.ts";
import type { TemplateFinding, TemplatePorts } from "./ports.ts";
import { type ApprovedTemplate, type TemplateRecord, VOCABULARY_EMPTY } from "./records.ts";

/** What came of a decision about a template. */
export type DecisionOutcome =
  | { readonly kind: "decided"; readonly template: TemplateRecord }
  | { readonly kind: "unfit"; readonly findings: readonly TemplateFinding[] }
  | {
      readonly kind:
        | "unknown"
        | "own-work"
        | "decided-already"
        | "version-conflict"
        | "use-taken"
        | "too-large";
    };

/** What a second person says about the version that was looked at. */
export interface TemplateDecision {
  readonly decision: "approved" | "declined";
  /** The template's version; undefined: the newest. */
  readonly version: number | undefined;
  /** Of the record as it was read; undefined: as it is now. */
  readonly revision: number | undefined;
}

/**
 * Approves or declines the newest version of a template. Whoever wrote that version cannot, whatever roles they have; it
 * is judged again first, because names that it can carry may have been approved since.
 */
export function createDecideTemplate(ports: TemplatePorts) {
  const { read, journal, templates, vocabulary } = ports;
  return async (
    id: string,
    { decision, version, revision }: TemplateDecision,
    asking: Asking,
  ): Promise<DecisionOutcome> => {
    const [template, stored] = await read(templates.template(id), vocabulary.vocabulary());
    if (template === undefined) return { kind: "unknown" };
    const { newest, use, purpose } = template;
    if (revision !== undefined && revision !== template.revision) return { kind: "version-conflict" };
    if (version !== undefined && version !== newest.version) return { kind: "version-conflict" };
    if (template.state !== "draft") return { kind: "decided-already" };
    if (newest.author === asking.actor) return { kind: "own-work" };

    const now = ports.now();
    const decidedAt = now.toISOString();
    const { revision: present, ...before } = template;
    const decided = { ...before, state: decision, decidedBy: asking.actor, decidedAt };
    if (decision === "declined") {
      const outcome = await journal.commit(
        {
          ...asking,
          action: "template.declined",
          details: { templateId: id, version: newest.version, use, purpose },
        },
        [templates.setTemplate(decided, present)],
      );
      if (outcome.kind === "conflict") return { kind: "version-conflict" };
      return { kind: "decided", template: { ...decided, revision: present + 1 } };
    }

    const inForce = stored ?? VOCABULARY_EMPTY;
    if (use !== "message" && inForce.templates.some((other) => other.use === use && other.id !== id)) {
      return { kind: "use-taken" };
    }
    const judge = await ports.openJudge();
    const texts = { en: newest.texts.en.parts, es: newest.texts.es.parts };
    const verdict = judge.judgeTemplate(
      { use, purpose, texts: { en: writeTemplate(texts.en), es: writeTemplate(texts.es) } },
      inForce.names,
    );
    if (verdict.kind === "unfit") return verdict;
    const approved: ApprovedTemplate = {
      id,
      version: newest.version,
      use,
      purpose,
      tier: verdict.tier,
      texts,
      approvedAt: decidedAt,
      about: {
        name: template.name,
        reviewers: { en: newest.texts.en.reviewer, es: newest.texts.es.reviewer },
        author: newest.author,
        writtenAt: newest.writtenAt,
        approvedBy: asking.actor,
      },
    };
    const next = withTemplate(inForce, approved, now);
    if (!fits(next)) return { kind: "too-large" };
    const record = { ...decided, inForce: newest.version };
    const outcome = await journal.commit(
      {
        ...asking,
        action: "template.approved",
        details: {
          templateId: id,
          version: newest.version,
          use,
          purpose,
          tier: verdict.tier,
          // From these words an auditor can make every text again without the table.
          texts,
          vocabularyVersion: inForce.version + 1,
        },
      },
      [templates.setTemplate(record, present), ...vocabulary.setVocabulary(next, inForce.version)],
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "decided", template: { ...record, revision: present + 1 } };
  };
}

const RACES_MAX = 3;

/** What came of withdrawing a template. */
export type WithdrawOutcome = "withdrawn" | "unknown" | "not-own-draft" | "version-conflict";

/** What somebody may end: every template, or one whose newest version is theirs while none is in force. */
export type Withdrawable = "any" | "own-draft";

/** Takes a template out of use for good; no older version comes back, and what shipped with this use does. */
export function createWithdrawTemplate(ports: TemplatePorts) {
  const { read, journal, templates, vocabulary } = ports;

  async function attempt(
    id: string,
    revision: number | undefined,
    asking: Asking,
    allowed: Withdrawable,
  ): Promise<WithdrawOutcome | undefined> {
    const [template, stored, count] = await read(
      templates.template(id),
      vocabulary.vocabulary(),
      templates.templateCount(),
    );
    if (allowed === "own-draft" && (template?.newest.author !== asking.actor || template.inForce !== null)) {
      return "not-own-draft";
    }
    if (template === undefined) return "unknown";
    if (template.state === "withdrawn") return "withdrawn";
    if (revision !== undefined && revision !== template.revision) return "version-conflict";
    const now = ports.now();
    const { revision: present, ...before } = template;
    const inForce = stored ?? VOCABULARY_EMPTY;
    const ended = inForce.templates.find((other) => other.id === id);
    const outcome = await journal.commit(
      {
        ...asking,
        action: "template.withdrawn",
        details: {
          templateId: id,
          version: ended?.version ?? null,
          use: template.use,
          purpose: template.purpose,
          texts: ended === undefined ? null : ended.texts,
          vocabularyVersion: ended === undefined ? inForce.version : inForce.version + 1,
        },
      },
      [
        templates.setTemplate(
          {
            ...before,
            state: "withdrawn",
            inForce: null,
            decidedBy: asking.actor,
            decidedAt: now.toISOString(),
          },
          present,
        ),
        templates.setTemplateCount(Math.max(0, (count?.count ?? 0) - 1), count?.version ?? 0),
        ...(ended === undefined
          ? []
          : vocabulary.setVocabulary(withoutTemplate(inForce, id, now), inForce.version)),
      ],
    );
    return outcome.kind === "committed" ? "withdrawn" : undefined;
  }

  return async (
    id: string,
    revision: number | undefined,
    asking: Asking,
    allowed: Withdrawable,
  ): Promise<WithdrawOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(id, revision, asking, allowed);
      if (outcome !== undefined) return outcome;
    }
    return "version-conflict";
  };
}
