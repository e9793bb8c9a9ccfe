/**
 * Numbers chosen on leave-one-file-out scores (`npm run eval` prints the operating curve); the model file carries them.
 * Scores above a threshold count: clinical by language of the text and by who wrote it, and notification. The
 * calibration turns what a score is beyond its threshold into a share of clinical texts.
 */
export const CHOSEN_NUMBERS = {
  englishOutbound: -1.9,
  englishInbound: -1.65,
  spanishOutbound: -1.4,
  spanishInbound: -1.35,
  notificationThreshold: 0,
  calibrationSlope: 0.6,
  calibrationShift: -1.4,
};
