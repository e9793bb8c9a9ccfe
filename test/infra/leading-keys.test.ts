import { expect, it } from "vitest";
import { at, listOf, referenced, resourcesOf } from "#infra/checks/template.ts";
import { synthesized } from "./synthesized.ts";

const template = synthesized();

/** On which partition keys of a table a function may do something; `*` where nothing holds it to any. */
function keysFor(functionName: string, action: string, table: string): readonly unknown[] {
  return resourcesOf(template, "AWS::IAM::Policy")
    .filter(({ id }) => id.startsWith(`${functionName}FunctionRole`))
    .flatMap(({ properties }) => listOf(at(properties, "PolicyDocument", "Statement")))
    .filter((statement) => listOf(at(statement, "Action")).includes(action))
    .filter((statement) => referenced(at(statement, "Resource"))?.startsWith(table))
    .flatMap((statement) => {
      const keys = at(statement, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys");
      return keys === undefined ? ["*"] : listOf(keys);
    });
}

it("who seals names of attachments alone adds no key, verifier or PIN of a patient", () => {
  expect(keysFor("Attachments", "dynamodb:PutItem", "ContentKeys")).toEqual(["att_*"]);
  expect(keysFor("Portal", "dynamodb:PutItem", "ContentKeys")).toEqual(["pat_*", "att_*"]);
});

it("who looks into files reads attachments and nothing of patients", () => {
  expect(keysFor("CheckAttachment", "dynamodb:GetItem", "Messages")).toEqual(["att_*"]);
  expect(keysFor("CheckAttachment", "dynamodb:BatchGetItem", "Messages")).toEqual(["att_*"]);
  expect(keysFor("CheckAttachment", "dynamodb:UpdateItem", "Messages")).toEqual(["att_*", "pat_*"]);
});

it("who sends takes turns and opens tasks, and who admits staff keeps their sessions, and neither writes more", () => {
  expect(keysFor("SendAlert", "dynamodb:UpdateItem", "Practice")).toEqual(["pace#*"]);
  expect(keysFor("SendAlert", "dynamodb:PutItem", "Practice")).toEqual(["tsk_*"]);
  expect(keysFor("Authorize", "dynamodb:PutItem", "Practice")).toEqual(["staff#*"]);
});
