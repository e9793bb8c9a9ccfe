import { FINDING_KINDS, type Finding, type FindingKind } from "./finding.ts";
import type { Verification } from "./verify-export.ts";

/** What a page tells of an outcome: the same words in text and in HTML. */
export interface OutcomeFacts {
  readonly title: string;
  readonly verdict: string;
  readonly sections: readonly {
    readonly title: string;
    readonly facts: readonly (readonly [name: string, value: string])[];
  }[];
  /** What is no finding, but should be read. */
  readonly notes: readonly string[];
  readonly findings: readonly FoundKind[];
}

/** Findings of one kind: how many there are, and the first of them. */
export interface FoundKind {
  readonly kind: FindingKind;
  readonly count: number;
  readonly first: readonly string[];
}

const NAMED_OF_A_KIND = 8;
const TORN_NAMED = 5;
const DIRECTORIES_NAMED = 10;
const MEGABYTE = 1024 * 1024;

/** Puts an outcome into words. */
export function factsOf(outcome: Verification, madeAt: string): OutcomeFacts {
  const total = Object.values(outcome.counts).reduce((sum, count) => sum + count, 0);
  return {
    title: "Verification of the audit record",
    verdict:
      outcome.verdict === "proved"
        ? "PROVED: nothing was found that is missing, changed or out of its place, and no text that tells anything."
        : `FINDINGS: ${number(total)}. The record is not as it must be; each finding is named below.`,
    sections: [
      { title: "What was verified", facts: verified(outcome, madeAt) },
      { title: "Record", facts: record(outcome) },
      { title: "Anchors", facts: anchors(outcome) },
      { title: "Texts", facts: texts(outcome) },
    ],
    notes: notes(outcome),
    findings: FINDING_KINDS.flatMap((kind) => {
      const count = outcome.counts[kind] ?? 0;
      if (count === 0) return [];
      const named = outcome.findings.filter((finding) => finding.kind === kind).slice(0, NAMED_OF_A_KIND);
      return [{ kind, count, first: named.map(wordsOf) }];
    }),
  };
}

type Facts = readonly (readonly [name: string, value: string])[];

function verified(outcome: Verification, madeAt: string): Facts {
  const { exports, otherFiles, seconds, bytes } = outcome;
  const full = exports.filter(({ kind }) => kind === "full");
  const windows = exports.filter(({ kind }) => kind === "incremental");
  const lastWindow = windows.at(-1);
  return [
    ["Table", plain(outcome.tableArn)],
    ...full.map(
      ({ id, to, files }) => ["Full export", `${id}, as of ${to}, data files: ${number(files)}`] as const,
    ),
    ...(windows.length === 0
      ? []
      : [
          [
            "Incremental exports",
            `${number(windows.length)}, ${windows[0]?.from ?? ""} to ${lastWindow?.to ?? ""}, the last one ${lastWindow?.id ?? ""}`,
          ] as const,
        ]),
    ["State", `as it was just before ${outcome.state}`],
    [
      "Other files",
      `${number(otherFiles)} of other tables and older exports: checksums compared, nothing else`,
    ],
    ["Verified", `${madeAt}, ${(bytes / MEGABYTE).toFixed(1)} MB in ${seconds.toFixed(1)} s`],
  ];
}

function record(outcome: Verification): Facts {
  const { chains, entries, heads, firstEntry, lastEntry, unanchored, torn } = outcome;
  return [
    ["Chains", `${number(chains)} (heads: ${number(heads)})`],
    ["Entries", `${number(entries)}${firstEntry === null ? "" : `, ${firstEntry} to ${lastEntry ?? ""}`}`],
    ["Without anchor yet", `${number(unanchored)} entries newer than the last anchored ones of their chains`],
    ["Torn tails", `${number(torn.count)} chains`],
  ];
}

function anchors({ anchors: { count, heads, newest, keys, isKeyPinned } }: Verification): Facts {
  const compare = isKeyPinned
    ? "the one that was named to this run"
    : "compare it with the fingerprint that you have from elsewhere (AWS KMS, a printed copy)";
  return [
    ["Anchors", `${number(count)}, heads in them: ${number(heads)}`],
    ...(newest === null
      ? []
      : [
          [
            "Newest anchor",
            `${String(newest.anchor)}, made ${newest.at}, covers what moved before ${newest.until}`,
          ] as const,
          ["Its SHA-256", newest.sha256] as const,
        ]),
    ...keys.map((key) => ["Public key, SHA-256", `${key}: ${compare}`] as const),
  ];
}

function texts({ texts: { count, distinct, classifier, directories } }: Verification): Facts {
  return [
    ["Texts and e-mails", `${number(count)}, made again word for word; different ones: ${number(distinct)}`],
    ["Found-phone test", plain(classifier)],
    ...directories
      .slice(0, DIRECTORIES_NAMED)
      .map(
        ({ practice, phone, hosts, version, count: filled }) =>
          [
            "Filled from",
            `${plain(practice)}, ${plain(phone)}${hosts.length === 0 ? "" : `, links to ${hosts.map(plain).join(", ")}`} (directory ${plain(version)}): ${number(filled)}`,
          ] as const,
      ),
    ...(directories.length > DIRECTORIES_NAMED
      ? [
          [
            "Filled from",
            `${number(directories.length - DIRECTORIES_NAMED)} more, all in the JSON report`,
          ] as const,
        ]
      : []),
  ];
}

function notes({ torn, anchors: { isKeyPinned, asOfExport, count }, texts: { directories } }: Verification) {
  return [
    ...(torn.count === 0
      ? []
      : [
          `The newest entries of ${number(torn.count)} chains were written in the last two minutes before the export and may be in it in part (an export is not transactional). Look again in the next one: ${torn.chains.slice(0, TORN_NAMED).map(plain).join(", ")}${torn.count > TORN_NAMED ? ", …" : ""}`,
        ]),
    ...(isKeyPinned || count === 0
      ? []
      : [
          "No key was named: that the anchors are the practice's own rests on your comparing the key's fingerprint.",
        ]),
    ...(asOfExport
      ? ["What anchors made after the export know beyond it was accepted (--as-of-export)."]
      : []),
    ...(directories.length > 1 || directories.some(({ hosts }) => hosts.length > 1)
      ? [
          "Texts were filled from more than one directory, or led to more than one host: compare practice, phone and host with the practice's own.",
        ]
      : []),
  ];
}

/** One finding in a line: what, where, why. */
export function wordsOf({ says, chain, sequence, anchor, file, line }: Finding): string {
  const places = [
    ...(chain === undefined ? [] : [`chain ${plain(chain)}`]),
    ...(sequence === undefined ? [] : [`entry ${String(sequence)}`]),
    ...(anchor === undefined ? [] : [`anchor ${String(anchor)}`]),
    ...(file === undefined ? [] : [`${plain(file)}${line === undefined ? "" : ` line ${String(line)}`}`]),
  ];
  return places.length === 0 ? says : `${places.join(", ")}: ${says}`;
}

/** What stands in files may hold anything: nothing of it may steer a terminal. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{fffd}");
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
