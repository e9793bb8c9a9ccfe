const TEXT = Symbol("text");

/** Markup in which every text is escaped. Only {@link markup} and {@link styleSheet} make it. */
export interface Markup {
  readonly [TEXT]: string;
}

type Content = string | number | Markup | readonly Markup[];

/** Makes HTML or SVG; what is put in is escaped unless it is markup, lists are joined. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return { [TEXT]: parts.map((part, index) => part + textOf(contents[index] ?? "")).join("") };
}

/** A style sheet of our own, which goes in as it is written. */
export function styleSheet(text: string): Markup {
  return { [TEXT]: `<style>${text}</style>` };
}

/** The text of finished markup. */
export function written(finished: Markup): string {
  return finished[TEXT];
}

function textOf(content: Content): string {
  if (typeof content === "string" || typeof content === "number") return escaped(String(content));
  return TEXT in content ? content[TEXT] : content.map((each) => each[TEXT]).join("");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
