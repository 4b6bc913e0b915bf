import type { HelpPart } from './help';

/** The questions of Help in Spanish, in the order of the English ones: a draft. */
export const answers: readonly HelpPart[] = [
  {
    title: 'Leer su expediente',
    answers: [
      {
        id: 'whole',
        question: '¿Es este mi expediente médico completo?',
        text: [
          'Es todo lo que su portal da a un programa que pregunta en su nombre. Las clínicas que no usan este portal no están aquí, y algunas cosas que un portal muestra en sus propias páginas no se dan a los programas: mensajes, facturas y la mayoría de las imágenes.',
          'Conexión enumera cada clase de registro, cuántos dijo el portal que había y cuántos llegaron.',
        ],
      },
      {
        id: 'range',
        question: '¿Qué significa alto o bajo?',
        text: [
          'El laboratorio comparó el resultado con su propio rango, que está impreso a su lado. Un resultado fuera del rango es común y por sí mismo no es una enfermedad; uno dentro no es por sí mismo una señal de salud.',
          'Donde el laboratorio no envió rango, Onhand lo dice y no agrega ninguno propio. Su consultorio puede decirle qué significa un resultado para usted.',
        ],
      },
      {
        id: 'likely',
        question: '¿Por qué dice “probable” antes de un nombre?',
        text: [
          'Algunos portales envían los valores de un análisis de sangre sin decir cuál es cuál. Onhand deduce los nombres de la unidad, el rango y los otros valores de la misma prueba, y muestra sus razones cuando usted oprime “probable”.',
          'Un nombre probable nunca se usa en los resúmenes ni en las listas de lo que está fuera de rango hasta que usted lo confirma. Si tiene el informe en papel, compare los dos y confirme o corrija el nombre. El valor mismo nunca cambia.',
        ],
      },
      {
        id: 'active',
        question: 'En la lista hay un medicamento que no tomo. ¿Por qué?',
        text: [
          'En la lista de su consultorio está y nadie lo ha marcado como terminado. A menudo los consultorios no se enteran de que alguien dejó de tomarlo. Dígaselo a su consultorio; “Esto parece un error”, en el registro, le escribe una carta.',
        ],
      },
      {
        id: 'missing',
        question: 'Algo falta, o está mal.',
        text: [
          'Mire primero Conexión: si una clase no se pudo copiar, dice por qué, y puede intentarlo de nuevo.',
          'Onhand no puede cambiar nada en su consultorio. Abra el registro que está mal y oprima “Esto parece un error”: Onhand escribe una carta breve con los datos, para imprimir o para copiar en un mensaje a su consultorio. Usted tiene derecho a pedir una corrección.',
        ],
      },
      {
        id: 'gone',
        question: '¿Qué significa “Su portal ya no envía esto”?',
        text: [
          'El registro estaba allí antes, y en la última copia completa ya no. Pudo haberse corregido, movido o retirado. Onhand conserva lo que tiene y lo saca de las listas actuales, salvo las alergias, que se quedan y se marcan.',
        ],
      },
    ],
  },
  {
    title: 'Conectar y copiar',
    answers: [
      {
        id: 'who',
        question: '¿Quién puede ver mi expediente?',
        text: [
          'Usted, y quien pueda usar su cuenta en esta computadora. Onhand no tiene servidor: su expediente va del portal a esta computadora y a ningún otro lugar. Ajustes enumera cada dirección con la que Onhand ha hablado.',
          'La copia se guarda cifrada. Su clave está en el llavero de esta computadora, o la protege una frase de acceso suya.',
        ],
      },
      {
        id: 'app',
        question: '¿Por qué debo agregar una app en el portal?',
        text: [
          'El portal solo da registros a los programas que conoce. Al agregar una app, usted da a su propio Onhand un nombre y una contraseña propios allí. No publica nada, y nadie más puede usarla.',
        ],
      },
      {
        id: 'warning',
        question: 'Mi navegador me advirtió sobre localhost.',
        text: [
          '“localhost” es esta computadora. Cuando usted inicia sesión, el portal manda su navegador de vuelta a Onhand, y Onhand contesta con un certificado que hizo él mismo. Algunos navegadores no lo aceptan. Onhand lo nota y ofrece otras maneras de terminar.',
          'Una advertencia sobre cualquier otra dirección es de verdad: no continúe allí.',
        ],
      },
      {
        id: 'again',
        question: '¿Por qué se me pide reconectar?',
        text: [
          'El portal terminó la sesión, lo que puede hacer en cualquier momento. Todo lo copiado sigue aquí. Reconectar toma un clic y su inicio de sesión en el portal; no hay que preparar nada otra vez.',
        ],
      },
      {
        id: 'offline',
        question: '¿Funciona sin internet?',
        text: [
          'Sí. Solo copiar necesita el portal. Todo lo que se copió se puede leer, buscar e imprimir sin red.',
        ],
      },
      {
        id: 'several',
        question: 'También cuido a otra persona.',
        text: [
          'Si su cuenta del portal tiene varias personas, cada una tiene aquí su propio expediente, que se elige arriba en la barra lateral. Para alguien con otra cuenta, conecte una vez más en Conexión. Los registros de personas distintas nunca se mezclan.',
        ],
      },
    ],
  },
  {
    title: 'Conservarlo',
    answers: [
      {
        id: 'newcomputer',
        question: '¿Y si tengo otra computadora, o pierdo esta?',
        text: [
          'Conecte otra vez en la nueva: todo lo que tiene el portal se copia de nuevo. Solo sus propias notas, lo que fijó y los nombres que confirmó están únicamente en esta copia.',
          'Quien encuentre esta computadora no puede leer la copia sin la contraseña de su cuenta o su frase de acceso.',
        ],
      },
      {
        id: 'delete',
        question: '¿Cómo lo quito todo?',
        text: [
          'En Conexión oprima Desconectar y elija borrar los registros. Onhand cierra la sesión en el portal y olvida el inicio de sesión y la copia. En el portal puede quitar la app que agregó.',
        ],
      },
    ],
  },
];
