import type { StageSettings } from "../stages.ts";
import type { FlowMap } from "./flows.ts";
import type { Asset } from "./inventory.ts";
import type { Judged } from "./safeguard.ts";

/** Everything that the report says, before it is written in one form or another. */
export interface SafeguardsFacts {
  readonly settings: StageSettings;
  readonly assets: readonly Asset[];
  readonly map: FlowMap;
  /** 45 CFR 164 subpart C, in force. */
  readonly rule: readonly Judged[];
  /** 90 FR 898, proposed. */
  readonly proposed: readonly Judged[];
}
