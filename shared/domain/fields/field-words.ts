import type { Category } from "../classification/categories.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Words of a field's name that say that it is filled with something clinical, by what it tells of. */
const CLINICAL: Readonly<Partial<Record<Category, ReadonlySet<string>>>> = {
  diagnosis: words(
    "diagnosis diagnoses diagnostic dx problem problems condition conditions disease disorder allergy allergies allergen diagnostico diagnosticos condicion enfermedad padecimiento alergia alergias",
  ),
  medication: words(
    "medication medications medicine medicines med meds drug drugs rx prescription prescriptions dose doses dosage sig ndc pill pills medicamento medicamentos medicina medicinas dosis receta recetas",
  ),
  procedure: words(
    "procedure procedures proc surgery surgeries operation test tests exam exams imaging scan scans study studies treatment treatments therapy therapies order orders lab labs screening procedimiento procedimientos cirugia prueba pruebas examen examenes tratamiento tratamientos terapia estudio estudios laboratorio",
  ),
  result: words(
    "result results finding findings reading readings interpretation impression vital vitals resultado resultados hallazgo hallazgos",
  ),
  specialty: words(
    "specialty specialties speciality specialities department departments dept dep division service services program especialidad especialidades departamento servicio servicios programa",
  ),
  code: words("icd icd9 icd10 cpt hcpcs snomed loinc drg"),
  "symptom-from-patient": words("symptom symptoms complaint sintoma sintomas queja"),
  "vaccination-status": words(
    "vaccine vaccines vaccination immunization immunizations shot shots vacuna vacunas",
  ),
  equipment: words("equipment device devices dme equipo"),
  referral: words("referral referrals referencia"),
  other: words("reason reasons rfv indication motivo motivos razon"),
};

/** A name's words that say what kind of visit it is, when they stand beside a word for a visit. */
const KIND_OF = words("type types kind category name names description desc title tipo nombre descripcion");
const VISITS = words(
  "visit visits appointment appointments appt appts apt encounter enc event session consult consultation class cita citas visita consulta",
);

/** Names of fields that carry whatever somebody typed. */
const FREE_TEXT = words(
  "note notes comment comments instruction instructions detail details description desc freetext narrative remark remarks message body content memo nota notas comentario comentarios instrucciones detalle detalles descripcion mensaje contenido",
);

const DATES = words("date day month year dob birthday birthdate weekday fecha dia mes ano nacimiento");
const TIMES = words("time hour hours start end arrival duration hora horas horario");
const LINKS = words("link url uri website web site portal enlace liga sitio pagina");
const PHONES = words("phone tel telephone cell mobile fax number numero telefono celular extension ext");
const EMAILS = words("email mail correo");
const PLACES = words(
  "address street city state zip zipcode country room suite floor building location place parking directions map direccion calle ciudad estado lugar ubicacion sala piso edificio",
);
const PRACTICES = words(
  "practice clinic office facility organization org company business hospital group center brand sender clinica consultorio oficina hospital centro empresa",
);
const PROVIDERS = words(
  "provider doctor dr physician clinician therapist counselor nurse surgeon dentist hygienist specialist caregiver staff resource doctora medico medica proveedor enfermera terapeuta dentista",
);
const AMOUNTS = words(
  "amount balance copay total fee fees cost price charge due payment deposit monto saldo pago copago costo precio",
);
const CODES = words("code pin otp token key codigo clave");
const NUMBERS = words("num no id count mrn account acct invoice confirmation cuenta factura folio");
const PEOPLE = words(
  "name names first last middle given family full fname lname firstname lastname surname nickname preferred salutation greeting title user recipient patient pt client member guardian parent mother father child nombre nombres apellido apellidos paciente cliente usuario",
);
const PHARMACIES = words("pharmacy store farmacia");
/** Whatever it is that one of these is called: a name that may be a specialty's. */
const CALENDARS = words("calendar calendars calendario schedule agenda");
/** Words that occur in names of fields and decide nothing. */
const QUALIFIERS = words(
  "of for the a an to at in on is and or next new old my our your with by current previous prior original scheduled upcoming begin from until short long formatted format local display text label value default custom contact home work main primary secondary system sms insurance insurer payer policy language gender sex pronoun age timezone zone confirm cancel reschedule reply opt out stop de del la el los las para con su y en proxima proximo idioma seguro referring attending rendering",
);

const VOCABULARY: ReadonlySet<string> = new Set(
  [
    ...Object.values(CLINICAL),
    ...[KIND_OF, VISITS, FREE_TEXT, DATES, TIMES, LINKS, PHONES, EMAILS, PLACES, PRACTICES, PROVIDERS],
    ...[AMOUNTS, CODES, NUMBERS, PEOPLE, PHARMACIES, CALENDARS, QUALIFIERS],
  ].flatMap((set) => [...set]),
);

/** Spanish puts the word that decides first: `fecha_del_examen`. */
const SPANISH_HEADS = words(
  "fecha dia hora horario enlace liga sitio pagina telefono celular correo direccion lugar ubicacion",
);
const NUMBER_WORDS = words("number numero");
/** The number, not the name, of one of these tells nothing. */
const NUMBERED = words("rx prescription prescriptions order orders service services receta recetas referral");

/** What fills a field that is neither clinical nor free text. */
export type SlotKind =
  | "person"
  | "provider"
  | "practice"
  | "pharmacy"
  | "place"
  | "date"
  | "time"
  | "date-time"
  | "phone"
  | "link"
  | "email"
  | "amount"
  | "code"
  | "number"
  | "unknown";

/** What the name of a field says about what fills it. */
export type FieldMeaning =
  | { readonly is: "harmless"; readonly kind: SlotKind }
  | { readonly is: "clinical"; readonly category: Category }
  | { readonly is: "free-text" };

/** Whether a word decides nothing in a field's name, such as an article. */
export function isQualifier(word: string): boolean {
  return QUALIFIERS.has(word);
}

/** Whether a word is one that names of fields are made of. */
export function isFieldWord(word: string): boolean {
  return VOCABULARY.has(word);
}

/**
 * Cuts a name that is written as one word (`APPTDATE`) into the words that names of fields are made of, longest first.
 * Gives the word as it is where that does not come out even.
 */
export function cutJoinedWord(word: string): readonly string[] {
  return cutIntoWords(word, VOCABULARY);
}

/** Cuts a word into as few words of a vocabulary as it is made of; gives it as it is where it is not. */
export function cutIntoWords(word: string, vocabulary: Pick<ReadonlySet<string>, "has">): readonly string[] {
  if (vocabulary.has(word) || word.length > 40) return [word];
  const best: (readonly string[] | undefined)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    for (let start = 0; start <= end - 2; start++) {
      const before = best[start];
      if (before === undefined || !vocabulary.has(word.slice(start, end))) continue;
      const whole = [...before, word.slice(start, end)];
      if (whole.length < (best[end]?.length ?? Infinity)) best[end] = whole;
    }
  }
  return best[word.length] ?? [word];
}

/** Reads the words of a field's name. What fills a date, a time, a link, a phone number or a place tells nothing itself. */
export function meaningOf(fieldWords: readonly string[]): FieldMeaning {
  const has = (set: ReadonlySet<string>) => fieldWords.some((word) => set.has(word));
  const last = fieldWords.at(-1) ?? "";
  const first = fieldWords[0] ?? "";
  const headed = (set: ReadonlySet<string>) => set.has(last) || (set.has(first) && SPANISH_HEADS.has(first));
  const harmless = (kind: SlotKind): FieldMeaning => ({ is: "harmless", kind });
  if (has(DATES) && headed(TIMES)) return harmless("date-time");
  if (headed(DATES)) return harmless(has(TIMES) ? "date-time" : "date");
  if (headed(TIMES)) return harmless("time");
  if (headed(LINKS)) return harmless("link");
  if (headed(EMAILS)) return harmless("email");
  if (headed(PLACES)) return harmless("place");
  if (headed(PHONES) && !NUMBER_WORDS.has(last)) return harmless("phone");
  const clinical = clinicalCategory(fieldWords);
  if (clinical !== undefined) return { is: "clinical", category: clinical };
  if (has(VISITS) && has(KIND_OF)) return { is: "clinical", category: "other" };
  if (fieldWords.length === 1 && (last === "type" || last === "tipo"))
    return { is: "clinical", category: "other" };
  if (has(PROVIDERS) && fieldWords.some((word) => word === "type" || word === "tipo"))
    return { is: "clinical", category: "specialty" };
  if (has(FREE_TEXT)) return { is: "free-text" };
  if (has(CALENDARS)) return harmless("unknown");
  const kinds: readonly [ReadonlySet<string>, SlotKind][] = [
    [PHARMACIES, "pharmacy"],
    [PROVIDERS, "provider"],
    [PRACTICES, "practice"],
    [AMOUNTS, "amount"],
    [DATES, "date"],
    [TIMES, "time"],
    [LINKS, "link"],
    [EMAILS, "email"],
    [CODES, "code"],
    [NUMBERS, "number"],
    [PHONES, "phone"],
    [PLACES, "place"],
    [PEOPLE, "person"],
  ];
  return harmless(kinds.find(([set]) => has(set))?.[1] ?? "unknown");
}

function clinicalCategory(fieldWords: readonly string[]): Category | undefined {
  const last = fieldWords.at(-1) ?? "";
  const counted = NUMBER_WORDS.has(last) || NUMBERS.has(last) || AMOUNTS.has(last);
  for (const [category, set] of Object.entries(CLINICAL) as [Category, ReadonlySet<string>][]) {
    if (fieldWords.some((word) => set.has(word) && !(counted && NUMBERED.has(word)))) return category;
  }
  return undefined;
}
