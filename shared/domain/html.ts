const MARKUP = Symbol("markup");

/** Markup that is safe to send. Only {@link html}, {@link stylesheet} and {@link inlineScript} make it. */
export interface Html {
  readonly [MARKUP]: string;
}

type Interpolation = string | number | null | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

function isMarkup(value: Interpolation): value is Html {
  return typeof value === "object" && value !== null && MARKUP in value;
}

function toMarkup(value: Interpolation): string {
  if (value === null) return "";
  if (isMarkup(value)) return value[MARKUP];
  if (typeof value === "object") return value.map((part) => part[MARKUP]).join("");
  return String(value).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

/** Escapes every interpolation that is not markup itself; attribute values must be quoted. */
export function html(literals: TemplateStringsArray, ...values: readonly Interpolation[]): Html {
  const parts = literals.map((literal, index) => literal + toMarkup(values[index] ?? null));
  return { [MARKUP]: parts.join("") };
}

/** A style element of our own text. */
export function stylesheet(css: string): Html {
  if (css.includes("<")) throw new Error("a style must not contain markup");
  return { [MARKUP]: `<style>${css}</style>` };
}

/** A script element of our own text. */
export function inlineScript(source: string): Html {
  if (/<\/|<!--/.test(source)) throw new Error("a script must not contain markup");
  return { [MARKUP]: `<script>${source}</script>` };
}

/** The text of markup, for sending. */
export function render(markup: Html): string {
  return markup[MARKUP];
}
