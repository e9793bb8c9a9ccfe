import { describe, expect, test } from "vitest";
import { requireTellingNothing } from "#infra/practice-identity.ts";
import { type StageSettings, stageSettings } from "#infra/stages.ts";
import { synthesized, withDomain } from "./synthesized.ts";

const evaluation = stageSettings("evaluation");
const judged = (changes: Partial<StageSettings>) => () =>
  requireTellingNothing({ ...evaluation, ...changes });
const host = (name: string) => judged({ domain: { host: name, certificateArn: "arn" } });
const named = (textName: string) => judged({ practice: { ...evaluation.practice, textName } });

const LINE =
  /^The (?:portal's host|practice's text name|sender of e-mails|domain of the sender of e-mails) .+\.$/;

describe("synthesis stops at an identity that tells what kind of care patients get", () => {
  test("a host", () => {
    expect(() => synthesized(withDomain("m.hopeoncology.example", "Office"))).toThrow(
      /^The portal's host \("hopeoncology" in m\.hopeoncology\.example\) tells what kind of care patients get: .+\.$/,
    );
  });

  test("a text name", () => {
    const settings = { ...evaluation, practice: { ...evaluation.practice, textName: "HIV clinic" } };
    expect(() => synthesized(settings)).toThrow(/^The practice's text name \("HIV clinic"\) tells .+\.$/);
  });

  test("a sender of e-mails", () => {
    const settings = { ...evaluation, email: { from: "Hope Oncology <office@riverside.example>" } };
    expect(() => synthesized(settings)).toThrow(/^The sender of e-mails .+\.$/);
  });
});

describe("the words that a host runs together are read apart", () => {
  test.each([
    "mycancercenter.example",
    "m.heartcenter.example",
    "womens-health.example",
    "dialysisofhouston.example",
    "clearviewtherapy.example",
    "m.clinicadeltadolor.example",
    "hope.hiv-care.example",
    "M.HopeOncology.Example",
    "x.surgery",
    "davitawest.example",
    "m.kidneycare.example",
  ])("%s tells", (name) => {
    expect(host(name)).toThrow(LINE);
  });

  test.each([
    "a.example",
    "p.example",
    "m.oak.example",
    "riversideoffice.example",
    "texts.lakeviewfamilymedicine.example",
    "sunrisepediatrics.example",
    "m.clinicasalud.example",
    "messages.a-rather-long-practice-name.example",
  ])("%s does not", (name) => {
    expect(host(name)).not.toThrow();
  });
});

describe("names and senders", () => {
  test.each(["Hope Oncology", "Bayside Dermatology", "Behavioral Health"])("%s tells", (name) => {
    expect(named(name)).toThrow(LINE);
  });

  test.each(["Riverside Office", "Downtown Dental", "O'Hara, Lee & Co. 2-B", "A"])("%s does not", (name) => {
    expect(named(name)).not.toThrow();
  });

  test.each([
    "Office <oncology@riverside.example>",
    "Riverside <office@hopeoncology.example>",
    "no-reply@mycancercenter.example",
  ])("%s tells", (from) => {
    expect(judged({ email: { from } })).toThrow(LINE);
  });

  test("what the practice's own wording takes for harmless does not tell", () => {
    const practice = { ...evaluation.practice, textName: "Bayside Dermatology" };
    expect(judged({ practice, wording: { relaxed: ["Bayside Dermatology"], tightened: [] } })).not.toThrow();
  });
});
