/**
 * Scores above which a text counts: clinical by language, and notification. Chosen on leave-one-file-out scores
 * (evaluate.ts prints the operating curve); the model file carries them.
 */
export const CHOSEN_THRESHOLDS = { english: -1.4, spanish: -0.85, notification: 0 };
