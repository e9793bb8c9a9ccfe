import type { StageSettings } from "../stages.ts";
import { type Judged, STATUSES, type Status } from "./safeguard.ts";

/** What each status means, as every form of the report explains it. */
export const STATUS_MEANINGS: Readonly<Record<Status, string>> = {
  "in place": "the template shows all of it",
  supported:
    "the template shows all that a system can do for it; the rest is the practice's, as the row says",
  partly: "the template shows some of it; what it lacks is named",
  missing: "the template shows none of it; what it lacks is named",
  "by the practice": "no system can do it; the row says what the practice must show",
  "not known": "a template cannot tell",
};

/** What this report is, and what it is not. */
export const PREFACE =
  "Derived from the synthesized CloudFormation template and the stage's settings, by rules in infra/safeguards. It shows " +
  "what would be deployed from this template, and nothing about what is deployed, how AWS behaves or what people do. " +
  "Every status is computed: take a setting away and the row falls.";

/** What no template can tell, once for all rows. */
export const CANNOT_KNOW: readonly string[] = [
  "whether this template is what runs in the account: compare it with `aws cloudformation get-template`, and look for drift",
  "whether staff were trained, agreements signed, risks analysed, drills held: the practice shows that",
  "whether AWS lists every service used as HIPAA eligible on the day of the audit",
  "what administrators of the AWS account did: CloudTrail tells (infra/audit/cloudtrail.md)",
  "whether the record of the audit is whole: `npm run -s audit -- verify` tells, from an export",
];

/** The settings of a stage that the report depends on, as label and value. */
export function settingLines(settings: StageSettings): readonly (readonly [label: string, value: string])[] {
  const { practice, trailLock, anchorLock } = settings;
  return [
    ["Stage", settings.stage],
    ["Account and region", `${settings.account}, ${settings.region}`],
    ["Practice, as texts name it", `${practice.textName}, ${practice.phone}`],
    ["Portal's own host", settings.domain?.host ?? "none: the address of API Gateway"],
    ["E-mail as second way", settings.email === undefined ? "off" : "on"],
    ["Second reader (a model)", settings.secondReader?.modelId ?? "off"],
    ["Sign-in by sending the password", settings.passwordSignIn ? "allowed (trials only)" : "off, SRP only"],
    ["Logs kept", `${settings.logRetentionDays} days`],
    ["Lock of the trail", `${trailLock.mode}, ${trailLock.days} days`],
    ["Lock of anchors", `${anchorLock.mode}, ${anchorLock.days} days`],
  ];
}

/** How many safeguards have each status that occurs, best first. */
export function tally(rows: readonly Judged[]): readonly (readonly [status: Status, count: number])[] {
  return STATUSES.map((status): readonly [Status, number] => [
    status,
    rows.filter((row) => row.status === status).length,
  ]).filter(([, count]) => count > 0);
}

/** The tests that show a safeguard, each once. */
export function testsOf({ evidence }: Judged): readonly string[] {
  return [...new Set(evidence.flatMap(({ tests }) => tests))];
}
