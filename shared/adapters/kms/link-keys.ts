import type { KMSClient } from "@aws-sdk/client-kms";
import type { LinkKeys } from "../../messaging/link-keys.ts";
import { createMac } from "./macs.ts";

/** Where the keys of links are, as the functions' environment has it. */
export interface LinkKeyNames {
  readonly LINK_KEY_ID: number;
  readonly LINK_KEY_ARN: string;
  /** Both or neither: the key that still opens older links. */
  readonly PREVIOUS_LINK_KEY_ID?: number | undefined;
  readonly PREVIOUS_LINK_KEY_ARN?: string | undefined;
}

/** The keys of links that are in force. */
export function createLinkKeys(client: KMSClient, names: LinkKeyNames): LinkKeys {
  const { PREVIOUS_LINK_KEY_ID: previousId, PREVIOUS_LINK_KEY_ARN: previousArn } = names;
  return {
    current: { id: names.LINK_KEY_ID, mac: createMac(client, names.LINK_KEY_ARN) },
    previous:
      previousId === undefined || previousArn === undefined
        ? null
        : { id: previousId, mac: createMac(client, previousArn) },
  };
}
