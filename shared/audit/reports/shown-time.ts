const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "shortOffset",
  });
  formats.set(timeZone, format);
  return format;
}

/** `GMT-5` and `GMT` as `UTC-5` and `UTC`: one name of the zone that all others are told from. */
const zoneInWords = (told = ""): string => told.replace(/^(?:GMT|UTC)(?:[+-]0)?/, "UTC");

/** A moment as a page shows it, such as `2026-11-21 09:15:02 UTC-5`; what is no moment as it is. */
export function shownTime(at: string, timeZone: string): string {
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return at;
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(new Date(moment))
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
  return `${day} ${parts["hour"]}:${parts["minute"]}:${parts["second"]} ${zoneInWords(parts["timeZoneName"])}`;
}
