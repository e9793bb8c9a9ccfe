import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";

/** A fresh AES-256 key: `plaintext` for use now, `wrapped` for keeping. */
export interface DataKey {
  readonly plaintext: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** Opaque ids that a wrapped key is bound to. CloudTrail prints them, so they must tell nothing. */
export type KeyContext = Readonly<Record<"patientId" | "use", string>>;

/** Makes data keys; what holds only this can write and never read. */
export type NewDataKey = (context: KeyContext) => Promise<DataKey>;

/** Opens wrapped data keys under the very context they were made with. */
export type OpenDataKey = (wrapped: Uint8Array, context: KeyContext) => Promise<Uint8Array>;

/** Data keys wrapped by the KMS key `keyArn`. */
export function createNewDataKey(client: KMSClient, keyArn: string): NewDataKey {
  return async (context) => {
    const { Plaintext, CiphertextBlob } = await client.send(
      new GenerateDataKeyCommand({
        KeyId: keyArn,
        KeySpec: "AES_256",
        EncryptionContext: { ...context },
      }),
    );
    if (Plaintext === undefined || CiphertextBlob === undefined) {
      throw new Error("the key service gave no data key");
    }
    return { plaintext: Plaintext, wrapped: CiphertextBlob };
  };
}

/** Opens data keys wrapped by the KMS key `keyArn` and by no other. */
export function createOpenDataKey(client: KMSClient, keyArn: string): OpenDataKey {
  return async (wrapped, context) => {
    const { Plaintext } = await client.send(
      new DecryptCommand({
        KeyId: keyArn,
        CiphertextBlob: wrapped,
        EncryptionContext: { ...context },
      }),
    );
    if (Plaintext === undefined) throw new Error("the key service opened no key");
    return Plaintext;
  };
}
