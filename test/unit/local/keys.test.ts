import { createHash, createPublicKey, verify } from "node:crypto";
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

const KeyId = "ContentKey";
const EncryptionContext = { table: "messages", patient: "pat_1" };

describe("local keys", () => {
  let aws: Aws;
  let stop: () => Promise<void>;
  let kms: KMSClient;
  beforeAll(async () => {
    ({ aws, stop } = await startSmallStack());
    kms = new KMSClient(clientOf(aws, "worker"));
  });
  afterAll(async () => {
    kms.destroy();
    await stop();
  });

  it("open a data key only with the encryption context it was made under, in any order", async () => {
    const { CiphertextBlob, Plaintext } = await kms.send(
      new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", EncryptionContext }),
    );
    const open = (context?: Record<string, string>) =>
      kms.send(
        new DecryptCommand({
          CiphertextBlob,
          ...(context === undefined ? {} : { EncryptionContext: context }),
        }),
      );

    expect(Plaintext).toHaveLength(32);
    expect((await open({ patient: "pat_1", table: "messages" })).Plaintext).toEqual(Plaintext);
    await expect(open({ ...EncryptionContext, patient: "pat_2" })).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
    await expect(open({ table: "messages" })).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    await expect(open()).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  });

  it("refuse a changed ciphertext, a wrong key id and a key of another use", async () => {
    const host = new KMSClient({ ...clientOf(aws, "worker"), credentials: aws.hostCredentials });
    const { CiphertextBlob = new Uint8Array() } = await kms.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from("secret"), EncryptionContext }),
    );
    const changed = Uint8Array.from(CiphertextBlob, (byte, index) =>
      index === CiphertextBlob.length - 1 ? byte ^ 1 : byte,
    );

    await expect(
      kms.send(new DecryptCommand({ CiphertextBlob: changed, EncryptionContext })),
    ).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    await expect(
      host.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: "DataKey" })),
    ).rejects.toMatchObject({ name: "IncorrectKeyException" });
    await expect(
      host.send(new EncryptCommand({ KeyId: "MacKey", Plaintext: Buffer.from("x") })),
    ).rejects.toMatchObject({ name: "InvalidKeyUsageException" });
    await expect(
      host.send(new EncryptCommand({ KeyId: "Nothing", Plaintext: Buffer.from("x") })),
    ).rejects.toMatchObject({ name: "NotFoundException" });
    host.destroy();
  });

  it("make and verify MACs of 1 to 4096 bytes", async () => {
    const mac = (Message: Uint8Array) =>
      kms.send(new GenerateMacCommand({ KeyId: "MacKey", MacAlgorithm: "HMAC_SHA_256", Message }));
    const Message = Buffer.from("token");
    const { Mac = new Uint8Array() } = await mac(Message);

    expect(Mac).toHaveLength(32);
    expect((await mac(Message)).Mac).toEqual(Mac);
    await expect(
      kms.send(new VerifyMacCommand({ KeyId: "MacKey", MacAlgorithm: "HMAC_SHA_256", Message, Mac })),
    ).resolves.toMatchObject({ MacValid: true });
    await expect(
      kms.send(
        new VerifyMacCommand({
          KeyId: "MacKey",
          MacAlgorithm: "HMAC_SHA_256",
          Message: Buffer.from("other"),
          Mac,
        }),
      ),
    ).rejects.toMatchObject({
      name: "KMSInvalidMacException",
    });
    await expect(mac(Buffer.alloc(4097))).rejects.toMatchObject({ name: "ValidationException" });
    await expect(mac(Buffer.alloc(0))).rejects.toMatchObject({ name: "ValidationException" });
  });

  it.each(["RAW", "DIGEST"] as const)(
    "sign so that the public key verifies offline (%s)",
    async (MessageType) => {
      const message = Buffer.from("the heads of all chains");
      const Message = MessageType === "RAW" ? message : createHash("sha256").update(message).digest();
      const { Signature = new Uint8Array() } = await kms.send(
        new SignCommand({ KeyId: "AnchorKey", Message, MessageType, SigningAlgorithm: "ECDSA_SHA_256" }),
      );
      const { PublicKey = new Uint8Array() } = await kms.send(
        new GetPublicKeyCommand({ KeyId: "AnchorKey" }),
      );

      const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
      expect(verify("sha256", message, publicKey, Signature)).toBe(true);
      expect(verify("sha256", Buffer.from("other"), publicKey, Signature)).toBe(false);
    },
  );

  it("refuse to work while they are disabled", async () => {
    const { CiphertextBlob } = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));

    aws.kms.setEnabled("ContentKey", false);
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: "DisabledException",
    });
    aws.kms.setEnabled("ContentKey", true);
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined();
  });
});
