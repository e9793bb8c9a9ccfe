import type { NameSlot } from "#shared/domain/templates/text-name.ts";

/** A text name and what it names. */
export type Named = readonly [string, NameSlot];

function named(slot: NameSlot, block: string): readonly Named[] {
  return block
    .split("\n")
    .flatMap((line) => line.split("|"))
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => [name, slot]);
}

/** Each tells of a condition, a treatment or a kind of care. */
export const TELLING: readonly Named[] = [
  ...named(
    "location",
    `
    HIV Clinic|Positive Care HIV Center|AIDS Resource Office|Riverside Cancer Center|Oncology West|Breast Center
    Breast Ctr|Breast Health North|Prostate Center|Lung Center|Heart Center|Heart Ctr West|Heart & Vascular Suite|Cardiology
    Cardio Office|Cardiac Rehab|Cath Lab|Stroke Center|Brain & Spine Institute|Neurology Suite 200|Neuro Center|Epilepsy Unit
    Headache Center|Migraine Clinic|Memory Clinic|Memory Care North|Parkinson Center|MS Center|ALS Clinic|Sleep Lab|Sleep Center
    Psychiatry|Psych West|Peds Psych|Mental Health Office|Behavioral Health North|Behav. Health|Bhvl Health|Counseling Center
    Oak Therapy|Autism Center|ADHD Clinic|Eating Disorders Unit|Anxiety Center|Depression Clinic|Crisis Unit|Grief Center
    Recovery Center|Recovery House|Sober Living|Detox Unit|De-tox|Addiction Clinic|Substance Use Office|Methadone Clinic
    MAT Clinic|M.A.T. Clinic|Suboxone Office|Alcohol Program|Drug Treatment West|Rehab Center|Smoking Cessation
    Women's Health|Women's Center|Womens Care|Men's Health|Men's Clinic|OB-GYN|Ob.Gyn|Ob Gyn Suite 4|Prenatal Office
    Maternity Center|Labor & Delivery|L&D|Birth Center|Midwives of Oak|Lactation Room|Fertility West|Fert Clinic|IVF West
    Abortion Care|Family Planning|Birth Control Clinic|Menopause Center|Urology|Uro Office|Kidney Center|Kidney|Kidney Ctr East
    Dialysis Unit|Renal Care|Nephrology Suite|Transplant Office|BMT Unit|BMT|Infusion Center|Chemo Suite|Radiation Center
    Rad Onc|RadOnc|Proton Center|Gamma Knife|Tumor Clinic|Lymphoma Clinic|Leukemia Center|Sickle Cell Clinic|Hemophilia Center
    Blood Center|Coumadin Clinic|Diabetes Center|Sugar Clinic|Endocrine Office|Endocrinology|Thyroid Center|Weight Loss
    Bariatric Center|Obesity Medicine|Liver Center|Hepatitis Clinic|Hep C Clinic|GI Suite|Gastro Office|Endoscopy
    Colorectal Center|Colo-Rectal|Digestive Health|Asthma Center|Allergy Office|Pulmonary Suite|Pulm Clinic|COPD Clinic
    TB Clinic|T.B. Clinic|STD Clinic|S.T.D. Clinic|STI Office|Sexual Health|Title X Clinic|Infectious Disease
    Immunology|Rheumatology|Rheum Office|Arthritis Center|Lupus Clinic|Pain Center|Pain Mgmt West|Spine Center|Orthopedics
    Ortho West|Joint Replacement|Sports Medicine|Hand Surgery|Surgery Center|Burn Unit|Trauma Center|Wound Care|Vein Center
    Vascular Office|Skin Center|Skin Ctr|Dermatology|Derm Office|Plastic Surgery|Eye Center|Retina Office|Glaucoma Center
    Hearing Center|Audiology|ENT Office|E.N.T.|Podiatry|Foot Clinic|Physical Therapy|PT Gym|Speech Therapy|ABA Center
    Hospice House|Palliative Care|Comfort Care|Genetics|Genetic Counseling|Gender Clinic|Gender Care West|Trans Care|Trans Health
    LGBTQ Center|Pride Clinic|PrEP Center|PrEP|Ryan White Office|Mammography|Mammo Suite|Imaging Center|MRI|PET-CT|X-Ray North
    NICU|PICU|ICU West|TMS Center|ECT Suite|Ketamine Clinic|Cystic Fibrosis|CF Center|Veterans PTSD Unit|Suicide Prevention
    Ward 7 Oncology|4 East BMT|Nutrition Clinic|Biopsy Suite|Vasectomy Office|Erectile Center|HRT Clinic
    `,
  ),
  ...named(
    "location",
    `
    H I V Clinic|H.I.V. Clinic|H-I-V Clinic|H1V Clinic|HIV1|Hlv Clinic|VlH|hivclinic|HIVclinic|C4ncer Ctr|Can cer Center
    Can.cer Ctr|Ca&ncer|Cancer2|CancerCare|AIDSCare|A.I.D.S. Unit|A I D S Office|Onc.ology|Onco-logy|0ncology|Dia-betes
    DiabetesWest|D I A L Y S I S|Dialy sis Unit|KidneyCare|MyKidney|PsychWest|Psych2|HeartCare|heartcenter|BreastCare
    Thera py Center|Meth adone|Uro.logy|C.T. Scan|C a n c e r|STDclinic|HepC|TBclinic|onc2|GYN3|IVF2|DetoxNow|RecoveryNorth
    `,
  ),
  ...named(
    "location",
    `
    DaVita|DaVita Riverside|Da Vita|Fresenius|Fresenius Kidney|US Renal|Satellite Healthcare|Dana-Farber|MD Anderson
    M.D. Anderson|Moffitt|Moffitt Center|City of Hope|Fox Chase|Sloan Kettering|MSK|MSKCC|CTCA|Roswell Park|Fred Hutch
    Texas Oncology|Huntsman Institute|Karmanos|Siteman|St. Jude|Saint Jude|Shriners|Ronald McDonald House
    Planned Parenthood|PPFA|Whitman-Walker|Callen-Lorde|Fenway Health|Howard Brown|AHF|AHF Healthcare|Gilead|APLA
    Betty Ford|Betty Ford Center|Hazelden|Phoenix House|Caron|Sierra Tucson|Menninger|Sheppard Pratt|McLean Hospital
    Silver Hill|Joslin|Joslin Center|Barbara Davis|Shady Grove Fertility|CCRM|Kindbody|Sylvan|Acadia|Talkspace|BetterHelp
    LifeStance|Octave|BrightView|Aspen Dental Implants|VITAS|Amedisys|Aveanna|Encompass Health|Select Physical Therapy
    ATI|Miracle-Ear|LensCrafters|American Oncology|Kessler|Shepherd Center|Craig Hospital|Hims|Ro Clinic|Eating Recovery
    `,
  ),
  ...named(
    "provider",
    `
    Dr. Lee, Oncologist|Dr. Lee, Onc|Dr. Lee - HIV|Dr Lee H.I.V.|Dr. Lee & Chemo|Dr. Lee, Cardio|Dr. Roe, Cardiology
    Dr. Roe, Psychiatrist|Dr. Roe-Psych|Dr. Roe, Psych|Jane Roe, PsyD|Jane Roe, Psy.D.|Jane Roe, LCSW|Jane Roe, L.C.S.W.
    Jane Roe, L C S W|Jane Roe LMFT|Jane Roe, L.M.F.T.|Jane Roe, MFT|Jane Roe, LPC|Jane Roe, LMHC|Jane Roe, LADC
    Jane Roe, CADC|Jane Roe, CADC-II|Jane Roe, CNM|Jane Roe, C.N.M.|Jane Roe, PMHNP|Jane Roe, PMHNP-BC|Jane Roe, OCN
    Jane Roe, RN OCN|Jane Roe, CDCES|Jane Roe, RN CDE|Jane Roe, DPT|Jane Roe, D.P.T.|Jane Roe, RPT|Jane Roe, OTR/L
    Dr. Lee, FACOG|Dr. Lee, FACC|Dr. Lee, FASN|Dr. Lee, FAPA|Dr. Lee, FACR|Dr. Lee, FACS|Dr. Lee, FAAD|Dr. Lee, FAAN
    Dr. Lee, DPM|Dr. Lee, OD|Dr. Lee, O.D.|Dr. Lee, AuD|Dr. Lee, Au.D.|Dr. Roe, PhD Psychology|Jane Roe, RD|Jane Roe, RDN
    Jane Roe, BCBA|Jane Roe, SLP|Jane Roe, CCC-SLP|Jane Roe, WHNP|Jane Roe, IBCLC|Jane Roe, AOCNP|Jane Roe, CNN|Jane Roe, CWOCN
    Midwife Ann|Doula Ann|Therapist Ann|Counselor Ann|Shrink Lee|Sponsor Lee|Nurse Ann, Dialysis|Dr. Lee, Kidney
    Dr. Lee, Urologist|Dr. Lee, Surgeon|Dr. Lee, Pain|Dr. Lee, OB|Dr. Lee OB-GYN|Dr. Lee, Gyn|Dr. Lee, Neuro|Dr. Lee, Derm
    Dr. Lee, GI|Dr. Lee, Pulm|Dr. Lee, Endo|Dr. Lee, Rheum|Dr. Lee, Heme-Onc|Dr. Lee, ID|Dr. Lee, Fertility|Coach Ann, Sober
    `.replaceAll("OTR/L", "OTR-L"),
  ),
  ...named(
    "pharmacy",
    `
    HIV Pharmacy|Oncology Rx|Onco360|Ryan White Rx|PrEP Rx|Fertility Rx|Freedom Fertility|Suboxone Rx|Methadone Pharmacy
    AHF Pharmacy|Specialty Rx|Specialty Pharmacy|Accredo|BioPlus|Diplomat|Avita|Curexa|Cancer Center Pharmacy|Infusion Pharmacy
    Transplant Pharmacy|Dialysis Pharmacy|Psych Pharmacy|Hormone Pharmacy|Insulin Shop|Vaccine Pharmacy|Chemo Rx|Genoa Healthcare
    `,
  ),
  ...named(
    "location",
    `
    Clinica VIH|V.I.H.|Centro SIDA|Oncologia|Centro de Cancer|Centro Oncologico|Quimio|Quimioterapia|Radioterapia|Dialisis
    Centro de Dialisis|Centro Renal|Clinica del Rinon|Salud Mental|Psiquiatria|Psiq Norte|Psicologia|Consejeria|Adicciones
    Centro de Adicciones|Alcoholismo|Recuperacion|Desintoxicacion|Metadona|Clinica de la Mujer|Salud de la Mujer
    Ginecologia|Gineco Norte|Obstetricia|Maternidad|Embarazo|Centro Prenatal|Parteras|Fertilidad|Aborto|Planificacion Familiar
    Urologia|Prostata|Cardiologia|Centro del Corazon|Neurologia|Nefrologia|Nefro Sur|Gastro Sur|Endocrino|Diabetes Sur
    Clinica de Diabetes|Clinica del Dolor|Dermatologia|Clinica de la Piel|Ortopedia|Traumatologia|Terapia Fisica|Rehabilitacion
    Reumatologia|Neumologia|Tuberculosis|Hepatitis|Alergias|Clinica del Sueno|Control de Peso|Hospicio|Cuidados Paliativos
    Trasplantes|Mamografia|Centro de Mama|Rayos X|Resonancia|Cirugia|Vacunas|Oftalmologia|Clinica de Ojos|Hematologia
    `,
  ),
  ...named(
    "provider",
    `
    Dra. Ruiz, Oncologa|Dr. Ruiz, Psiq|Psiq. Ruiz|Psicologa Ruiz|Consejera Ruiz|Terapeuta Ruiz|Partera Ruiz|Dr. Ruiz, Nefro
    Dra. Ruiz, Gineco|Dr. Ruiz, Cardio|Dr. Ruiz, Onco|Dr. Ruiz, Urologo|Cardiologa Ruiz|Dr. Ruiz, Cirujano|Dr. Ruiz VIH
    `,
  ),
  ...named(
    "practice",
    "Hope Oncology|Bayside Dermatology|Lakeview Psychiatry|Riverside HIV Care|Valley Fertility|Summit Urology|Hope Hospice",
  ),
];

/** Whoever reads these learns that somebody has a doctor, an office or a pharmacy, and no more. */
export const TELLING_NOTHING: readonly Named[] = [
  ...named(
    "location",
    `
    Riverside Clinic|Northside Office 2|Main Office|North Office|South Clinic|Downtown|Downtown Office|East Side|Westgate
    Oak Street|Elm Street Office|Maple Avenue Clinic|5th Avenue Office|Suite 200|Building B, Suite 200|Floor 3|Tower 2
    Lakeside|Lakeview Clinic|Hillside Office|Valley Clinic|Harbor View|Bay Street|Bridge Street 12|Park Place|Parkside Office
    Green Hills|Cedar Grove|Pine Ridge|Willow Creek|Stone Bridge|Rockville|Springfield|Oakland|San Jose Office|Santa Rosa
    St. Mary's|St. Luke's Hospital|General Hospital|County Hospital|Community Clinic|Family Clinic|Family Practice
    Family Medicine|Primary Care|Medical Center|Medical Group West|Health Center|Wellness Center|Internal Medicine|Pediatrics
    Downtown Dental|Walk-In Clinic|The Annex|Room 12|Main Campus|Campus East|University Hospital|Airport Office
    Union Square|Market Street|Columbia Heights|Georgetown|Brooklyn Office|Queens|Bronx Clinic|Harlem Office|Long Island
    Fort Worth|Austin North|El Paso|Las Vegas|Phoenix Office|Tucson West|Denver|Boulder Office|Salt Lake|Portland
    Seattle Office|Tacoma|Anchorage|Honolulu|Chicago Loop|Detroit|Cleveland|Columbus|Atlanta|Miami Beach|Orlando|Tampa
    Video Visit|Phone Visit|Online|Our Office|Sunrise Clinic|New Town Office|Heartland Office|Bonefish Plaza|Brainerd
    Clinica del Sol|Clinica Santa Maria|Clinica Familiar|Centro|Centro de Salud|Centro Medico|Oficina Norte|Oficina Central
    Consultorio 5|Plaza Mayor|Calle Ocho|Avenida Central|Sucursal Sur|Hospital General|Edificio A|Clinica San Juan
    `,
  ),
  ...named(
    "provider",
    `
    Dr. Lee|Dr. Nguyen-Stone|Dr. O'Hara-Diaz|Dr. Smith|Dr. J. Smith|Dr. Garcia|Dra. Garcia|Dr. Maria Lopez|Dra. Lopez
    Ann Brown, NP|Sam Brown, PA|Sam Brown, PA-C|Ann Lee, RN|Ann Lee, MD|Ann Lee, M.D.|Dr. Ann Lee, DO|Jo Park, FNP|Nurse Ann
    Dr. Hart|Dr. Payne|Dr. Bone|Dr. Hand|Dr. Rose|Dr. Stone|Dr. Brown|Dr. Young|Dr. Short|Dr. Long|Dr. Love|Dr. Church
    Dr. Cook|Dr. Fish|Dr. Fox|Dr. Wolf|Dr. Bird|Dr. Snow|Dr. Winter|Dr. Day|Dr. Moon|Dr. King|Dr. Bishop|Dr. Baker
    Dr. Miller|Dr. Kim|Dr. Patel|Dr. Shah|Dr. Singh|Dr. Chen|Dr. Wang|Dr. Ng|Dr. Wu|Dr. Tran|Dr. Pham|Dr. Vu|Dr. Cohen
    Dr. Levy|Dr. Goldberg|Dr. Rossi|Dr. Mueller|Dr. Schmidt|Dr. Kowalski|Dr. Ivanov|Dr. Okafor|Dr. Adeyemi|Dr. Mensah
    Dr. Hassan|Dr. Ali|Dr. Khan|Dr. Rahman|Dr. Suzuki|Dr. Tanaka|Dr. Santos|Dr. Silva|Dr. Cruz|Dr. Reyes|Dr. Ramos
    Dr. Vargas|Dr. Castillo|Dr. Moreno|Dra. Flores|Dr. Ortiz|Dr. Gutierrez|Dr. Jimenez|Dr. Delgado|Dr. Mendoza
    Dr. Hernandez|Dr. McDonald|Dr. MacLean|Dr. DeLuca|Dr. Van Dyke|Dr. Anderson|Dr. Ford|Dr. Davis|Dr. White|Dr. Howard
    Dr. A. B. Jones|J. T. Lee|Mr. Lee|Ms. Roe|Our nurse|Team A|Team Blue|Dr. Christine Blackwell-Ito
    `,
  ),
  ...named(
    "pharmacy",
    `
    Main St Pharmacy|Main Street Pharmacy|Walgreens|CVS|CVS Pharmacy 12|Rite Aid|Costco|Walmart|Kroger Pharmacy|Publix
    Safeway|H-E-B Pharmacy|Corner Drug Store|Oak Pharmacy|Village Pharmacy|Farmacia Central|Farmacia del Pueblo|Botica Lopez
    Duane Reade|Target|Hillside Pharmacy|Pharmacy 24|Medicine Shoppe|Amazon Pharmacy|Mail order
    `,
  ),
  ...named(
    "practice",
    "Riverside Office|Riverside Family Practice|Oak Street Family Office|O'Hara, Lee & Co. 2-B|Lakeside|Downtown Dental|A",
  ),
];
