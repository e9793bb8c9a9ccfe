/** A text of a template and the name of the column or key that it stands in; a bare string has none. */
export interface TemplateText {
  readonly field?: string;
  readonly text: string;
}

/** A template as a row of a file holds it, or why the row could not be read. Rows count from 1, without the header. */
export type TemplateRow =
  | {
      readonly line: number;
      readonly row: number;
      readonly id?: string;
      readonly name?: string;
      /** Everything that a patient would get of it, in the file's order; an empty text may be among them. */
      readonly texts: readonly TemplateText[];
    }
  | { readonly line: number; readonly row: number; readonly problem: string };

/** Makes template rows of a file piece by piece. */
export interface TemplateRows {
  /** Takes the next piece of the file and gives the rows that are complete with it. */
  read(piece: string): Iterable<TemplateRow>;
  /** Gives what is left at the end of the file. */
  end(): Iterable<TemplateRow>;
  /** Says how the file was read, for the summary. */
  describe(): Readonly<Record<string, string | readonly string[]>>;
}

/** What a text that was not decoded whole is refused with. */
export const UNDECODED = "the text holds bytes that are not of the file's encoding";
