import { s3Error } from "./s3-error.ts";

/** The bytes that a Range header asks for, both ends included; undefined where all are wanted. */
export type ByteRange = { readonly first: number; readonly last: number };

/** Reads one range of bytes; a header of another form counts as none, as on AWS. Throws InvalidRange behind the end. */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/u.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(from) > Number(to)) return undefined;
  if (first >= size) throw s3Error("InvalidRange", "The requested range is not satisfiable");
  return { first, last };
}
