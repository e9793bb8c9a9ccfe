import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { VerifyError } from "./verify-error.ts";

/** How the command is called. */
export const USAGE =
  "Usage: npm run -s audit -- verify DIR [--format text|json|html] [--out FILE] [--key FILE.pem] " +
  "[--key-fingerprint HEX] [--as-of-export] [--wording FILE]";

const FORMATS = ["text", "json", "html"] as const;

/** In which forms the outcome is given. */
export type OutcomeFormat = (typeof FORMATS)[number];

/** What is verified, and against what. */
export interface VerifyOptions {
  readonly directory: string;
  /** Public keys in PEM: anchors must be signed with one of these, or of those whose fingerprints are named. */
  readonly keyFiles: readonly string[];
  /** Hex SHA-256 of keys' DER. */
  readonly keyFingerprints: readonly string[];
  /** Accept that anchors made after the export know more than it. */
  readonly asOfExport: boolean;
  /** JSON of the practice's own wording for the found-phone test. */
  readonly wordingFile: string | undefined;
}

/** What is asked for. */
export interface VerifyCommand extends VerifyOptions {
  readonly format: OutcomeFormat;
  /** Absolute; null: standard output. */
  readonly outFile: string | null;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: "string" },
      out: { type: "string" },
      key: { type: "string", multiple: true },
      "key-fingerprint": { type: "string", multiple: true },
      "as-of-export": { type: "boolean" },
      wording: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
}

/** The options in `args`; undefined where help is asked for. Throws a {@link VerifyError} where they make no sense. */
export function readOptions(args: readonly string[], folder: string): VerifyCommand | undefined {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch {
    throw new VerifyError(USAGE);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return undefined;
  const [directory, ...more] = positionals;
  const format = FORMATS.find((known) => known === (values.format ?? "text"));
  const isWhole = directory !== undefined && directory !== "" && more.length === 0;
  if (!isWhole || format === undefined || values.out === "") throw new VerifyError(USAGE);
  const fingerprints = (values["key-fingerprint"] ?? []).map((hex) =>
    hex.replaceAll(/[:\s]/g, "").toLowerCase(),
  );
  if (!fingerprints.every((hex) => /^[0-9a-f]{64}$/.test(hex)))
    throw new VerifyError("--key-fingerprint is no SHA-256: give 64 hexadecimal digits.");
  const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  return {
    directory: resolve(folder, directory),
    keyFiles: (values.key ?? []).map((path) => resolve(folder, path)),
    keyFingerprints: fingerprints,
    asOfExport: values["as-of-export"] === true,
    wordingFile: absolute(values.wording),
    format,
    outFile: absolute(values.out) ?? null,
  };
}
