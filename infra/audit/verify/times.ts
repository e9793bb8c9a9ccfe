const DIGIT_ZERO = 0x30;
const FORM = "0000-00-00T00:00:00.000Z";

/** Reads times of the form 2026-11-22T10:15:30.123Z; the hour that was met last is not read again. */
export class TimeReader {
  #hour = "";
  #hourMs = Number.NaN;

  /** Milliseconds since 1970, NaN for anything that is not of the form. */
  read(time: string): number {
    if (
      time.length !== FORM.length ||
      time[13] !== ":" ||
      time[16] !== ":" ||
      time[19] !== "." ||
      time[23] !== "Z"
    )
      return Number.NaN;
    const hour = time.slice(0, 13);
    if (hour !== this.#hour) {
      this.#hour = hour;
      const start = new Date(`${hour}:00:00.000Z`);
      const isExact = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(hour);
      this.#hourMs = isExact ? start.getTime() : Number.NaN;
    }
    const minutes = twoDigits(time, 14);
    const seconds = twoDigits(time, 17);
    const milliseconds = twoDigits(time, 20) * 10 + digit(time, 22);
    if (minutes > 59 || seconds > 59) return Number.NaN;
    return this.#hourMs + minutes * 60_000 + seconds * 1000 + milliseconds;
  }
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - DIGIT_ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}
