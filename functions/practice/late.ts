import { createJudge } from "#shared/vocabulary/judge.ts";
import type { Judge } from "#shared/vocabulary/ports.ts";
import { printVocabulary } from "#shared/vocabulary/print.ts";
import { type ShippedTemplate, shippedTemplates } from "#shared/vocabulary/shipped-list.ts";
import type { PracticeInTexts } from "#shared/vocabulary/slot-sets.ts";
import { differencePage } from "./views/difference-page.ts";
import { vocabularyPage } from "./views/vocabulary-page.ts";
import type { VocabularyPrinter } from "./vocabulary-routes.ts";

/** Everything that needs the classifier or the shipped texts. */
export interface Late {
  readonly judge: Judge;
  readonly printer: VocabularyPrinter;
  readonly shippedTemplates: () => readonly ShippedTemplate[];
}

/** What few requests need and no start waits for: the bundler puts it, classifier and all, into a file of its own. */
export function openLate(practice: PracticeInTexts): Late {
  return {
    judge: createJudge(practice),
    printer: {
      print: (vocabulary) => printVocabulary(practice, vocabulary),
      vocabularyPage,
      differencePage,
    },
    shippedTemplates,
  };
}
