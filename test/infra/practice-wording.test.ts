import { expect, test } from "vitest";
import { at, resourcesOf, type Template } from "#infra/checks/template.ts";
import { practiceWording } from "#infra/practice-wording.ts";
import { stageSettings } from "#infra/stages.ts";
import { synthesized } from "./synthesized.ts";

const wording = { relaxed: ["Bayside Dermatology"], tightened: ["the blue pavilion"] };

function functionsWithWording(template: Template): string[] {
  return resourcesOf(template, "AWS::Lambda::Function")
    .filter(({ properties }) => at(properties, "Environment", "Variables", "PRACTICE_WORDING") !== undefined)
    .map(({ properties }) => String(properties["Description"]))
    .sort();
}

test("a practice's own wording reaches exactly the functions that classify", () => {
  expect(functionsWithWording(synthesized())).toEqual([]);
  expect(functionsWithWording(synthesized({ ...stageSettings("evaluation"), wording }))).toEqual([
    "functions/classifications/index.ts",
    "functions/messages/index.ts",
    "functions/portal/index.ts",
    "functions/practice/index.ts",
    "functions/receive-text/index.ts",
    "functions/send-alert/index.ts",
  ]);
});

test("a wording that may not be relaxed fails the synthesis", () => {
  expect(() => practiceWording({ relaxed: ["Downtown HIV Clinic"], tightened: [] })).toThrow(/^wording: /);
});
