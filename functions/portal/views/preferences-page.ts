import { type Html, html } from "#shared/domain/html.ts";
import { LANGUAGES } from "#shared/domain/words.ts";
import type { ConsentChoice, PreferencesProblem, ShownPreferences } from "#shared/portal/read-preferences.ts";
import { ACKNOWLEDGEMENT_FIELDS, choiceValue, readClock } from "../preferences-form.ts";
import { createClock } from "./clock.ts";
import type { PageFrame } from "./layout.ts";
import { sessionPage } from "./session-page.ts";
import { aboutTexts } from "./thread-page.ts";
import { type TextName, WORDS, type Words } from "./words.ts";

/** Why a change was not made, as the page tells it. */
export type PageProblem =
  | PreferencesProblem
  | "nothing-chosen"
  | "pin-form"
  | "pin-different"
  | "pin-weak"
  | "pin-held"
  | "pin-present";

/** What became of the change that the page answers. */
export interface PreferencesState {
  readonly problem?: PageProblem;
  /** The form that was refused, to be shown as it was filled in; of a PIN nothing is. */
  readonly entered?: URLSearchParams;
  readonly now?: Date;
}

/** The part of the page that a change is made in. */
type Part = "consents" | "quiet-hours" | "language" | "pin" | "devices";

/** Where the page is opened after a change: at the part that it was made in. */
export const savedIn = (part: Part) => `saved-${part}`;

const PROBLEMS: Readonly<Record<PageProblem, TextName>> = {
  "pin-form": "pinFormProblem",
  "pin-different": "pinDifferent",
  "pin-weak": "pinWeak",
  "pin-held": "pinHeld",
  "pin-present": "pinPresentWrong",
  "quiet-hours": "quietHoursProblem",
  contact: "consentsProblem",
  acknowledgements: "agreeProblem",
  "nothing-chosen": "nothingChosen",
};

interface Section {
  readonly words: Words;
  /** Where the form of a part posts to: its notice is where the answer opens. */
  readonly action: (part: Part) => string;
  readonly preferences: ShownPreferences;
  readonly problem: PageProblem | undefined;
  readonly entered: URLSearchParams;
}

/** Only a browser that comes from a change in this part shows it (see `tried` in style). */
function savedNotice({ words, problem }: Section, part: Part): Html | null {
  if (problem !== undefined) return null;
  return html`<p class="notice good tried" role="status" id="${savedIn(part)}" tabindex="-1"><strong>${words.saved}</strong></p>
`;
}

const meaning = (change: string) => html`<input type="hidden" name="change" value="${change}">`;

function problemNotice({ words, problem }: Section, ...mine: readonly PageProblem[]): Html | null {
  if (problem === undefined || !mine.includes(problem)) return null;
  return html`<p class="notice" role="alert" id="problem" tabindex="-1"><strong>${words[PROBLEMS[problem]]}</strong></p>
`;
}

const invalid = (problem: Html | null) => (problem === null ? null : html` aria-invalid="true" autofocus`);

function languageForm(section: Section): Html {
  const { words, action, preferences } = section;
  const choices = LANGUAGES.map((language) => {
    const checked = language === preferences.language ? html` checked` : null;
    return html`<label class="choice"><input type="radio" name="language" value="${language}"${checked}><span lang="${language}">${WORDS[language].ownName}</span></label>`;
  });
  return html`<section class="card"><h2 id="languageTitle">${words.languageTitle}</h2>
${savedNotice(section, "language")}<form method="post" action="${action("language")}">${meaning("language")}
<fieldset aria-labelledby="languageTitle">${choices}</fieldset>
<button type="submit">${words.save}</button></form></section>`;
}

/** The three sentences of the wording `portal-2026-11`; other sentences need another name. */
function acknowledgements(words: Words, entered: URLSearchParams): Html {
  const said = [words.agreeUnsecured, words.agreeMine, words.agreeStop];
  const ticks = ACKNOWLEDGEMENT_FIELDS.map(
    (name, index) =>
      html`<label class="tick"><input type="checkbox" name="${name}" value="yes" autocomplete="off"${entered.get(name) === "yes" ? html` checked` : null}><span>${said[index] ?? ""}</span></label>`,
  );
  return html`<fieldset class="agree"><legend>${words.agreeTitle}</legend>${ticks}</fieldset>`;
}

function consentsForm(section: Section): Html {
  const { words, action, preferences } = section;
  const { canText, canEmail } = preferences;
  const entered = section.entered.get("change") === "consents" ? section.entered : new URLSearchParams();
  const wanted = entered.getAll("want");
  // What was ticked when the page was made goes along: only what the patient changes here is a wish.
  const box = (choice: ConsentChoice, label: string, about: string, granted: boolean, can: boolean) => {
    const value = choiceValue(choice);
    const had = granted && can ? html`<input type="hidden" name="had" value="${value}">` : null;
    const kind = granted ? null : html` class="new"`;
    const isTicked = granted || (can && wanted.includes(value));
    return html`${had}<label class="tick"><input${kind} type="checkbox" name="want" value="${value}" autocomplete="off"${isTicked ? html` checked` : null}${can ? null : html` disabled`}><span>${label}<span class="hidden"> ${about}</span></span></label>`;
  };
  const rows = preferences.purposes.map(({ purpose, sms, email }) => {
    const about = words.purposes[purpose];
    return html`<div class="row" role="group" aria-label="${about}"><p>${about}</p><div class="ticks">${box({ purpose, channel: "sms" }, words.byTexts, about, sms === "granted", canText)}${box({ purpose, channel: "email" }, words.byEmails, about, email === "granted", canEmail)}</div></div>`;
  });
  const missing = html`${canText ? null : html`<p class="quiet">${words.noNumber}</p>`}${canEmail ? null : html`<p class="quiet">${words.noEmail}</p>`}`;
  return html`<section class="card"><h2>${words.consentsTitle}</h2>
<p class="quiet">${words.consentsMean}</p>
${savedNotice(section, "consents")}${problemNotice(section, "contact", "acknowledgements", "nothing-chosen")}<form method="post" action="${action("consents")}">${meaning("consents")}
<div class="rows">${rows}</div>${missing}
${canText || canEmail ? acknowledgements(words, entered) : null}
<button type="submit">${words.save}</button></form></section>`;
}

function quietHoursForm(section: Section): Html {
  const { words, action, preferences } = section;
  const { quietHours } = preferences;
  const problem = problemNotice(section, "quiet-hours");
  const time = (name: "from" | "to", otherwise: string) =>
    problem === null ? (quietHours?.[name] ?? otherwise) : readClock(section.entered.get(name));
  const off =
    quietHours === null
      ? null
      : html`<form method="post" action="${action("quiet-hours")}">${meaning("quiet-hours")}<button class="second" type="submit">${words.quietHoursOff}</button></form>`;
  return html`<section class="card"><h2>${words.quietHoursTitle}</h2>
<p class="quiet">${words.quietHoursMean}</p>
${savedNotice(section, "quiet-hours")}${problem}<form method="post" action="${action("quiet-hours")}">${meaning("quiet-hours")}
<div class="pair"><div><label for="from">${words.from}</label><input id="from" name="from" type="time" value="${time("from", "21:00")}" required${invalid(problem)}></div>
<div><label for="to">${words.to}</label><input id="to" name="to" type="time" value="${time("to", "08:00")}" required></div></div>
<button type="submit">${words.save}</button></form>${off}</section>`;
}

function pinForm(section: Section): Html {
  const { words, action, preferences } = section;
  const problem = problemNotice(section, "pin-form", "pin-different", "pin-weak", "pin-held", "pin-present");
  const wrong = section.problem === "pin-present" ? section.entered.get("change") : null;
  const isNewWrong = problem !== null && wrong === null;
  const field = (id: string, label: string, marked: Html | null, name = id) =>
    html`<div><label for="${id}">${label}</label><input class="code" id="${id}" name="${name}" type="password" inputmode="numeric" autocomplete="${name === "presentPin" ? "current-password" : "new-password"}" maxlength="12" pattern="\\s*\\d{6,8}\\s*" title="${words.pinFormat}" aria-describedby="${problem === null ? "" : "problem "}newPinHint"${marked} required></div>`;
  // Whoever finds a page open must know the PIN as well to put another in its place.
  const present = (id: string, change: string) =>
    preferences.hasPin
      ? field(id, words.presentPin, wrong === change ? invalid(problem) : null, "presentPin")
      : null;
  const off = preferences.hasPin
    ? html`<form method="post" action="${action("pin")}">${meaning("remove-pin")}
${present("presentPinOff", "remove-pin")}
<button class="second" type="submit">${words.pinRemove}</button></form>`
    : null;
  return html`<section class="card"><h2>${preferences.hasPin ? words.pinChangeTitle : words.pinTitle}</h2>
<p class="quiet" id="newPinHint">${words.pinMeans}</p>
${savedNotice(section, "pin")}${problem}<form method="post" action="${action("pin")}">${meaning("pin")}
${present("presentPin", "pin")}
${field("pin", words.newPin, isNewWrong ? invalid(problem) : null)}
${field("pinAgain", words.newPinAgain, null)}
<button type="submit">${words.save}</button></form>${off}</section>`;
}

function devicesForm(section: Section, now: Date): Html {
  const { words, action, preferences } = section;
  const { devices, timeZone } = preferences;
  if (devices.length === 0) {
    return html`<section class="card"><h2>${words.devicesTitle}</h2>${savedNotice(section, "devices")}<p class="quiet">${words.devicesNone}</p></section>`;
  }
  const clock = createClock(words, timeZone, now);
  const items = devices.map(({ id, createdAt, lastUsedAt, current }) => {
    const name = current ? words.deviceThis : `${words.deviceSince} ${clock.dayAndTime(createdAt)}`;
    return html`<li class="row"><p>${name}<small>${words.deviceUsed} ${clock.dayAndTime(lastUsedAt)}</small></p><form method="post" action="${action("devices")}">${meaning("forget-device")}<button class="second" type="submit" name="device" value="${id}" aria-label="${words.deviceForget}: ${name}">${words.deviceForget}</button></form></li>`;
  });
  return html`<section class="card"><h2>${words.devicesTitle}</h2>
<p class="quiet">${words.devicesMean}</p>
${savedNotice(section, "devices")}<ul class="rows">${items}</ul>
<form method="post" action="${action("devices")}">${meaning("forget-devices")}<button class="second" type="submit">${words.devicesForget}</button></form></section>`;
}

/** What patients decide for themselves; each part is a form of its own and saves at once. */
export function preferencesPage(
  frame: PageFrame,
  preferences: ShownPreferences,
  linkPath: string,
  state: PreferencesState = {},
): string {
  const words = WORDS[frame.language];
  const query = `?lang=${frame.language}`;
  const section: Section = {
    words,
    action: (part) => `${linkPath}/preferences${query}#${savedIn(part)}`,
    preferences,
    problem: state.problem,
    entered: state.entered ?? new URLSearchParams(),
  };
  const getsTexts = preferences.purposes.some(({ sms }) => sms === "granted");
  return sessionPage(
    frame,
    html`<main class="talk">
<p class="back"><a class="touch" href="${linkPath}/thread${query}">${words.toMessages}</a></p>
<h1>${words.settingsTitle}</h1>
${consentsForm(section)}
${quietHoursForm(section)}
${languageForm(section)}
${pinForm(section)}
${devicesForm(section, state.now ?? new Date())}
<section class="card"><h2 class="hidden">${words.textsTitle}</h2>${aboutTexts(frame, getsTexts, linkPath)}</section>
</main>`,
    { linkPath, underName: null, settings: true },
  );
}
