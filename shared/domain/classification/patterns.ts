import type { Category } from "./categories.ts";

/** A named pattern over folded text. Every quantifier is bounded, so that matching takes linear time. */
export type Pattern = {
  readonly rule: string;
  readonly category: Category;
  readonly tier: 2 | 3;
  readonly pattern: RegExp;
};

const NUMBER = "\\d{1,4}(?:[.,]\\d{1,3})?";
const FILLER = "(?:[\\p{L}\\p{N}']{1,15} ){0,3}";
const VERDICT =
  "(?:normal|negative|positive|abnormal|clear|clean|fine|good|great|perfect|excellent|high|higher|low|lower|elevated|stable|benign|unchanged|improved|better|worse|concerning|borderline|inconclusive|reassuring|ok|okay|off)";

/** Shapes and contexts that tell something clinical (tier 3) or that something is waiting (tier 2). */
export const PATTERNS: readonly Pattern[] = [
  {
    rule: "dose",
    category: "medication",
    tier: 3,
    pattern: new RegExp(
      `\\b${NUMBER}\\s?(?:mgs?|mcg|ug|meq|iu|units?|unidades|puffs?|tabs?|caps?|tabletas?|pastillas?|capsulas?|gotas|ml|mls|cc|miligramos|disparos)\\b(?! (?:left|remaining|storage))`,
      "gu",
    ),
  },
  {
    rule: "dosing-schedule",
    category: "medication",
    tier: 3,
    pattern:
      /\b(?:q ?(?:2|4|6|8|12|24) ?h(?:rs?|ours)?|every (?:4|6|8|12|four|six|eight|twelve)(?: to (?:6|8))? h(?:ou)?rs|cada (?:4|6|8|12|24) (?:hrs?|horas)|(?:once|twice|2x|3x|two times|three times) (?:a|per) day with)\b/gu,
  },
  {
    rule: "blood-pressure-pair",
    category: "result",
    tier: 3,
    pattern: /(?<![\d/.$-])(?:[89]\d|1\d\d|2[0-3]\d)\s?(?:\/|over|sobre)\s?(?:[4-9]\d|1[0-3]\d)(?![\d/])/gu,
  },
  {
    rule: "body-temperature",
    category: "symptom-from-patient",
    tier: 3,
    pattern: /(?<![\d$.#])(?:(?:99|10[0-5])\.\d|3[789]\.\d)(?![\d%])/gu,
  },
  {
    rule: "diagnosis-code",
    category: "code",
    tier: 3,
    pattern: /(?<![\p{L}\p{N}.@/])[a-tv-z]\d[\dab]\.\d[\da-z]{0,3}(?![\p{L}\p{N}@/])/gu,
  },
  {
    rule: "labelled-diagnosis-code",
    category: "code",
    tier: 3,
    pattern:
      /\b(?:dx|diag|diagnos[a-z]{2,4}|icd(?:-?10)?|codigo dx)\b[^\p{L}\n]{0,4}(?:code )?[a-tv-z]\d[\dab][\da-z]{0,4}\b/gu,
  },
  {
    rule: "procedure-code",
    category: "code",
    tier: 3,
    pattern:
      /\b(?:cpt|hcpcs|procedure code|proc code|billed|charged|charge for|codigo)\b[^\n]{0,12}?\b(?:\d{5}|\d{4}[ftu]|[a-v]\d{4})\b|\bcode [a-v]\d{4}\b/gu,
  },
  {
    rule: "measured-value",
    category: "result",
    tier: 3,
    pattern: new RegExp(
      `\\b(?:a1c|ldl|hdl|tsh|psa|inr|bp|o2|sats|spo2|egfr|gfr|hgb|hb|wbc|plt|ferritin|sugars?|glucose|fasting|azucar|presion|temperatura|bmi|cholesterol|colesterol|viral load|ef)\\b\\W{0,3}${FILLER}(?:[=:@] ?)?${NUMBER}(?! ?(?:am|pm|a\\.m|p\\.m|:))\\b`,
      "gu",
    ),
  },
  {
    rule: "result-verdict",
    category: "result",
    tier: 3,
    pattern: new RegExp(
      `\\b(?:results?|labs?|lab ?work|blood ?work|tests?|scans?|x-?rays?|biopsy|numbers|levels?|counts?|panel|screening|swab|culture|image|images|imaging) ${FILLER}(?:is|are|was|were|looks?|looked|came|come|comes|all|remains?) ${FILLER}${VERDICT}\\b`,
      "gu",
    ),
  },
  {
    rule: "result-verdict",
    category: "result",
    tier: 3,
    pattern: new RegExp(
      `\\b(?:resultados?|analisis|examen(?:es)?|pruebas?|estudios?|laboratorios?|placas?|cultivo|numeros|niveles) ${FILLER}(?:salio|salieron|es|son|esta|estan|fue|fueron|dio|dieron) ${FILLER}(?:normal(?:es)?|anormal(?:es)?|negativ[oa]s?|positiv[oa]s?|bien|mal|alt[oa]s?|baj[oa]s?|limpi[oa]s?|perfect[oa]s?|estables?|mejor(?:es)?|peor(?:es)?)\\b`,
      "gu",
    ),
  },
  {
    rule: "came-back",
    category: "result",
    tier: 3,
    pattern: new RegExp(`\\b(?:came|come|comes|coming) back ${FILLER}${VERDICT}\\b`, "gu"),
  },
  {
    rule: "visit-reason",
    category: "other",
    tier: 3,
    pattern:
      /\b(?:chief complaint|reason for (?:your )?(?:visit|appointment|appt)|visit reason|motivo de (?:la |su )?(?:cita|visita|consulta))\b\s?[:=-]\s?(?!(?:office visit|follow|annual|other|n\/a|none|not (?:given|provided)))[\p{L}\p{N}"']/gu,
  },
  {
    rule: "clinical-emoji",
    category: "other",
    tier: 3,
    pattern:
      /[\u{1f48a}\u{1f489}\u{1fa78}\u{1f930}\u{1f9ec}\u{1f92e}\u{1f922}\u{1fac0}\u{1fac1}\u{1f912}\u{1f915}\u{1f927}\u{1f9a0}\u{1f9eb}\u{1fa7b}\u{1fa7a}]/gu,
  },
  {
    rule: "results-waiting",
    category: "portal-notice",
    tier: 2,
    pattern:
      /\b(?:results?|reports?|resultados?|informes?|reportes?)\b[^.!?\n]{0,60}?\b(?:ready|available|waiting|posted|uploaded|in|online|up|listos?|listas?|disponibles?|esperan(?:do)?|publicad[oa]s?|lleg(?:o|aron)|en el portal)\b/gu,
  },
  {
    rule: "message-waiting",
    category: "portal-notice",
    tier: 2,
    pattern:
      /\b(?:new|unread|secure|nuevo|nueva|seguro)\b[^.!?\n]{0,20}?\b(?:messages?|msgs?|documents?|letter|files?|statements?|notes?|reply|mensajes?|documentos?|carta|archivos?|notas?|respuesta)\b|\b(?:mensajes?|documentos?|carta|archivos?|notas?|respuesta|estado de cuenta)\b[^.!?\n]{0,12}?\b(?:nuev[oa]s?|segur[oa]s?|lista|listo|sin leer)\b/gu,
  },
  {
    rule: "waiting-in-portal",
    category: "portal-notice",
    tier: 2,
    pattern:
      /\b(?:messages?|documents?|letters?|summary|summaries|notes?|statements?|instructions|care plans?|records?|forms?|questionnaires?|mensajes?|documentos?|cartas?|resumen|notas?|estado de cuenta|instrucciones|plan de cuidados?|expediente|formularios?|formas?|cuestionario)\b[^.!?\n]{0,60}?\b(?:ready|available|waiting|posted|uploaded|in your (?:portal|inbox|account)|in the portal|listos?|listas?|disponibles?|esper[a-z]{1,5}|en el portal|en su (?:portal|bandeja|cuenta))\b/gu,
  },
  {
    rule: "see-in-portal",
    category: "portal-notice",
    tier: 2,
    pattern:
      /\b(?:log ?in|sign ?in|log ?on|inicie sesion|ingrese|entre al portal|entra al portal)\b[^.!?\n]{0,30}?\b(?:view|see|read|open|review|find out|ver(?:l[oa]s?)?|leer(?:l[oa]s?)?|revisar(?:l[oa]s?)?)\b/gu,
  },
];

const DRUG_STEM =
  /(?:mab|tinib|ciclib|gliptina?|gliflozina?|glutida?e?|sartan|prilo?|olol|vastatina?|conazole?|nazol|cillina?|cilina|mycina?|micina|cyclinee?|ciclina|floxacino?|navir|gravir|buvir|ciclovir|prazole?|prazol|triptan|oxetinee?|oxetina|zepam|zolam|parina?|xaban|lukast|terol|asone|profeno?|caine|caina|barbital|azosina?|dipinee?|dipino|setrone?|tidinee?|tidina|formina?|thiazide|tiazida|semide|semida|parib|vudine|citabine|rubicin|platin)$/;
const CLINICAL_ENDING =
  /(?:itis|osis|emia|aemia|ectomy|ectomia|ostomy|otomy|oscopy|oscopia|plasty|plastia|pathy|patia|uria|algia|plegia|oma|omas|opsia|ography|ografia|ogram|ograma|iatry|iatria|iatrist|iatra|iatrician|ologist|ologia|ologo|ologa|ology|opnea|rrhea|rrhage|rragia|rrea|phobia|fobia|mania|plasia|sclerosis|tropin|cytosis|penia|megaly|dontist|dontics)$/;
/** Everyday words with a clinical ending that are not among the common words. */
const ENDING_EXCEPTIONS =
  /^(?:apology|anthology|analogy|etymology|terminology|chronology|methodology|meteorolog|tecnolog|metodolog|cronolog|ecolog|antolog|disculp|photograph|geograph|bibliograph|fotograf|geograf|ortograf|biograf|telegram|instagram|program|hologram|diagram|diploma|aroma|oklahoma|tacoma|sonoma|roma|idioma|broma|axioma|sympath|empath|simpat|empat|telepath|academia|bohemia|metropolis|osmosis|tbilisi|genesis|glasnost|zoolog|geolog|sociolog|ideolog|mytholog|archaeolog|astrolog|teolog|theolog|paloma|loma|coma|toma|retoma|asoma|goma|doma|sintoma|kilogram|monogram|cinematogr|choreogr|typograph|cartograph|demograph|topograph|tipograf|coreograf|caligraf|calligraph|parking)/;

/** The category that a word's ending gives away, for a word that the lexicon does not know. */
export function categoryOfEnding(word: string): Category | undefined {
  if (word.length < 7 || ENDING_EXCEPTIONS.test(word)) return undefined;
  if (DRUG_STEM.test(word)) return "medication";
  if (!CLINICAL_ENDING.test(word)) return undefined;
  if (/(?:iat|olog|dont)/.test(word.slice(-10))) return "specialty";
  return /(?:tomy|tomia|scop|plast|graf|graph|gram)/.test(word.slice(-9)) ? "procedure" : "diagnosis";
}
