/**
 * How much an entry decides alone. `ordinary`: a known everyday word. `weak`: leans clinical, never decides alone.
 * `listed`: from the vocabulary sources. `strong`: from the curated lists; decides alone unless an idiom
 * holds it or labelled harmless texts hold it too.
 */
export type Strength = "ordinary" | "weak" | "listed" | "strong";

/** Strengths in the order of their code in the lexicon file. */
export const STRENGTHS: readonly Strength[] = ["ordinary", "weak", "listed", "strong"];

/** First four bytes of the lexicon file, little-endian. */
export const LEXICON_MAGIC = 0x584c5046;

/** Words in the longest entry that is searched for. */
export const PHRASE_WORDS_MAX = 6;

/**
 * Bytes of the lexicon file before its arrays. Layout: magic, number of keys n, checksum, checksum of patterns.json (u32 each, little-endian);
 * then n sorted u32 keys, n check bytes, n payload bytes (bit 7: begins a phrase, bits 5-6: strength, bits 0-4: category).
 */
export const LEXICON_HEADER_BYTES = 16;

/** The category code of an ordinary word that belongs to greetings, thanks and closings. */
export const COURTESY_CODE = 31;

/** The category code of an ordinary word of the administrative allow-list. */
export const ADMINISTRATIVE_CODE = 30;
