const MARKUP = Symbol("markup");

/** Markup that is safe to send. Only {@link html} and {@link stylesheet} make it. */
export interface Markup {
  readonly [MARKUP]: string;
}

type Interpolation = string | number | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

function toMarkup(value: Interpolation): string {
  if (typeof value === "object") {
    return MARKUP in value ? value[MARKUP] : value.map((part) => part[MARKUP]).join("");
  }
  return String(value).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

/** Escapes every interpolation that is not markup itself; attribute values must be quoted. */
export function html(literals: TemplateStringsArray, ...values: readonly Interpolation[]): Markup {
  const parts = literals.map((literal, index) => literal + toMarkup(values[index] ?? ""));
  return { [MARKUP]: parts.join("") };
}

/** A style element of our own text. */
export function stylesheet(css: string): Markup {
  if (css.includes("<")) throw new Error("a style must not contain markup");
  return { [MARKUP]: `<style>${css}</style>` };
}

/** The text of markup, for sending. */
export function render(markup: Markup): string {
  return markup[MARKUP];
}
