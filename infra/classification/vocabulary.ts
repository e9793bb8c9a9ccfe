import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Category } from "#shared/domain/classification/categories.ts";

/** A term of the vocabulary sources with the category its source implies. */
export type VocabularyTerm = { readonly term: string; readonly category: Category };

function lines(folder: string, name: string): string[] {
  return readFileSync(join(folder, name), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** The category of an ICD-10-CM code by its chapter; `undefined` for external causes and contacts, whose words are everyday words. */
function categoryOfIcd(code: string): Category | undefined {
  const letter = code[0] ?? "";
  const block = code.slice(0, 3);
  if ("UVWXYZ".includes(letter)) return undefined;
  if (block === "B20" || (letter === "A" && block >= "A50" && block <= "A64")) return "hiv-sti";
  if (letter === "F") return block <= "F19" && block >= "F10" ? "substance" : "mental-health";
  if (letter === "O" || (letter === "N" && block >= "N40")) return "sexual-reproductive";
  if (letter === "R") return "symptom-from-patient";
  return "diagnosis";
}

/** All terms of a vocabulary folder (the files named in NOTICE.md), most specific category first. */
export function readVocabulary(folder: string): VocabularyTerm[] {
  const terms: VocabularyTerm[] = [];
  for (const line of lines(folder, "fda-drug-names.tsv").slice(1)) {
    terms.push({ term: line.split("\t")[1] ?? "", category: "medication" });
  }
  for (const line of lines(folder, "symptom-ontology.obo")) {
    const name = /^name: (.+)$/.exec(line)?.[1] ?? /^synonym: "([^"]+)"/.exec(line)?.[1];
    if (name !== undefined) terms.push({ term: name, category: "symptom-from-patient" });
  }
  for (const [name, codeAt, termAt] of [
    ["icd10cm-inclusion-terms.tsv", 0, 1],
    ["icd10cm-titles.tsv", 0, 2],
  ] as const) {
    for (const line of lines(folder, name).slice(1)) {
      const cells = line.split("\t");
      const category = categoryOfIcd(cells[codeAt] ?? "");
      if (category !== undefined) terms.push({ term: cells[termAt] ?? "", category });
    }
  }
  for (const line of lines(folder, "disease-ontology-en.tsv").slice(1)) {
    terms.push({ term: (line.split("\t")[1] ?? "").replaceAll('"', ""), category: "diagnosis" });
  }
  for (const line of lines(folder, "disease-ontology-es.tsv").slice(1)) {
    const cells = line.split("\t");
    const predicate = cells[1] ?? "";
    // Definitions are sentences; labels and synonyms are terms.
    if (predicate === "rdfs:label" || predicate.endsWith("Synonym"))
      terms.push({ term: cells[3] ?? "", category: "diagnosis" });
  }
  for (const line of lines(folder, "medquad-terms.txt")) terms.push({ term: line, category: "diagnosis" });
  return terms;
}
