import { expect, it } from "vitest";
import { classify } from "#shared/domain/classification/classify.ts";

/** Terms that must decide by themselves, in whatever harmless sentence they stand. */
const TERMS: Readonly<Record<string, string>> = {
  "generic drugs":
    "atorvastatin lisinopril levothyroxine metformin amlodipine metoprolol omeprazole losartan albuterol gabapentin hydrochlorothiazide sertraline simvastatin montelukast escitalopram furosemide fluticasone trazodone pantoprazole bupropion prednisone tamsulosin duloxetine meloxicam clopidogrel carvedilol cyclobenzaprine citalopram warfarin insulin alprazolam clonazepam lorazepam buprenorphine naltrexone methadone semaglutide tirzepatide adalimumab pembrolizumab apixaban rivaroxaban lithium quetiapine aripiprazole risperidone lamotrigine methotrexate tamoxifen letrozole ondansetron amoxicillin azithromycin doxycycline ciprofloxacin fluconazole acyclovir valacyclovir",
  brands:
    "ozempic wegovy mounjaro zepbound humira eliquis xarelto jardiance farxiga trulicity lantus januvia entresto dupixent keytruda biktarvy descovy truvada suboxone vivitrol narcan adderall vyvanse xanax lexapro zoloft prozac viagra cialis nexplanon mirena paxlovid leqembi zurzuvae veozah skyrizi rinvoq ubrelvy nurtec spravato",
  conditions:
    "diabetes hypertension asthma cancer leukemia lymphoma melanoma depression anxiety schizophrenia epilepsy migraine arthritis osteoporosis psoriasis eczema hepatitis cirrhosis pneumonia tuberculosis anemia hypothyroidism glaucoma endometriosis fibromyalgia lupus dementia autism pancreatitis diverticulitis gonorrhea chlamydia syphilis herpes hiv",
  symptoms:
    "vomiting diarrhea nausea dizziness rash fever headache bleeding swelling palpitations cough wheezing constipation insomnia numbness",
  "tests and procedures":
    "colonoscopy mammogram biopsy mri ultrasound endoscopy ekg echocardiogram bloodwork chemotherapy radiation dialysis hysterectomy vasectomy mastectomy tonsillectomy cystoscopy angiogram",
  specialties:
    "oncology cardiology dermatology psychiatry urology gynecology neurology nephrology endocrinology gastroenterology rheumatology pulmonology hepatology orthopedics oncologist psychiatrist cardiologist urologist podiatrist",
  Spanish:
    "embarazo embarazada aborto diabetes hipertensión cáncer quimioterapia oncología cardiología psiquiatra ginecólogo sífilis gonorrea clamidia vih sida depresión ansiedad convulsiones metformina insulina pastillas antibiótico anticonceptivos vómito diarrea fiebre náuseas mareos sangrado colonoscopía mamografía biopsia ultrasonido cirugía diálisis metadona sobredosis recaída neumonía hepatitis alcohólico",
};
const CARRIERS = [
  "See you Tuesday at 3 for the X.",
  "X",
  "Hi Ana, about your X: please call the office.",
  "Hola, sobre X: llámenos por favor.",
  "our website example.com/X has directions",
];

it.each(Object.keys(TERMS))("%s", (name) => {
  const missed = (TERMS[name] ?? "")
    .split(" ")
    .flatMap((term) =>
      CARRIERS.map((carrier) => carrier.replace("X", term)).filter(
        (text) => !classify(text, { direction: "outbound" }).reasons.some(({ via }) => via !== "model"),
      ),
    );
  expect(missed).toEqual([]);
});
