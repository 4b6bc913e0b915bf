import type { Change, Purpose, TypeState } from '../backend/api';
import { number, plural } from '../lib/plural';
import type { Order, TestGroup } from '../lib/tests';
import type { PeriodName } from '../lib/trend';
import type { reading as english } from './en-reading';

const LOCALE = 'es-US';
const n = (count: number) => number(LOCALE, count);
const records = (count: number) => plural(LOCALE, count, { one: '# registro', other: '# registros' });
const list = (items: readonly string[]) => new Intl.ListFormat(LOCALE).format(items);

/** The texts of the copy, of what it brought, and of reading in depth: a draft. */
export const reading: typeof english = {
  copy: {
    checked: (when: string) => ` (comprobado ${when})`,
    footUnknown: 'No llegó todo',
    goesOnAt: (when: string) => `El resto se puede pedir ${when}.`,
    safe: 'Todo lo que tenía antes sigue aquí.',
    again: 'Intentar de nuevo',
    reasons: 'Qué no llegó, y por qué',
    refused: 'Lo que este portal no permitió',
    notOffered: 'Lo que este portal no ofrece',
    notOfferedText:
      'Onhand preguntó por ello, y el portal contestó que no tiene nada que dar. Su consultorio puede tenerlo de todos modos.',
    took: (time: string) => `tardó ${time}`,
    requests: (count: number) => plural(LOCALE, count, { one: '1 solicitud', other: '# solicitudes' }),
    named: (count: number) =>
      plural(LOCALE, count, {
        one: '1 persona o lugar que los registros solo nombran cuenta en la tabla y no en su título.',
        other: '# personas y lugares que los registros solo nombran cuentan en la tabla y no en su título.',
      }),
    besides: ({ moved, back, refused }: { moved: number; back: number; refused: number }) =>
      [
        moved === 0
          ? ''
          : plural(LOCALE, moved, {
              one: '1 llegó con un número nuevo; es el mismo registro, y la nota de usted sigue con él.',
              other:
                '# llegaron con números nuevos; son los mismos registros, y las notas de usted siguen con ellos.',
            }),
        back === 0
          ? ''
          : plural(LOCALE, back, { one: '1 se envía otra vez.', other: '# se envían otra vez.' }),
        refused === 0
          ? ''
          : plural(LOCALE, refused, {
              one: '1 se pidió y no se dio.',
              other: '# se pidieron y no se dieron.',
            }),
      ]
        .filter((words) => words !== '')
        .join(' '),
    unfinished: 'Se detuvo antes de terminar; lo que había llegado se guardó.',
    goesOn: 'Continúa desde donde se detuvo la última copia.',
    canStop:
      'Puede detenerla en cualquier momento. Lo que llegó se guarda, y una copia dentro de un día continúa desde allí.',
    stopping: 'Deteniendo…',
    stopped: 'La copia se detuvo',
    stoppedText: 'Lo que había llegado se guardó. Una copia dentro de un día continúa desde allí.',
    goOn: 'Seguir copiando',
  },

  news: {
    title: (date: string) => `Novedades de la copia: ${date}`,
    short: 'Qué hay de nuevo',
    counts: (counts: Record<Exclude<Change, 'any'>, number>) =>
      [
        counts.new > 0 ? plural(LOCALE, counts.new, { one: '# nuevo', other: '# nuevos' }) : '',
        counts.changed > 0 ? plural(LOCALE, counts.changed, { one: '# cambiado', other: '# cambiados' }) : '',
        counts.moved > 0 ? plural(LOCALE, counts.moved, { one: '# movido', other: '# movidos' }) : '',
        counts.gone > 0
          ? plural(LOCALE, counts.gone, { one: '# ya no se envía', other: '# ya no se envían' })
          : '',
        counts.back > 0
          ? plural(LOCALE, counts.back, { one: '# enviado otra vez', other: '# enviados otra vez' })
          : '',
      ]
        .filter((words) => words !== '')
        .join(', '),
    nothing: 'Nada nuevo',
    first: (count: number) => `La primera copia: ${records(count)}`,
    dismiss: 'Apartar esta línea',
    filter: 'Qué cambió',
    changes: {
      any: 'Todo',
      new: 'Nuevo',
      changed: 'Cambiado',
      gone: 'Ya no se envía',
      moved: 'Movido',
      back: 'Enviado otra vez',
    } satisfies Record<Change, string>,
    tag: {
      any: '',
      new: 'nuevo',
      changed: 'cambiado',
      gone: 'ya no se envía',
      moved: 'movido',
      back: 'enviado otra vez',
    } satisfies Record<Change, string>,
    noneTitle: 'Nada de esta clase en esa copia',
    noneText:
      'Puede estar en el expediente de otra persona de su familia, o una copia posterior lo cambió otra vez.',
  },

  runs: {
    title: 'Copias anteriores',
    text: 'Cada vez que Onhand preguntó al portal, qué llegó y qué cambió. Abra una para leerla.',
    noneText: 'La primera se hace cuando usted oprime “Copiar ahora”.',
    table: 'Copias, la más nueva primero',
    when: 'Cuándo',
    outcome: 'Resultado',
    what: 'Qué cambió',
    byHand: 'a mano',
    byItself: 'por sí sola',
    running: 'No terminó',
    of: (date: string) => `La copia: ${date}`,
    missing: 'Esta copia no está en el historial',
    missingText: 'Puede ser de un portal que se desconectó.',
    back: 'Conexión',
    perKind: 'Clase por clase',
    more: (count: number) => `Mostrar ${n(count)} anteriores`,
  },

  versions: {
    title: 'Lo que decía antes',
    text: (count: number) =>
      plural(LOCALE, count, {
        one: 'El portal cambió este registro una vez desde que se copió por primera vez.',
        other: 'El portal cambió este registro # veces desde que se copió por primera vez.',
      }),
    span: (from: string, until: string) => `Como estaba desde ${from} hasta ${until}`,
    field: 'Qué',
    before: 'Antes',
    after: 'Después',
    removed: 'ya no está',
    added: 'antes no estaba',
    alike: (count: number) =>
      plural(LOCALE, count, { one: '1 línea quedó igual', other: '# líneas quedaron iguales' }),
    same: 'Nada de lo que Onhand muestra es distinto; el cambio está en la fuente de abajo.',
    loading: 'Leyendo las versiones anteriores',
  },

  gone: (date: string) =>
    `Su portal ya no envía esto desde ${date}. Pudo haberse corregido o movido; pregunte en su consultorio.`,
  moved: (from: string) =>
    `El portal dio a este registro un número nuevo; antes era ${from}. Su contenido es el mismo.`,

  labs: {
    title: 'Análisis y signos vitales',
    loading: 'Leyendo los resultados',
    failed: 'No se pudieron leer los resultados',
    all: 'Todas las pruebas',
    byDate: 'Informes por fecha',
    panels: 'Paneles',
    onlyOut: 'Solo fuera de rango',
    find: 'Buscar una prueba',
    sort: 'Orden',
    orders: {
      marked: 'Primero fuera de rango',
      name: 'Por nombre',
      newest: 'Primero lo más nuevo',
    } satisfies Record<Order, string>,
    tests: (count: number) => plural(LOCALE, count, { one: '1 prueba', other: '# pruebas' }),
    results: (count: number) => plural(LOCALE, count, { one: '1 resultado', other: '# resultados' }),
    groups: {
      marked: 'Fuera de rango en el resultado más nuevo',
      labs: 'Otras pruebas de laboratorio',
      vitals: 'Signos vitales',
      likely: 'Resultados que el portal envió sin nombre',
    } satisfies Record<TestGroup['slug'], string>,
    likelyText:
      'Onhand dedujo estos nombres de las unidades, los rangos y los valores. Quedan aparte de los demás hasta que usted diga que un nombre es correcto.',
    test: 'Prueba',
    newest: 'Resultado más nuevo',
    mark: 'Marca',
    range: 'Rango enviado',
    when: 'Cuándo',
    outOf: (out: number, count: number) => `${n(out)} de ${n(count)} fuera de rango`,
    none: 'No hay resultados que comparar',
    noneText: 'El portal no envió resultados de análisis ni signos vitales con un valor.',
    hidden: 'Ninguna prueba es así',
    hiddenText: (count: number) =>
      `Hay ${plural(LOCALE, count, { one: '1 prueba', other: '# pruebas' })} en total.`,
    showAll: 'Mostrar todas las pruebas',
    unsaid: 'Resultados que no dicen de quién son',
    unsaidText:
      'Pueden ser de personas distintas, así que no se unen a lo largo del tiempo. Cada uno está en la lista por fecha.',
    sendersMark: 'La marca es de quien lo envió, salvo que diga otra cosa.',
    ourMark: 'según el rango enviado',
    ourMarkLong: 'Quien lo envió no puso marca; el número está fuera del rango que envió.',

    chartLabel: (name: string, count: number) =>
      `${name} a lo largo del tiempo, ${plural(LOCALE, count, { one: '1 resultado', other: '# resultados' })}. Las flechas van de uno al siguiente, Enter abre el registro.`,
    legend: {
      dot: 'sin marca',
      up: 'alto',
      down: 'bajo',
      other: 'marcado',
      band: 'rango enviado con el resultado',
      guess: 'punteado: el nombre es probable, no fue enviado',
      broken: 'la línea se interrumpe en una pausa larga y en lo que no es un número sencillo',
      reach: 'barra punteada: solo se conoce el mes o el año',
      beyond: 'flecha: más allá de lo que el aparato dice',
    },
    leftOut: (undated: number, wordless: number) =>
      [
        undated > 0
          ? plural(LOCALE, undated, {
              one: '1 resultado no tiene fecha',
              other: '# resultados no tienen fecha',
            })
          : '',
        wordless > 0
          ? plural(LOCALE, wordless, {
              one: '1 resultado no es un número',
              other: '# resultados no son números',
            })
          : '',
      ]
        .filter((words) => words !== '')
        .join(' y ') + ': solo en la tabla.',
    allResults: (count: number) =>
      plural(LOCALE, count, { one: 'El único resultado', other: 'Los # resultados' }),
    period: 'Período',
    periods: {
      year: '1 año',
      three: '3 años',
      all: 'Todo',
    } satisfies Record<PeriodName, string>,
    twin: 'Lo mismo en una tabla',
    last: 'Último resultado',
    against: 'Marca',
    unmarked: 'Sin marca',
    before: 'Antes de eso',
    extremes: 'El más bajo y el más alto',
    since: (count: number, year: string) =>
      `${plural(LOCALE, count, { one: '1 resultado', other: '# resultados' })} desde ${year}`,
    onlyOne: 'Ningún resultado anterior',
    compare: 'Comparar dos fechas',
    compareEnd: 'Dejar de comparar',
    earlier: 'Anterior',
    later: 'Posterior',
    change: 'Diferencia',
    noChange: 'igual',
    notComparable: 'no son dos números de una misma unidad',
    apart: (time: string) => `${time} entre uno y otro`,
    differentRanges: 'Los dos se enviaron con rangos distintos.',
    days: (count: number) => plural(LOCALE, count, { one: '1 día', other: '# días' }),
    asSent: (original: string) => `como se envió: ${original}`,
    undated: 'sin fecha',
    openRecord: (date: string) => `Abrir el registro de ${date}`,
    trendOf: (name: string) => `${name} a lo largo del tiempo`,
    missing: 'No existe esa prueba',
    missingText: 'Puede haber recibido otro nombre, o sus resultados ya no están aquí.',
    back: 'Análisis y signos vitales',

    panelDates: (count: number) =>
      plural(LOCALE, count, { one: '1 fecha', other: '# fechas, la más nueva primero' }),
    notMeasured: 'no se midió',
    newerDates: 'Fechas más nuevas',
    olderDates: 'Fechas más antiguas',
    unit: 'Unidad',
    panelTable: (title: string) => `${title}, todas las fechas`,
    allDates: 'Todas las fechas en una tabla',
    overTime: 'A lo largo del tiempo',
    why: 'por qué',
    others: 'Puede ser la misma prueba',
    othersText: 'Está aparte porque la unidad es distinta, o porque el nombre se dio de otra manera.',
  },

  naming: {
    why: (name: string) => `Por qué “${name}” es probable`,
    whyOneOf: (name: string) => `Por qué esto es ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    whyUnnamed: 'Por qué este resultado no tiene nombre',
    sent: (value: string) => `El portal envió ${value} sin nombre.`,
    strength: {
      strong: [
        'Fuerte',
        'ninguna otra cosa de este panel encaja. En pruebas sin los nombres, ningún nombre llamado fuerte fue erróneo.',
      ],
      likely: ['Probable', 'encaja mejor que los demás, pero otro también podría encajar.'],
      one_of: ['Uno de varios', 'los números no dicen cuál.'],
    },
    next: (candidates: readonly string[]) => `También encajaría: ${list(candidates)}.`,
    confirm: (name: string) => `Esto es ${name}`,
    another: 'Otro nombre…',
    yours: 'Su nombre',
    yoursText: 'Como lo llama el papel de su laboratorio o su consultorio.',
    save: 'Guardar el nombre',
    named: (date: string | null) => (date === null ? 'nombrado por usted' : `nombrado por usted, ${date}`),
    undo: 'Retirar el nombre',
    undone: 'El nombre se retiró.',
    note: 'El registro del propio portal no cambia. El nombre que usted da se guarda a su lado.',
    empty: 'Escriba primero un nombre.',
  },

  lists: {
    sort: 'Orden',
    orders: {
      group: 'Por grupos',
      newest: 'Primero lo más nuevo',
      oldest: 'Primero lo más antiguo',
      name: 'Por nombre',
    },
    anyStanding: 'Todo',
    standing: (name: string, count: number) => `${name} (${n(count)})`,
    gone: 'Su portal ya no lo envía',
    goneCount: (count: number) =>
      plural(LOCALE, count, {
        one: '1 registro que su portal ya no envía',
        other: '# registros que su portal ya no envía',
      }),
    find: 'Buscar en esta lista',
    noMatch: 'Nada en esta lista es así',
    print: 'Imprimir esta lista',
    found: (words: string) => `Encontrado con “${words}”`,
    printed: (date: string) => `Impreso desde Onhand: ${date}`,
    printCut: (shown: number, total: number) =>
      `Se imprimen los primeros ${n(shown)} de ${n(total)}. Elija clases o haga una búsqueda para imprimir menos.`,
    goTo: 'Ir a una fecha',
    year: 'Año',
    month: 'Mes',
    anyMonth: 'Cualquiera',
    go: 'Ir',
    sameDayText: 'Anotado el mismo día. Eso no significa que uno llevó al otro.',
    foldedTitle: (count: number) =>
      plural(LOCALE, count, { one: '1 línea plegada en esta', other: '# líneas plegadas en esta' }),
  },

  requests: {
    title: 'Todo lo que salió de esta computadora',
    lede: 'Onhand lleva esta lista por sí mismo: cada día, con quién habló, para qué y cuántas veces.',
    hosts: 'Direcciones',
    total: 'Solicitudes',
    since: (date: string) => `desde ${date}`,
    day: 'Día',
    host: 'A',
    purpose: 'Para qué',
    count: 'Solicitudes',
    purposes: {
      sign_in: ['Iniciar sesión', 'el código de inicio de sesión, su client id y su secreto'],
      refresh: ['Renovar la sesión', 'su client id, su secreto y la llave para renovarla'],
      sign_out: ['Cerrar la sesión', 'el acceso que se devolvió'],
      records: ['Copiar su expediente', 'el acceso que usted dio, nada más'],
    } satisfies Record<Purpose, readonly [string, string]>,
    utc: 'Los días se cuentan en tiempo universal (UTC).',
    none: 'Nada ha salido de esta computadora',
    noneText: 'Onhand todavía no ha hablado con nadie desde aquí.',
    never: 'Lo que nunca sale',
    nevers: [
      'Su expediente, sus notas y lo que busca.',
      'Su contraseña del portal. La escribe en el portal; Onhand nunca la ve.',
      'Cómo usa Onhand. No hay estadísticas, ni informes de fallos, ni anuncios.',
    ],
    failed: 'No se pudo leer la lista',
    loading: 'Leyendo la lista',
    link: 'Todo lo que salió de esta computadora',
    open: 'Leer la lista',
    linkText: 'A qué dirección, cuándo, para qué, cuántas solicitudes.',
  },

  syncSettings: {
    title: 'Copiar por sí solo',
    text: 'Cuando abre Onhand y la última copia es más antigua que esto, pregunta al portal qué hay de nuevo.',
    label: 'Copiar al abrir cuando la última copia es más antigua que',
    hours: (count: number) => plural(LOCALE, count, { one: '1 hora', other: '# horas' }),
    days: (count: number) => plural(LOCALE, count, { one: '1 día', other: '# días' }),
    off: 'Nunca por sí solo',
    offText: 'Onhand pregunta solo cuando usted oprime “Copiar otra vez”.',
    saved: 'Guardado',
    failed: 'Esto no se guardó',
  },

  reading: {
    sourceFind: 'Buscar en la fuente',
    sourceHits: (at: number, count: number) => (count === 0 ? 'no se encontró' : `${n(at)} de ${n(count)}`),
    sourceNext: 'Siguiente',
    sourcePrevious: 'Anterior',
    open: 'Mostrar',
    hide: 'Ocultar',
    save: 'Guardar',
    saveText: (name: string) => `Guardar ${name}`,
    openName: (name: string) => `Mostrar ${name}`,
    hideName: (name: string) => `Ocultar ${name}`,
    cannotShow: 'Onhand no puede mostrar esta clase de archivo. Puede guardarlo y abrirlo con otro programa.',
    saved: (path: string) => `Guardado como ${path}`,
    relatedGroups: {
      result: 'Resultados',
      folded: 'Plegado en este',
      same_visit: 'Anotado en la misma consulta',
      same_day: 'Anotado el mismo día',
      same_medicine: 'Otras fuentes sobre este medicamento',
      may_be_same: 'Puede ser el mismo',
    },
  },

  states: {
    complete: 'Completo',
    partial: 'En parte',
    refused: 'No permitido',
    not_offered: 'No se ofrece',
    failed: 'No llegó',
  } satisfies Record<TypeState, string>,
};
