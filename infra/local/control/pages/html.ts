const MARKUP = Symbol("markup");

/** Markup that is safe to send. Only {@link html} and {@link asset} make it. */
export type Markup = { readonly [MARKUP]: string };

/** Makes markup; every interpolated text is escaped, lists are joined. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  const text = parts.map((part, index) => {
    const value = values[index];
    if (value === undefined) return part;
    if (Array.isArray(value)) return part + value.map((each: Markup) => each[MARKUP]).join("");
    return part + (typeof value === "object" ? (value as Markup)[MARKUP] : escapeHtml(String(value)));
  });
  return { [MARKUP]: text.join("") };
}

/** A style sheet or script of this folder, which goes into the page as it is written. */
export function asset(text: string): Markup {
  return { [MARKUP]: text };
}

/** The text of markup. */
export function markupText(markup: Markup): string {
  return markup[MARKUP];
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/gu, (character) => entities[character] ?? character);
}
