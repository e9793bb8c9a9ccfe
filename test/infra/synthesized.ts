import { Template } from "aws-cdk-lib/assertions";
import type { Template as CheckedTemplate } from "#infra/checks/template.ts";
import { type StageSettings, stageSettings } from "#infra/stages.ts";
import { createApp } from "#infra/synth.ts";

/** The template of a stage, without bundled code and without validation. */
export function synthesized(settings: StageSettings = stageSettings("evaluation")): CheckedTemplate {
  const { stack } = createApp({ settings, validate: false, placeholderCode: true });
  return Template.fromStack(stack).toJSON() as CheckedTemplate;
}

/** The model of {@link withSecondReader}. */
export const READER_MODEL = "amazon.nova-lite-v1:0";

/** The evaluation stage with a second reader. */
export function withSecondReader(modelId: string = READER_MODEL): StageSettings {
  return { ...stageSettings("evaluation"), secondReader: { modelId } };
}

/** The evaluation stage with a domain of its own. */
export function withDomain(host: string, textName: string): StageSettings {
  const evaluation = stageSettings("evaluation");
  return {
    ...evaluation,
    practice: { ...evaluation.practice, textName },
    domain: {
      host,
      certificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000",
    },
  };
}
