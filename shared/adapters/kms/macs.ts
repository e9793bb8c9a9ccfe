import { GenerateMacCommand, type KMSClient } from "@aws-sdk/client-kms";

/** Keyed hash of several fields: HMAC_SHA_256 under one KMS key, 32 bytes. */
export type Mac = (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;

/**
 * Length-prefixed concatenation (4-byte big-endian length before each field), so that no two lists
 * of fields give the same bytes.
 */
export function joinFields(fields: readonly (string | Uint8Array)[]): Uint8Array {
  const parts = fields.map((field) =>
    typeof field === "string" ? Buffer.from(field, "utf8") : Buffer.from(field),
  );
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

/** MACs under the KMS key `keyArn`; the fields together may hold 4,096 bytes (KMS limit). */
export function createMac(client: KMSClient, keyArn: string): Mac {
  return async (...fields) => {
    const { Mac: mac } = await client.send(
      new GenerateMacCommand({
        KeyId: keyArn,
        MacAlgorithm: "HMAC_SHA_256",
        Message: joinFields(fields),
      }),
    );
    if (mac === undefined) throw new Error("the key service gave no MAC");
    return mac;
  };
}
