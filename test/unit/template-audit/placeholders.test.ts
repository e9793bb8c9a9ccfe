import { describe, expect, it } from "vitest";
import { findPlaceholders } from "#shared/domain/fields/placeholders.ts";

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
  (name: string) => `~${name}~`,
  (name: string) => `!${name}!`,
  (name: string) => `|${name}|`,
  (name: string) => `<%= ${name} %>`,
  (name: string) => `{!${name}}`,
  (name: string) => `&lt;${name}&gt;`,
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

it.each([
  "~VisitType~",
  "!AppointmentType!",
  "<%= visit_type %>",
  "<%= @appointment[:visit_type] %>",
  "{!Visit_Type__c}",
  "{!$Appointment.Visit_Type__c}",
  ":visit_type",
  "|APPT_TYPE|",
  "&lt;VisitType&gt;",
  "@DEPNAME@",
  "@ENCTYPE@",
  "(Visit Type)",
  "(visit type)",
  ...["ApptReason", "ProcName", "DeptName", "EncType", "DxCode", "MedName"].flatMap((name) => [
    `{${name}}`,
    `[${name}]`,
    `~${name}~`,
    `{{${name.replaceAll(/(?<!^)(?=[A-Z])/g, "_").toLowerCase()}}}`,
  ]),
])("reads %s as one clinical field", (form) => {
  const text = `Hi, your ${form} is near`;

  expect(
    findPlaceholders(text).map(({ start, end, meaning }) => [text.slice(start, end), meaning.is]),
  ).toEqual([[form, "clinical"]]);
});

it("leaves the name of a calendar, which may be a specialty's, to be checked", () => {
  expect(meanings("{CalendarName} {calendar_link} :custom_1")).toEqual([
    { is: "harmless", kind: "unknown" },
    { is: "harmless", kind: "link" },
    { is: "harmless", kind: "unknown" },
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
  "Hello! Your visit is near! Call!",
  "~5 minutes~ early",
  "Your visit: call us, at 3:00 or https://a.example:visit",
  "Reply Y | N | STOP",
  "(for your order) (cancer) (date) (service)",
])("leaves words that are no placeholder in the text: %s", (text) => {
  expect(findPlaceholders(text)).toEqual([]);
});

it.each([
  "{{patient.hiv_status}}",
  "{{client.depression_score}}",
  "{% if patient.hiv_positive %}",
  "{{hiv_code}}",
])("takes %s for clinical, whatever else its name says", (text) => {
  expect(findPlaceholders(text).map(({ meaning }) => meaning.is)).toEqual(["clinical"]);
});
