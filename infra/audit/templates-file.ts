import { EMAIL_TEMPLATES, emailTemplateName } from "#shared/domain/alerts/email.ts";
import { SHIPPED_TEMPLATES } from "#shared/domain/alerts/shipped.ts";
import { templateName } from "#shared/domain/alerts/templates.ts";

/** The words of every template, as infra/audit/templates.json holds them for those who verify with a program of their own. */
export function templatesOf() {
  return {
    texts: SHIPPED_TEMPLATES.map((template) => ({
      template: templateName(template),
      language: template.language,
      parts: template.parts,
    })),
    emails: EMAIL_TEMPLATES.map((template) => ({
      template: emailTemplateName(template),
      language: template.language,
      subject: template.subject,
      body: template.body,
    })),
  };
}
