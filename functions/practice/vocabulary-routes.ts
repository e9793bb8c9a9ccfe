import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { json, type Routes } from "#functions/http/api.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, header, query } from "#functions/http/request.ts";
import type { Lookup, ReadSnapshot } from "#shared/audit/journal.ts";
import { VocabularyDiffResponse, VocabularyQuery, VocabularyResponse } from "#shared/contracts/vocabulary.ts";
import { momentOf } from "#shared/domain/sending/local-time.ts";
import { writeTemplate } from "#shared/domain/templates/parse.ts";
import type { PracticeSettings } from "#shared/practice/records.ts";
import { differenceOf } from "#shared/vocabulary/diff.ts";
import type { PrintedVocabulary } from "#shared/vocabulary/print.ts";
import { type ApprovedTemplate, VOCABULARY_EMPTY, type Vocabulary } from "#shared/vocabulary/records.ts";
import type { PracticeIdentity } from "./handler.ts";

/** What prints the vocabulary; loaded when it is needed. */
export interface VocabularyPrinter {
  readonly print: (vocabulary: Vocabulary) => PrintedVocabulary;
  readonly vocabularyPage: (vocabulary: VocabularyResponse, timeZone: string) => string;
  readonly differencePage: (
    difference: VocabularyDiffResponse,
    practice: PracticeIdentity,
    timeZone: string,
  ) => string;
}

/** What the route needs. */
export interface VocabularyRoutesPorts {
  readonly read: ReadSnapshot;
  readonly vocabulary: { vocabulary(): Lookup<Vocabulary> };
  readonly vocabularyAt: (at: Date) => Promise<Vocabulary | undefined>;
  readonly practice: { settings(): Lookup<PracticeSettings> };
  readonly settingsDefault: PracticeSettings;
  readonly identity: PracticeIdentity;
  readonly openPrinter: () => Promise<VocabularyPrinter>;
  readonly now: () => Date;
}

const DAY_MINUTES = 1440;
const SHIPPED_SAYS =
  "Texts that ship with the product change with a deployment only, which the audit of the account shows. They are told " +
  "as they are now, whatever moment was asked for; sha256 is of their words.";
const COUNT_SAYS =
  "Ways to fill the slots of all templates. A link's token and a code count once: they are random, and records mask them.";

/** A page that holds no script and loads nothing. */
function page(body: string): APIGatewayProxyResult {
  return {
    statusCode: 200,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
    },
    body,
  };
}

function wantsPage(event: APIGatewayProxyEvent): boolean {
  return /\btext\/html\b/i.test(header(event, "accept") ?? "");
}

function refused(pointer: string, detail: string): ApiProblem {
  return new ApiProblem("invalid_request", { pointer, detail });
}

const shown = ({ id, version, use, purpose, texts, approvedAt, about }: ApprovedTemplate) => ({
  id,
  version,
  use,
  purpose,
  texts: { en: writeTemplate(texts.en), es: writeTemplate(texts.es) },
  approvedAt,
  about: about ?? null,
});

/** Everything that texts can say: now, at a moment, or how it changed between two. */
export function createVocabularyRoutes(ports: VocabularyRoutesPorts): Routes {
  const { identity } = ports;

  /** A moment of the past; a day, where that is meant, begins or ends in the practice's zone. */
  function momentAsked(name: "at" | "from" | "to", asked: string, timeZone: string): Date {
    const now = ports.now();
    const isDay = !asked.includes("T");
    const begins = isDay ? momentOf(asked, 0, timeZone) : new Date(asked);
    if (begins > now) throw refused(`/${name}`, "Expected: a moment that is not in the future.");
    if (!isDay || name === "from") return begins;
    const ends = new Date(momentOf(asked, DAY_MINUTES, timeZone).getTime() - 1);
    return ends < now ? ends : now;
  }

  const inForceAt = async (at: Date) => (await ports.vocabularyAt(at)) ?? VOCABULARY_EMPTY;

  return {
    "GET /vocabulary": async (event) => {
      allow(event, "vocabulary.read");
      const { at, from, to } = query(event, VocabularyQuery);
      const [current, settings] = await ports.read(ports.vocabulary.vocabulary(), ports.practice.settings());
      const { timeZone } = settings ?? ports.settingsDefault;
      const { print, vocabularyPage, differencePage } = await ports.openPrinter();

      if (from !== undefined && to !== undefined) {
        const [began, ended] = [momentAsked("from", from, timeZone), momentAsked("to", to, timeZone)];
        if (began > ended) throw refused("/to", "Expected: a moment after the other.");
        const [before, after] = await Promise.all([inForceAt(began), inForceAt(ended)]);
        const { templates, names } = differenceOf(before, after);
        const answer = VocabularyDiffResponse.parse({
          from: { asOf: began.toISOString(), version: before.version },
          to: { asOf: ended.toISOString(), version: after.version },
          templates: {
            added: templates.added.map(shown),
            removed: templates.removed.map(shown),
            changed: templates.changed.map((one) => ({ before: shown(one.before), after: shown(one.after) })),
          },
          names,
          shipped: { sha256: print(VOCABULARY_EMPTY).shippedSha256, says: SHIPPED_SAYS },
        });
        return wantsPage(event) ? page(differencePage(answer, identity, timeZone)) : json(200, answer);
      }

      const asOf = at === undefined ? ports.now() : momentAsked("at", at, timeZone);
      const vocabulary = at === undefined ? (current ?? VOCABULARY_EMPTY) : await inForceAt(asOf);
      const { shippedSha256, ...printed } = print(vocabulary);
      const answer = VocabularyResponse.parse({
        version: vocabulary.version,
        since: vocabulary.at,
        asOf: asOf.toISOString(),
        practice: identity,
        countSays: COUNT_SAYS,
        ...printed,
        names: vocabulary.names,
        shipped: { sha256: shippedSha256, says: SHIPPED_SAYS },
      });
      return wantsPage(event) ? page(vocabularyPage(answer, timeZone)) : json(200, answer, answer.version);
    },
  };
}
