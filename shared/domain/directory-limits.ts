/** Most entries of each kind that a practice's directory can have. */
export const DIRECTORY_MAX = { location: 100, provider: 500, pharmacy: 100 } as const;
