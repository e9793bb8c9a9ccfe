import { describe, expect, it } from "vitest";
import { findPlaceholders } from "#infra/template-audit/placeholders.ts";

const FORMS = [
  (name: string) => `{{${name}}}`,
  (name: string) => `{{ ${name} | upcase }}`,
  (name: string) => `[${name}]`,
  (name: string) => `[[${name}]]`,
  (name: string) => `<<${name}>>`,
  (name: string) => `«${name}»`,
  (name: string) => `%${name}%`,
  (name: string) => `@${name}@`,
  (name: string) => `\${${name}}`,
  (name: string) => `{${name}}`,
  (name: string) => `#${name}#`,
  (name: string) => `*|${name}|*`,
];

function meanings(text: string) {
  return findPlaceholders(text).map(({ meaning }) => meaning);
}

describe.each(FORMS.map((form) => [form("x"), form] as const))("the form %s", (_, form) => {
  it.each([
    ["patient_name", "person"],
    ["FIRST_NAME", "person"],
    ["apptDate", "date"],
    ["APPTTIME", "time"],
    ["provider", "provider"],
    ["clinic.phone", "phone"],
    ["procedure_date", "date"],
    ["result_link", "link"],
    ["fecha_del_examen", "date"],
  ])("reads %s as a harmless %s", (name, kind) => {
    expect(meanings(`Hi ${form(name)}, all well`)).toEqual([{ is: "harmless", kind }]);
  });

  it.each([
    ["diagnosis", "diagnosis"],
    ["MEDICATION", "medication"],
    ["procedure_name", "procedure"],
    ["LAB_RESULT", "procedure"],
    ["visit_type", "other"],
    ["VISITTYPE", "other"],
    ["reason_for_visit", "other"],
    ["specialty", "specialty"],
    ["provider.specialty", "specialty"],
    ["departmentName", "specialty"],
    ["motivo_de_consulta", "other"],
  ])("reads %s as clinical", (name, category) => {
    expect(meanings(`Hi ${form(name)}, all well`)).toEqual([{ is: "clinical", category }]);
  });

  it("gives the span of the whole placeholder", () => {
    const text = `Hi ${form("first_name")}, hello`;

    expect(findPlaceholders(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      form("first_name"),
    ]);
  });
});

it("reads a name that names a medicine or a test as clinical though no list of field words has it", () => {
  expect(meanings("{{metformin_dose}} {{colonoscopy_prep}} {{Your HIV test}}")).toMatchObject([
    { is: "clinical" },
    { is: "clinical" },
    { is: "clinical" },
  ]);
});

it("reads a field of free text as one, and a condition or a tag as markup", () => {
  expect(meanings("{{appointment_notes}} {{#if has_email}}<br>{{/if}}")).toEqual([
    { is: "free-text" },
    { is: "markup" },
    { is: "markup" },
    { is: "markup" },
  ]);
});

it.each([
  "[Reminder] Your visit is near",
  "[cancer]",
  "Get 50% off, or 20% of it",
  "a <b and c> d",
  "me@example.com and you@example.com",
  "costs $50",
  "#1 and #2",
])("leaves words that are no placeholder in the text: %s", (text) => {
  expect(findPlaceholders(text)).toEqual([]);
});
