import { localTime, MINUTE_MS } from "../sending/local-time.ts";

const HOUR = 60;
const QUARTER = 15;
const OFFSET_MIN = -12 * HOUR;
const OFFSET_MAX = 14 * HOUR;

/** IANA names of one kind of US time, and what its clocks are called by their minutes ahead of GMT. */
interface ZoneFamily {
  readonly zones: string;
  readonly letters: readonly (readonly [offset: number, letters: string])[];
}

/** 15 U.S.C. 261 and 263 name the zones; Arizona, Hawaii and the territories keep standard time (15 U.S.C. 260a). */
const FAMILIES: readonly ZoneFamily[] = [
  {
    zones: `America/New_York America/Detroit America/Fort_Wayne America/Indianapolis America/Indiana/Indianapolis
      America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Vevay America/Indiana/Vincennes
      America/Indiana/Winamac America/Kentucky/Louisville America/Kentucky/Monticello America/Louisville
      US/Eastern US/East-Indiana US/Michigan EST5EDT EST`,
    letters: [
      [-5 * HOUR, "EST"],
      [-4 * HOUR, "EDT"],
    ],
  },
  {
    zones: `America/Chicago America/Menominee America/Indiana/Knox America/Indiana/Tell_City America/Knox_IN
      America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem
      US/Central US/Indiana-Starke CST6CDT`,
    letters: [
      [-6 * HOUR, "CST"],
      [-5 * HOUR, "CDT"],
    ],
  },
  {
    zones:
      "America/Denver America/Boise America/Phoenix America/Shiprock US/Mountain US/Arizona Navajo MST7MDT MST",
    letters: [
      [-7 * HOUR, "MST"],
      [-6 * HOUR, "MDT"],
    ],
  },
  {
    zones: "America/Los_Angeles US/Pacific PST8PDT",
    letters: [
      [-8 * HOUR, "PST"],
      [-7 * HOUR, "PDT"],
    ],
  },
  {
    zones: `America/Anchorage America/Juneau America/Metlakatla America/Nome America/Sitka America/Yakutat
      US/Alaska`,
    letters: [
      [-9 * HOUR, "AKST"],
      [-8 * HOUR, "AKDT"],
    ],
  },
  {
    zones: "America/Adak America/Atka US/Aleutian Pacific/Honolulu Pacific/Johnston US/Hawaii HST",
    letters: [
      [-10 * HOUR, "HST"],
      [-9 * HOUR, "HDT"],
    ],
  },
  {
    zones: "America/Puerto_Rico America/St_Thomas America/Virgin",
    // AST is the name of a blood test too.
    letters: [[-4 * HOUR, "Atlantic"]],
  },
  { zones: "Pacific/Pago_Pago Pacific/Midway Pacific/Samoa US/Samoa", letters: [[-11 * HOUR, "SST"]] },
  { zones: "Pacific/Guam Pacific/Saipan", letters: [[10 * HOUR, "ChST"]] },
];

const LETTERS: ReadonlyMap<string, ReadonlyMap<number, string>> = /* @__PURE__ */ new Map(
  FAMILIES.flatMap(({ zones, letters }) =>
    zones
      .split(/\s+/)
      .map((zone): [string, ReadonlyMap<number, string>] => [zone.toLowerCase(), new Map(letters)]),
  ),
);

/** Minutes that a zone's clocks are ahead of GMT at a moment. Whole quarters: those of our time all are. */
function offsetOf(at: Date, timeZone: string): number {
  const { day, minutes } = localTime(at, timeZone);
  const shown = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  return Math.round((shown - at.getTime()) / MINUTE_MS / QUARTER) * QUARTER;
}

function numericForm(offset: number): string {
  if (offset === 0) return "GMT";
  const minutes = Math.abs(offset);
  const rest = minutes % HOUR;
  const hours = `${offset < 0 ? "-" : "+"}${Math.floor(minutes / HOUR)}`;
  return `GMT${hours}${rest === 0 ? "" : `:${rest}`}`;
}

/** The letters of a zone's clocks at a moment: those of law and use in the US and its territories, else `GMT+1`. */
export function zoneLetters(at: Date, timeZone: string): string {
  const offset = offsetOf(at, timeZone);
  return LETTERS.get(timeZone.toLowerCase())?.get(offset) ?? numericForm(offset);
}

/** Everything that {@link zoneLetters} can give. */
export function everyZoneLetters(): readonly string[] {
  const named = FAMILIES.flatMap(({ letters }) => letters.map(([, name]) => name));
  const numeric: string[] = [];
  for (let offset = OFFSET_MIN; offset <= OFFSET_MAX; offset += QUARTER) numeric.push(numericForm(offset));
  return [...named, ...numeric];
}
