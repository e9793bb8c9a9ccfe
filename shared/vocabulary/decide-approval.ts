import type { Asking } from "../audit/journal.ts";
import { entriesAsked } from "./directory.ts";
import { fits, withNames } from "./in-force.ts";
import type { ApprovalPorts, NameFinding } from "./ports.ts";
import { type ApprovalRecord, type ApprovedName, type DirectoryEntry, VOCABULARY_EMPTY } from "./records.ts";

/** What is wrong with one of the names that were asked about. */
export interface FindingInApproval extends NameFinding {
  /** Which of the approval's names. */
  readonly index: number;
}

/** What came of a second person's decision. */
export type ApprovalDecided =
  | { readonly kind: "decided"; readonly approval: ApprovalRecord }
  | { readonly kind: "unfit"; readonly findings: readonly FindingInApproval[] }
  | {
      readonly kind: "unknown" | "own-work" | "decided-already" | "version-conflict" | "too-large";
    };

/**
 * Approves or declines text names. Neither who asked nor who proposed one of them can; names that were changed since are
 * not those that were looked at; and all are judged again.
 */
export function createDecideApproval(ports: ApprovalPorts) {
  const { read, journal, approvals, vocabulary } = ports;
  return async (
    id: string,
    decision: "approved" | "declined",
    version: number | undefined,
    asking: Asking,
  ): Promise<ApprovalDecided> => {
    const [approval, directory, stored] = await read(
      approvals.approval(id),
      vocabulary.directory(),
      vocabulary.vocabulary(),
    );
    if (approval === undefined) return { kind: "unknown" };
    if (version !== undefined && version !== approval.version) return { kind: "version-conflict" };
    if (approval.state !== "pending") return { kind: "decided-already" };
    if (approval.requestedBy === asking.actor) return { kind: "own-work" };

    const now = ports.now();
    const at = now.toISOString();
    const { version: present, ...before } = approval;
    const decided = { ...before, state: decision, decidedBy: asking.actor, decidedAt: at };
    const entries = entriesAsked(directory, approval.names);
    if (entries?.some(({ proposedBy }) => proposedBy === asking.actor) === true) return { kind: "own-work" };
    if (decision === "declined") {
      const outcome = await journal.commit(
        {
          ...asking,
          action: "directory.declined",
          details: {
            approvalId: id,
            entries: approval.names.map((name) => ({ id: name.id, kind: name.kind, version: name.version })),
          },
        },
        [approvals.setApproval(decided, present)],
      );
      if (outcome.kind === "conflict") return { kind: "version-conflict" };
      return { kind: "decided", approval: { ...decided, version: present + 1 } };
    }

    if (directory === undefined || entries === undefined) return { kind: "version-conflict" };
    const inForce = stored ?? VOCABULARY_EMPTY;
    const judge = await ports.openJudge();
    const findings = entries.flatMap(({ textName, kind }, index) =>
      judge.nameFindings(textName, kind, inForce).map((finding) => ({ ...finding, index })),
    );
    if (findings.length > 0) return { kind: "unfit", findings };
    const names = entries.map(({ id: entryId, kind, textName, version: entryVersion }): ApprovedName => {
      return { id: entryId, kind, textName, version: entryVersion };
    });
    const next = withNames(inForce, names, now);
    if (!fits(next)) return { kind: "too-large" };
    const approve = (entry: DirectoryEntry): DirectoryEntry =>
      entries.includes(entry)
        ? {
            ...entry,
            approved: { textName: entry.textName, version: entry.version, by: asking.actor, at },
          }
        : entry;
    const outcome = await journal.commit(
      {
        ...asking,
        action: "directory.approved",
        details: {
          approvalId: id,
          // Text names are public: texts carry them. An auditor makes every text again from them.
          entries: names.map((name) => ({ ...name })),
          vocabularyVersion: inForce.version + 1,
        },
      },
      [
        approvals.setApproval(decided, present),
        vocabulary.setDirectory(directory.entries.map(approve), directory.version),
        ...vocabulary.setVocabulary(next, inForce.version),
      ],
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "decided", approval: { ...decided, version: present + 1 } };
  };
}
