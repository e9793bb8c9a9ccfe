import { App } from "aws-cdk-lib";
import { addChecks } from "./checks.ts";
import { PLACEHOLDER_CODE_CONTEXT } from "./constructs/service-function.ts";
import { FEATURE_FLAGS } from "./feature-flags.ts";
import { FoundphoneStack } from "./stacks/foundphone-stack.ts";
import { type StageSettings, stageSettings } from "./stages.ts";

/** How to synthesize. */
export interface SynthOptions {
  /** Settings to use; those of the CDK context `stage` (default `evaluation`) unless told. */
  readonly settings?: StageSettings;
  /** Where templates and assets go; the CDK's own choice unless told. */
  readonly outdir?: string;
  /** Runs CloudFormation's validation, HIPAA.Security and our own checks; on unless told. */
  readonly validate?: boolean;
  /** Leaves the bundled functions out; for tests of the template. */
  readonly placeholderCode?: boolean;
}

/** The app of one stage, with its settings and its only stack, not yet synthesized: `app.synth()` writes it and throws on a finding. */
export function createApp(options: SynthOptions = {}): {
  readonly app: App;
  readonly stack: FoundphoneStack;
  readonly settings: StageSettings;
} {
  const validate = options.validate ?? true;
  const app = new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: validate,
    context: {
      ...FEATURE_FLAGS,
      ...(options.placeholderCode === true ? { [PLACEHOLDER_CODE_CONTEXT]: true } : {}),
    },
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
  });
  const stage: unknown = app.node.tryGetContext("stage") ?? "evaluation";
  const settings = options.settings ?? stageSettings(String(stage));
  const stack = new FoundphoneStack(app, settings);
  if (validate) addChecks(app, stack);
  return { app, stack, settings };
}
