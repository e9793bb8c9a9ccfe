import * as z from "zod";
import type { OpenName, SealName } from "../attachments/ports.ts";
import type { ContentKeysTable } from "./dynamodb/content-keys-table.ts";
import { open, type Place, seal } from "./envelope.ts";
import type { NewDataKey, OpenDataKey } from "./kms/data-keys.ts";

const Name = z.object({ name: z.string() });

function placeOf(id: string): Place {
  return { table: "Messages", pk: id, sk: "attachment", attribute: "name" };
}

/** Whose a name's key is: the attachment's own, since an upload of staff is nobody's until it is sent. */
function contextOf(id: string) {
  return { patientId: id, use: id };
}

/** Seals a file's name under a fresh data key of ContentKey, kept in `ContentKeys`. */
export function createSealName(newDataKey: NewDataKey, contentKeys: ContentKeysTable): SealName {
  return async (id, name) => {
    const key = await newDataKey(contextOf(id));
    return {
      name: seal({ name }, key.plaintext, placeOf(id)),
      keyWrite: contentKeys.addWrappedKey(id, id, key.wrapped),
    };
  };
}

/** Opens a file's name with its wrapped key; only the content plane can. */
export function createOpenName(openDataKey: OpenDataKey): OpenName {
  return async (id, name, wrapped) => {
    const key = await openDataKey(wrapped, contextOf(id));
    return Name.parse(open(name, key, placeOf(id))).name;
  };
}
