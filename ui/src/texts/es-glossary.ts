import { GLOSSARY, type Term } from './glossary';

/** By the English word: the word in Spanish, what it is, and other ways it is written in Spanish. */
const WORDS: Record<string, readonly [word: string, text: string, also?: readonly string[]]> = {
  Allergy: [
    'Alergia',
    'Una reacción de las defensas del cuerpo a algo, o una sustancia que no se le debe dar a una persona. Los consultorios anotan la sustancia, cómo reaccionó el cuerpo y qué tan grave fue.',
    ['Alergias'],
  ],
  Intolerance: [
    'Intolerancia',
    'Un mal efecto de una sustancia que no es una alergia, por ejemplo un malestar de estómago por un medicamento. Los portales ponen las dos en una misma lista.',
  ],
  Reaction: [
    'Reacción',
    'Lo que pasó cuando la persona tuvo contacto con la sustancia: una erupción, hinchazón, dificultad para respirar.',
  ],
  Criticality: [
    'Criticidad',
    'Qué tan grave cree el consultorio que podría llegar a ser una reacción. No es qué tan grave fue la última.',
  ],
  Condition: [
    'Afección',
    'Una enfermedad, una lesión u otro estado de salud que un consultorio anotó. Onhand los pone en problemas de salud.',
    ['Problema', 'Diagnóstico'],
  ],
  Chronic: [
    'Crónico',
    'Que dura mucho tiempo, a menudo toda la vida. No dice nada de qué tan grave es.',
    ['Crónica'],
  ],
  Acute: ['Agudo', 'Que empezó de repente, o que dura poco tiempo.', ['Aguda']],
  Remission: ['Remisión', 'Las señales de una enfermedad disminuyeron o desaparecieron. Puede seguir allí.'],
  Relapse: ['Recaída', 'Una enfermedad volvió después de haber mejorado.'],
  Onset: ['Comienzo', 'Cuándo empezó algo, hasta donde sabe el consultorio.'],
  Abatement: ['Cese', 'Cuándo terminó o mejoró algo, hasta donde sabe el consultorio.'],
  Provisional: [
    'Provisional (diagnóstico)',
    'Un diagnóstico en el que se piensa y que todavía no es seguro.',
  ],
  Differential: [
    'Diferencial',
    'Uno de varios diagnósticos en los que se piensa. En un recuento de sangre, la misma palabra dice cuántos hay de cada clase de glóbulo blanco.',
    ['Diagnóstico diferencial'],
  ],
  Refuted: ['Descartado', 'Se investigó y se encontró que no era así.', ['Descartada']],
  'Entered in error': [
    'Anotado por error',
    'El consultorio retiró esta anotación. Onhand la guarda donde usted puede ver que estuvo allí, y no la cuenta en ningún lado.',
  ],
  Immunization: [
    'Vacuna',
    'Una vacuna que se aplicó, o que se ofreció y no se aplicó.',
    ['Vacunas', 'Vacunación'],
  ],
  Booster: ['Refuerzo', 'Otra dosis de una vacuna, para mantener su protección.'],
  'Lot number': [
    'Número de lote',
    'El número que el fabricante da a una tanda de una vacuna o un medicamento. Dice qué tanda recibió una persona.',
  ],
  Procedure: [
    'Procedimiento',
    'Algo que se hizo: una operación, un examen, una toma de sangre. Los consultorios también escriben así sus líneas de facturación.',
    ['Procedimientos'],
  ],
  Encounter: [
    'Encuentro',
    'Una consulta u otro contacto con un consultorio: en persona, por teléfono, por video, en el hospital.',
    ['Consulta'],
  ],
  'Office visit': [
    'Consulta en el consultorio',
    'Una consulta en persona. Donde el portal solo envía líneas de facturación, Onhand compone con ellas una consulta y lo dice.',
  ],
  'Preventive visit': [
    'Consulta preventiva',
    'Un chequeo de alguien que llega sin una queja.',
    ['Consulta anual'],
  ],
  Referral: [
    'Remisión a otro consultorio',
    'Un consultorio pide a otro que vea a la persona.',
    ['Referencia médica'],
  ],
  'Care plan': [
    'Plan de atención',
    'Lo que un consultorio y una persona piensan hacer ante una enfermedad o hacia una meta.',
  ],
  Goal: [
    'Meta',
    'Algo que un consultorio y una persona acordaron alcanzar, por ejemplo un peso o una presión arterial.',
  ],
  'Family history': [
    'Antecedentes familiares',
    'Enfermedades de parientes. Nunca se muestran entre las propias de la persona.',
  ],
  'Advance directive': [
    'Voluntad anticipada',
    'Un papel que dice qué atención quiere una persona si ya no puede decirlo por sí misma.',
    ['Testamento vital'],
  ],
  Narrative: ['Texto narrativo', 'La parte de una anotación que el consultorio escribió como texto corrido.'],
  Practitioner: [
    'Profesional de la salud',
    'Alguien que trabaja en la atención de la salud: un médico, una enfermera, una farmacéutica.',
    ['Clínico'],
  ],
  Organization: ['Organización', 'Un consultorio, un hospital, un laboratorio o una aseguradora.'],
  Recorded: ['Anotado', 'El día en que alguien lo escribió. Puede ser mucho después de que empezó.'],
  Asserted: ['Afirmado', 'Se dijo ese día que así era. No es el día en que empezó.'],

  'Complete blood count': [
    'Hemograma completo',
    'Una prueba que cuenta las células de la sangre y mide las rojas. A menudo se escribe CBC.',
    ['Recuento sanguíneo completo', 'Biometría hemática'],
  ],
  'White blood cells': [
    'Glóbulos blancos',
    'Células que defienden el cuerpo. El recuento dice cuántas hay en una pequeña cantidad de sangre.',
    ['Leucocitos'],
  ],
  'Red blood cells': [
    'Glóbulos rojos',
    'Células que llevan el oxígeno. El recuento dice cuántas hay en una pequeña cantidad de sangre.',
    ['Eritrocitos'],
  ],
  Hemoglobin: ['Hemoglobina', 'La sustancia roja de las células de la sangre que lleva el oxígeno.'],
  Hematocrit: ['Hematocrito', 'Qué parte de la sangre son glóbulos rojos, en porcentaje.'],
  MCV: [
    'VCM',
    'Volumen corpuscular medio: qué tan grandes son en promedio los glóbulos rojos.',
    ['Volumen corpuscular medio'],
  ],
  MCH: ['HCM', 'Cuánta hemoglobina tiene en promedio un glóbulo rojo.', ['Hemoglobina corpuscular media']],
  MCHC: ['CHCM', 'Qué tan apretada está la hemoglobina en los glóbulos rojos.'],
  RDW: [
    'Amplitud de distribución eritrocitaria',
    'Cuánto se diferencian en tamaño los glóbulos rojos entre sí.',
    ['ADE'],
  ],
  Platelets: ['Plaquetas', 'Pequeños trozos de células que ayudan a que la sangre coagule.', ['Trombocitos']],
  MPV: ['VPM', 'Qué tan grandes son en promedio las plaquetas.', ['Volumen plaquetario medio']],
  'White cell differential': [
    'Fórmula leucocitaria',
    'Cuántos hay de cada clase de glóbulo blanco, en número o en porcentaje.',
  ],
  Neutrophils: [
    'Neutrófilos',
    'La clase más común de glóbulo blanco en los adultos. Son los primeros que combaten las bacterias.',
  ],
  Lymphocytes: ['Linfocitos', 'Glóbulos blancos que recuerdan los gérmenes y hacen anticuerpos.'],
  Monocytes: ['Monocitos', 'Glóbulos blancos que limpian gérmenes y células muertas.'],
  Eosinophils: ['Eosinófilos', 'Glóbulos blancos que participan en las alergias y contra los parásitos.'],
  Basophils: ['Basófilos', 'La clase más rara de glóbulo blanco, parte de las reacciones alérgicas.'],
  'Immature granulocytes': [
    'Granulocitos inmaduros',
    'Glóbulos blancos jóvenes que se encuentran sobre todo en la médula ósea.',
  ],
  'Absolute count': [
    'Recuento absoluto',
    'Cuántas células hay, en número y no en porcentaje. Los dos vienen de las mismas células.',
  ],
  Reticulocytes: ['Reticulocitos', 'Glóbulos rojos jóvenes, recién salidos de la médula ósea.'],
  Ferritin: ['Ferritina', 'Una proteína que almacena hierro. Habla de la reserva que tiene el cuerpo.'],
  Iron: ['Hierro', 'El hierro que va de camino en la sangre.'],
  TIBC: ['Capacidad total de fijación de hierro', 'Cuánto hierro podría llevar la sangre.'],
  'Prothrombin time': [
    'Tiempo de protrombina',
    'Cuántos segundos tarda la sangre en coagular en una clase de prueba.',
  ],
  INR: [
    'Índice internacional normalizado',
    'El tiempo de coagulación escrito de modo que el número de cada laboratorio signifique lo mismo.',
  ],
  aPTT: [
    'Tiempo parcial de tromboplastina',
    'Cuántos segundos tarda la sangre en coagular en otra clase de prueba.',
    ['TTPa'],
  ],
  ESR: [
    'Velocidad de sedimentación',
    'Qué tan rápido bajan los glóbulos rojos en un tubo en una hora. Sube con toda clase de inflamación.',
    ['VSG'],
  ],
  'C-reactive protein': [
    'Proteína C reactiva',
    'Una proteína del hígado que sube con la inflamación.',
    ['PCR'],
  ],

  'Comprehensive metabolic panel': [
    'Panel metabólico completo',
    'Unas catorce pruebas de sangre a la vez: azúcar, sales, riñones, hígado, proteínas. A menudo se escribe CMP.',
  ],
  'Basic metabolic panel': [
    'Panel metabólico básico',
    'Ocho pruebas de sangre a la vez: azúcar, sales y riñones. A menudo se escribe BMP.',
  ],
  Glucose: [
    'Glucosa',
    'Azúcar en la sangre. Importa si la persona había comido antes.',
    ['Azúcar en la sangre'],
  ],
  'Hemoglobin A1c': [
    'Hemoglobina A1c',
    'Cuánta hemoglobina tiene azúcar encima. Sigue el azúcar de la sangre de los últimos dos o tres meses.',
    ['Hemoglobina glucosilada'],
  ],
  Fasting: ['En ayunas', 'Sin comer nada durante unas horas antes de la toma de sangre.', ['Ayuno']],
  BUN: ['Nitrógeno ureico', 'Nitrógeno ureico en la sangre: un desecho que los riñones eliminan.'],
  Creatinine: ['Creatinina', 'Un desecho de los músculos que los riñones eliminan.'],
  'BUN/creatinine ratio': [
    'Relación BUN/creatinina',
    'Uno de los dos valores del riñón dividido por el otro.',
  ],
  eGFR: [
    'Filtración glomerular estimada',
    'Cuánta sangre limpian los riñones en un minuto, calculado a partir de la creatinina, la edad y el sexo.',
    ['TFG'],
  ],
  Electrolytes: ['Electrolitos', 'Sales de la sangre: sodio, potasio, cloruro y dióxido de carbono.'],
  Sodium: ['Sodio', 'Una sal de la sangre que tiene que ver con el agua del cuerpo.'],
  Potassium: ['Potasio', 'Una sal de la sangre con la que trabajan los nervios, los músculos y el corazón.'],
  Chloride: ['Cloruro', 'Una sal de la sangre que acompaña al sodio.'],
  'Carbon dioxide': [
    'Dióxido de carbono',
    'En un panel de sangre: cuánto bicarbonato tiene la sangre, que evita que se vuelva ácida.',
    ['Bicarbonato'],
  ],
  'Anion gap': ['Brecha aniónica', 'Sodio menos cloruro y bicarbonato: calculado, no medido.', ['Anión gap']],
  Calcium: ['Calcio', 'Un mineral de los huesos con el que también trabajan los nervios y los músculos.'],
  Magnesium: ['Magnesio', 'Un mineral con el que trabajan los músculos y los nervios.'],
  Phosphate: ['Fosfato', 'Un mineral que acompaña al calcio, sobre todo en los huesos.', ['Fósforo']],
  'Total protein': ['Proteína total', 'Todas las proteínas del líquido de la sangre juntas.'],
  Albumin: [
    'Albúmina',
    'La proteína más común de la sangre, hecha por el hígado. En la orina es una señal de que los riñones dejan pasar algo de ella.',
  ],
  Globulin: [
    'Globulina',
    'Las proteínas distintas de la albúmina, calculadas a partir de la proteína total y la albúmina.',
  ],
  'A/G ratio': ['Relación A/G', 'Albúmina dividida por globulina.'],
  Bilirubin: ['Bilirrubina', 'Una sustancia amarilla de los glóbulos rojos viejos que el hígado elimina.'],
  'Alkaline phosphatase': [
    'Fosfatasa alcalina',
    'Una enzima del hígado y de los huesos. A menudo se escribe ALP.',
  ],
  AST: ['AST (enzima)', 'Una enzima del hígado y de los músculos.'],
  ALT: ['ALT (enzima)', 'Una enzima que se encuentra sobre todo en el hígado.'],
  GGT: ['GGT (enzima)', 'Una enzima del hígado y de las vías biliares.'],
  LDH: ['LDH (enzima)', 'Una enzima que está en casi todas las células.'],
  'Uric acid': ['Ácido úrico', 'Un desecho que puede formar cristales en las articulaciones y los riñones.'],
  'Creatine kinase': ['Creatina quinasa', 'Una enzima de los músculos, entre ellos el corazón.'],
  Troponin: [
    'Troponina',
    'Una proteína del músculo del corazón que llega a la sangre cuando el corazón está lastimado.',
  ],
  BNP: [
    'Péptido natriurético',
    'Una hormona del corazón que sube cuando el corazón trabaja contra un esfuerzo.',
  ],
  Lipase: ['Lipasa', 'Una enzima del páncreas.'],
  'Vitamin D': [
    'Vitamina D',
    'Una vitamina para los huesos. La prueba mide sobre todo la forma en que se almacena.',
  ],
  'Vitamin B12': ['Vitamina B12', 'Una vitamina que necesitan las células de la sangre y los nervios.'],
  Folate: ['Folato', 'Una vitamina del grupo B que necesitan las células nuevas.', ['Ácido fólico']],
  PSA: [
    'Antígeno prostático específico',
    'Una proteína de la próstata que un análisis de sangre puede encontrar.',
  ],

  'Lipid panel': [
    'Panel de lípidos',
    'Varias pruebas de las grasas de la sangre a la vez.',
    ['Perfil lipídico'],
  ],
  Cholesterol: [
    'Colesterol',
    'Una grasa que el cuerpo hace y necesita. El colesterol total cuenta todas las clases juntas.',
    ['Colesterol total'],
  ],
  LDL: ['Colesterol LDL', 'Colesterol que va del hígado al cuerpo. A menudo se calcula y no se mide.'],
  HDL: ['Colesterol HDL', 'Colesterol que va de vuelta al hígado.'],
  Triglycerides: [
    'Triglicéridos',
    'Grasa como la almacena y la quema el cuerpo. Importa si la persona había comido antes.',
  ],
  VLDL: ['Colesterol VLDL', 'Una clase de colesterol que lleva triglicéridos. En general se calcula.'],
  'Non-HDL cholesterol': ['Colesterol no HDL', 'Colesterol total menos HDL.'],
  'Lipoprotein(a)': [
    'Lipoproteína(a)',
    'Una clase de partícula de grasa cuyo nivel es en su mayor parte heredado.',
  ],

  TSH: [
    'Hormona estimulante de la tiroides',
    'Una hormona con la que el cerebro le dice a la tiroides cuánto trabajar.',
    ['Tirotropina'],
  ],
  'Free T4': [
    'T4 libre',
    'La parte de la hormona T4 de la tiroides que está lista para trabajar.',
    ['Tiroxina libre'],
  ],
  T3: ['T3 (hormona)', 'Una hormona de la tiroides.', ['Triyodotironina']],
  Testosterone: [
    'Testosterona',
    'Una hormona sexual que todas las personas tienen, en cantidades distintas.',
  ],
  Estradiol: [
    'Estradiol (hormona)',
    'Una hormona sexual que todas las personas tienen, en cantidades distintas.',
  ],
  hCG: ['Gonadotropina coriónica', 'Una hormona que está presente en el embarazo.', ['Prueba de embarazo']],
  Cortisol: ['Cortisol (hormona)', 'Una hormona de las glándulas suprarrenales. Cambia a lo largo del día.'],
  Insulin: ['Insulina', 'Una hormona que deja pasar el azúcar de la sangre a las células.'],

  Urinalysis: [
    'Análisis de orina',
    'Un conjunto de pruebas sencillas de orina, muchas de ellas leídas en una tira de papel.',
    ['Uroanálisis'],
  ],
  'Specific gravity': ['Gravedad específica', 'Qué tan concentrada está la orina, comparada con agua sola.'],
  pH: ['pH (acidez)', 'Qué tan ácido es algo. Más bajo es más ácido.'],
  Ketones: ['Cetonas', 'Lo que queda cuando el cuerpo quema grasa en lugar de azúcar.'],
  Nitrite: ['Nitrito', 'En la orina: algo que hacen muchas bacterias.', ['Nitritos']],
  'Leukocyte esterase': ['Esterasa leucocitaria', 'Una señal de glóbulos blancos en la orina.'],
  Urobilinogen: [
    'Urobilinógeno',
    'Algo que el intestino hace de la bilirrubina; un poco de ello está en la orina.',
  ],
  Microalbumin: ['Microalbúmina', 'Pequeñas cantidades de albúmina en la orina.'],
  Culture: [
    'Cultivo',
    'Una muestra se mantiene tibia para ver qué gérmenes crecen en ella. Tarda días.',
    ['Cultivo de orina'],
  ],
  Susceptibility: [
    'Sensibilidad a antibióticos',
    'Qué antibióticos funcionan contra el germen que creció, en el laboratorio.',
    ['Antibiograma'],
  ],

  'Reference range': [
    'Rango de referencia',
    'Donde un laboratorio espera la mayoría de los resultados de personas como esta. Los laboratorios son distintos, así que cada resultado conserva su propio rango. Un resultado fuera de él no es por sí mismo una enfermedad.',
    ['Valores normales', 'Rango'],
  ],
  'No range sent': [
    'No se envió rango',
    'El portal envió el valor sin rango. Onhand no agrega ninguno propio, así que no se dice si es alto o bajo.',
  ],
  Flag: [
    'Marca',
    'Una señal que el laboratorio puso a un resultado: alto, bajo, anormal.',
    ['Interpretación'],
  ],
  Critical: [
    'Crítico',
    'La palabra del propio laboratorio para un resultado del que avisa al consultorio de inmediato.',
    ['Críticamente alto', 'Críticamente bajo'],
  ],
  Preliminary: ['Preliminar', 'El laboratorio no ha terminado. El resultado puede cambiar.'],
  Final: ['Final (resultado)', 'El laboratorio terminó este resultado.'],
  Amended: [
    'Enmendado',
    'El laboratorio cambió el resultado después de que fue final. Onhand conserva lo que decía antes.',
    ['Corregido'],
  ],
  Panel: ['Panel (de pruebas)', 'Varias pruebas que se piden juntas y se informan como una.', ['Perfil']],
  Specimen: ['Muestra', 'Lo que se analizó: sangre, orina, un hisopo.'],
  Serum: ['Suero', 'La parte clara de la sangre que coaguló.'],
  Plasma: ['Plasma (de la sangre)', 'La parte clara de la sangre a la que se impidió coagular.'],
  Likely: [
    'Probable',
    'El portal envió este resultado sin nombre. Onhand dedujo qué debe ser por su unidad, su rango y los resultados que están a su lado. Oprímalo para leer por qué.',
  ],
  'Unnamed result': [
    'Resultado sin nombre',
    'El portal envió un valor sin decir de qué, y podría ser varias cosas. Onhand no adivina.',
  ],
  Series: [
    'Serie',
    'Resultados de una prueba a lo largo del tiempo. Solo se juntan resultados con el mismo código y la misma clase de unidad.',
    ['Tendencia'],
  ],
  Unit: ['Unidad', 'Lo que cuenta un número. Dos números solo se pueden comparar en la misma unidad.'],
  LOINC: [
    'Códigos LOINC',
    'Una lista pública de nombres y números de pruebas, para que una prueba tenga un mismo código en todas partes.',
  ],
  Reactive: [
    'Reactivo',
    'La prueba reaccionó: encontró lo que buscaba, o algo parecido. A menudo sigue una segunda prueba.',
    ['No reactivo'],
  ],
  Antibody: [
    'Anticuerpo',
    'Una proteína que el cuerpo hizo contra un germen o una vacuna, o a veces contra sí mismo.',
    ['Anticuerpos'],
  ],
  Antigen: [
    'Antígeno',
    'Un pedazo de un germen, o de una célula, por el que lo conocen las defensas del cuerpo.',
  ],
  Titer: [
    'Título (de una prueba)',
    'Hasta dónde se puede diluir una muestra antes de que una prueba ya no la encuentre: 1:80 es más que 1:40.',
  ],

  'Vital signs': [
    'Signos vitales',
    'Medidas sencillas de cómo está el cuerpo: presión arterial, pulso, temperatura, respiración, oxígeno, peso.',
  ],
  'Blood pressure': [
    'Presión arterial',
    'Con cuánta fuerza empuja la sangre en los vasos: el número de arriba cuando el corazón late, el de abajo entre latidos.',
    ['Tensión arterial'],
  ],
  Systolic: [
    'Sistólica',
    'El número de arriba de una presión arterial, cuando el corazón late.',
    ['Presión sistólica'],
  ],
  Diastolic: [
    'Diastólica',
    'El número de abajo de una presión arterial, entre dos latidos.',
    ['Presión diastólica'],
  ],
  'Heart rate': ['Frecuencia cardíaca', 'Cuántas veces late el corazón en un minuto.', ['Pulso']],
  'Respiratory rate': ['Frecuencia respiratoria', 'Cuántas veces respira una persona en un minuto.'],
  'Oxygen saturation': ['Saturación de oxígeno', 'Qué parte de la hemoglobina lleva oxígeno, en porcentaje.'],
  'Body mass index': [
    'Índice de masa corporal',
    'El peso dividido por la altura al cuadrado. A menudo se escribe BMI.',
    ['IMC'],
  ],
  'Head circumference': ['Perímetro cefálico', 'La distancia alrededor de la cabeza de un niño pequeño.'],

  'Listed as active': [
    'En la lista como activo',
    'La lista del consultorio dice que este medicamento es actual. No dice que se tome.',
  ],
  Dose: ['Dosis', 'Cuánto de un medicamento de una vez.'],
  'Dose not sent': [
    'Dosis no enviada',
    'El portal envió el medicamento sin decir cuánto ni cada cuánto. La etiqueta del envase lo tiene.',
  ],
  Route: [
    'Vía',
    'El camino por el que un medicamento entra al cuerpo: por la boca, bajo la piel, sobre la piel.',
  ],
  'As needed': [
    'Según sea necesario',
    'Se toma cuando hay una razón, no con un horario. A menudo se escribe PRN.',
  ],
  'Generic name': [
    'Nombre genérico',
    'El nombre de la sustancia, la haga quien la haga. Un nombre de marca pertenece a un solo fabricante.',
    ['Nombre de marca'],
  ],
  Ingredient: ['Ingrediente', 'La sustancia de un medicamento que hace el trabajo.', ['Principio activo']],
  Strength: ['Concentración', 'Cuánta sustancia hay en una tableta, una rociada o un mililitro.'],
  'Extended release': [
    'Liberación prolongada',
    'Hecho para que la sustancia salga despacio durante horas. A menudo se escribe ER, XR o SR.',
  ],
  Refill: [
    'Resurtido',
    'Cuántas veces más puede una farmacia entregar la misma receta.',
    ['Repetición de receta'],
  ],
  Substitution: [
    'Sustitución',
    'Si la farmacia puede dar el producto de otro fabricante con la misma sustancia.',
  ],
  'On hold': ['En pausa', 'Detenido por ahora, según el consultorio.'],
  RxNorm: ['Códigos RxNorm', 'Una lista pública de nombres y números de medicamentos.'],
  NDC: [
    'Código nacional de medicamentos',
    'Un número en cada envase de medicamento que dice el fabricante, el producto y el tamaño.',
  ],

  'ICD-10': ['CIE-10', 'Una lista de códigos de diagnósticos que los consultorios usan para facturar.'],
  'SNOMED CT': ['Códigos SNOMED CT', 'Una lista grande de códigos para todo lo clínico.'],
  CPT: [
    'Códigos CPT',
    'Una lista de códigos de lo que se hizo, usada para facturar. Pertenece a la American Medical Association; Onhand muestra las palabras del propio portal.',
  ],
  CVX: ['Códigos CVX', 'Una lista pública de códigos de vacunas.'],
  'Billing code': [
    'Código de facturación',
    'Un código que un consultorio envía para cobrar. Dice qué se cobró, y no siempre todo lo que pasó.',
    ['Línea de facturación'],
  ],
  'Blood draw': [
    'Toma de sangre',
    'Se sacó sangre de una vena. Muestra que se pidió una prueba, no cuál.',
    ['Extracción de sangre'],
  ],
  Telehealth: ['Telesalud', 'Una consulta por teléfono o por video.', ['Telemedicina']],
  'Follow-up': [
    'Seguimiento',
    'Una consulta o una prueba después de otra anterior, para ver cómo siguieron las cosas.',
  ],
  Biopsy: ['Biopsia', 'Se toma un pequeño pedazo del cuerpo para mirarlo de cerca.'],
  Imaging: [
    'Imágenes médicas',
    'Imágenes del interior del cuerpo: radiografía, ultrasonido, tomografía, resonancia.',
    ['Radiografía', 'Ultrasonido', 'Tomografía', 'Resonancia magnética'],
  ],
  Pathology: ['Patología', 'El estudio de tejidos y células para encontrar enfermedades.'],

  Portal: [
    'Portal del paciente',
    'El sitio web donde un consultorio muestra a sus pacientes sus expedientes. Aquí es OnPatient.',
  ],
  Copy: [
    'Copia',
    'Onhand pide todo al portal y lo guarda en esta computadora. El expediente del propio portal nunca cambia.',
    ['Sincronización'],
  ],
  Complete: [
    'Completo',
    'Se leyó cada página que tiene el portal, y llegaron tantos registros como anunció.',
    ['Completa'],
  ],
  'Not offered': ['No se ofrece', 'El portal no tiene esa clase de registro para dar a los programas.'],
  'Gone from the portal': [
    'Ya no está en el portal',
    'El portal enviaba antes este registro y ya no lo hace. Pudo haberse corregido o movido. Onhand lo conserva, y lo marca.',
    ['Ya no se envía'],
  ],
  'Client id': [
    'Identificador de cliente',
    'El nombre que el portal dio a su propio Onhand, para saber quién pregunta.',
  ],
  'Client secret': [
    'Secreto de cliente',
    'Una contraseña de su propio Onhand en el portal. Se guarda cifrada y no se muestra a nadie más que al portal.',
  ],
  'Redirect address': [
    'Dirección de retorno',
    'A dónde manda el portal su navegador después de que usted dijo que sí. Las direcciones de Onhand llevan a esta computadora y a ningún otro lugar.',
  ],
  FHIR: [
    'FHIR (lenguaje)',
    'El lenguaje común en el que los programas de salud se envían registros. OnPatient habla su segunda edición, DSTU2.',
  ],
  Source: ['Fuente', 'El registro exactamente como lo envió el portal, letra por letra.'],
  'Not said whose': [
    'Sin decir de quién',
    'Un registro que no nombra a nadie, en una cuenta que tiene varias personas. No está en las listas de nadie hasta que el portal diga de quién es.',
  ],
  'Folded in': [
    'Plegado',
    'Un registro que dice lo mismo que otro, o una parte de él, está dentro de aquel. Está a un clic y se cuenta una sola vez.',
  ],
};

/**
 * The glossary in Spanish: a draft. A record is mostly in English, so that each word is found by its
 * English spellings too. A word without a translation keeps its English.
 */
export const glossary: readonly Term[] = GLOSSARY.map((english) => {
  const found = WORDS[english.word];
  if (found === undefined) return english;
  const [word, text, also = []] = found;
  return { topic: english.topic, word, text, also: [...also, english.word, ...(english.also ?? [])] };
});
