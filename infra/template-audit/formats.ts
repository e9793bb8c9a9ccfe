import { AuditError } from "./audit-error.ts";
import { isOfTextWords } from "./text-names.ts";

/** Formats that are read. */
export const FORMATS = ["csv", "jsonl"] as const;
export type Format = (typeof FORMATS)[number];

const EXTENSIONS: Readonly<Record<string, Format>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

/** The format that a file's name tells by its extension. */
export function formatOfName(name: string): Format | undefined {
  return EXTENSIONS[/\.[^./\\]+$/.exec(name)?.[0].toLowerCase() ?? ""];
}

/** The format that a file's first line with anything in it tells. Throws an {@link AuditError} for one that is not read. */
export function formatOfContent(firstLine: string): Format {
  const line = firstLine.trim();
  if (line.startsWith("[") || /^\{$/.test(line)) {
    throw new AuditError(
      "The format is unknown (one JSON value over several lines?): write one JSON object a line, or CSV with a header.",
    );
  }
  if (line.startsWith("{")) return "jsonl";
  if (line.startsWith('"')) {
    try {
      const value: unknown = JSON.parse(line);
      // A CSV file of one quoted column begins with what is JSON, too.
      return typeof value === "string" && !isOfTextWords(value) ? "jsonl" : "csv";
    } catch {
      return "csv";
    }
  }
  if (line.startsWith("<")) {
    throw new AuditError(
      "The format is unknown (XML or HTML?): write one JSON object a line, or CSV with a header.",
    );
  }
  return "csv";
}
