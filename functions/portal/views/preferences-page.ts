import { type Html, html } from "#shared/domain/html.ts";
import { LANGUAGES } from "#shared/domain/words.ts";
import type { ConsentChoice, ShownPreferences } from "#shared/portal/read-preferences.ts";
import { ACKNOWLEDGEMENT_FIELDS, choiceValue } from "../preferences-form.ts";
import { createClock } from "./clock.ts";
import type { PageFrame } from "./layout.ts";
import { sessionPage } from "./session-page.ts";
import { aboutTexts } from "./thread-page.ts";
import { type TextName, WORDS, type Words } from "./words.ts";

/** Why a change was not made. */
export type PreferencesProblem =
  | "pin-form"
  | "pin-different"
  | "pin-weak"
  | "quiet-hours"
  | "contact"
  | "acknowledgements";

/** What became of the change that the page answers. */
export interface PreferencesState {
  readonly saved?: boolean;
  readonly problem?: PreferencesProblem;
  readonly now?: Date;
}

/** Where the page is opened after a change. */
export const SAVED = "saved";

const PROBLEMS: Readonly<Record<PreferencesProblem, TextName>> = {
  "pin-form": "pinFormProblem",
  "pin-different": "pinDifferent",
  "pin-weak": "pinWeak",
  "quiet-hours": "quietHoursProblem",
  contact: "consentsProblem",
  acknowledgements: "agreeProblem",
};

interface Section {
  readonly words: Words;
  readonly action: string;
  readonly preferences: ShownPreferences;
  readonly problem: PreferencesProblem | undefined;
}

const meaning = (change: string) => html`<input type="hidden" name="change" value="${change}">`;

function problemNotice({ words, problem }: Section, ...mine: readonly PreferencesProblem[]): Html | null {
  if (problem === undefined || !mine.includes(problem)) return null;
  return html`<p class="notice" role="alert" id="problem" tabindex="-1"><strong>${words[PROBLEMS[problem]]}</strong></p>
`;
}

const invalid = (problem: Html | null) => (problem === null ? null : html` aria-invalid="true" autofocus`);

function languageForm({ words, action, preferences }: Section): Html {
  const choices = LANGUAGES.map((language) => {
    const checked = language === preferences.language ? html` checked` : null;
    return html`<label class="choice"><input type="radio" name="language" value="${language}"${checked}><span lang="${language}">${WORDS[language].ownName}</span></label>`;
  });
  return html`<section class="card"><h2 id="languageTitle">${words.languageTitle}</h2>
<form method="post" action="${action}">${meaning("language")}
<fieldset aria-labelledby="languageTitle">${choices}</fieldset>
<button type="submit">${words.save}</button></form></section>`;
}

/** The three sentences of the wording `portal-2026-11`; other sentences need another name. */
function acknowledgements(words: Words): Html {
  const said = [words.agreeUnsecured, words.agreeMine, words.agreeStop];
  const ticks = ACKNOWLEDGEMENT_FIELDS.map(
    (name, index) =>
      html`<label class="tick"><input type="checkbox" name="${name}" value="yes" autocomplete="off"><span>${said[index] ?? ""}</span></label>`,
  );
  return html`<fieldset><legend>${words.agreeTitle}</legend>${ticks}</fieldset>`;
}

function consentsForm(section: Section): Html {
  const { words, action, preferences } = section;
  const { canText, canEmail } = preferences;
  // What was ticked when the page was made goes along: only what the patient changes here is a wish.
  const box = (choice: ConsentChoice, label: string, about: string, granted: boolean, can: boolean) => {
    const value = choiceValue(choice);
    const had = granted && can ? html`<input type="hidden" name="had" value="${value}">` : null;
    return html`${had}<label class="tick"><input type="checkbox" name="want" value="${value}" autocomplete="off"${granted ? html` checked` : null}${can ? null : html` disabled`}><span>${label}<span class="hidden"> ${about}</span></span></label>`;
  };
  const rows = preferences.purposes.map(({ purpose, sms, email }) => {
    const about = words.purposes[purpose];
    return html`<div class="row" role="group" aria-label="${about}"><p>${about}</p><div class="ticks">${box({ purpose, channel: "sms" }, words.byTexts, about, sms === "granted", canText)}${box({ purpose, channel: "email" }, words.byEmails, about, email === "granted", canEmail)}</div></div>`;
  });
  const missing = canText && canEmail ? null : html`<p class="quiet">${words.noContact}</p>`;
  return html`<section class="card"><h2>${words.consentsTitle}</h2>
<p class="quiet">${words.consentsMean}</p>
${problemNotice(section, "contact", "acknowledgements")}<form method="post" action="${action}">${meaning("consents")}
<div class="rows">${rows}</div>${missing}
${canText || canEmail ? acknowledgements(words) : null}
<button type="submit">${words.save}</button></form></section>`;
}

function quietHoursForm(section: Section): Html {
  const { words, action, preferences } = section;
  const { quietHours } = preferences;
  const problem = problemNotice(section, "quiet-hours");
  const off =
    quietHours === null
      ? null
      : html`<form method="post" action="${action}">${meaning("quiet-hours")}<button class="second" type="submit">${words.quietHoursOff}</button></form>`;
  return html`<section class="card"><h2>${words.quietHoursTitle}</h2>
<p class="quiet">${words.quietHoursMean}</p>
${problem}<form method="post" action="${action}">${meaning("quiet-hours")}
<div class="pair"><div><label for="from">${words.from}</label><input id="from" name="from" type="time" value="${quietHours?.from ?? "21:00"}" required${invalid(problem)}></div>
<div><label for="to">${words.to}</label><input id="to" name="to" type="time" value="${quietHours?.to ?? "08:00"}" required></div></div>
<button type="submit">${words.save}</button></form>${off}</section>`;
}

function pinForm(section: Section): Html {
  const { words, action, preferences } = section;
  const problem = problemNotice(section, "pin-form", "pin-different", "pin-weak");
  const field = (id: string, label: string, marked: Html | null) =>
    html`<div><label for="${id}">${label}</label><input class="code" id="${id}" name="${id}" type="password" inputmode="numeric" autocomplete="new-password" maxlength="12" pattern="\\s*\\d{6,8}\\s*" title="${words.pinFormat}" aria-describedby="${problem === null ? "" : "problem "}newPinHint"${marked} required></div>`;
  const off = preferences.hasPin
    ? html`<form method="post" action="${action}">${meaning("remove-pin")}<button class="second" type="submit">${words.pinRemove}</button></form>`
    : null;
  return html`<section class="card"><h2>${preferences.hasPin ? words.pinChangeTitle : words.pinTitle}</h2>
<p class="quiet" id="newPinHint">${words.pinMeans}</p>
${problem}<form method="post" action="${action}">${meaning("pin")}
${field("pin", words.newPin, invalid(problem))}
${field("pinAgain", words.newPinAgain, null)}
<button type="submit">${words.save}</button></form>${off}</section>`;
}

function devicesForm({ words, action, preferences }: Section, now: Date): Html {
  const { devices, timeZone } = preferences;
  if (devices.length === 0) {
    return html`<section class="card"><h2>${words.devicesTitle}</h2><p class="quiet">${words.devicesNone}</p></section>`;
  }
  const clock = createClock(words, timeZone, now);
  const items = devices.map(({ id, createdAt, lastUsedAt, current }) => {
    const name = current ? words.deviceThis : `${words.deviceSince} ${clock.dayAndTime(createdAt)}`;
    return html`<li class="row"><p>${name}<small>${words.deviceUsed} ${clock.dayAndTime(lastUsedAt)}</small></p><form method="post" action="${action}">${meaning("forget-device")}<button class="second" type="submit" name="device" value="${id}" aria-label="${words.deviceForget}: ${name}">${words.deviceForget}</button></form></li>`;
  });
  return html`<section class="card"><h2>${words.devicesTitle}</h2>
<p class="quiet">${words.devicesMean}</p>
<ul class="rows">${items}</ul>
<form method="post" action="${action}">${meaning("forget-devices")}<button class="second" type="submit">${words.devicesForget}</button></form></section>`;
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
    action: `${linkPath}/preferences${query}#${SAVED}`,
    preferences,
    problem: state.problem,
  };
  const shown = state.saved === true ? "" : " tried";
  const saved =
    state.problem === undefined
      ? html`<p class="notice good${shown}" role="status" id="${SAVED}" tabindex="-1"><strong>${words.saved}</strong></p>
`
      : null;
  const getsTexts = preferences.purposes.some(({ sms }) => sms === "granted");
  return sessionPage(
    frame,
    html`<main class="talk">
<p class="back"><a class="touch" href="${linkPath}/thread${query}">${words.toMessages}</a></p>
<h1>${words.settingsTitle}</h1>
${saved}${consentsForm(section)}
${quietHoursForm(section)}
${languageForm(section)}
${pinForm(section)}
${devicesForm(section, state.now ?? new Date())}
<section class="card"><h2>${words.textsTitle}</h2>${aboutTexts(frame, getsTexts, linkPath)}</section>
</main>`,
    { linkPath, underName: null, settings: true },
  );
}
