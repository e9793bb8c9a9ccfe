import { FINDING_KINDS, type Finding, type FindingKind } from "./finding.ts";
import type { Verification } from "./verification.ts";

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
  /** What may be nothing but consequences of them. */
  readonly following: readonly FoundKind[];
}

/** Findings of one kind: how many there are, and the first of them. */
export interface FoundKind {
  readonly kind: FindingKind;
  readonly count: number;
  readonly first: readonly string[];
}

const NAMED_OF_A_KIND = 8;
const FOLLOWING_NAMED = 2;
const TORN_NAMED = 5;
const DIRECTORIES_NAMED = 10;
const HOUR_MS = 3_600_000;
const FRESH_MS = 26 * HOUR_MS;
const MEGABYTE = 1024 * 1024;

/** Puts an outcome into words. */
export function factsOf(outcome: Verification, madeAt: string): OutcomeFacts {
  return {
    title: "Verification of the audit record",
    verdict: verdictOf(outcome),
    sections: [
      { title: "What was verified", facts: verified(outcome, madeAt) },
      { title: "Record", facts: record(outcome) },
      { title: "Anchors", facts: anchors(outcome) },
      { title: "Texts", facts: texts(outcome) },
    ],
    notes: notes(outcome, madeAt),
    findings: foundKinds(
      outcome,
      (kind) => (outcome.counts[kind] ?? 0) - (outcome.following[kind] ?? 0),
      false,
    ),
    following: foundKinds(outcome, (kind) => outcome.following[kind] ?? 0, true),
  };
}

const CLEAN =
  "nothing was found that is missing, changed or out of its place, and no text that tells anything.";

function verdictOf({ verdict, keyCompared, anchors: { count, keys }, counts, following }: Verification) {
  if (verdict === "findings") {
    const sum = (found: Verification["counts"]) =>
      Object.values(found).reduce((total, each) => total + each, 0);
    const follow = sum(following);
    const more = follow === 0 ? "" : `, and ${number(follow)} that may follow from them`;
    return `FINDINGS: ${number(sum(counts) - follow)}${more}. The record is not as it must be; each kind is named below.`;
  }
  if (keyCompared) return `PROVED: ${CLEAN}`;
  if (count === 0) return `CONSISTENT, and not proved by any anchor, for none was made yet: ${CLEAN}`;
  return `PROVED IF THE KEY IS THE PRACTICE'S OWN: ${CLEAN} With a key of their own anybody could have made all of it: compare SHA-256 ${keys.join(", ")} with what you have from elsewhere, or name it with --key-fingerprint.`;
}

function foundKinds(
  outcome: Verification,
  countOf: (kind: FindingKind) => number,
  follows: boolean,
): readonly FoundKind[] {
  return FINDING_KINDS.flatMap((kind) => {
    const count = countOf(kind);
    if (count === 0) return [];
    const named = outcome.findings.filter(
      (finding) => finding.kind === kind && (finding.follows === true) === follows,
    );
    return [{ kind, count, first: named.slice(0, follows ? FOLLOWING_NAMED : NAMED_OF_A_KIND).map(wordsOf) }];
  });
}

type Facts = readonly (readonly [name: string, value: string])[];

function verified(outcome: Verification, madeAt: string): Facts {
  const { exports, otherFiles, seconds, bytes } = outcome;
  const full = exports.filter(({ kind }) => kind === "full");
  const windows = exports.filter(({ kind }) => kind === "incremental");
  const lastWindow = windows.at(-1);
  const [firstFrom] = windows.map(({ from }) => from ?? "").toSorted();
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
            `${number(windows.length)}, ${firstFrom ?? ""} to ${lastWindow?.to ?? ""}, the last one ${lastWindow?.id ?? ""}`,
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

function anchors({ anchors: { count, heads, newest, keys, namedKeys } }: Verification): Facts {
  const compare = (key: string) => {
    if (namedKeys.length === 0)
      return "compare it with the fingerprint that you have from elsewhere (AWS KMS, a printed copy)";
    return namedKeys.includes(key) ? "named to this run" : `NOT what was named, ${namedKeys.join(", ")}`;
  };
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
    ...keys.map((key) => ["Public key, SHA-256", `${key}: ${compare(key)}`] as const),
  ];
}

function texts({ texts: { count, distinct, classifier, directories } }: Verification): Facts {
  return [
    [
      "Texts and e-mails",
      `${number(count)}, made again word for word; different ones, but for days and times: ${number(distinct)}`,
    ],
    ["Found-phone test", plain(classifier)],
    ...directories
      .slice(0, DIRECTORIES_NAMED)
      .map(
        ({ practice, phone, hosts, version, lines }) =>
          [
            "Filled from",
            `${plain(practice)}, ${plain(phone)}${hosts.length === 0 ? "" : `, links to ${hosts.map(plain).join(", ")}`} (directory ${plain(version)}), in lines: ${number(lines)}`,
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

function notes(
  { torn, state, anchors: { asOfExport, newest }, texts: { directories }, verdict }: Verification,
  madeAt: string,
) {
  return [
    ...(verdict === "proved"
      ? []
      : [
          "What each kind of finding means, its harmless causes and what to do: infra/audit/FORMAT.md, section 10.",
        ]),
    ...ageNotes(state, madeAt),
    ...(torn.count === 0
      ? []
      : [
          `The newest entries of ${number(torn.count)} chains were written in the last two minutes before the export and may be in it in part (an export is not transactional). Look again in the next one: ${torn.chains.slice(0, TORN_NAMED).map(plain).join(", ")}${torn.count > TORN_NAMED ? ", …" : ""}`,
        ]),
    ...(asOfExport && newest !== null && newest.at > state
      ? [
          "What anchors made after the export know beyond it was accepted (--as-of-export): no anchor proves that it holds all that was written between the last one before it and its time.",
        ]
      : []),
    ...(directories.length > 1 || directories.some(({ hosts }) => hosts.length > 1)
      ? [
          "Texts were filled from more than one directory, or led to more than one host: compare practice, phone and host with the practice's own.",
        ]
      : []),
  ];
}

/** Nothing in a directory can show that newer exports and anchors were left out of it. */
function ageNotes(state: string, madeAt: string): readonly string[] {
  const ageMs = Date.parse(madeAt) - Date.parse(state);
  if (ageMs < 0)
    return [
      `The time of the export, ${state}, lies in the future of this machine's clock: one of the two is wrong.`,
    ];
  if (ageMs <= FRESH_MS) return [];
  const hours = number(Math.floor(ageMs / HOUR_MS));
  return [
    `The record is shown as it was ${hours} hours ago by this machine's clock. Exports are made daily: if newer ones or newer anchors were left out, nothing in the directory shows it. Ask for a new export.`,
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
