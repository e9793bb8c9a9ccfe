import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";

/** The asymmetric KMS key `keyArn` (ECC_NIST_P256), which signs anchors and never leaves the service. */
export function createAnchorKey(client: KMSClient, keyArn: string) {
  let known: Uint8Array | undefined;
  return {
    /** SubjectPublicKeyInfo, DER. Asked for once: a KMS key pair does not change. */
    async publicKey(): Promise<Uint8Array> {
      if (known !== undefined) return known;
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyArn }));
      if (PublicKey === undefined) throw new Error("the key service gave no public key");
      known = PublicKey;
      return PublicKey;
    },
    /** The DER signature of a SHA-256 digest. */
    async sign(digest: Uint8Array): Promise<Uint8Array> {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyArn,
          Message: digest,
          MessageType: "DIGEST",
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
      );
      if (Signature === undefined) throw new Error("the key service gave no signature");
      return Signature;
    },
  };
}
