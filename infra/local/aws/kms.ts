import { createHmac, randomBytes, sign, timingSafeEqual } from "node:crypto";
import { type JsonRecord, recordOf, textOf } from "../json-shape.ts";
import { awsError, unknownOperation } from "./aws-error.ts";
import { keyArn } from "./dynamodb/tables.ts";
import { type EncryptionContext, open, readBlob, seal } from "./keys/ciphertext-blob.ts";
import { signDigest } from "./keys/digest-signature.ts";
import { type Key, newMaterial, publicKeyOf } from "./keys/key-material.ts";
import type { ConditionContext } from "./policy-conditions.ts";
import { type AwsService, type Operation, readJsonOperation } from "./service.ts";
import type { Template } from "./template.ts";

/** The key store, for the host and its tests. */
export type Kms = {
  readonly service: AwsService;
  /** Disables or enables a key, named by logical id, construct id or ARN. */
  setEnabled(key: string, enabled: boolean): void;
  /** The public key of an asymmetric key as DER (SPKI). */
  publicKey(key: string): Buffer;
};

const MAX_PLAINTEXT_BYTES = 4096;
const MAX_MESSAGE_BYTES = 4096;
const SIGNING_ALGORITHM = "ECDSA_SHA_256";
const MAC_ALGORITHM = "HMAC_SHA_256";

/** Makes fresh material for every key of the template; throws for a key spec that it does not implement. */
export function createKms(template: Template): Kms {
  const keys = template.byType("AWS::KMS::Key").map(({ logicalId, properties }): Key => {
    const spec = textOf(properties["KeySpec"]) ?? "SYMMETRIC_DEFAULT";
    return {
      arn: template.attribute(logicalId, "Arn"),
      logicalId,
      usage: textOf(properties["KeyUsage"]) ?? "ENCRYPT_DECRYPT",
      material: newMaterial(spec, logicalId),
      enabled: properties["Enabled"] !== false,
    };
  });

  const find = (reference: string): Key => {
    const arn =
      reference.startsWith("alias/") || !reference.startsWith("arn:")
        ? safeArn(template, reference)
        : reference;
    const key =
      keys.find((each) => each.arn === arn) ??
      keys.find(({ logicalId }) => template.constructId(logicalId) === reference);
    if (key === undefined) throw awsError("NotFoundException", "The key does not exist.");
    return key;
  };
  const named = (input: JsonRecord): Key => {
    const keyId = textOf(input["KeyId"]);
    if (keyId === undefined || keyId === "") throw awsError("ValidationException", "KeyId is required.");
    return find(keyId);
  };
  const decrypting = (input: JsonRecord): Key => {
    const blob = readBlob(bytes(input, "CiphertextBlob", 1, 6144));
    const key = keys.find(({ arn }) => arn === blob.arn);
    if (key === undefined) throw awsError("InvalidCiphertextException", "");
    if (input["KeyId"] != null && named(input).arn !== key.arn) {
      throw awsError(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.",
      );
    }
    return key;
  };
  const keyOf = ({ name, input }: Operation): Key => (name === "Decrypt" ? decrypting(input) : named(input));

  const run = (operation: Operation): JsonRecord => {
    const { name, input } = operation;
    const key = keyOf(operation);
    if (name === "DescribeKey") {
      return {
        KeyMetadata: {
          KeyId: key.logicalId,
          Arn: key.arn,
          Enabled: key.enabled,
          KeyState: key.enabled ? "Enabled" : "Disabled",
          KeyUsage: key.usage,
        },
      };
    }
    const perform = OPERATIONS[name];
    if (perform === undefined) throw unknownOperation(name);
    refuseOthers(input, perform.parameters);
    if (!key.enabled) throw awsError("DisabledException", `${key.arn} is disabled.`);
    if (key.usage !== perform.usage)
      throw awsError(
        "InvalidKeyUsageException",
        `${key.arn} key usage is ${key.usage} which is not valid for ${name}.`,
      );
    return perform.run(key, input);
  };

  return {
    service: {
      name: "kms",
      read: (request) => readJsonOperation(request, "TrentService"),
      permissions: (operation) => [
        {
          action: `kms:${operation.name}`,
          // A key that the request names is judged even where the ciphertext is another's.
          resource: (operation.input["KeyId"] == null ? keyOf(operation) : named(operation.input)).arn,
          context: kmsContext(operation),
        },
      ],
      run,
    },
    setEnabled: (key, enabled) => {
      find(key).enabled = enabled;
    },
    publicKey: (key) => publicKeyOf(find(key)),
  };
}

type KeyOperation = {
  readonly usage: string;
  readonly parameters: readonly string[];
  run(key: Key, input: JsonRecord): JsonRecord;
};

const OPERATIONS: Readonly<Record<string, KeyOperation>> = {
  GenerateDataKey: {
    usage: "ENCRYPT_DECRYPT",
    parameters: ["KeyId", "KeySpec", "NumberOfBytes", "EncryptionContext"],
    run: (key, input) => {
      const plaintext = randomBytes(dataKeyBytes(input));
      const blob = seal(key, plaintext, encryptionContext(input));
      return {
        CiphertextBlob: blob.toString("base64"),
        Plaintext: plaintext.toString("base64"),
        KeyId: key.arn,
      };
    },
  },
  GenerateDataKeyWithoutPlaintext: {
    usage: "ENCRYPT_DECRYPT",
    parameters: ["KeyId", "KeySpec", "NumberOfBytes", "EncryptionContext"],
    run: (key, input) => ({
      CiphertextBlob: seal(key, randomBytes(dataKeyBytes(input)), encryptionContext(input)).toString(
        "base64",
      ),
      KeyId: key.arn,
    }),
  },
  Encrypt: {
    usage: "ENCRYPT_DECRYPT",
    parameters: ["KeyId", "Plaintext", "EncryptionContext", "EncryptionAlgorithm"],
    run: (key, input) => ({
      CiphertextBlob: seal(
        key,
        bytes(input, "Plaintext", 1, MAX_PLAINTEXT_BYTES),
        encryptionContext(input),
      ).toString("base64"),
      KeyId: key.arn,
      EncryptionAlgorithm: symmetricAlgorithm(input),
    }),
  },
  Decrypt: {
    usage: "ENCRYPT_DECRYPT",
    parameters: ["KeyId", "CiphertextBlob", "EncryptionContext", "EncryptionAlgorithm"],
    run: (key, input) => ({
      Plaintext: open(key, bytes(input, "CiphertextBlob", 1, 6144), encryptionContext(input)).toString(
        "base64",
      ),
      KeyId: key.arn,
      EncryptionAlgorithm: symmetricAlgorithm(input),
    }),
  },
  GenerateMac: {
    usage: "GENERATE_VERIFY_MAC",
    parameters: ["KeyId", "Message", "MacAlgorithm"],
    run: (key, input) => ({
      Mac: mac(key, input).toString("base64"),
      MacAlgorithm: MAC_ALGORITHM,
      KeyId: key.arn,
    }),
  },
  VerifyMac: {
    usage: "GENERATE_VERIFY_MAC",
    parameters: ["KeyId", "Message", "MacAlgorithm", "Mac"],
    run: (key, input) => {
      const expected = mac(key, input);
      const given = bytes(input, "Mac", 1, 6144);
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        throw awsError("KMSInvalidMacException", "");
      return { MacValid: true, MacAlgorithm: MAC_ALGORITHM, KeyId: key.arn };
    },
  },
  Sign: {
    usage: "SIGN_VERIFY",
    parameters: ["KeyId", "Message", "MessageType", "SigningAlgorithm"],
    run: (key, input) => {
      const message = bytes(input, "Message", 1, MAX_MESSAGE_BYTES);
      if (input["SigningAlgorithm"] !== SIGNING_ALGORITHM || key.material.kind !== "ecc") {
        throw awsError("InvalidKeyUsageException", "The algorithm is not valid for this key.");
      }
      const isDigest = input["MessageType"] === "DIGEST";
      if (isDigest && message.length !== 32)
        throw awsError("ValidationException", "Digest is invalid length for algorithm ECDSA_SHA_256.");
      const signature = isDigest
        ? signDigest(key.material.privateKey, message)
        : sign("sha256", message, key.material.privateKey);
      return { KeyId: key.arn, Signature: signature.toString("base64"), SigningAlgorithm: SIGNING_ALGORITHM };
    },
  },
  GetPublicKey: {
    usage: "SIGN_VERIFY",
    parameters: ["KeyId"],
    run: (key) => ({
      KeyId: key.arn,
      PublicKey: publicKeyOf(key).toString("base64"),
      KeySpec: "ECC_NIST_P256",
      KeyUsage: key.usage,
      SigningAlgorithms: [SIGNING_ALGORITHM],
    }),
  },
};

function safeArn(template: Template, reference: string): string | undefined {
  try {
    return keyArn(template, reference);
  } catch {
    return undefined;
  }
}

function mac(key: Key, input: JsonRecord): Buffer {
  if (input["MacAlgorithm"] !== MAC_ALGORITHM || key.material.kind !== "hmac") {
    throw awsError("InvalidKeyUsageException", "The algorithm is not valid for this key.");
  }
  return createHmac("sha256", key.material.secret)
    .update(bytes(input, "Message", 1, MAX_MESSAGE_BYTES))
    .digest();
}

function encryptionContext(input: JsonRecord): EncryptionContext {
  const context = recordOf(input["EncryptionContext"]);
  if (Object.values(context).some((value) => typeof value !== "string"))
    throw awsError("SerializationException", "The encryption context is not a map of texts.");
  return context as EncryptionContext;
}

function symmetricAlgorithm(input: JsonRecord): string {
  const algorithm = textOf(input["EncryptionAlgorithm"]) ?? "SYMMETRIC_DEFAULT";
  if (algorithm !== "SYMMETRIC_DEFAULT")
    throw awsError("InvalidKeyUsageException", "The algorithm is not valid for this key.");
  return algorithm;
}

function dataKeyBytes(input: JsonRecord): number {
  const { KeySpec: spec, NumberOfBytes: count } = input;
  if (spec != null && count != null)
    throw awsError("ValidationException", "Please specify either number of bytes or key spec.");
  if (spec === "AES_256") return 32;
  if (spec === "AES_128") return 16;
  if (spec == null && typeof count === "number" && Number.isInteger(count) && count >= 1 && count <= 1024)
    return count;
  throw awsError("ValidationException", "KeySpec or NumberOfBytes is not valid.");
}

function bytes(input: JsonRecord, name: string, min: number, max: number): Buffer {
  const text = textOf(input[name]);
  const value = Buffer.from(text ?? "", "base64");
  if (text === undefined || value.length < min || value.length > max) {
    throw awsError(
      "ValidationException",
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length between ${min} and ${max}`,
    );
  }
  return value;
}

function refuseOthers(input: JsonRecord, known: readonly string[]): void {
  // Empty lists (GrantTokens) ask for nothing.
  const unknown = Object.keys(input).find(
    (name) =>
      !known.includes(name) &&
      input[name] != null &&
      !(Array.isArray(input[name]) && input[name].length === 0),
  );
  if (unknown !== undefined)
    throw awsError("ValidationException", `The local host does not support the parameter ${unknown}.`);
}

function kmsContext({ input }: Operation): ConditionContext {
  const context = Object.entries(encryptionContext(input));
  const optional = (key: string, name: string): ConditionContext => {
    const value = textOf(input[name]);
    return value === undefined ? {} : { [key]: [value] };
  };
  return {
    ...Object.fromEntries(context.map(([key, value]) => [`kms:EncryptionContext:${key}`, [value]])),
    ...(context.length === 0 ? {} : { "kms:EncryptionContextKeys": context.map(([key]) => key) }),
    ...optional("kms:MacAlgorithm", "MacAlgorithm"),
    ...optional("kms:SigningAlgorithm", "SigningAlgorithm"),
  };
}
