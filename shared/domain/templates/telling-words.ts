const list = (words: string): readonly string[] => words.trim().split(/\s+/);
const phrases = (text: string): readonly string[] =>
  text.split(/[|\n]/).map((phrase) => phrase.trim().replaceAll(" ", ""));

/**
 * Words that in a sentence have many senses, and in a name one. The classifier knows by itself those that have one
 * everywhere. Small letters, without accents.
 */
const IN_NAMES: ReadonlySet<string> = new Set(
  list(`
    breast breasts brest mammo mama heart hearts hrt corazon kidney kidneys kdny kidny rinon rinones lung lungs pulmon
    pulmones liver higado brain cerebro nerve nerves spine columna skin piel eye eyes ojo ojos vein veins venas prostate
    prostata uterus womb colon bone bones huesos joint joints foot feet ear ears oidos
    cardio cardiac neph nephro nefro neuro uro pulm gastro derm rheum endo heme hemo onc onco ortho gyn gyno gine gineco
    obgyn fert psych psyc psiq psic psico psy shrink bhvl behav behavioral mental counselor counselors consejera consejero
    parkinson parkinsons proton stroke wound wounds burn burns trauma tumor tumors pain dolor sleep sueno weight peso obesity
    azucar memory memoria hearing allergy allergies alergia alergias asthma asma hormone hormones hormona hormonas
    recovery recuperacion sober sobrio sobriedad sobriety detox tox sponsor crisis
    trans transgender lgbt lgbtq lgbtqia queer pride gay lesbian gender genero women woman womens mujer mujeres men mens
    maternity maternidad prenatal labor birth birthing parto midwife midwives partera parteras doula lactation pregnancy
    embarazo hospice hospicio comfort specialty cancer cancers quimio chemo infusion infusions plasma transplant trasplante
    trasplantes rehab rehabilitation rehabilitacion
    blood sangre genetic genetics cystic viral gambling anger vision optica hiv vih aids sida hepc hcv bmt ivf iui msk mskcc ctca ppfa nicu picu icu mri tms ekg
  `),
);

/** Letters for degrees, boards and departments that tell a kind of care. */
const LETTERS: ReadonlySet<string> = new Set(
  list(`
    aod iop php tbi lcsw lcswa lcswr lmsw licsw lisw lgsw lmft lmfta mft lpc lpca lpcc lmhc lmhca lcpc lcmhc lcmhca psyd
    pmhnp pmhcns lcdc ladc cadc caadc lcadc lcas cadac casac msw bcba bcaba cnm dpt rpt otr cota slp aud rdn dcnp
    facog facc fasn fapa facr facs faad faan faaos facg fccp fcap faaaai fascrs fasam faua fapm fidsa dpm whnp ocn aocn aocnp
    aocns cphon cpon bmtcn cdces cwocn cwcn wocn ibclc achpn chpn nnp crna bcadm ndtr
  `),
);
/** The same in these capitals only: names are written like these, too. */
const CAPITALS: ReadonlySet<string> = new Set(
  list(`
    PT OT MAT ID RD ED ER OB GI CV BH MH CF HEM SUD ENT ABI ALS ECT HRT STI STD TB ABA PET CT GU GYN PTA RBT CDE CNN CPM
    AHF ATI APLA VITAS PEP PREP PrEP LAc AA NA ART
  `),
);
/** What a person can be beside that, and tells no kind of care. Any other letters behind a name are refused. */
const DEGREES: ReadonlySet<string> = new Set(
  list(`
    MD DO MBBS MBCHB NP FNP FNPC FNPBC ANP CNP CRNP DNP APRN ARNP CPNP PNP PA PAC RN RNC BSN MSN ADN LPN LVN CMA MA BC C
    PHD PHARMD MPH MHA MBA MS MSC BS BA BSC FACP FAAFP FAAP DDS DMD JR SR II III IV
  `),
);

/**
 * Well-known houses of one kind of care in the United States: hospitals, chains, foundations, makers, and shops that sell for
 * one condition; and pairs of words that tell what neither does alone. Compared without spaces.
 */
const HOUSES: ReadonlySet<string> = new Set(
  phrases(
    `davita|fresenius|us renal|american renal|satellite healthcare|somatus|dialyze direct|national kidney
    dana farber|md anderson|moffitt|city of hope|fox chase|sloan kettering|roswell park|fred hutch|fred hutchinson|huntsman institute
    huntsman center|karmanos|siteman|winship|perlmutter|sylvan|texas oncology|komen|livestrong|gildas club|relay for life
    st jude|saint jude|san judas|shriners|ronald mcdonald|make a wish|march of dimes
    planned parenthood|whitman walker|callen lorde|fenway health|fenway institute|howard brown|apla health|lyon martin|gmhc|ryan white
    title x|title ten|positive care|gilead|viiv|folx|queermed|carafem
    betty ford|hazelden|phoenix house|caron|caron center|sierra tucson|menninger|sheppard pratt|mclean hospital|silver hill|austen riggs
    rogers behavioral|cirque lodge|daytop|odyssey house|oxford house|gateway foundation|bicycle health|workit|brightview|baymark
    acadia|acadia healthcare|cleanslate|spero health|talkspace|betterhelp|lifestance|octave|grow therapy|thriveworks|mindpath
    kennedy krieger|joslin|barbara davis|sansum|shady grove fertility|ccrm|kindbody|shady grove
    hims|ro clinic|low t|jenny craig|noom|vitas|amedisys|aveanna|encompass health|kessler|kessler institute|shepherd center
    craig hospital|spaulding rehab|shirley ryan|mary free bed|ati physical|athletico|novacare|miracle ear|beltone|lenscrafters
    bascom palmer|wills eye|barrow institute|rothman|rothman institute|eating recovery|renfrew|renfrew center|alsana|monte nido
    autism speaks|hopebridge|clearchoice|national jewish|vitalant|octapharma|biolife|grifols
    accredo|bioplus|diplomat|avita|curexa|onco 360|acariahealth|lumicera|senderra|biologics|genoa healthcare|option care|kabafusion
    labor delivery|labor and delivery|l and d|hep c|hepatitis c|sub clinic|wt loss|weight loss|sexual health|sxl health|baby center|foster care|women s|men s`,
  ),
);
/** Surnames, too: whoever has one of these is no house, and no part of the body. */
const SURNAMES: ReadonlySet<string> = new Set(
  list(`
    moffitt karmanos siteman winship perlmutter sylvan komen caron menninger joslin kessler rothman renfrew gilead
    bone bones foot lung colon brain pride hurt mens mama blood burns burn parkinson weight gay labor birth shin eyer
  `),
);

const WORDS_OF_HOUSE_MAX = 4;

/** A stretch of a name that tells, `[start, end)` in UTF-16 units. */
interface Telling {
  readonly start: number;
  readonly end: number;
}

/** Whether a word, in small letters, tells by itself in a name. */
export function tellsAsWord(word: string): boolean {
  return IN_NAMES.has(word) || LETTERS.has(word) || HOUSES.has(word);
}

/**
 * Where a name has a word, letters or a house that tells of a kind of care. A word at `surname` is a person's and tells only
 * where nobody is called so.
 */
export function tellingWords(name: string, surname?: number): readonly Telling[] {
  const words = [...name.matchAll(/[A-Za-z]+|\d+/g)].map(({ index: start, 0: written }) => ({
    start,
    end: start + written.length,
    written,
    small: written.toLowerCase(),
  }));
  const isSurname = (word: (typeof words)[number]) => word.start === surname && SURNAMES.has(word.small);
  const alone = words.filter((word) => {
    const { small, written } = word;
    if (isSurname(word)) return false;
    return IN_NAMES.has(small) || LETTERS.has(small) || CAPITALS.has(written);
  });
  const houses = words.flatMap((first, index) =>
    words
      .slice(index, index + WORDS_OF_HOUSE_MAX)
      .map((_, more) => words.slice(index, index + more + 1))
      .filter((window) => HOUSES.has(window.map(({ small }) => small).join("")))
      .filter((window) => !(window.length === 1 && isSurname(first)))
      .map((window): Telling => ({ start: first.start, end: window.at(-1)?.end ?? first.end })),
  );
  return [...alone.map(({ start, end }) => ({ start, end })), ...houses];
}

/**
 * Letters behind a person's name, after a comma or at the end, that are not among the degrees that tell no kind of care:
 * there are hundreds of others, and nearly all tell one.
 */
export function unknownDegrees(name: string): readonly Telling[] {
  const comma = name.indexOf(",");
  const hasSmall = /[a-z]{2}/.test(name);
  const found = [...name.matchAll(/[A-Za-z]+(?:[-.][A-Za-z]+)*/g)].map(({ index: start, 0: written }) => ({
    start,
    end: start + written.length,
    letters: written.replaceAll(/[^A-Za-z]/g, ""),
  }));
  return found
    .filter(({ start, end, letters }) => {
      const capitals = letters.replaceAll(/[^A-Z]/g, "").length;
      const isDegree = capitals > 1 && capitals * 2 >= letters.length;
      const isLast = end === name.length && hasSmall && /^[A-Z]{3,}$/.test(letters);
      return (comma !== -1 && start > comma && isDegree) || isLast;
    })
    .filter(({ letters }) => !DEGREES.has(letters.toUpperCase()))
    .map(({ start, end }) => ({ start, end }));
}
