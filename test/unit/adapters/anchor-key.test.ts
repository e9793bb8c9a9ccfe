import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import type { KMSClient } from "@aws-sdk/client-kms";
import { expect, it } from "vitest";
import { signDigest } from "#infra/local/aws/keys/digest-signature.ts";
import { createAnchorKey } from "#shared/adapters/kms/anchor-key.ts";

const ARN = "arn:aws:kms:us-east-1:000000000000:key/anchor";

it("signs the digest that it is given, and asks for the public key once", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = publicKey.export({ format: "der", type: "spki" });
  const sent: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const client = {
    send: async (command: { readonly constructor: { readonly name: string }; readonly input: never }) => {
      const { input } = command as { input: Record<string, unknown> };
      sent.push({ name: command.constructor.name, input });
      return "Message" in input
        ? { Signature: signDigest(privateKey, Buffer.from(input["Message"] as Uint8Array)) }
        : { PublicKey: der };
    },
  };
  const key = createAnchorKey(client as unknown as KMSClient, ARN);
  const text = Buffer.from("anchored");
  const signature = await key.sign(createHash("sha256").update(text).digest());
  expect(
    verify("sha256", text, createPublicKey(publicKey.export({ format: "pem", type: "spki" })), signature),
  ).toBe(true);
  expect([await key.publicKey(), await key.publicKey()]).toEqual([der, der]);
  expect(sent.map(({ name }) => name)).toEqual(["SignCommand", "GetPublicKeyCommand"]);
  expect(sent[0]?.input).toMatchObject({
    MessageType: "DIGEST",
    SigningAlgorithm: "ECDSA_SHA_256",
    KeyId: ARN,
  });
});
