import type { BrandSettings } from "./practice-brand.ts";
import type { WordingSettings } from "./practice-wording.ts";

/** Whose answers to STOP and HELP count: ours (ten-digit numbers, short codes) or the carrier's (toll-free numbers). */
export type OptOutRegime = "self-managed" | "carrier";

/**
 * Which purposes a STOP ends: `all`, or the purpose of the text that it answers, where that is known. The law leaves the
 * choice until 2027-01-31 (47 CFR 64.1200(a)(10), DA 26-12); from then on it is all, whatever stands here.
 */
export type OptOutScope = "all" | "answered-purpose";

/**
 * How long objects stay locked, and whether anyone may shorten that: under `compliance` no one, the root user included;
 * under `governance` whoever has s3:BypassGovernanceRetention, so that a trial can be taken down again.
 */
export interface ObjectLockSettings {
  readonly mode: "governance" | "compliance";
  readonly days: number;
}

/** Whose address e-mails come from. */
export interface EmailSettings {
  /** `Name <address>`; name and domain tell nothing about the kind of care. */
  readonly from: string;
  /** ARN of the identity verified with SES, outside of the stack. @default the identity of the address's domain */
  readonly identityArn?: string;
}

/** Everything that differs between two deployments of the stack. */
export interface StageSettings {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly practice: {
    /** The name that texts carry: short, and telling nothing about the kind of care; one that does fails the synthesis. */
    readonly textName: string;
    /** The number a patient may call, as it is printed in texts and pages. */
    readonly phone: string;
    /** IANA name of the zone of the practice's office hours. */
    readonly timeZone: string;
    /** How its pages look. @default our own colours, and no logo */
    readonly brand?: BrandSettings;
  };
  /** The portal's own host, of words that tell nothing about the kind of care. Without one, texts carry the long API Gateway address and take two parts. */
  readonly domain?: { readonly host: string; readonly certificateArn: string };
  /** ARN of the number or pool that texts come from; registered outside of the stack. */
  readonly originationIdentityArn: string;
  /** The numbers of that, as phones show them: the public page "Is this text real?" names them. @default none is named */
  readonly textNumbers?: readonly string[];
  /** What the originator may send, in message parts a second; "unpaced" where it has no limit. */
  readonly textsPerSecond: number | "unpaced";
  readonly optOuts: OptOutRegime;
  /** @default "all" */
  readonly optOutScope?: OptOutScope;
  /** E-mail as the second way to a patient whom no text reaches. Without it, a person is asked to call. */
  readonly email?: EmailSettings;
  /**
   * Expressions that this practice's classifier takes for harmless (a kind of care in its own name that tells little) or
   * for clinical; see infra/classification/README.md.
   */
  readonly wording?: WordingSettings;
  /**
   * A model of Amazon Bedrock that reads what the classifier leaves below tier 3, and may only raise it. Without it, no
   * function may ask any model. See infra/classification/second-reader.md.
   */
  readonly secondReader?: {
    /** A foundation model that the stage's region serves itself, such as `amazon.nova-lite-v1:0`. */
    readonly modelId: string;
  };
  /** How long a link can be proved, in whole hours: 1 to 168 (seven days). @default 72 */
  readonly linkLifetimeHours?: number;
  /**
   * Ids of the keys of links, 1 to 255: new links are signed by `current`; those of `previous` still open. See "Rotating
   * the link key" in infra/runbook.md. @default { current: 1 }
   */
  readonly linkKey?: { readonly current: number; readonly previous?: number };
  /** Lets staff sign in by sending the password itself (and TOTP), for trials without an SRP client. */
  readonly passwordSignIn: boolean;
  readonly logRetentionDays: number;
  /** The trail's objects. */
  readonly trailLock: ObjectLockSettings;
  /**
   * Anchors of the audit chains: six years at least (45 CFR 164.316(b)(2)(i)), and in every stage but `evaluation`
   * under `compliance`; synth refuses less.
   */
  readonly anchorLock: ObjectLockSettings;
}

/** A trial without a domain: two-part texts, simulator numbers only. */
const evaluation: StageSettings = {
  stage: "evaluation",
  account: "000000000000",
  region: "us-east-1",
  practice: {
    textName: "Riverside Office",
    phone: "202-555-0143",
    timeZone: "America/New_York",
    brand: { colour: "#17594a", logo: "infra/local/demo/logo.svg" },
  },
  originationIdentityArn:
    "arn:aws:sms-voice:us-east-1:000000000000:phone-number/phone-00000000000000000000000000000000",
  textNumbers: ["+1 800-555-0199"],
  textsPerSecond: 10,
  optOuts: "self-managed",
  email: { from: "Riverside Office <office@riverside-office.example>" },
  passwordSignIn: true,
  logRetentionDays: 365,
  trailLock: { mode: "governance", days: 30 },
  anchorLock: { mode: "governance", days: 2192 },
};

const STAGES: ReadonlyMap<string, StageSettings> = new Map([[evaluation.stage, evaluation]]);

/** The settings of `stage`; throws for a stage that nobody has described. */
export function stageSettings(stage: string): StageSettings {
  const settings = STAGES.get(stage);
  if (settings === undefined) {
    throw new Error(`Unknown stage. Known: ${[...STAGES.keys()].join(", ")}.`);
  }
  return settings;
}
