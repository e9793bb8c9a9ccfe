import type { StageSettings } from "./stages.ts";

/** Providers' names are longer; these open the ids of inference profiles, which take a request to other regions. */
const GEOGRAPHY = /^(?:[a-z]{2}|apac|amer|emea|latam|global|us-[a-z]+)\./;
/** `provider.model`, with an optional version after a colon. */
const MODEL_ID = /^[a-z][a-z0-9]{2,}\.[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[a-z0-9]+)*$/;

/**
 * The model of a stage's second reader, or undefined where the stage has none. Throws unless it is a foundation model's
 * own id: only that keeps a text in the stage's region, and only that can be named in a role's policy.
 */
export function secondReaderModel({ secondReader }: Pick<StageSettings, "secondReader">): string | undefined {
  if (secondReader === undefined) return undefined;
  const { modelId } = secondReader;
  if (modelId.startsWith("arn:") || modelId.includes("/")) {
    throw new Error(
      "The second reader's model must be a foundation model's id, not an ARN: a profile, a prompt or a provisioned " +
        "model does not tell which region reads a text.",
    );
  }
  if (GEOGRAPHY.test(modelId)) {
    throw new Error(
      "The second reader's model is an inference profile, which may take texts out of the stage's region: give the " +
        "id of a model that the region serves itself (without the part for the geography).",
    );
  }
  if (!MODEL_ID.test(modelId)) {
    throw new Error(
      "The second reader's model is no model id of Amazon Bedrock: one looks like provider.model-v1:0 and has small " +
        "letters, digits, dots, hyphens and colons only.",
    );
  }
  return modelId;
}
