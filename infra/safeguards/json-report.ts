import type { SafeguardsFacts } from "./facts.ts";
import { mermaidOf } from "./mermaid.ts";
import { CANNOT_KNOW, PREFACE, STATUS_MEANINGS, settingLines } from "./wording.ts";

/** Another value is another form. */
const FORMAT = "foundphone-safeguards-1";

/** The report for machines, with two spaces of indent and a line end. */
export function jsonOf({ settings, assets, map, rule, proposed }: SafeguardsFacts): string {
  const document = {
    format: FORMAT,
    about: PREFACE,
    settings: Object.fromEntries(settingLines(settings)),
    statuses: STATUS_MEANINGS,
    cannotKnow: CANNOT_KNOW,
    rule: { source: "45 CFR part 164, subpart C", safeguards: rule },
    proposed: { source: "90 FR 898 (6 January 2025), proposed, not in force", safeguards: proposed },
    assets,
    flows: { places: map.places, flows: map.flows, mermaid: mermaidOf(map) },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
