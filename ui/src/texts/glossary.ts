/** One word of records or labs, explained in place and in Help. */
export interface Term {
  /** The name it is listed under. */
  word: string;
  /** Other ways it is written, as found in records and in Onhand itself. */
  also?: readonly string[];
  /** What it is, for a reader who has never met it. No advice, no judgement of a value. */
  text: string;
  /** Where it belongs in Help. */
  topic: Topic;
}

/** The parts of the glossary, in the order Help shows them. */
export const TOPICS = [
  'record',
  'blood',
  'chemistry',
  'fats',
  'hormones',
  'urine',
  'reading',
  'vitals',
  'medicines',
  'care',
  'portal',
] as const;
export type Topic = (typeof TOPICS)[number];

const term = (topic: Topic, word: string, text: string, also?: string[]): Term =>
  also === undefined ? { topic, word, text } : { topic, word, text, also };

/** Words of records and labs. */
export const GLOSSARY: readonly Term[] = [
  // What a record is made of
  term(
    'record',
    'Allergy',
    'A reaction of the body’s defences to something, or a substance a person must not be given. Practices write down the substance, how the body reacted and how bad it was.',
    ['Allergies'],
  ),
  term(
    'record',
    'Intolerance',
    'A bad effect of a substance that is not an allergy, an upset stomach from a medicine for example. Portals keep both in one list.',
  ),
  term(
    'record',
    'Reaction',
    'What happened when the person met the substance: a rash, swelling, trouble breathing.',
  ),
  term(
    'record',
    'Criticality',
    'How bad the practice thinks a reaction could become. It is not how bad the last one was.',
  ),
  term(
    'record',
    'Condition',
    'An illness, an injury or another state of health that a practice has written down. Onhand lists them under problems.',
    ['Problem', 'Diagnosis', 'Diagnoses'],
  ),
  term('record', 'Chronic', 'Lasting a long time, often for life. It says nothing about how bad it is.'),
  term('record', 'Acute', 'Begun suddenly, or lasting a short time.'),
  term('record', 'Remission', 'The signs of an illness have become fewer or gone. It may still be there.', [
    'In remission',
  ]),
  term('record', 'Relapse', 'An illness has come back after it was better.'),
  term('record', 'Onset', 'When something began, as far as the practice knows.'),
  term('record', 'Abatement', 'When something ended or got better, as far as the practice knows.'),
  term('record', 'Provisional', 'A diagnosis that is thought of and not yet sure.', [
    'Provisional diagnosis',
  ]),
  term(
    'record',
    'Differential',
    'One of several diagnoses being thought about. In a blood count the same word means how many there are of each kind of white cell.',
    ['Differential diagnosis'],
  ),
  term('record', 'Refuted', 'Looked into and found not to be so. Onhand writes “ruled out”.', ['Ruled out']),
  term(
    'record',
    'Entered in error',
    'The practice has taken this entry back. Onhand keeps it where you can see that it was there, and counts it nowhere.',
    ['Withdrawn by the practice as an error'],
  ),
  term('record', 'Immunization', 'A vaccine that was given, or one that was offered and not given.', [
    'Immunizations',
    'Vaccination',
  ]),
  term('record', 'Booster', 'A further dose of a vaccine, given to keep its protection up.'),
  term(
    'record',
    'Lot number',
    'The maker’s number for one batch of a vaccine or a medicine. It tells which batch a person was given.',
  ),
  term(
    'record',
    'Procedure',
    'Something that was done: an operation, an examination, a blood draw. Practices also write their billing lines this way.',
    ['Procedures'],
  ),
  term(
    'record',
    'Encounter',
    'A visit or another contact with a practice: in the office, by telephone, by video, in hospital.',
    ['Visit'],
  ),
  term(
    'record',
    'Office visit',
    'A visit at the practice. Where the portal sends only billing lines, Onhand puts a visit together from them and says so.',
  ),
  term('record', 'Preventive visit', 'A check-up of somebody who comes without a complaint.', [
    'Annual visit',
    'Wellness visit',
  ]),
  term('record', 'Referral', 'A practice asks another one to see the person.'),
  term('record', 'Care plan', 'What a practice and a person mean to do about an illness or towards a goal.'),
  term(
    'record',
    'Goal',
    'Something a practice and a person have agreed to reach, a weight or a blood pressure for example.',
  ),
  term('record', 'Family history', 'Illnesses of relatives. They are never shown among the person’s own.', [
    'Family member history',
  ]),
  term(
    'record',
    'Advance directive',
    'A paper that says what care a person wants if they can no longer say so themselves.',
    ['Living will'],
  ),
  term('record', 'Narrative', 'The part of an entry that the practice wrote as running text.'),
  term('record', 'Practitioner', 'Somebody who works in health care: a doctor, a nurse, a pharmacist.', [
    'Provider',
    'Clinician',
  ]),
  term('record', 'Organization', 'A practice, a hospital, a laboratory or an insurer.'),
  term('record', 'Recorded', 'The day somebody wrote it down. It can be long after it began.'),
  term('record', 'Asserted', 'Said to be so on that day. It is not the day it began.'),

  // Blood counts
  term(
    'blood',
    'Complete blood count',
    'A test that counts the cells in blood and measures the red ones. Often written CBC.',
    ['CBC', 'Hemogram', 'Full blood count'],
  ),
  term(
    'blood',
    'White blood cells',
    'Cells that defend the body. The count tells how many there are in a small amount of blood.',
    ['WBC', 'White blood cell count', 'Leukocytes'],
  ),
  term(
    'blood',
    'Red blood cells',
    'Cells that carry oxygen. The count tells how many there are in a small amount of blood.',
    ['RBC', 'Red blood cell count', 'Erythrocytes'],
  ),
  term('blood', 'Hemoglobin', 'The red substance in blood cells that carries oxygen.', ['Hgb', 'Hb']),
  term('blood', 'Hematocrit', 'How much of the blood is red cells, in percent.', ['Hct']),
  term('blood', 'MCV', 'Mean cell volume: how big the red cells are on average.', [
    'Mean corpuscular volume',
    'Mean cell volume',
  ]),
  term('blood', 'MCH', 'How much hemoglobin one red cell holds on average.', ['Mean corpuscular hemoglobin']),
  term('blood', 'MCHC', 'How densely hemoglobin is packed in the red cells.', [
    'Mean corpuscular hemoglobin concentration',
  ]),
  term('blood', 'RDW', 'How much the red cells differ from each other in size.', [
    'Red cell distribution width',
  ]),
  term('blood', 'Platelets', 'Small pieces of cells that help blood to clot.', [
    'PLT',
    'Platelet count',
    'Thrombocytes',
  ]),
  term('blood', 'MPV', 'How big the platelets are on average.', ['Mean platelet volume']),
  term(
    'blood',
    'White cell differential',
    'How many there are of each kind of white cell, as a count or in percent.',
    ['Differential count', 'Diff'],
  ),
  term('blood', 'Neutrophils', 'The most common kind of white cell in adults. It fights bacteria first.', [
    'Segs',
    'Neutrophil',
  ]),
  term('blood', 'Lymphocytes', 'White cells that remember germs and make antibodies.', [
    'Lymphs',
    'Lymphocyte',
  ]),
  term('blood', 'Monocytes', 'White cells that clear away germs and dead cells.', ['Monocyte']),
  term('blood', 'Eosinophils', 'White cells that take part in allergies and against parasites.', [
    'Eos',
    'Eosinophil',
  ]),
  term('blood', 'Basophils', 'The rarest kind of white cell, part of allergic reactions.', [
    'Basos',
    'Basophil',
  ]),
  term('blood', 'Immature granulocytes', 'Young white cells that are mostly found in the bone marrow.', [
    'IG',
  ]),
  term(
    'blood',
    'Absolute count',
    'How many cells there are, in numbers and not in percent. The two come from the same cells.',
    ['Absolute'],
  ),
  term('blood', 'Reticulocytes', 'Young red cells, new from the bone marrow.', ['Retic']),
  term('blood', 'Ferritin', 'A protein that stores iron. It tells about the body’s store of it.'),
  term('blood', 'Iron', 'The iron that is on its way in the blood.'),
  term('blood', 'TIBC', 'How much iron the blood could carry.', ['Total iron binding capacity']),
  term('blood', 'Prothrombin time', 'How many seconds blood takes to clot in one kind of test.', [
    'PT',
    'Protime',
  ]),
  term('blood', 'INR', 'The clotting time written so that every laboratory’s number means the same.', [
    'International normalized ratio',
  ]),
  term('blood', 'aPTT', 'How many seconds blood takes to clot in another kind of test.', [
    'PTT',
    'Partial thromboplastin time',
  ]),
  term(
    'blood',
    'ESR',
    'How fast red cells sink in a tube in one hour. It rises with inflammation of any kind.',
    ['Sedimentation rate', 'Sed rate'],
  ),
  term('blood', 'C-reactive protein', 'A protein from the liver that rises with inflammation.', ['CRP']),

  // Chemistry
  term(
    'chemistry',
    'Comprehensive metabolic panel',
    'Some fourteen tests of blood at once: sugar, salts, kidneys, liver, proteins. Often written CMP.',
    ['CMP'],
  ),
  term(
    'chemistry',
    'Basic metabolic panel',
    'Eight tests of blood at once: sugar, salts and kidneys. Often written BMP.',
    ['BMP'],
  ),
  term('chemistry', 'Glucose', 'Sugar in the blood. It matters whether the person had eaten before.', [
    'Blood sugar',
  ]),
  term(
    'chemistry',
    'Hemoglobin A1c',
    'How much hemoglobin has sugar on it. It follows the blood sugar of the last two or three months.',
    ['HbA1c', 'A1c', 'Glycated hemoglobin'],
  ),
  term('chemistry', 'Fasting', 'Nothing eaten for some hours before the blood was drawn.'),
  term('chemistry', 'BUN', 'Blood urea nitrogen: a waste that the kidneys clear away.', [
    'Urea nitrogen',
    'Blood urea nitrogen',
  ]),
  term('chemistry', 'Creatinine', 'A waste from muscles that the kidneys clear away.'),
  term('chemistry', 'BUN/creatinine ratio', 'One of the two kidney values divided by the other.'),
  term(
    'chemistry',
    'eGFR',
    'How much blood the kidneys clean in a minute, worked out from creatinine, age and sex.',
    ['GFR', 'Estimated glomerular filtration rate', 'Glomerular filtration rate'],
  ),
  term('chemistry', 'Electrolytes', 'Salts in the blood: sodium, potassium, chloride and carbon dioxide.'),
  term('chemistry', 'Sodium', 'A salt in the blood that has to do with the body’s water.', ['Na']),
  term('chemistry', 'Potassium', 'A salt in the blood that nerves, muscles and the heart work with.'),
  term('chemistry', 'Chloride', 'A salt in the blood that goes along with sodium.'),
  term(
    'chemistry',
    'Carbon dioxide',
    'In a blood panel: how much bicarbonate the blood holds, which keeps it from getting sour.',
    ['CO2', 'Bicarbonate', 'HCO3'],
  ),
  term('chemistry', 'Anion gap', 'Sodium less chloride and bicarbonate: worked out, not measured.'),
  term('chemistry', 'Calcium', 'A mineral of bones that nerves and muscles work with too.'),
  term('chemistry', 'Magnesium', 'A mineral that muscles and nerves work with.'),
  term('chemistry', 'Phosphate', 'A mineral that goes with calcium, in bones above all.', ['Phosphorus']),
  term('chemistry', 'Total protein', 'All the proteins in the blood’s fluid together.', ['Protein, total']),
  term(
    'chemistry',
    'Albumin',
    'The most common protein in blood, made by the liver. In urine it is a sign that the kidneys let some through.',
  ),
  term(
    'chemistry',
    'Globulin',
    'The proteins other than albumin, worked out from total protein and albumin.',
  ),
  term('chemistry', 'A/G ratio', 'Albumin divided by globulin.', ['Albumin/globulin ratio']),
  term('chemistry', 'Bilirubin', 'A yellow substance from old red cells that the liver clears away.', [
    'Bilirubin, total',
    'Total bilirubin',
  ]),
  term('chemistry', 'Alkaline phosphatase', 'An enzyme of liver and bones. Often written ALP.', [
    'ALP',
    'Alk phos',
  ]),
  term('chemistry', 'AST', 'An enzyme of liver and muscles.', ['SGOT', 'Aspartate aminotransferase']),
  term('chemistry', 'ALT', 'An enzyme found mostly in the liver.', ['SGPT', 'Alanine aminotransferase']),
  term('chemistry', 'GGT', 'An enzyme of the liver and the bile ducts.', ['Gamma-glutamyl transferase']),
  term('chemistry', 'LDH', 'An enzyme that is in nearly all cells.', ['Lactate dehydrogenase']),
  term('chemistry', 'Uric acid', 'A waste that can form crystals in joints and kidneys.'),
  term('chemistry', 'Creatine kinase', 'An enzyme of muscles, the heart among them.', ['CK', 'CPK']),
  term('chemistry', 'Troponin', 'A protein of the heart muscle that gets into blood when the heart is hurt.'),
  term('chemistry', 'BNP', 'A hormone of the heart that rises when the heart has to work against strain.', [
    'NT-proBNP',
  ]),
  term('chemistry', 'Lipase', 'An enzyme of the pancreas.'),
  term('chemistry', 'Vitamin D', 'A vitamin for bones. The test mostly measures its stored form.', [
    '25-hydroxyvitamin D',
  ]),
  term('chemistry', 'Vitamin B12', 'A vitamin that blood cells and nerves need.', ['Cobalamin']),
  term('chemistry', 'Folate', 'A vitamin of the B group that new cells need.', ['Folic acid']),
  term('chemistry', 'PSA', 'A protein of the prostate gland that a blood test can find.', [
    'Prostate specific antigen',
  ]),

  // Fats
  term('fats', 'Lipid panel', 'Several tests of the fats in blood at once.', ['Lipids']),
  term(
    'fats',
    'Cholesterol',
    'A fat that the body makes and needs. Total cholesterol counts every kind together.',
    ['Total cholesterol', 'Cholesterol, total'],
  ),
  term(
    'fats',
    'LDL',
    'Cholesterol on its way from the liver into the body. It is often worked out and not measured.',
    ['LDL cholesterol'],
  ),
  term('fats', 'HDL', 'Cholesterol on its way back to the liver.', ['HDL cholesterol']),
  term(
    'fats',
    'Triglycerides',
    'Fat as the body stores and burns it. It matters whether the person had eaten before.',
  ),
  term('fats', 'VLDL', 'A kind of cholesterol that carries triglycerides. It is mostly worked out.', [
    'VLDL cholesterol',
  ]),
  term('fats', 'Non-HDL cholesterol', 'Total cholesterol less HDL.'),
  term('fats', 'Lipoprotein(a)', 'A kind of fat particle whose level is mostly inherited.', ['Lp(a)']),

  // Hormones
  term('hormones', 'TSH', 'A hormone by which the brain tells the thyroid gland how much to do.', [
    'Thyroid stimulating hormone',
  ]),
  term('hormones', 'Free T4', 'The part of the thyroid’s hormone T4 that is ready to work.', [
    'Thyroxine, free',
    'T4 free',
  ]),
  term('hormones', 'T3', 'A hormone of the thyroid gland.', ['Free T3', 'Triiodothyronine']),
  term('hormones', 'Testosterone', 'A sex hormone that everybody has, in different amounts.'),
  term('hormones', 'Estradiol', 'A sex hormone that everybody has, in different amounts.'),
  term('hormones', 'hCG', 'A hormone that is there in pregnancy.', ['Pregnancy test']),
  term('hormones', 'Cortisol', 'A hormone of the adrenal glands. It changes over the day.'),
  term('hormones', 'Insulin', 'A hormone that lets sugar from the blood into the cells.'),

  // Urine
  term('urine', 'Urinalysis', 'A set of simple tests of urine, many of them read from a paper strip.', [
    'UA',
  ]),
  term('urine', 'Specific gravity', 'How concentrated urine is, against plain water.'),
  term('urine', 'pH', 'How sour something is. Lower is more sour.'),
  term('urine', 'Ketones', 'What is left when the body burns fat in place of sugar.'),
  term('urine', 'Nitrite', 'In urine: something that many bacteria make.'),
  term('urine', 'Leukocyte esterase', 'A sign of white cells in urine.'),
  term('urine', 'Urobilinogen', 'Something that the gut makes of bilirubin, a little of which is in urine.'),
  term('urine', 'Microalbumin', 'Small amounts of albumin in urine.', [
    'Albumin/creatinine ratio',
    'Urine albumin',
  ]),
  term('urine', 'Culture', 'A sample is kept warm to see which germs grow in it. It takes days.', [
    'Urine culture',
  ]),
  term('urine', 'Susceptibility', 'Which antibiotics work against the germ that grew, in the laboratory.', [
    'Sensitivity',
  ]),

  // Reading results
  term(
    'reading',
    'Reference range',
    'Where a laboratory expects most results of people like this one. Laboratories differ, so each result keeps its own range. A result outside of it is not by itself an illness.',
    ['Normal range', 'Usual range', 'Range'],
  ),
  term(
    'reading',
    'No range sent',
    'The portal sent the value without a range. Onhand adds none of its own, so nothing is said about whether it is high or low.',
  ),
  term('reading', 'Flag', 'A mark that the laboratory put on a result: high, low, abnormal.', [
    'Interpretation',
  ]),
  term(
    'reading',
    'Critical',
    'The laboratory’s own word for a result that it tells the practice about at once.',
    ['Critically high', 'Critically low', 'Panic value'],
  ),
  term('reading', 'Preliminary', 'The laboratory has not finished. The result may change.'),
  term('reading', 'Final', 'The laboratory has finished this result.'),
  term(
    'reading',
    'Amended',
    'The laboratory changed the result after it was final. Onhand keeps what it said before.',
    ['Corrected'],
  ),
  term('reading', 'Panel', 'Several tests ordered together and reported as one.', ['Profile']),
  term('reading', 'Specimen', 'What was tested: blood, urine, a swab.', ['Sample']),
  term('reading', 'Serum', 'The clear part of blood that has clotted.'),
  term('reading', 'Plasma', 'The clear part of blood that was kept from clotting.'),
  term(
    'reading',
    'Likely',
    'The portal sent this result without a name. Onhand worked out what it must be from its unit, its range and the results beside it. Press it to read why.',
    ['Likely name', 'Inferred'],
  ),
  term(
    'reading',
    'Unnamed result',
    'The portal sent a value without saying of what, and it could be several things. Onhand does not guess.',
  ),
  term(
    'reading',
    'Series',
    'Results of one test over time. Only results with the same code and the same kind of unit are put together.',
    ['Trend'],
  ),
  term('reading', 'Unit', 'What a number counts. Two numbers can only be compared in the same unit.'),
  term(
    'reading',
    'LOINC',
    'A public list of names and numbers for tests, so that one test has one code everywhere.',
  ),
  term(
    'reading',
    'Reactive',
    'The test reacted: it found what it looked for, or something like it. A second test often follows.',
    ['Non-reactive'],
  ),
  term(
    'reading',
    'Antibody',
    'A protein the body made against a germ or a vaccine, or sometimes against itself.',
    ['Antibodies'],
  ),
  term('reading', 'Antigen', 'A piece of a germ, or of a cell, that the body’s defences know it by.'),
  term(
    'reading',
    'Titer',
    'How far a sample can be thinned until a test no longer finds it: 1:80 is more than 1:40.',
  ),

  // Vital signs
  term(
    'vitals',
    'Vital signs',
    'Simple measurements of how the body is doing: blood pressure, pulse, temperature, breathing, oxygen, weight.',
    ['Vitals'],
  ),
  term(
    'vitals',
    'Blood pressure',
    'How hard blood presses on the vessels: the upper number when the heart beats, the lower one between beats.',
    ['BP'],
  ),
  term('vitals', 'Systolic', 'The upper number of a blood pressure, when the heart beats.', [
    'Systolic blood pressure',
  ]),
  term('vitals', 'Diastolic', 'The lower number of a blood pressure, between two beats.', [
    'Diastolic blood pressure',
  ]),
  term('vitals', 'Heart rate', 'How often the heart beats in a minute.', ['Pulse']),
  term('vitals', 'Respiratory rate', 'How often a person breathes in a minute.', ['Respirations']),
  term('vitals', 'Oxygen saturation', 'How much of the hemoglobin carries oxygen, in percent.', [
    'SpO2',
    'O2 sat',
    'Pulse oximetry',
  ]),
  term('vitals', 'Body mass index', 'Weight divided by height squared. Often written BMI.', ['BMI']),
  term('vitals', 'Head circumference', 'The distance around a small child’s head.'),

  // Medicines
  term(
    'medicines',
    'Listed as active',
    'The practice’s list says that this medicine is current. It does not say that it is taken.',
  ),
  term('medicines', 'Dose', 'How much of a medicine at one time.', ['Dosage']),
  term(
    'medicines',
    'Dose not sent',
    'The portal sent the medicine without how much and how often. The label on the package has it.',
  ),
  term('medicines', 'Route', 'The way a medicine gets into the body: by mouth, under the skin, on the skin.'),
  term('medicines', 'As needed', 'Taken when there is a reason to, not on a schedule. Often written PRN.', [
    'PRN',
  ]),
  term(
    'medicines',
    'Generic name',
    'The name of the substance, whoever makes it. A brand name belongs to one maker.',
    ['Generic', 'Brand name'],
  ),
  term('medicines', 'Ingredient', 'The substance in a medicine that does the work.', ['Active ingredient']),
  term('medicines', 'Strength', 'How much of the substance is in one tablet, one spray or one milliliter.'),
  term(
    'medicines',
    'Extended release',
    'Made so that the substance comes out slowly over hours. Often written ER, XR or SR.',
    ['ER', 'XR', 'SR', 'Sustained release'],
  ),
  term('medicines', 'Refill', 'How many more times a pharmacy may hand out the same prescription.', [
    'Refills',
    'Repeats',
  ]),
  term(
    'medicines',
    'Substitution',
    'Whether the pharmacy may give another maker’s product with the same substance.',
  ),
  term('medicines', 'On hold', 'Stopped for now, by the practice’s word.', ['On-hold']),
  term('medicines', 'RxNorm', 'A public list of names and numbers for medicines.'),
  term('medicines', 'NDC', 'A number on each medicine package that says maker, product and size.', [
    'National drug code',
  ]),

  // How care is coded and arranged
  term('care', 'ICD-10', 'A list of codes for diagnoses that practices use for billing.', ['ICD-10-CM']),
  term('care', 'SNOMED CT', 'A large list of codes for everything clinical.', ['SNOMED']),
  term(
    'care',
    'CPT',
    'A list of codes for what was done, used for billing. It belongs to the American Medical Association; Onhand shows the portal’s own words.',
    ['HCPCS'],
  ),
  term('care', 'CVX', 'A public list of codes for vaccines.'),
  term(
    'care',
    'Billing code',
    'A code a practice sends to be paid. It says what was charged for, and not always all that happened.',
    ['From a billing code', 'Billing line'],
  ),
  term('care', 'Blood draw', 'Blood was taken from a vein. It shows that a test was ordered, not which.', [
    'Venipuncture',
    'Routine venipuncture',
  ]),
  term('care', 'Telehealth', 'A visit by telephone or video.', ['Telemedicine']),
  term('care', 'Follow-up', 'A visit or a test after an earlier one, to see how things went on.'),
  term('care', 'Biopsy', 'A small piece of the body is taken to be looked at closely.'),
  term('care', 'Imaging', 'Pictures of the inside of the body: X-ray, ultrasound, CT, MRI.', [
    'X-ray',
    'Ultrasound',
    'CT',
    'MRI',
  ]),
  term('care', 'Pathology', 'The study of tissue and cells to find illness.'),

  // The portal and the copy
  term(
    'portal',
    'Portal',
    'The website where a practice shows its patients their records. Here it is OnPatient.',
    ['Patient portal'],
  ),
  term(
    'portal',
    'Copy',
    'Onhand asks the portal for everything and keeps it on this computer. The portal’s own record is never changed.',
    ['Sync', 'Copying'],
  ),
  term('portal', 'Complete', 'Every page the portal has was read, and as many records came as it promised.'),
  term('portal', 'Not offered', 'The portal has no such kind of record to give to programs.'),
  term(
    'portal',
    'Gone from the portal',
    'The portal used to send this record and no longer does. It may have been corrected or moved. Onhand keeps it, and marks it.',
    ['No longer sends this'],
  ),
  term(
    'portal',
    'Client id',
    'The name the portal gave to your own copy of Onhand, so that it knows who is asking.',
  ),
  term(
    'portal',
    'Client secret',
    'A password for your own copy of Onhand at the portal. It is kept encrypted and shown to nobody but the portal.',
  ),
  term(
    'portal',
    'Redirect address',
    'Where the portal sends your browser after you have said yes. Onhand’s addresses lead to this computer and nowhere else.',
    ['Redirect URI', 'Redirect addresses'],
  ),
  term(
    'portal',
    'FHIR',
    'The common language in which health programs send records to each other. OnPatient speaks its second edition, DSTU2.',
    ['DSTU2'],
  ),
  term('portal', 'Source', 'The record exactly as the portal sent it, letter by letter.', ['JSON', 'Raw']),
  term(
    'portal',
    'Not said whose',
    'A record that names nobody, in a sign-in that holds several people. It is in nobody’s lists until the portal says whose it is.',
  ),
  term(
    'portal',
    'Folded in',
    'A record that says the same as another, or a part of it, stands inside that one. It is one click away and is counted once.',
    ['Folded'],
  ),
];
