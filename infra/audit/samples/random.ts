const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Numbers that look random and are the same for the same seed (mulberry32). */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  /** An id of this service: prefix and 26 characters. */
  id(prefix: string): string {
    let id = `${prefix}_01`;
    for (let length = 0; length < 24; length += 1) id += CROCKFORD[this.below(CROCKFORD.length)] ?? "";
    return id;
  }

  /** In the form of a UUID. */
  uuid(): string {
    const part = (digits: number) =>
      this.below(16 ** digits)
        .toString(16)
        .padStart(digits, "0");
    return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(6)}${part(6)}`;
  }
}
