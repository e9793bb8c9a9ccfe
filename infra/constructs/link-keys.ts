import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { LinkKeyIds } from "../link-settings.ts";
import { MacKey } from "./mac-key.ts";

const FIRST_ID = 1;

/**
 * The keys of links and their codes: one that signs and, while keys overlap, the one before. Each id has a
 * key of its own, `LinkKey` for 1 and `LinkKey2` and so on for others; one that leaves the template stays in
 * the account until somebody deletes it.
 */
export class LinkKeys {
  readonly #ids: LinkKeyIds;
  readonly #current: MacKey;
  readonly #previous: MacKey | undefined;

  constructor(scope: Construct, ids: LinkKeyIds) {
    const keyOf = (id: number) =>
      new MacKey(scope, id === FIRST_ID ? "LinkKey" : `LinkKey${id}`, {
        description: `Foundphone: links and codes (${id})`,
      });
    this.#ids = ids;
    this.#current = keyOf(ids.current);
    this.#previous = ids.previous === undefined ? undefined : keyOf(ids.previous);
  }

  get environment() {
    const { current, previous } = this.#ids;
    return {
      LINK_KEY_ID: String(current),
      LINK_KEY_ARN: this.#current.arn,
      ...(this.#previous === undefined || previous === undefined
        ? {}
        : { PREVIOUS_LINK_KEY_ID: String(previous), PREVIOUS_LINK_KEY_ARN: this.#previous.arn }),
    };
  }

  /** Lets `grantee` sign and check links and codes. */
  grantCompute(grantee: IGrantable): void {
    this.#current.grantCompute(grantee);
    this.#previous?.grantCompute(grantee);
  }
}
