import { describe, expect, it } from "vitest";
import { languageOf } from "#shared/inbound/language.ts";

describe("the language of a text", () => {
  it.each([
    "STOP",
    "stop texting me",
    "",
    "👍",
    "no",
    "Can I come on Tuesday?",
    "no more messages",
    "I am in a meeting",
    "who is this",
    "me too",
  ])("%j is English", (text) => {
    expect(languageOf(text)).toBe("en");
  });

  it.each([
    "PARAR",
    "Sí",
    "ya no me manden mensajes",
    "¿Hola?",
    "Ayuda!",
    "mañana",
    "quiero cancelar mi cita por favor",
    "NUMERO EQUIVOCADO, no soy Maria",
    "buenos dias, gracias",
    "stop mandarme mensajes por favor",
  ])("%j is Spanish", (text) => {
    expect(languageOf(text)).toBe("es");
  });
});
