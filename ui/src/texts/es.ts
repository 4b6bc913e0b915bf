import type { ConnectStage, Kind, TypeProgressState } from '../backend/api';
import type { CredentialHint } from '../lib/connect-form';
import type { GroupName } from '../lib/kinds';
import type { PasteError } from '../lib/pasted-address';
import { number, plural } from '../lib/plural';
import { frame } from './es-frame';
import { glossary } from './es-glossary';
import { answers } from './es-help';
import { reading } from './es-reading';
import type { Topic } from './glossary';
import type { Texts } from './en';

const LOCALE = 'es-US';
const n = (count: number) => number(LOCALE, count);
const records = (count: number) => plural(LOCALE, count, { one: '# registro', other: '# registros' });

const list = (items: string[]) => new Intl.ListFormat(LOCALE, { type: 'conjunction' }).format(items);

/**
 * Every text of the interface in Spanish: a draft. Until a clinician has read its words for statuses
 * and allergies, every page that is shown in it says so ({@link frame.draft}).
 */
export const es: Texts = {
  locale: LOCALE,
  number: n,
  ...reading,
  ...frame,
  terms: glossary,
  answers,

  app: {
    name: 'Onhand',
    skip: 'Ir al registro',
    loading: 'Abriendo su expediente',
    sideBar: 'Onhand',
    record: 'Registro',
    menu: 'Menú',
    close: 'Cerrar',
    tryAgain: 'Intentar de nuevo',
    back: 'Atrás',
    cancel: 'Cancelar',
    copy: 'Copiar',
    copied: 'Copiado',
    records,
    changePerson: 'Cambiar de persona',
    whose: 'De quién es el expediente',
    unsaid: 'Sin decir de quién',
    unsaidText: 'El portal no dijo de quién son',
    mine: 'usted',
    inMyCare: 'a su cuidado',
    born: (date: string) => `nacimiento: ${date}`,
    settings: 'Ajustes',
    print: 'Imprimir',
    startFailed: 'Onhand no pudo abrir su expediente',
  },

  sample: {
    banner: 'Ejemplo: no es una persona real',
    leave: 'Salir del ejemplo',
    connectOwn: 'Conectar mi propio expediente',
  },

  welcome: {
    title: ['Su expediente médico,', 'en su propia computadora.'],
    lede: 'Onhand copia de OnPatient lo que sus médicos han escrito sobre usted, lo guarda aquí y lo muestra con palabras sencillas. Puede leerlo sin internet, todo el tiempo que quiera.',
    picture: 'Su portal a la izquierda, su computadora a la derecha y una línea directa entre los dos',
    portal: 'Su portal',
    computer: 'Esta computadora',
    own: 'Copiar mi expediente',
    ownText:
      'Necesita el correo electrónico y la contraseña que usa en OnPatient. Se prepara una sola vez y toma unos minutos.',
    ownTextReady:
      'Necesita el correo electrónico y la contraseña que usa en OnPatient. Se abre su navegador para que entre allí.',
    connect: 'Conectar con OnPatient',
    look: 'Primero mirar',
    lookText:
      'Lea el expediente de alguien que no existe, o practique cómo conectar. Nada de lo suyo se toca.',
    sample: 'Ver un expediente de ejemplo',
    practise: 'Practicar la conexión',
    opening: 'Abriendo el ejemplo…',
    vows: [
      'Su expediente va del portal directamente a esta computadora. No hay nadie en medio, ni siquiera nosotros.',
      'Se guarda cifrado. Solo su cuenta en esta computadora puede abrirlo.',
      'Onhand solo lee. No puede cambiar nada en el consultorio de su médico.',
    ],
  },

  vault: {
    title: 'Elija una frase de acceso',
    why: 'Su expediente se cifra antes de guardarse. La clave estaría en el llavero de esta computadora, pero Onhand no encontró ninguno. En su lugar puede protegerla una frase de acceso suya.',
    instead:
      'Su expediente se cifra antes de guardarse. Donde el llavero no guarda la clave, puede protegerla una frase de acceso suya.',
    ask: 'Onhand la pedirá cada vez que se abra. Nadie puede recuperarla por usted: sin ella no se puede leer el expediente de esta computadora. Se puede copiar otra vez desde el portal.',
    passphrase: 'Frase de acceso',
    again: 'La misma otra vez',
    hint: 'Al menos 8 caracteres. Varias palabras se recuerdan mejor que una sola y difícil.',
    tooShort: 'Tiene menos de 8 caracteres.',
    differs: 'Las dos no son iguales.',
    show: 'Mostrar lo que escribo',
    create: 'Continuar',
  },

  unlock: {
    title: 'Su expediente está cerrado',
    text: 'Está en esta computadora, cifrado. Su frase de acceso lo abre.',
    passphrase: 'Frase de acceso',
    open: 'Abrir',
    forgotten: 'No sé la frase de acceso',
    forgottenText:
      'Nadie puede abrir esta copia sin ella, y Onhand no borra nada. Puede apartar la carpeta de datos y copiar su expediente otra vez desde el portal. Si recuerda la frase más adelante, la copia anterior todavía podrá abrirse.',
  },

  unavailable: {
    title: 'No se puede abrir su expediente',
    safe: 'No se borró nada y no se cambió nada.',
  },

  connect: {
    title: 'Permita que Onhand lea su expediente de OnPatient',
    lede: 'OnPatient le permite dar a un programa suyo acceso a su expediente. Se prepara una vez, en unos tres minutos. Después basta un clic.',
    stepPortal: 'Abra los ajustes de su portal',
    stepPortalText: [
      'Inicie sesión y vaya a ',
      'Account settings',
      '. Busque ',
      'FHIR API Application Management',
      ', oprima ',
      'Edit',
      ' y después ',
      'Add New App',
      '.',
    ],
    openPortal: (host: string) => `Abrir ${host}`,
    opened: 'Abierto en su navegador',
    app: '“App” es la palabra del portal para un programa que puede leer su expediente. Usted no publica nada: nadie más que usted lo ve.',
    stepAddresses: (count: number) =>
      plural(LOCALE, count, {
        one: 'Póngale un nombre a la app y dele esta dirección',
        other: 'Póngale un nombre a la app y dele estas # direcciones',
      }),
    stepAddressesText: [
      'Cualquier nombre sirve; “Onhand” es bueno. Donde el portal pide ',
      'redirect URIs',
      ', pegue todo lo que está aquí. Después oprima ',
      'Save',
      '.',
    ],
    address:
      'Una “dirección” le dice al portal a dónde mandar su navegador cuando usted haya dicho que sí: de vuelta a esta computadora y a ningún otro lugar.',
    addresses: (count: number) => plural(LOCALE, count, { one: 'La dirección', other: 'Las # direcciones' }),
    copyAll: (count: number) => plural(LOCALE, count, { one: 'Copiar', other: 'Copiar las #' }),
    copyOne: (address: string) => `Copiar ${address}`,
    stepPaste: 'Pegue lo que el portal muestra después de guardar',
    secret:
      'El “id” es el nombre con el que el portal conoce su app, y el “secret” es su contraseña. Los dos se quedan en esta computadora, cifrados. Onhand muestra el secreto a su portal y a nadie más.',
    clientId: 'Client id',
    clientSecret: 'Client secret',
    showSecret: 'Mostrar el secreto',
    swap: 'Intercambiar los dos',
    submit: 'Conectar',
    goOn: 'Continuar',
    left: {
      both: 'Faltan dos cosas: el id y el secreto',
      clientId: 'Falta una cosa: el id',
      clientSecret: 'Falta una cosa: el secreto',
    },
    ownClientTitle: 'Conectar con OnPatient',
    ownClient:
      'Onhand ya está registrado en OnPatient, así que no hay nada que preparar. Su navegador se abre en el portal; inicie sesión allí y permita que Onhand lea.',
    registered: (host: string) =>
      `Onhand todavía tiene el id y el secreto que usted pegó para ${host}, así que basta un clic. Su navegador se abre allí; inicie sesión y permita que Onhand lea.`,
    pasteOthers: 'Pegar otro id y otro secreto',
    anotherTitle: 'Conectar otra cuenta',
    another: (hosts: number) =>
      plural(LOCALE, hosts, {
        one: 'Ya lo preparó antes, así que basta un clic. Su navegador se abre en el portal; inicie sesión allí con la otra cuenta.',
        other:
          'Ya lo preparó antes. Elija el portal; su navegador se abre allí, y usted inicia sesión con la otra cuenta.',
      }),
    anotherHint:
      'Si su navegador todavía tiene abierta la sesión de la primera cuenta, ciérrela en el portal antes de continuar.',
    which: 'Portal',
    newApp: 'Otro portal, o una app nueva',
    newAppText: 'Pasa por los tres pasos una vez más.',
    stays: 'El id y el secreto se quedan en esta computadora, cifrados.',
    reads: 'Onhand solo lee. No puede cambiar nada en el consultorio de su médico.',
    drawing:
      'Las imágenes son dibujos nuestros. Su portal puede verse un poco distinto; las palabras son las mismas.',
    different: 'Mi portal es distinto',
    portal: 'Dirección del portal',
    portalHelp:
      'Algunos consultorios tienen su propia dirección de portal, como https://mypractice.onpatient.com. Déjela vacía para onpatient.com.',
    redirects: 'Direcciones de retorno',
    redirectsHelp:
      'Solo si su app en el portal tiene otras distintas de las que Onhand propone. Una en cada línea, exactamente como están allí.',
    pictures: {
      settings:
        'Dibujo de los ajustes del portal: 1, Account settings; 2, el botón Edit en FHIR API Application Management; 3, Add New App',
      account: 'Account settings',
      section: ['FHIR API Application', 'Management'],
      edit: 'Edit',
      add: 'Add New App',
      newApp: 'Dibujo del formulario de una app nueva: 1, su nombre; 2, las redirect URIs; 3, Save',
      name: 'Name',
      redirects: 'Redirect URIs',
      save: 'Save',
      credentials: 'Dibujo de la app ya guardada: 1, el id; 2, el secreto, que es más largo',
    },
    hints: {
      fits: 'Esto se ve bien.',
      cleaned: 'Esto se ve bien. Onhand quitó las comillas que tenía alrededor.',
      idShort:
        'Es más corto de lo que suele ser un id (40 letras y números). Si es todo lo que muestra el portal, continúe.',
      secretShort:
        'Es más corto de lo que suele ser un secreto (128 letras y números). Si es todo lo que muestra el portal, continúe.',
    } satisfies Record<CredentialHint, string>,
    errors: {
      idMissing: 'Pegue aquí el client id del portal.',
      secretMissing: 'Pegue aquí el client secret del portal.',
      isAddress:
        'Esto es una dirección. Aquí va una línea de letras y números; el portal la muestra después de guardar la app.',
      hasSpace: 'Hay un espacio en medio. Cópielo otra vez, de una sola pieza.',
      cutOff:
        'Falta el final: hay puntos en su lugar. Use el botón de copiar del portal, o ensanche la ventana y cópielo otra vez.',
      isStrange:
        'Tiene una letra que los id y los secretos nunca tienen. Cópielo otra vez, directamente del portal.',
      isSecret: 'Es tan largo que parece el secreto. Va en el otro campo.',
      isId: 'Es tan largo como un id. Va en el otro campo.',
      swapped: 'Los dos parecen estar al revés: el secreto es el más largo.',
      same: 'Es igual al client id. El secreto es la línea más larga que está debajo.',
      portalNotHttps: 'La dirección de un portal empieza con https://.',
      portalForeign:
        'Onhand se conecta con onpatient.com y con portales cuya dirección termina en .onpatient.com.',
      portalUnreadable: 'Esto no es una dirección. Se ve así: https://mypractice.onpatient.com.',
      redirectUnreadable: (line: string) =>
        `“${line}” no lleva de vuelta a Onhand. Una que sí lo hace es como https://localhost:27443/callback: con https, localhost y un puerto.`,
    },
  },

  connecting: {
    title: {
      preparing: 'Preparando',
      waiting_for_browser: 'Continúe en su navegador',
      at_portal: 'Inicie sesión en el portal',
      signing_in_here: 'Inicie sesión en la ventana que se abrió',
      exchanging: 'Volviendo del portal',
      confirm: '¿Es la persona correcta?',
      connected: 'Conectado',
      failed: 'Esta vez no funcionó',
      certificate_refused: 'Su navegador no ha vuelto a Onhand',
    } satisfies Record<ConnectStage, string>,
    text: {
      preparing: 'Onhand prepara un camino seguro de vuelta, de su navegador a esta computadora.',
      waiting_for_browser: 'Onhand pidió que se abra su navegador.',
      at_portal:
        'Su navegador está en el portal. Inicie sesión allí y permita que Onhand lea su expediente. Esta página continúa sola.',
      signing_in_here:
        'Muestra la página de su portal y, arriba, su dirección. No va a ningún otro lugar y lo olvida todo al cerrarse.',
      exchanging: 'El portal dijo que sí. Onhand pregunta de quién es el expediente.',
      confirm: '',
      connected: 'Su expediente se está copiando.',
      failed: '',
      certificate_refused: 'No se envió nada y no se perdió nada.',
    } satisfies Record<ConnectStage, string>,
    portMissingTitle: 'Su navegador no puede volver por sí solo',
    portMissing:
      'Otros programas de esta computadora usan las tres puertas en las que Onhand esperaría. De todos modos puede continuar.',
    steps: ['Se abre su navegador', 'Usted inicia sesión y lo permite', 'De vuelta en esta computadora'],
    byHand: 'Si no pasó nada, abra usted esta dirección en su navegador:',
    address: 'Dirección para abrir a mano',
    others: 'Hay otras maneras de continuar; elija la que prefiera.',
    pasteTitle: 'Inicie sesión en el portal y luego pegue su última dirección',
    stuck: '¿Su navegador muestra una advertencia, o una página que no carga?',
    ways: {
      label: 'Otras maneras de iniciar sesión',
      in_app: {
        title: 'Iniciar sesión dentro de Onhand',
        text: 'Se abre una ventana de Onhand en la página de su portal y muestra su dirección. Usted escribe su contraseña: las que su navegador recuerda no se conocen aquí.',
        action: 'Iniciar sesión aquí',
      },
      past_warning: {
        title: 'Continuar en mi navegador, pasando la advertencia',
        text: 'La advertencia es sobre una página que Onhand sirve en esta misma computadora, antes de que usted inicie sesión en ningún lado. Aparece una vez. Nunca lo haga con ninguna otra página.',
        action: 'Abrir la página otra vez',
        show: 'Cómo pasarla',
        chromium: 'Chrome, Edge, Brave y otros',
        chromiumText: 'Oprima 1, después 2.',
        firefox: 'Firefox',
        firefoxText: 'Oprima 1, después 2.',
      },
      paste_address: {
        title: 'Pegar la dirección de la página que no cargó',
        text: 'Inicie sesión en el portal con su navegador y permita que Onhand lea. El navegador muestra entonces una página que no carga, o una advertencia: no la pase por alto. Copie toda su dirección, arriba en el navegador, y péguela aquí antes de un minuto: contiene lo que Onhand necesita.',
        open: 'Abrir el portal en mi navegador',
        field: 'Dirección de esa página',
        action: 'Continuar con esta dirección',
      },
    },
    pictures: {
      chromium:
        'Dibujo de la advertencia en Chrome y sus parientes: 1, el botón Advanced; 2, la línea “Proceed to localhost (unsafe)” que aparece debajo',
      chromiumTitle: 'Your connection is not private',
      chromiumAdvanced: 'Advanced',
      chromiumBack: 'Back to safety',
      chromiumProceed: 'Proceed to localhost (unsafe)',
      firefox:
        'Dibujo de la advertencia en Firefox: 1, el botón Advanced; 2, el botón “Proceed to localhost (Risky)” que aparece debajo',
      firefoxTitle: ['Be careful. Something', 'doesn’t look right.'],
      firefoxBack: 'Go back',
      firefoxAdvanced: 'Advanced',
      firefoxProceed: 'Proceed to localhost (Risky)',
    },
    pasteErrors: {
      missing: 'Pegue la dirección de la página que no cargó.',
      isStart:
        'Esta es la página que Onhand abrió primero. Inicie sesión y permítalo; la dirección que necesita viene después.',
      isPortal:
        'Esta es una página del portal. Continúe allí hasta que su navegador muestre una página que no carga.',
      notAddress: 'Esto no es una dirección. Empieza con https://localhost y es larga.',
      noAnswer:
        'Falta el final de la dirección: después de “callback” hay un signo de interrogación y algo más. Cópiela toda.',
    } satisfies Record<PasteError, string>,
    cancel: 'Cancelar',
    again: 'Intentar de nuevo en mi navegador',
    retry: 'Intentar de nuevo',
    mend: 'Pegar otra vez el id y el secreto',
    giveUp: 'Ahora no',
    safe: 'Todo lo que tenía antes sigue aquí.',
  },

  confirm: {
    record: (name: string, born: string | null) =>
      born === null
        ? `Este es el expediente de ${name}.`
        : `Este es el expediente de ${name}; nacimiento: ${born}.`,
    titleMany: '¿Son las personas correctas?',
    several:
      'Esta cuenta da los expedientes de estas personas. Cada uno se guarda separado de los demás. ¿Cuál de ellas es usted?',
    none: 'El portal no dijo de quién es este expediente.',
    before: 'No se copia nada hasta que usted lo diga.',
    mine: 'Es mío',
    inMyCare: 'Cuido a esta persona',
    thisIsMe: 'Soy yo',
    thisIsMeName: (name: string) => `Soy yo: ${name}`,
    inMyCareMany: 'Ninguna de ellas: las cuido',
    another: 'Usar otra cuenta del portal',
    anotherText:
      'Quizá otra persona tenía todavía abierta su sesión del portal en su navegador. “Usar otra cuenta del portal” devuelve este acceso, no guarda nada y abre el portal una vez más: cierre allí la sesión e inicie la de la cuenta correcta.',
    otherTitle: 'Este es el expediente de otra persona',
    other: (found: string[], expected: string[]) =>
      `Esta conexión es de ${list(expected)}. Este es el expediente de ${list(found)}. ¿Guardarlo como una persona aparte?`,
    otherSafe: 'Los dos nunca se mezclan, y nada de lo que está aquí cambia.',
    keepSeparate: 'Guardar como una persona aparte',
    notKept: 'No, no guardar nada',
  },

  sync: {
    title: 'Copiando su expediente',
    titleDone: 'Su expediente está aquí',
    titlePartly: 'La mayor parte de su expediente está aquí',
    titleNothing: 'No se está copiando nada',
    titleFailed: 'La copia se detuvo',
    lede: 'Lo que ha llegado ya está guardado; puede empezar a leer.',
    ledeDone: 'Se queda en esta computadora. Puede leerlo sin internet.',
    ledePartly: 'Una parte no llegó. Todo lo que tenía antes sigue aquí.',
    ledeNothing: 'Onhand copia cuando usted se lo pide.',
    ofTotal: (total: number) => `de ${n(total)}`,
    counted: (received: number, total: number) => `${n(received)} de ${n(total)}`,
    received: (received: number) => n(received),
    elapsed: (time: string) => time,
    asking: 'Preguntando al portal qué tiene',
    types: 'Clases de registros',
    read: 'Empezar a leer',
    stop: 'Detener',
    report: 'Ver qué llegó',
    progressLabel: 'Registros copiados',
    foot: (received: number, total: number) => `Copiando, ${n(received)} de ${n(total)}`,
    footAsking: 'Copiando',
    state: {
      waiting: 'en espera',
      running: 'copiándose',
      complete: 'completo',
      partial: 'en parte',
      refused: 'rechazado',
      not_offered: 'este portal no lo ofrece',
      failed: 'no llegó',
    } satisfies Record<TypeProgressState, string>,
  },

  groups: {
    labs: 'Análisis y signos vitales',
    medicines: 'Medicamentos',
    problems: 'Problemas de salud',
    allergies: 'Alergias',
    immunizations: 'Vacunas',
    visits: 'Consultas y procedimientos',
    documents: 'Documentos',
    plans: 'Planes de atención y metas',
    people: 'Personas y lugares',
    other: 'Todo lo demás',
  } satisfies Record<GroupName, string>,

  kinds: {
    labs: 'Análisis',
    vitals: 'Signos vitales',
    medicines: 'Medicamentos',
    problems: 'Problemas de salud',
    allergies: 'Alergias',
    immunizations: 'Vacunas',
    visits: 'Consultas',
    procedures: 'Procedimientos',
    documents: 'Documentos',
    care_plans: 'Planes de atención',
    goals: 'Metas',
    people: 'Personas',
    places: 'Lugares',
    other: 'Otros',
  } satisfies Record<Kind, string>,

  kindOne: {
    labs: 'Resultado de análisis',
    vitals: 'Signo vital',
    medicines: 'Medicamento',
    problems: 'Problema de salud',
    allergies: 'Alergia',
    immunizations: 'Vacuna',
    visits: 'Consulta',
    procedures: 'Procedimiento',
    documents: 'Documento',
    care_plans: 'Plan de atención',
    goals: 'Meta',
    people: 'Persona',
    places: 'Lugar',
    other: 'Registro',
  } satisfies Record<Kind, string>,

  list: {
    timeline: 'Cronología',
    show: 'Mostrar',
    all: 'Todo',
    more: 'Más',
    fewer: 'Menos',
    undated: 'Sin fecha',
    undatedText: 'El portal no envió fecha de estos.',
    loading: 'Cargando',
    notOffered: 'Este portal no lo ofrece',
    gone: 'Ya no está en el portal',
    flagged: (count: number) => plural(LOCALE, count, { one: '1 por notar', other: '# por notar' }),
    failed: 'No se pudo leer la lista',
    choose: 'Elija un registro para leerlo aquí',
    keys: [
      ['↑ ↓', 'moverse por la lista'],
      ['Enter', 'abrir'],
      ['J K', 'registro siguiente y anterior'],
      ['/', 'buscar'],
    ],
  },

  holds: {
    count: {
      labs: (n) =>
        plural(LOCALE, n, { one: '1 resultado de laboratorio', other: '# resultados de laboratorio' }),
      vitals: (n) => plural(LOCALE, n, { one: '1 signo vital', other: '# signos vitales' }),
      medicines: (n) => plural(LOCALE, n, { one: '1 medicamento', other: '# medicamentos' }),
      problems: (n) => plural(LOCALE, n, { one: '1 problema', other: '# problemas' }),
      allergies: (n) => plural(LOCALE, n, { one: '1 alergia', other: '# alergias' }),
      immunizations: (n) => plural(LOCALE, n, { one: '1 vacuna', other: '# vacunas' }),
      visits: (n) => plural(LOCALE, n, { one: '1 visita', other: '# visitas' }),
      procedures: (n) => plural(LOCALE, n, { one: '1 procedimiento', other: '# procedimientos' }),
      documents: (n) => plural(LOCALE, n, { one: '1 documento', other: '# documentos' }),
      care_plans: (n) => plural(LOCALE, n, { one: '1 plan de cuidados', other: '# planes de cuidados' }),
      goals: (n) => plural(LOCALE, n, { one: '1 objetivo', other: '# objetivos' }),
      people: (n) => plural(LOCALE, n, { one: '1 persona', other: '# personas' }),
      places: (n) => plural(LOCALE, n, { one: '1 lugar', other: '# lugares' }),
      other: (n) => plural(LOCALE, n, { one: '1 registro más', other: '# registros más' }),
    },
    void: (n) => plural(LOCALE, n, { one: '1 que no es así', other: '# que no son así' }),
    out: (n) => plural(LOCALE, n, { one: '1 fuera de rango', other: '# fuera de rango' }),
    onlyVoid: (what) => `${what}; consta que no es así`,
  },

  when: {
    on: '',
    since: 'desde',
    recorded: 'anotado',
    performed: 'hecho',
    prescribed: 'recetado',
    reported: 'informado',
    collected: 'tomado',
    issued: 'emitido',
    given: 'aplicado',
    'as of': 'a fecha de',
    undated: 'sin fecha',
  },

  search: {
    label: 'Buscar',
    key: 'Ctrl K',
    title: 'Búsqueda',
    results: (count: number) => plural(LOCALE, count, { one: '1 resultado', other: '# resultados' }),
    none: (query: string) => `No se encontró nada de “${query}”`,
    noneText: (count: number) =>
      `Onhand buscó en ${count === 1 ? 'el único registro' : `los ${records(count)}`} de esta computadora cada palabra que escribió. Pruebe con menos palabras, o con el principio de una.`,
    clear: 'Borrar la búsqueda',
  },

  empty: {
    none: (what: string) => `No hay ${what} en el expediente`,
    noneText: 'El portal no tiene ninguna anotación sobre esto. No es lo mismo que no tener nada.',
    nothing: 'Todavía no hay registros',
    nothingText: 'Onhand no ha copiado nada todavía.',
    nothingAction: 'Ir a la conexión',
    notOffered: (what: string) => `Este portal no ofrece ${what}`,
    notOfferedText:
      'Onhand preguntó, y el portal contestó que no tiene nada que dar. Su consultorio puede mandarle cartas e informes de otra manera.',
    filtered: 'No hay registros de estas clases',
    filteredText: (count: number) => `Hay ${records(count)} de otras clases.`,
    showAll: 'Mostrar todo',
    asWords: {
      labs: 'resultados de análisis ni signos vitales',
      medicines: 'medicamentos',
      problems: 'problemas de salud',
      allergies: 'alergias',
      immunizations: 'vacunas',
      visits: 'consultas ni procedimientos',
      documents: 'documentos',
      plans: 'planes de atención ni metas',
      people: 'personas ni lugares',
      other: 'otros registros',
    } satisfies Record<GroupName, string>,
  },

  detail: {
    loading: 'Abriendo el registro',
    failed: 'No se pudo abrir este registro',
    likely: 'probable',
    range: 'rango',
    rangeSent: 'Rango enviado',
    noRange: 'no se envió rango',
    results: 'Resultados',
    test: 'Prueba',
    value: 'Valor',
    flag: 'Marca',
    notSent: 'no se envió valor',
    status: 'Estado',
    related: 'Registros relacionados',
    notCopied: 'El portal no envió este registro.',
    attachments: 'Archivos adjuntos',
    attached: 'vino con el registro',
    elsewhere: (host: string) => `en ${host}; Onhand no lo ha traído`,
    elsewherePlain: 'en el portal; Onhand no lo ha traído',
    codes: (count: number) => plural(LOCALE, count, { one: '1 código', other: '# códigos' }),
    codeSystem: 'Sistema',
    code: 'Código',
    codeFor: 'De',
    codeWords: 'Las palabras del portal',
    problems: 'No se pudo leer del todo',
    problemsText: 'El registro se guarda exactamente como llegó. Su fuente está abajo.',
    narrative: 'El texto del propio portal',
    origin: 'De dónde vino',
    portal: 'Portal',
    sourceId: 'Fuente',
    firstSeen: 'Copiado por primera vez',
    lastSeen: 'Visto allí por última vez',
    source: 'La fuente, como la envió el portal',
    sourceLoading: 'Leyendo la fuente',
    sourceCopy: 'Copiar la fuente',
    sourceCut: (shown: string) => `Solo se muestran los primeros ${shown}. Copiar da todo.`,
    disclaimer: 'No es consejo médico; decide el expediente de su consultorio.',
    noDate: 'El portal no envió fecha de este registro.',
    back: (list: string) => `Volver a ${list}`,
    mentionedIn: 'Mencionado en',
    roles: {
      result: 'Resultado',
      part_of: 'Parte de',
      'part-of': 'Parte de',
      has_member: 'Contiene',
      'has-member': 'Contiene',
      medication: 'Medicamento',
      encounter: 'Consulta',
      performer: 'Hecho por',
      prescriber: 'Recetado por',
      recorder: 'Escrito por',
      asserter: 'Dicho por',
      subject: 'Sobre',
      patient: 'Sobre',
      replaces: 'Sustituye a',
      replaces_of: 'Sustituido por',
      organization: 'Organización',
      location: 'Lugar',
    },
  },

  connection: {
    title: 'Conexión',
    titleMany: 'Conexiones',
    none: 'Sin conexión',
    noneText: 'No hay ningún portal conectado. Lo que se copió antes sigue aquí para leer.',
    signedIn: 'Sesión iniciada',
    signedOut:
      'El portal pide que inicie sesión otra vez. No se perdió nada, y dentro de un día la copia sigue desde donde estaba.',
    signedOutShort: 'Iniciar sesión otra vez',
    lastCopied: (when: string) => `Última copia: ${when}`,
    neverCopied: 'Todavía sin copiar',
    again: 'Copiar otra vez',
    reconnect: 'Reconectar',
    disconnect: 'Desconectar',
    another: 'Conectar otro portal',
    connect: 'Conectar con OnPatient',
    whoseRecords: 'Registros de',
    kind: 'Clase',
    state: 'Estado',
    promised: 'Anunciados',
    received: 'Recibidos',
    new: 'Nuevos',
    changed: 'Cambiados',
    unchanged: 'Como antes',
    goneHead: 'Ya no están',
    all: 'Todo',
    notPromised: 'no lo dijo',
    goneNote:
      '“Ya no está” significa que el portal ya no tiene el registro. Onhand conserva su copia y lo dice solo después de mirarlo todo.',
    missingSafe: 'Todo lo que tenía antes sigue aquí.',
    missing: (count: number) => plural(LOCALE, count, { one: 'falta 1', other: 'faltan #' }),
    dialog: {
      title: (portal: string) => `¿Desconectar de ${portal}?`,
      text: 'Onhand devuelve su acceso al portal y olvida el id y el secreto. Para copiar otra vez más adelante tendría que conectar de nuevo.',
      records: '¿Y los registros copiados de allí?',
      keep: 'Conservarlos en esta computadora',
      keepText: 'Se quedan aquí para leer, como están hoy.',
      delete: 'Borrarlos de esta computadora',
      deleteText: 'No se pueden recuperar desde aquí. El expediente del consultorio no se toca.',
      confirm: 'Desconectar',
      confirmDelete: 'Desconectar y borrar',
    },
    footCopied: 'Al día',
    footNever: 'Todavía sin copiar',
    footPartly: (received: number, promised: number) => `${n(received)} de ${n(promised)}`,
    footSignIn: 'Iniciar sesión otra vez',
    footNone: 'Sin conexión',
  },

  settings: {
    title: 'Ajustes',
    certificates: 'Certificados de inicio de sesión',
    certificatesText:
      'Mientras usted inicia sesión, Onhand hace que sus navegadores confíen en una página de esta computadora, y retira esa confianza enseguida. Si un inicio de sesión se interrumpió, algo pudo haber quedado. Quitarlo no daña nada; el siguiente inicio de sesión hace los suyos.',
    certificatesKeptText:
      'Para que esta computadora le pregunte una vez al año y no en cada inicio de sesión, Onhand conserva un certificado, por el que sus navegadores confían en una página de esta computadora. Quítelo cuando ya no quiera iniciar sesión aquí, y antes de eliminar Onhand. El siguiente inicio de sesión hace otro, y esta computadora le pregunta de nuevo.',
    certificatesRemove: 'Quitar los certificados de inicio de sesión',
    certificatesRemoved: (count: number) =>
      count === 0
        ? 'No había ninguno. Esta computadora no confía en ningún certificado de Onhand.'
        : plural(LOCALE, count, {
            one: 'Se quitó un certificado.',
            other: 'Se quitaron # certificados.',
          }),
    appearance: 'Apariencia',
    appearanceText: 'Cómo se ve Onhand en esta computadora.',
    textSize: 'Tamaño del texto',
    textSizeText: 'Todo en la ventana crece con él.',
    percent: (percent: number) => `${n(percent)} %`,
    left: 'Lo que salió de esta computadora',
    leftText:
      'Onhand habla con su portal y con nadie más. Lleva una lista de cada dirección a la que preguntó, y de cuántas veces.',
    leftLink: 'Ver la lista',
    system: 'Como el sistema',
    light: 'Clara',
    dark: 'Oscura',
    about: 'Sobre Onhand',
    version: (version: string) => `Versión ${version}`,
    aboutText:
      'Onhand copia un expediente de OnPatient a esta computadora y lo muestra aquí. No envía nada a nadie más. No está hecho por DrChrono ni por OnPatient.',
    advice: 'No es consejo médico; decide el expediente de su consultorio.',
    licence: 'Onhand es software libre bajo la Apache License 2.0 o la MIT License, a su elección.',
    loinc:
      'This product includes all or a portion of the LOINC® codes. LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee, and is available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.',
  },

  help: {
    title: 'Ayuda',
    lede: 'Todo está en esta computadora; no se consulta en ningún otro lugar.',
    glossary: 'Palabras de expedientes y resultados',
    glossaryText:
      'Lo que significa una palabra, no lo que un valor significa para usted. Donde una de estas palabras está sobre una línea de puntos, deténgase en ella u oprímala.',
    find: 'Buscar una palabra',
    found: (count: number) => plural(LOCALE, count, { one: '1 palabra', other: '# palabras' }),
    none: (query: string) => `“${query}” no está aquí`,
    noneText: 'Su consultorio puede decirle qué significa.',
    explain: (word: string) => `¿Qué es “${word}”?`,
    topics: {
      record: 'En un expediente',
      blood: 'Recuentos de sangre',
      chemistry: 'Química de la sangre',
      fats: 'Grasas en la sangre',
      hormones: 'Hormonas',
      urine: 'Orina',
      reading: 'Cómo leer un resultado',
      vitals: 'Signos vitales',
      medicines: 'Medicamentos',
      care: 'Consultas, códigos y lo que se hizo',
      portal: 'El portal y esta copia',
    } satisfies Record<Topic, string>,
  },

  letter: {
    open: 'Esto parece un error',
    title: 'Una carta a su consultorio',
    lede: 'Onhand no puede cambiar el expediente de su consultorio, y no envía nada por sí mismo. Escriba qué está mal; después imprima la carta, o cópiela en un mensaje del portal.',
    wrong: 'Qué está mal, y qué sería lo correcto',
    wrongHint: 'Dígalo como lo diría por teléfono. Puede dejarlo vacío y escribir a mano.',
    preview: 'La carta',
    copy: 'Copiar la carta',
    print: 'Imprimir la carta',
    about: 'Una corrección a mi expediente médico',
    dear: 'A mi consultorio',
    opening: (portal: string) =>
      `Mi expediente en ${portal} contiene la anotación de abajo. Creo que no es correcta, y les pido que la revisen.`,
    entry: 'La anotación, como la envió el portal',
    when: 'Fecha',
    status: 'Estado',
    source: 'Número de la anotación',
    seen: 'Vista en el portal',
    mine: 'Qué está mal, y qué creo que es lo correcto',
    request:
      'Por favor corrijan la anotación, o díganme por escrito por qué se queda como está (45 CFR 164.526 da a los pacientes el derecho de pedir una enmienda). Por favor envíen toda corrección a quienes recibieron la anotación.',
    sincerely: 'Atentamente',
    born: (name: string, born: string | null) => (born === null ? name : `${name}, nacimiento: ${born}`),
  },

  palette: {
    title: 'Búsqueda y órdenes',
    placeholder: 'Busque en el expediente, o escriba una orden',
    recent: 'Buscado antes',
    search: 'Búsqueda',
    commands: 'Órdenes',
    all: (query: string) => `Todo lo encontrado de “${query}”`,
    copyAgain: 'Copiar otra vez',
    goTo: (view: string) => `Ir a ${view}`,
    appearance: {
      system: 'Apariencia como el sistema',
      light: 'Apariencia clara',
      dark: 'Apariencia oscura',
    },
    print: 'Imprimir esta página, o guardarla como PDF',
    connect: 'Conectar otro portal',
    words: {
      copyAgain: 'sincronizar ahora actualizar traer sync now',
      appearance: 'tema modo colores noche día dark light',
      print: 'papel exportar archivo export',
      connect: 'agregar cuenta iniciar sesión',
    },
  },

  summary: {
    title: 'Resumen',
    failed: 'No se pudo componer el resumen',
    loading: 'Componiendo el resumen',
    unsaid: 'Un resumen es de una sola persona',
    unsaidText:
      'El portal no dijo de quién son estos registros, así que no están en el resumen de nadie. Elija una persona o léalos uno por uno.',
    news: 'Nuevo desde la última vez que miró:',
    seen: 'Ya lo vi',
    absent: 'Lo que no está aquí',
    noneActive: (count: number) =>
      plural(LOCALE, count, {
        one: 'Ninguno figura como activo. 1 está de otro modo en la lista completa.',
        other: 'Ninguno figura como activo. # están de otro modo en la lista completa.',
      }),
    noneGiven: (count: number) =>
      plural(LOCALE, count, {
        one: 'Ninguna figura como administrada. 1 está de otro modo en la lista completa.',
        other: 'Ninguna figura como administrada. # están de otro modo en la lista completa.',
      }),
    age: (years: number) => plural(LOCALE, years, { one: '1 año', other: '# años' }),
    sex: (sex: string) => `sexo anotado por el consultorio: ${sex}`,
    print: 'Imprimir para una consulta',
    pinned: 'Pruebas fijadas',
    flags: 'Las advertencias del propio consultorio',
    out: 'Fuera de rango en la última prueba',
    noneOut: 'Ningún resultado con nombre estaba marcado o fuera de su rango la última vez que se midió.',
    inferred: (count: number) =>
      plural(LOCALE, count, {
        one: 'Hay otro resultado fuera de rango cuyo nombre Onhand solo dedujo. Está en los análisis, para que usted lo confirme.',
        other:
          'Hay # resultados más fuera de rango cuyos nombres Onhand solo dedujo. Están en los análisis, para que usted los confirme.',
      }),
    result: 'Resultado',
    before: 'Antes de eso',
    course: (count: number) => plural(LOCALE, count, { one: 'Un valor', other: 'El curso de # valores' }),
    allLabs: 'Todos los análisis y signos vitales',
    all: 'Todo',
    more: (count: number) => plural(LOCALE, count, { one: 'y 1 más', other: 'y # más' }),
    medicines: 'Medicamentos en la lista del consultorio',
    vitals: 'Últimos signos vitales',
    visits: 'Últimas consultas',
    due: 'Aquí no se adivina cuáles tocan. Su consultorio puede decírselo.',
  },

  note: {
    title: 'Su propia nota',
    hint: 'Solo aquí, en esta computadora. Se cifra con el expediente y no se copia a ningún lado.',
    add: 'Escribir una nota',
    keep: 'Guardar la nota',
    change: 'Cambiar',
    remove: 'Quitarla',
    written: (when: string) => `Escrita: ${when}`,
  },

  pin: {
    add: 'Fijar en el resumen',
    remove: 'Quitar del resumen',
  },
};
