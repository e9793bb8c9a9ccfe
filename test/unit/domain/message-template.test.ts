import { expect, it } from "vitest";
import { messageTemplate } from "#shared/domain/alerts/message-template.ts";
import { templateFor } from "#shared/domain/alerts/templates.ts";
import { LANGUAGES } from "#shared/domain/words.ts";

it.each(LANGUAGES)(
  "the message's own template is the newest of all templates of its kind in %s",
  (language) => {
    expect(messageTemplate(language)).toEqual(templateFor("message", language));
  },
);
