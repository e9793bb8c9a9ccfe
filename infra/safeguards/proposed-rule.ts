import * as access from "./access-evidence.ts";
import * as audit from "./audit-evidence.ts";
import type { Safeguard } from "./safeguard.ts";
import * as storage from "./storage-evidence.ts";

type Rest = Pick<Safeguard, "practice" | "cannotKnow">;

function row(citation: string, asks: string, probes: Safeguard["probes"], rest: Rest = {}): Safeguard {
  return { citation, force: "proposed", asks, probes, ...rest };
}

/**
 * The rule that HHS proposed on 6 January 2025 (90 FR 898, RIN 0945-AA22): the main of what it would add or make required.
 * It is no law; paragraphs are those of the proposal, and a final rule may number and say otherwise.
 */
export const PROPOSED_RULE: readonly Safeguard[] = [
  row(
    "164.308(a)(1)",
    "Inventory of technology assets and network map, kept up and looked at every 12 months",
    [storage.everyAssetDescribed],
    { practice: "its own computers and networks beside this inventory, and the date of the yearly look" },
  ),
  row("164.308(a)(2)", "Written risk analysis, from inventory and map", [storage.everyAssetDescribed], {
    practice: "the analysis: threats, likelihood, risk level of each, every 12 months",
  }),
  row("164.308(a)(3)", "Evaluation before a change takes effect", [access.checkedAtEverySynthesis], {
    practice: "a written evaluation of every change, with this report of before and after",
  }),
  row("164.308(a)(4)", "Patches: critical within 15 days, high within 30", [access.runtimesMaintained], {
    practice:
      "a new deployment within that time after a patch of a dependency; AWS patches the runtime itself",
    cannotKnow: "which version of the project is deployed",
  }),
  row("164.308(a)(5)", "Written plan for managing risks, looked at every 12 months", [], {
    practice: "the plan, with what was done by when",
  }),
  row(
    "164.308(a)(7)",
    "Review of activity in the system, in real time where that is possible",
    [audit.actorsCanBeReviewed, audit.trailRecordsAll, audit.guardsAreWatched, audit.failuresAreWatched],
    {
      practice:
        "the access review of each month with its sign-off, and somebody on duty who answers the alarms",
    },
  ),
  row(
    "164.308(a)(9)(ii)",
    "Access ends within an hour of leaving; other entities are told within 24 hours",
    [access.authorizerAsksEveryTime, access.tokensAreShort],
    { practice: "disabling the user within the hour; the notice to others" },
  ),
  row("164.308(a)(11)", "Training within 30 days of access and every 12 months", [], {
    practice: "training records with dates",
  }),
  row("164.308(a)(12)", "Written plans for incidents, tested every 12 months", [audit.failuresAreWatched], {
    practice: "the plan and its tests",
  }),
  row(
    "164.308(a)(13)(ii)",
    "Critical systems and data back within 72 hours of a loss",
    [storage.tablesRecoverable, storage.storesOutliveMistakes],
    { practice: "a drill with measured time", cannotKnow: "how long a restore takes" },
  ),
  row("164.308(a)(14)", "Compliance audit every 12 months", [audit.auditorsGetExports], {
    practice: "the audit; exports, verifier and this report are material for it",
  }),
  row("164.308(b)", "Yearly written verification of every business associate's safeguards", [], {
    practice: "the verifications, by somebody with the knowledge, certified",
  }),
  row("164.312(a)(2)(ii)", "Administrative identities apart from others", [access.staffHaveRoles], {
    practice: "one identity for administration and another for daily work",
    cannotKnow: "who has which role, and who administers the AWS account",
  }),
  row("164.312(a)(2)(iv)", "Automatic logoff", [access.tokensAreShort, access.authorizerAsksEveryTime]),
  row("164.312(a)(2)(v)", "Access stops after a number of failed log-ins", [audit.signInsAreWatched], {
    cannotKnow: "how Amazon Cognito locks a user after failed sign-ins: it does so by rules of its own",
  }),
  row("164.312(a)(2)(vi)", "Network segmentation", [access.planesKeptApart, access.contentInOwnNetwork], {
    practice: "segments of its own network",
  }),
  row("164.312(b)", "All ePHI encrypted at rest and in transit, with few exceptions", [
    storage.tablesUnderOwnKeys,
    storage.queuesAndTopicsUnderOwnKeys,
    storage.logsUnderOwnKeys,
    storage.bucketsEncrypted,
    storage.noOtherStores,
    storage.sealedInTheApplication,
    storage.tlsOnly,
    storage.emailOverTls,
    access.planesKeptApart,
  ]),
  row(
    "164.312(c)",
    "Configuration set by technical controls, without what is not needed",
    [access.checkedAtEverySynthesis, access.rolesHaveLeastRights, access.runtimesMaintained],
    { cannotKnow: "drift: what somebody changed in AWS by hand (`cdk drift`, guard-changes.sql)" },
  ),
  row("164.312(d)", "Audit trail and log controls, in real time", [
    audit.auditOnlyGrows,
    audit.trailRecordsAll,
    audit.trailCannotBeBent,
    audit.guardsAreWatched,
    audit.logsKept,
  ]),
  row(
    "164.312(e)",
    "Integrity, tested every 12 months",
    [audit.anchorsSigned, audit.anchorsLocked, storage.sealedInTheApplication],
    { practice: "a run of the verifier over an export, at least yearly, with its report kept" },
  ),
  row(
    "164.312(f)(2)(ii)",
    "Multi-factor authentication for everybody with access, with few exceptions",
    [access.staffProveTwice],
    {
      practice:
        "the secrets of machines that use the API, which prove one factor; MFA for administrators of AWS",
      cannotKnow: "how administrators sign in to the AWS account (infra/audit/cloudtrail/console-access.sql)",
    },
  ),
  row(
    "164.312(g)",
    "Transmission security, tested every 12 months",
    [storage.tlsOnly, storage.emailOverTls, access.firewallsInFront],
    { practice: "the yearly test" },
  ),
  row("164.312(h)(2)(i)", "Vulnerability scans every 6 months", [], {
    practice: "scans, with their results",
  }),
  row("164.312(h)(2)(iii)", "Penetration test every 12 months by a qualified person", [], {
    practice: "the tests, with their results",
  }),
  row(
    "164.312(i)",
    "Retrievable copies of ePHI, no older than 48 hours, watched and tested",
    [storage.tablesRecoverable, storage.bucketsPrivateAndVersioned],
    { practice: "a monthly test of a restored copy", cannotKnow: "whether a copy can be restored" },
  ),
  row("164.312(j)", "Backup of the information system itself", [access.checkedAtEverySynthesis], {
    practice: "the repository and its settings, kept outside of the account",
  }),
  row("164.314(a)(2)(i)(D)", "Business associates tell within 24 hours that a contingency plan began", [], {
    practice: "that clause in every agreement",
  }),
];
