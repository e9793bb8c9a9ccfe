import { factsOf } from "./outcome-facts.ts";
import type { Verification } from "./verification.ts";

/** The outcome as one page of text. */
export function outcomeText(outcome: Verification, madeAt: string): string {
  const { title, verdict, sections, notes, findings, following } = factsOf(outcome, madeAt);
  const width = Math.max(...sections.flatMap(({ facts }) => facts.map(([name]) => name.length)));
  const lines = [title, "", verdict];
  for (const { kind, count, first } of findings) {
    lines.push("", `${kind}: ${count.toLocaleString("en-US")}`, ...first.map((words) => `  ${words}`));
    if (count > first.length) lines.push(`  and ${(count - first.length).toLocaleString("en-US")} more`);
  }
  if (following.length > 0) lines.push("", "May follow from these; mend them first, and verify again");
  for (const { kind, count, first } of following)
    lines.push(
      `  ${kind}: ${count.toLocaleString("en-US")}, such as`,
      ...first.map((words) => `    ${words}`),
    );
  for (const section of sections) {
    lines.push("", section.title);
    for (const [name, value] of section.facts) lines.push(`  ${name.padEnd(width)}  ${value}`);
  }
  if (notes.length > 0) lines.push("", "To be read besides", ...notes.map((note) => `  ${note}`));
  return `${lines.join("\n")}\n`;
}
