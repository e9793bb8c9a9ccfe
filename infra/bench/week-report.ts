import { type Report, verdict } from "./report.ts";
import { faultsOf, playWeek } from "./week-of-reminders.ts";

const WEEK = { reminders: 200_000, seed: 1, textsPerSecond: 10 } as const;

/** Plans and plays a week of 200,000 reminders, without a table or a clock, and looks it over. */
export function reportWeek(): Report {
  const week = playWeek(WEEK);
  const faults = faultsOf(week);
  const ended = (kind: "sent" | "expired") =>
    week.reminders.filter(({ ends }) => ends[0]?.kind === kind).length.toLocaleString("en-US");
  const none = (what: string, count: number) => ({
    cells: [what, String(count), "0"],
    verdict: verdict(count === 0),
  });
  const told = (what: string, text: string) => ({ cells: [what, text, "none"], verdict: undefined });
  return {
    name: "A week",
    title: `${week.reminders.length.toLocaleString("en-US")} reminders planned and judged minute by minute, ${String(WEEK.textsPerSecond)} parts a second`,
    columns: ["what", "measured", "target"],
    rows: [
      none("without an end", faults.lost),
      none("with more than one, or twice for one day and offset", faults.repeated),
      none("sent before their time", faults.early),
      none("sent after the visit began", faults.afterTheVisit),
      none("sent before 8:00 or from 21:00 on, where the patient lives", faults.atNight),
      none("sent beyond one a day", faults.overDay),
      none("sent beyond three in seven days", faults.overWeek),
      {
        cells: ["most in one minute", String(faults.fullest), `<= ${String(week.minuteMax)}`],
        verdict: verdict(faults.fullest <= week.minuteMax),
      },
      told("sent", ended("sent")),
      told("held by quiet hours or caps until it was too late", ended("expired")),
      told(
        "planning each visit's day",
        `${((week.planSeconds * 1e6) / week.reminders.length).toFixed(1)} µs a reminder`,
      ),
      told("judging", `${((week.sendSeconds * 1e6) / week.reminders.length).toFixed(1)} µs a reminder`),
    ],
  };
}
