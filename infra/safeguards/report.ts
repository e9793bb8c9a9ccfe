import type { StageSettings } from "../stages.ts";
import type { SafeguardsFacts } from "./facts.ts";
import { flowsOf } from "./flows.ts";
import { inventoryOf } from "./inventory.ts";
import { jsonOf } from "./json-report.ts";
import { markdownOf } from "./markdown-report.ts";
import { pageOf } from "./page-report.ts";
import { PROPOSED_RULE } from "./proposed-rule.ts";
import { judge } from "./safeguard.ts";
import { SECURITY_RULE } from "./security-rule.ts";
import { readSystem } from "./system.ts";

/**
 * What a synthesized template and its settings show of the HIPAA safeguards: the same text for the same template, on any
 * machine and at any time, whatever code its functions have. Throws when `template` is none.
 */
export function safeguardsReport(
  template: unknown,
  settings: StageSettings,
): { readonly json: string; readonly html: string; readonly markdown: string } {
  const system = readSystem(template, settings);
  const facts: SafeguardsFacts = {
    settings,
    assets: inventoryOf(system),
    map: flowsOf(system),
    rule: SECURITY_RULE.map((safeguard) => judge(safeguard, system)),
    proposed: PROPOSED_RULE.map((safeguard) => judge(safeguard, system)),
  };
  return { json: jsonOf(facts), html: pageOf(facts), markdown: markdownOf(facts) };
}
