import * as access from "./access-evidence.ts";
import * as audit from "./audit-evidence.ts";
import type { Force, Safeguard } from "./safeguard.ts";
import * as storage from "./storage-evidence.ts";

type Rest = Pick<Safeguard, "practice" | "cannotKnow">;

function row(
  citation: string,
  force: Force,
  asks: string,
  probes: Safeguard["probes"],
  rest: Rest = {},
): Safeguard {
  return { citation, force, asks, probes, ...rest };
}

const AWS_CENTRES =
  "that AWS guards its data centres: its SOC 2 and HITRUST reports (AWS Artifact), under the signed agreement";

/**
 * The Security Rule in force: every standard and implementation specification of 45 CFR 164.308, 310, 312, 314 and 316,
 * as appendix A to subpart C of part 164 lists them, in its order.
 */
export const SECURITY_RULE: readonly Safeguard[] = [
  row(
    "164.308(a)(1)(i)",
    "standard",
    "Security management process",
    [access.checkedAtEverySynthesis, audit.guardsAreWatched, audit.trailRecordsAll],
    {
      practice:
        "policies to prevent, detect, contain and correct violations; the four rows below are its parts",
    },
  ),
  row("164.308(a)(1)(ii)(A)", "required", "Risk analysis", [storage.everyAssetDescribed], {
    practice: "a dated risk analysis of its own; the inventory and the flow map below are material for it",
  }),
  row(
    "164.308(a)(1)(ii)(B)",
    "required",
    "Risk management",
    [access.checkedAtEverySynthesis, audit.guardsAreWatched],
    { practice: "measures with owner and date for every risk that the analysis found" },
  ),
  row("164.308(a)(1)(ii)(C)", "required", "Sanction policy", [], {
    practice: "a policy, and a record of sanctions",
  }),
  row(
    "164.308(a)(1)(ii)(D)",
    "required",
    "Regular review of what happened in the system",
    [audit.auditOnlyGrows, audit.actorsCanBeReviewed, audit.trailRecordsAll],
    {
      practice:
        "the access review of each month with its sign-off, and the queries of infra/audit/cloudtrail.md",
    },
  ),
  row("164.308(a)(2)", "required", "Assigned security responsibility", [], {
    practice: "the name of its security official",
  }),
  row(
    "164.308(a)(3)(i)",
    "standard",
    "Workforce security",
    [access.staffRoutesGuarded, access.staffHaveRoles, access.authorizerAsksEveryTime],
    { practice: "policies on who of the workforce gets at ePHI and who does not" },
  ),
  row(
    "164.308(a)(3)(ii)(A)",
    "addressable",
    "Authorization and supervision of the workforce",
    [access.staffRoutesGuarded, access.staffHaveRoles],
    { practice: "who may have which role, and who decides" },
  ),
  row("164.308(a)(3)(ii)(B)", "addressable", "Workforce clearance", [], {
    practice: "how it is found that somebody may see ePHI",
  }),
  row(
    "164.308(a)(3)(ii)(C)",
    "addressable",
    "End of access when somebody leaves",
    [access.authorizerAsksEveryTime, access.tokensAreShort],
    {
      practice:
        "disabling the user on the last day; staff administration is not built yet, so in Amazon Cognito",
    },
  ),
  row(
    "164.308(a)(4)(i)",
    "standard",
    "Information access management",
    [access.staffRoutesGuarded, access.rolesHaveLeastRights],
    { practice: "policies for authorizing access, as its privacy policies want it" },
  ),
  row("164.308(a)(4)(ii)(A)", "required", "Isolating a clearinghouse", [], {
    practice: "that it is no health care clearinghouse, or how that part is kept apart",
  }),
  row("164.308(a)(4)(ii)(B)", "addressable", "Access authorization", [
    access.staffRoutesGuarded,
    access.staffHaveRoles,
    access.rolesHaveLeastRights,
  ]),
  row("164.308(a)(4)(ii)(C)", "addressable", "Establishing and changing access", [access.oneIdentityEach], {
    practice: "a record of who was given or lost which role when, and who approved it",
    cannotKnow: "who may administer the AWS account and the user pool",
  }),
  row("164.308(a)(5)(i)", "standard", "Security awareness and training", [], {
    practice: "a programme for the whole workforce, management included",
  }),
  row("164.308(a)(5)(ii)(A)", "addressable", "Security reminders", [], {
    practice: "training of staff, with dates",
  }),
  row(
    "164.308(a)(5)(ii)(B)",
    "addressable",
    "Protection from malicious software",
    [access.runtimesMaintained, access.firewallsInFront],
    { practice: "protection of the computers that staff use" },
  ),
  row("164.308(a)(5)(ii)(C)", "addressable", "Log-in monitoring", [audit.signInsAreWatched], {
    practice: "somebody who answers the alarms",
  }),
  row("164.308(a)(5)(ii)(D)", "addressable", "Password management", [access.passwordsAreStrong]),
  row(
    "164.308(a)(6)(i)",
    "standard",
    "Security incident procedures",
    [audit.failuresAreWatched, audit.guardsAreWatched],
    { practice: "policies for incidents; alarms and their answers are in infra/runbook.md" },
  ),
  row(
    "164.308(a)(6)(ii)",
    "required",
    "Response to incidents and their record",
    [audit.failuresAreWatched, audit.guardsAreWatched, audit.auditOnlyGrows],
    {
      practice:
        "an incident procedure, and the assessment of every suspected breach within 60 days (164.400-414); incident " +
        "records are not built yet",
    },
  ),
  row(
    "164.308(a)(7)(i)",
    "standard",
    "Contingency plan",
    [storage.tablesRecoverable, storage.storesOutliveMistakes],
    { practice: "policies for emergencies that damage the system; the five rows below are its parts" },
  ),
  row(
    "164.308(a)(7)(ii)(A)",
    "required",
    "Data backup plan",
    [storage.tablesRecoverable, storage.storesOutliveMistakes, storage.bucketsPrivateAndVersioned],
    { cannotKnow: "whether a backup can be restored: that shows only a drill" },
  ),
  row("164.308(a)(7)(ii)(B)", "required", "Disaster recovery plan", [storage.tablesRecoverable], {
    practice: "a written plan, with the steps of “Restoring a table” in infra/runbook.md",
    cannotKnow: "how long a restore takes",
  }),
  row("164.308(a)(7)(ii)(C)", "required", "Emergency mode of operation", [], {
    practice:
      "how patients are reached while the system or AWS does not work: by phone, from the practice's own records",
  }),
  row("164.308(a)(7)(ii)(D)", "addressable", "Testing and revising these plans", [], {
    practice: "dated drills with what was measured",
  }),
  row("164.308(a)(7)(ii)(E)", "addressable", "Criticality of applications and data", [], {
    practice: "which assets of the inventory must be back first",
  }),
  row("164.308(a)(8)", "required", "Regular evaluation", [access.checkedAtEverySynthesis], {
    practice:
      "an evaluation after every change of law or surroundings; this report is made anew at every deployment",
  }),
  row("164.308(b)(1)", "standard", "Business associates give satisfactory assurances", [], {
    practice: "the assurances, as contracts in writing (next row)",
  }),
  row("164.308(b)(3)", "required", "Contracts with business associates, in writing", [], {
    practice:
      "the signed agreement with AWS (AWS Artifact) and with every other vendor; without its record nothing is sent by " +
      "that vendor (test/integration/main-job.test.ts)",
    cannotKnow:
      "whether a recorded agreement was signed, and whether AWS lists every service used as HIPAA eligible",
  }),
  row("164.310(a)(1)", "standard", "Facility access controls", [], {
    practice: "for its own rooms",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(a)(2)(i)", "addressable", "Access to the facility in an emergency", [], {
    practice: "for its own rooms",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(a)(2)(ii)", "addressable", "Facility security plan", [], {
    practice: "for its own rooms",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(a)(2)(iii)", "addressable", "Access control and validation for facilities", [], {
    practice: "for its own rooms",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(a)(2)(iv)", "addressable", "Maintenance records of facilities", [], {
    practice: "for its own rooms",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(b)", "required", "Workstation use", [], {
    practice: "rules for computers that reach the staff API",
  }),
  row("164.310(c)", "required", "Workstation security", [], { practice: "who can get at those computers" }),
  row("164.310(d)(1)", "standard", "Device and media controls", [], {
    practice: "for devices and media of its own",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(d)(2)(i)", "required", "Disposal of media", [], {
    practice: "for media of its own; copies of exports that auditors took",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(d)(2)(ii)", "required", "Media re-use", [], {
    practice: "for media of its own",
    cannotKnow: AWS_CENTRES,
  }),
  row("164.310(d)(2)(iii)", "addressable", "Record of movements of media", [], {
    practice: "for media of its own; every export is in the audit",
  }),
  row("164.310(d)(2)(iv)", "addressable", "Copy of ePHI before equipment moves", [storage.tablesRecoverable]),
  row("164.312(a)(1)", "standard", "Access control", [
    access.staffRoutesGuarded,
    access.staffHaveRoles,
    access.rolesHaveLeastRights,
    storage.sealedInTheApplication,
  ]),
  row("164.312(a)(2)(i)", "required", "Unique user identification", [
    access.oneIdentityEach,
    access.staffRoutesGuarded,
  ]),
  row("164.312(a)(2)(ii)", "required", "Emergency access procedure", [access.emergencyAccess], {
    practice:
      "until it is built: a sealed account that may administer AWS, its use recorded by the trail and reviewed afterwards",
  }),
  row("164.312(a)(2)(iii)", "addressable", "Automatic logoff", [
    access.tokensAreShort,
    access.authorizerAsksEveryTime,
  ]),
  row("164.312(a)(2)(iv)", "addressable", "Encryption and decryption", [
    storage.tablesUnderOwnKeys,
    storage.queuesAndTopicsUnderOwnKeys,
    storage.logsUnderOwnKeys,
    storage.bucketsEncrypted,
    storage.noOtherStores,
    storage.keysRotate,
    storage.sealedInTheApplication,
  ]),
  row(
    "164.312(b)",
    "required",
    "Audit controls",
    [
      audit.auditOnlyGrows,
      audit.trailRecordsAll,
      audit.trailCannotBeBent,
      audit.accessesLogged,
      audit.logsKept,
      audit.auditorsGetExports,
    ],
    { cannotKnow: "whether the trail is still on in AWS: infra/audit/cloudtrail/guard-changes.sql tells" },
  ),
  row("164.312(c)(1)", "standard", "Integrity: no improper change or destruction", [
    audit.auditOnlyGrows,
    audit.anchorsSigned,
    audit.anchorsLocked,
    storage.storesOutliveMistakes,
  ]),
  row("164.312(c)(2)", "addressable", "Mechanism to authenticate ePHI", [
    storage.sealedInTheApplication,
    audit.anchorsSigned,
  ]),
  row("164.312(d)", "required", "Person or entity authentication", [
    access.staffProveTwice,
    access.oneIdentityEach,
    access.staffRoutesGuarded,
  ]),
  row("164.312(e)(1)", "standard", "Transmission security", [
    access.planesKeptApart,
    storage.tlsOnly,
    access.firewallsInFront,
  ]),
  row("164.312(e)(2)(i)", "addressable", "Integrity of what is transmitted", [
    storage.tlsOnly,
    storage.sealedInTheApplication,
  ]),
  row(
    "164.312(e)(2)(ii)",
    "addressable",
    "Encryption of what is transmitted",
    [storage.tlsOnly, storage.emailOverTls, access.planesKeptApart],
    {
      cannotKnow:
        "the carrier's network, which is not encrypted (so a text tells nothing), and the lowest TLS version of AWS's ends",
    },
  ),
  row("164.314(a)(1)", "standard", "Business associate contracts or other arrangements", [], {
    practice: "contracts that say what the next row asks",
  }),
  row("164.314(a)(2)(i)", "required", "What a contract with a business associate must say", [], {
    practice: "the agreements, read for: safeguards, subcontractors, reporting of incidents",
  }),
  row("164.314(b)(1)", "standard", "Requirements for group health plans", [], {
    practice: "nothing, unless it sponsors a plan",
  }),
  row("164.314(b)(2)", "required", "Documents of a group health plan", [], {
    practice: "nothing, unless it sponsors a plan",
  }),
  row("164.316(a)", "required", "Policies and procedures", [], {
    practice: "its own; the runbook and the decisions in infra are the system's part",
  }),
  row("164.316(b)(1)", "required", "Documentation, also of actions and activities", [audit.auditOnlyGrows], {
    practice: "policies and assessments in writing",
  }),
  row(
    "164.316(b)(2)(i)",
    "required",
    "Keep documentation six years",
    [storage.nothingForgottenEarly, storage.storesOutliveMistakes, audit.anchorsLocked],
    { practice: "its own documents, from creation or from when they were last in effect" },
  ),
  row("164.316(b)(2)(ii)", "required", "Make documentation available to those who need it", [], {
    practice: "where its documents are",
  }),
  row("164.316(b)(2)(iii)", "required", "Review documentation as surroundings change", [], {
    practice: "dates of its reviews",
  }),
];
