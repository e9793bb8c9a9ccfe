import type { Asking } from "../audit/journal.ts";
import { entriesAsked, entriesInForce } from "./directory.ts";
import { fits, withNames, withoutNames } from "./in-force.ts";
import type { ApprovalPorts, NameFinding } from "./ports.ts";
import {
  type ApprovalDecision,
  type ApprovalRecord,
  type ApprovedName,
  type Directory,
  type DirectoryEntry,
  VOCABULARY_EMPTY,
  type Vocabulary,
} from "./records.ts";

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
      readonly kind:
        | "unknown"
        | "own-work"
        | "decided-already"
        | "lapsed"
        | "not-in-force"
        | "version-conflict"
        | "too-large";
    };

/** Who decides on what, with what is in force at that moment. */
interface Deciding {
  readonly approval: ApprovalRecord;
  readonly directory: Directory | undefined;
  readonly inForce: Vocabulary;
  readonly asking: Asking;
}

const named = ({ id, kind, version }: ApprovedName) => ({ id, kind, version });

/**
 * Approves or declines text names, or takes approved ones back. Neither who asked nor who proposed one of them can
 * approve; names that were changed since are not those that were looked at; and all are judged again. Taking back needs
 * no second person.
 */
export function createDecideApproval(ports: ApprovalPorts) {
  const { read, journal, approvals, vocabulary } = ports;

  async function decline({ approval, asking }: Deciding): Promise<ApprovalDecided> {
    const decided = decidedOn(approval, "declined", asking, ports.now());
    const outcome = await journal.commit(
      {
        ...asking,
        action: "directory.declined",
        details: { approvalId: approval.id, entries: approval.names.map(named) },
      },
      [approvals.setApproval(decided, approval.version)],
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "decided", approval: { ...decided, version: approval.version + 1 } };
  }

  async function takeBack({ approval, directory, inForce, asking }: Deciding): Promise<ApprovalDecided> {
    const entries = entriesInForce(directory, approval.names);
    if (directory === undefined || entries.length === 0) return { kind: "not-in-force" };
    const now = ports.now();
    const decided = decidedOn(approval, "withdrawn", asking, now);
    const outcome = await journal.commit(
      {
        ...asking,
        action: "directory.withdrawn",
        details: {
          approvalId: approval.id,
          removed: entries.map(named),
          vocabularyVersion: inForce.version + 1,
        },
      },
      [
        approvals.setApproval(decided, approval.version),
        vocabulary.setDirectory(
          directory.entries.map((entry) => (entries.includes(entry) ? { ...entry, approved: null } : entry)),
          directory.version,
        ),
        ...vocabulary.setVocabulary(withoutNames(inForce, entries, now), inForce.version),
      ],
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "decided", approval: { ...decided, version: approval.version + 1 } };
  }

  async function approve(
    { approval, directory, inForce, asking }: Deciding,
    entries: readonly DirectoryEntry[],
  ): Promise<ApprovalDecided> {
    const judge = await ports.openJudge();
    const now = ports.now();
    const at = now.toISOString();
    const names = entries.map(({ id, kind, textName, version }): ApprovedName => {
      return { id, kind, textName, version };
    });
    const next = withNames(inForce, names, now);
    // Each beside all the others: two may stand in one text.
    const together = { ...next, version: inForce.version };
    const findings = entries.flatMap(({ textName, kind }, index) =>
      judge.nameFindings(textName, kind, together).map((finding) => ({ ...finding, index })),
    );
    if (findings.length > 0) return { kind: "unfit", findings };
    if (!fits(next)) return { kind: "too-large" };
    const decided = decidedOn(approval, "approved", asking, now);
    const approveEntry = (entry: DirectoryEntry): DirectoryEntry =>
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
          approvalId: approval.id,
          // Text names are public: texts carry them. An auditor makes every text again from them.
          entries: names.map((name) => ({ ...name })),
          vocabularyVersion: inForce.version + 1,
        },
      },
      [
        approvals.setApproval(decided, approval.version),
        vocabulary.setDirectory((directory?.entries ?? []).map(approveEntry), directory?.version ?? 0),
        ...vocabulary.setVocabulary(next, inForce.version),
      ],
    );
    if (outcome.kind === "conflict") return { kind: "version-conflict" };
    return { kind: "decided", approval: { ...decided, version: approval.version + 1 } };
  }

  return async (
    id: string,
    decision: ApprovalDecision,
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
    const deciding = { approval, directory, inForce: stored ?? VOCABULARY_EMPTY, asking };
    if (decision === "withdrawn") {
      return approval.state === "approved" ? takeBack(deciding) : { kind: "not-in-force" };
    }
    if (approval.state !== "pending") return { kind: "decided-already" };
    if (approval.requestedBy === asking.actor) return { kind: "own-work" };
    const entries = entriesAsked(directory, approval);
    if (entries === undefined) return { kind: "lapsed" };
    if (entries.some(({ proposedBy }) => proposedBy === asking.actor)) return { kind: "own-work" };
    return decision === "declined" ? decline(deciding) : approve(deciding, entries);
  };
}

function decidedOn(
  { version: _, ...before }: ApprovalRecord,
  state: ApprovalDecision,
  { actor }: Asking,
  now: Date,
): Omit<ApprovalRecord, "version"> {
  return { ...before, state, decidedBy: actor, decidedAt: now.toISOString() };
}
