import { join } from "node:path";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { bytesMaxOf, readLines, UnreadableFileError } from "../verify/export-lines.ts";
import type { ChosenExports } from "./exports.ts";
import { ReportError } from "./report-error.ts";

/** An item as it was exported, numbers as numbers. */
export type ExportedItem = Readonly<Record<string, unknown>>;

/** Reads only lines that hold one of these texts; undefined: all. */
export type Wanted = readonly string[] | undefined;

const isWanted = (text: string, wanted: Wanted): boolean =>
  wanted === undefined || wanted.some((one) => text.includes(one));

function itemIn(line: string): ExportedItem | undefined {
  try {
    const { Item, NewImage } = JSON.parse(line) as Record<
      string,
      Parameters<typeof unmarshall>[0] | undefined
    >;
    const image = Item ?? NewImage;
    // Null: deleted in the window, which the verifier tells of.
    return image === undefined ? undefined : unmarshall(image);
  } catch {
    throw new ReportError("A line of the export cannot be read: verify the export first.");
  }
}

function takeLines(text: string, wanted: Wanted, take: (item: ExportedItem) => void): void {
  if (!isWanted(text, wanted)) return;
  for (const line of text.split("\n")) {
    if (line === "" || !isWanted(line, wanted)) continue;
    const item = itemIn(line);
    if (item !== undefined) take(item);
  }
}

/**
 * Gives every item of a table's exports to `take`, one file after the other, whatever the order in it. An item that
 * stands in several exports comes several times, the newest last. Throws a {@link ReportError} where a file is not what
 * its manifest says.
 */
export async function eachItem(
  { root, exports }: ChosenExports,
  wanted: Wanted,
  take: (item: ExportedItem) => void,
): Promise<void> {
  for (const { dataFiles } of exports) {
    for (const { path, md5, itemCount } of dataFiles) {
      let found: string;
      try {
        const read = await readLines(
          join(root, path),
          {
            lines: (text) => {
              takeLines(text, wanted, take);
              return true;
            },
            unreadable: () => {
              throw new ReportError("A line of the export cannot be read: verify the export first.");
            },
          },
          () => undefined,
          bytesMaxOf(itemCount),
        );
        found = read.md5;
      } catch (error) {
        if (error instanceof ReportError) throw error;
        const isContent = error instanceof UnreadableFileError;
        throw new ReportError(
          isContent
            ? "A data file cannot be read to its end: verify the export first."
            : "A data file is missing or cannot be opened: copy the export anew, and verify it.",
        );
      }
      if (found !== md5)
        throw new ReportError("A data file differs from its manifest: verify the export first.");
    }
  }
}
