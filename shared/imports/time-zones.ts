/** What schedulers call the zones of the United States: what people say, and what Windows says. */
const SAID: Readonly<Record<string, string>> = {
  eastern: "America/New_York",
  et: "America/New_York",
  central: "America/Chicago",
  ct: "America/Chicago",
  mountain: "America/Denver",
  mt: "America/Denver",
  arizona: "America/Phoenix",
  "us mountain": "America/Phoenix",
  pacific: "America/Los_Angeles",
  pt: "America/Los_Angeles",
  alaska: "America/Anchorage",
  alaskan: "America/Anchorage",
  hawaii: "Pacific/Honolulu",
  hawaiian: "Pacific/Honolulu",
  aleutian: "America/Adak",
  atlantic: "America/Puerto_Rico",
  "puerto rico": "America/Puerto_Rico",
  "sa western": "America/Puerto_Rico",
  guam: "Pacific/Guam",
  "west pacific": "Pacific/Guam",
  chamorro: "Pacific/Guam",
  samoa: "Pacific/Pago_Pago",
  utc: "UTC",
};

const known = new Map<string, string | undefined>();

/**
 * The IANA name of a zone; undefined where it is unclear. Letters such as EST or MST are: computers take them for a fixed
 * offset the year round, people for what the clocks of a place show, and Arizona's are not Colorado's.
 */
export function zoneNamed(value: string): string | undefined {
  if (!known.has(value)) known.set(value, find(value));
  return known.get(value);
}

function find(value: string): string | undefined {
  const said = value
    .toLowerCase()
    .replace(/\s+(?:standard |daylight )?time$/u, "")
    .replace(/\s+/gu, " ");
  if (Object.hasOwn(SAID, said)) return SAID[said];
  // Etc/GMT+5 and the like have the sign that nobody expects.
  if (!/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)+$/u.test(value) || /^etc\//iu.test(value)) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
