import { overlaps, type RoleRights, rolesOf } from "./statements.ts";
import {
  at,
  type Check,
  type Finding,
  referenced,
  resourcesOf,
  type Template,
  type Value,
} from "./template.ts";

/** Functions that judge what people and systems want to say; no other shows a text to a model. */
const READERS = new Set(["classifications", "messages"]);

/** AWS actions that show a text to somebody's model. */
const READING = ["bedrock-*:*", "bedrock:*", "comprehend:*", "comprehendmedical:*", "sagemaker:*"];

const ASK = "bedrock:InvokeModel";

/** A foundation model of one region: no profile, no wildcard, nobody's account. */
const MODEL_ARN = /^arn:aws[a-z-]*:bedrock:[a-z0-9-]+::foundation-model\/([a-z0-9.:-]+)$/;

/**
 * Only where a stage has switched the second reader on may a function ask a model: exactly the model that its environment
 * names, and nothing else of what could read a text.
 */
export const checkSecondReader: Check = (template) =>
  rolesOf(template).flatMap((rights) => {
    const models = modelsOf(template, rights);
    return [...checkActions(rights, models), ...checkUse(rights, models)];
  });

/** The model that the environment of each function of a role names; undefined where it names none. */
function modelsOf(template: Template, { role }: RoleRights): readonly Value[] {
  return resourcesOf(template, "AWS::Lambda::Function")
    .filter(({ properties }) => referenced(properties["Role"]) === role)
    .map(({ properties }) => at(properties, "Environment", "Variables", "SECOND_READER_MODEL_ID"));
}

function finding(resource: string, message: string): Finding {
  return { rule: "SecondReaderOnlyWhereOn", resource, message };
}

function checkActions(rights: RoleRights, models: readonly Value[]): readonly Finding[] {
  const { role, functions, allowed } = rights;
  const isReader = functions.length > 0 && functions.every((name) => READERS.has(name));
  return allowed.flatMap(({ actions, resources }) => {
    const reading = actions.filter((action) => READING.some((pattern) => overlaps(action, pattern)));
    return reading.flatMap((action) => {
      if (!isReader) return [finding(role, `may ${action} and judges no text of staff`)];
      if (action !== ASK) return [finding(role, `may ${action}, which is more than to ask a model`)];
      return resources
        .filter((resource) => !models.includes(modelNamed(resource)))
        .map(() => finding(role, "may ask a model that its environment does not name"));
    });
  });
}

/** A function that is told a model may also ask it: otherwise each text would be refused, and judged by one voice less. */
function checkUse({ role, allowed }: RoleRights, models: readonly Value[]): readonly Finding[] {
  const may = allowed.flatMap(({ actions, resources }) =>
    actions.includes(ASK) ? resources.map(modelNamed) : [],
  );
  return models
    .filter((model) => model !== undefined && !may.includes(String(model)))
    .map(() => finding(role, "is told a model that it may not ask"));
}

/** The foundation model that a statement's resource names; undefined for anything else. */
function modelNamed(resource: Value): string | undefined {
  return typeof resource === "string" ? MODEL_ARN.exec(resource)?.[1] : undefined;
}
