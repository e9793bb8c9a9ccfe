import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditTemplate } from "#infra/template-audit/audit-template.ts";

function telling(text: string) {
  return auditTemplate(text).findings.map(({ rule, start, end }) => [rule, text.slice(start, end)]);
}

describe("placeholders", () => {
  it("raise nothing by themselves, in any form", () => {
    const { tier, findings } = auditTemplate(
      "Hi {{patient_name}}, your appointment with Dr. [PROVIDER_LAST] is on <<apptDate>> at %TIME%. " +
        "Call @clinicPhone@ or ${link}.",
    );

    expect({ tier, findings }).toEqual({ tier: 1, findings: [] });
  });

  it("hide nothing", () => {
    expect(telling("Hi {{name}}, your colonoscopy is on [DATE]")).toContainEqual([
      "word-procedure",
      "colonoscopy",
    ]);
    expect(telling("met{{x}}formin is here, [name]")).toContainEqual(["word-medication", "met{{x}}formin"]);
    expect(auditTemplate("[colonoscopy] for {{name}}").tier).toBe(3);
  });

  it("that are filled with something clinical make the template clinical", () => {
    const text = "Hi {{name}}, your {{visit_type}} is on {{date}}";

    expect(auditTemplate(text).tier).toBe(3);
    expect(telling(text)).toEqual([["clinical-field", "{{visit_type}}"]]);
  });

  it("that carry free text make the template clinical, and unclear ones are named", () => {
    expect(telling("Hi {{name}}: {{comments}}")).toContainEqual(["free-text-field", "{{comments}}"]);
    expect(auditTemplate("Hello {{custom7}}").unclearPlaceholders).toEqual([{ start: 6, end: 17 }]);
  });
});

describe("the suggestion", () => {
  it.each([
    ["Hi {{name}}, your colonoscopy appointment is on {{date}} at {{time}}", "appointment-reminder", "en"],
    ["{{nombre}}, su cita de oncología es el {{fecha}} a las {{hora}}", "appointment-reminder", "es"],
    ["Your {{specialty}} visit has been moved, chemotherapy is on {{date}}", "reschedule", "en"],
    ["Your HIV test results are ready", "result-ready", "en"],
    ["Sus resultados de VIH están listos", "result-ready", "es"],
    ["%LAB_RESULT%", "result-ready", "en"],
    ["Your balance for your MRI is $40", "bill", "en"],
    ["Your metformin is ready at the pharmacy", "pharmacy-pick-up", "en"],
    ["Su receta de metformina está lista en la farmacia", "pharmacy-pick-up", "es"],
    ["Please fill in the depression questionnaire: {{link}}", "form", "en"],
    ["How did we do at your chemotherapy? Take our survey", "survey", "en"],
    ["You are due for your mammogram", "booking", "en"],
    ["Please call us about your biopsy", "call-us", "en"],
    ["New message about your diabetes", "message-waiting", "en"],
    ["Your biopsy was negative", "result-ready", "en"],
    ["Prep for your procedure appointment on {{date}}: drink the solution", "message-waiting", "en"],
    ["Fasting: do not eat 8 hours before your visit on {{date}}", "message-waiting", "en"],
    ["Nothing to eat or drink before your surgery on {{date}}", "message-waiting", "en"],
    ["Venga en ayunas a su cita el {{fecha}}", "message-waiting", "es"],
    ["La preparación para su procedimiento del {{fecha}}: tome el laxante", "message-waiting", "es"],
    ["Your fasting glucose results are ready", "result-ready", "en"],
    ["Take metformin 500 mg twice daily", "message-waiting", "en"],
  ])("for %s is of the same purpose and language", (text, purpose, language) => {
    // The field makes it clinical whatever the classifier holds of the words.
    const { tier, suggestion } = auditTemplate(`${text}. {{dx}}`);

    expect(tier).toBe(3);
    expect(suggestion).toMatchObject({ purpose, language });
  });

  it("is not made for a template that tells nothing", () => {
    expect(auditTemplate("Please call us at {{phone}}")).toEqual({
      tier: 1,
      findings: [],
      unclearPlaceholders: [],
    });
  });
});

it("never throws, has a reason above tier 1, and keeps every span inside the text", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      "{{name}}",
      "[MEDICATION]",
      "%DATE%",
      "<<",
      "}}",
      "*|X|*",
      "your ",
      "colonoscopy",
      "${",
      "@a@",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const { tier, findings, suggestion } = auditTemplate(text);
      expect(findings.length > 0).toBe(tier > 1);
      expect(tier < 3 || suggestion !== undefined).toBe(true);
      for (const { start, end } of findings) {
        expect(start >= 0 && start <= end && end <= text.length).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
