import type { DateOrder, Language, VitalUnits } from '../backend/api';
import { number } from '../lib/plural';
import type { frame as english } from './en-frame';

const LOCALE = 'es-US';
const n = (count: number) => number(LOCALE, count);

/** The texts of the window itself: a draft. */
export const frame: typeof english = {
  dates: {
    until: (date: string) => `hasta ${date}`,
    span: (from: string, to: string) => `${from} a ${to}`,
    today: (time: string) => `hoy, ${time}`,
    yesterday: (time: string) => `ayer, ${time}`,
    todayAt: (time: string) => `hoy a las ${time}`,
    yesterdayAt: (time: string) => `ayer a las ${time}`,
    on: (date: string) => `el ${date}`,
  },

  internal: 'Algo en Onhand no funcionó. Sus registros están a salvo. Intente de nuevo.',

  draft: {
    tag: 'Borrador',
    text: 'Esta traducción es un borrador. Ningún clínico ha revisado todavía sus palabras sobre estados y alergias. Lo que escribió el portal, y lo que Onhand dice sobre ello, sigue en inglés.',
    back: 'Read in English',
  },

  panes: {
    side: 'Ancho de la barra lateral',
    list: 'Ancho de la lista',
    rem: (rem: number) => `${n(rem)} unidades de ancho`,
  },

  toast: {
    label: 'Ahora mismo',
    undo: 'Deshacer',
    close: 'Cerrar esta línea',
    noteRemoved: 'La nota se quitó.',
    unpinned: 'Se quitó del resumen.',
    newsAside: 'Apartado. Conexión guarda el historial de copias.',
    searchesForgotten: 'Las búsquedas se olvidaron.',
    undone: 'Está de vuelta.',
    copying: 'Onhand pregunta al portal qué hay de nuevo.',
    notConnected: 'No hay ningún portal conectado. Conecte uno para copiar.',
    textSize: (percent: number) => `Tamaño del texto: ${n(percent)} %`,
  },

  find: {
    label: 'Buscar en esta página',
    hits: (at: number, count: number) => (count === 0 ? 'No se encontró' : `${n(at)} de ${n(count)}`),
    next: 'Siguiente',
    previous: 'Anterior',
    close: 'Cerrar',
  },

  corrected: (typed: string, shown: string) => `Nada se escribe “${typed}”. Esto es “${shown}”.`,

  setting: {
    language: 'Idioma',
    languageText:
      'Onhand habla el idioma que usted elige aquí, sea cual sea el del sistema. El español es un borrador: ningún clínico ha revisado todavía sus palabras sobre estados y alergias.',
    languages: { en: 'English', es: 'Español (borrador)' } satisfies Record<Language, string>,
    english:
      'Esto sigue en inglés en cualquier idioma: lo que escribió el portal, los nombres de sus campos y estados, por qué un nombre es probable, y lo que Onhand dice sobre una copia o un error.',
    dates: 'Fechas',
    datesText: 'Cómo se escribe un día. Ninguna fecha se muestra con más precisión de la que se envió.',
    orders: {
      month_first: 'Primero el mes',
      day_first: 'Primero el día',
      year_first: 'Primero el año',
    } satisfies Record<DateOrder, string>,
    units: 'Unidades de los signos vitales',
    unitsText:
      'La unidad que se envió siempre está primero. Los resultados de análisis nunca se convierten: sus rangos pertenecen a sus unidades.',
    unitChoices: {
      as_sent: 'Como se enviaron',
      both: 'Y en el otro sistema: libras y kilogramos',
    } satisfies Record<VitalUnits, string>,
    contrast:
      'Cuando el sistema pide más contraste, sus propios colores o menos movimiento, Onhand hace lo que dice.',
    keys: 'Letras como teclas',
    keysText:
      'J, K, G, P, N y / hacen algo mientras una lista o un registro tiene el foco, nunca en un campo.',
    keysOn: 'Dejar que las letras hagan algo',
  },

  keyboard: {
    title: 'Teclas',
    text: 'Todo se puede hacer sin ratón. Tab avanza, Enter oprime.',
    mac: '⌘',
    other: 'Ctrl',
    groups: [
      {
        title: 'En cualquier lugar',
        keys: [
          ['Mod+K', 'búsqueda y órdenes'],
          ['Mod+F', 'buscar en esta página'],
          ['Mod+1 – Mod+9', 'las entradas de la barra lateral'],
          ['Mod+[ , Mod+]', 'atrás y adelante'],
          ['F6', 'panel siguiente'],
          ['Mod+P', 'imprimir'],
          ['Mod+R', 'copiar otra vez'],
          ['Mod++ , Mod+− , Mod+0', 'texto más grande, más pequeño, usual'],
          ['Mod+L', 'cerrar, donde hay una frase de acceso'],
          ['F1', 'ayuda'],
        ],
      },
      {
        title: 'En una lista',
        keys: [
          ['↑ ↓', 'fila por fila'],
          ['Page ↑ , Page ↓', 'página por página'],
          ['Home , End', 'primera y última'],
          ['Enter', 'abrir'],
          ['G', 'ir a una fecha'],
          ['/', 'buscar'],
        ],
      },
      {
        title: 'En un registro',
        keys: [
          ['J , K', 'registro siguiente y anterior'],
          ['Esc', 'volver a la lista'],
          ['N', 'escribir una nota'],
          ['P', 'fijar la prueba, donde hay una'],
          ['← →', 'puntos de una gráfica, fechas de una tabla'],
        ],
      },
    ],
  },

  commands: {
    lock: 'Cerrar con la frase de acceso',
    larger: 'Texto más grande',
    smaller: 'Texto más pequeño',
    usual: 'Tamaño usual del texto',
    speak: (language: string) => `Idioma: ${language}`,
    find: 'Buscar en esta página',
    date: 'Ir a una fecha',
    forget: 'Olvidar estas búsquedas',
    words: {
      lock: 'bloquear lock',
      text: 'zoom tamaño letra',
      language: 'language idioma español english inglés',
      find: 'encontrar página',
      date: 'calendario año saltar',
    },
  },
};
