import { BadFile, RECORD_UNITS_MAX } from "../domain/imports/kinds.ts";

/** One element of a Bundle's `entry`, in the order of the file, from 1. */
export type BundleEntry =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly problem: "entry_broken" | "entry_too_long" };

const DEPTH_MAX = 200;

/**
 * Cuts the entries out of a JSON Bundle piece by piece and parses each by itself, so that a file of any size takes the
 * place of one entry. Throws a {@link BadFile} for what is no Bundle, and at the end for one that is cut off.
 */
export class BundleEntries {
  /** `{` and `[` that are open. */
  readonly #open: string[] = [];
  #text = "";
  #keeps = false;
  #inString = false;
  #escaped = false;
  #key = "";
  #string = "";
  #number = 0;
  #tooLong = false;
  #resourceType: string | undefined;
  #ended = false;

  *read(piece: string): Generator<BundleEntry> {
    // Everything that is kept of a piece is a run of it.
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const sign = piece[at] ?? "";
      if (this.#inString) {
        this.#inside(sign);
        continue;
      }
      if (this.#ended) {
        if (/\S/u.test(sign)) throw new BadFile("json_broken");
        continue;
      }
      if (sign === '"') {
        this.#inString = true;
        this.#string = "";
      } else if (sign === "{" || sign === "[") {
        if (this.#open.length === 0 && sign !== "{") throw new BadFile("not_a_bundle");
        if (this.#open.length >= DEPTH_MAX) throw new BadFile("json_broken");
        if (this.#isInEntries() && !this.#keeps) {
          if (sign !== "{") throw new BadFile("json_broken");
          this.#keeps = true;
          this.#text = "";
          this.#tooLong = false;
          from = at;
        }
        if (sign === "[" && this.#open.length === 1) this.#open.push(this.#key === "entry" ? "entry" : "[");
        else this.#open.push(sign);
      } else if (sign === "}" || sign === "]") {
        const opened = this.#open.pop();
        if (opened === undefined || (opened === "{") !== (sign === "}")) throw new BadFile("json_broken");
        if (this.#keeps && this.#isInEntries()) {
          this.#keep(piece.slice(from, at + 1));
          yield this.#entry();
        }
        if (this.#open.length === 0) this.#ended = true;
      } else if (sign === ":" && this.#open.length === 1) {
        this.#key = this.#string;
        this.#string = "";
      } else if (sign === "," && this.#open.length === 1) {
        this.#endTop();
      }
    }
    if (this.#keeps) this.#keep(piece.slice(from));
  }

  /** Throws where the file is not at its end. */
  end(): void {
    if (!this.#ended) throw new BadFile("json_broken");
    this.#endTop();
    if (this.#resourceType !== "Bundle") throw new BadFile("not_a_bundle");
  }

  #inside(sign: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (sign === "\\") this.#escaped = true;
    else if (sign === '"') {
      this.#inString = false;
      return;
    }
    // Of strings at the top only short ones matter: keys, and the type of the resource.
    if (this.#open.length === 1 && this.#string.length < 40) this.#string += sign;
  }

  #endTop(): void {
    if (this.#key === "resourceType") this.#resourceType ??= this.#string;
    this.#key = "";
  }

  #isInEntries(): boolean {
    return this.#open.length === 2 && this.#open[1] === "entry";
  }

  #keep(run: string): void {
    if (this.#tooLong || this.#text.length + run.length > RECORD_UNITS_MAX) {
      this.#tooLong = true;
      this.#text = "";
    } else this.#text += run;
  }

  #entry(): BundleEntry {
    this.#keeps = false;
    this.#number += 1;
    const number = this.#number;
    const text = this.#text;
    this.#text = "";
    if (this.#tooLong) return { number, problem: "entry_too_long" };
    try {
      return { number, value: JSON.parse(text) as unknown };
    } catch {
      return { number, problem: "entry_broken" };
    }
  }
}
