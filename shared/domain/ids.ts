const ULID = "[0-9A-HJKMNP-TV-Z]{26}";

/** Matches exactly the ids that this system gives out with `prefix`. */
export function idPattern(prefix: string): RegExp {
  return new RegExp(`^${prefix}_${ULID}$`);
}
