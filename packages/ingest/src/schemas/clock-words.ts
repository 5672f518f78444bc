import { type FieldWords, readFieldWords } from './field-words.ts'

/** Words that name the clock time of an event, in the languages that exports are often written in. */
const CLOCK_WORDS =
  /^(?:time|clock|hour|begin|began|start|started|seen|arrival|arrived|logon|login|in|uhr|zeit|beginn|heure|debut|hora|horario|inicio|ora|ore|orario|inizio|tijd|tijdstip|tid|tidspunkt|tidpunkt|klokkeslett|godzina|czas)$/
/** A name that shows how clock times are written. */
const CLOCK_SHAPE = /^hh?:?mm?(?::?ss?)?$/i
/** Words of lengths of time and of what has no place on a clock: `Talk Time`, `CPU Time`, `Laufzeit`, `Time zone`. */
const LENGTH_WORDS: ReadonlySet<string> = new Set(
  [
    'active average avg break budget busy cpu cycle delay down drive duration dur dwell elapsed exec execution gap handle handling',
    'hold hours idle interval kernel lag latency lead left len length life limit load loading max mean median min mins minutes ms',
    'offset out over period play prep process processing queue remaining render response ring ringing round rtt run running screen',
    'sec seconds secs seek service session spent sum taken took talk timeout total travel trip ttl tz up usage used wait waiting',
    'wall watch work worked working wrap zone',
    'antwort arbeits aufenthalts ausfuhrungs bearbeitungs dauer fahr gesamt halte lauf leerlauf pause pausen reaktions rechen rest',
    'ruf sprech verweil warte wartungs',
    'attente duree reponse traitement duracion espera respuesta durata attesa risposta duracao resposta duur loop reactie wacht',
    'svars varaktighet varighet vente odpowiedzi oczekiwania pracy trwania',
  ]
    .join(' ')
    .split(' '),
)
/** Of two clocks those at which something is over: what began earlier that day. */
const END_WORDS =
  /^(?:end|ended|ends|stop|stopped|finish|finished|until|till|logoff|logout|departure|ende|schluss|bis|fin|final|fine|termino|einde|eind|slutt?|koniec)$/
/** What follows a clock word where it is a length: `Time to live`, `Time in queue`, `Time (mm:ss)`. */
const LENGTH_PHRASE =
  /\b(?:time|zeit) (?:in|to|per|since|until|for|between|before|after|on|bis|seit|pro) \p{L}|(?<!\bhh? )\bmm? ss?\b/u
/** Words that name the date of an event. */
const DATE_WORDS =
  /^(?:date|day|when|datum|tag|jour|fecha|dia|data|giorno|dato|dag|dzien|begin|start|started|seen)$/
/** Dates of something else than the event. */
const OTHER_DATE_WORDS =
  /^(?:due|hire|hired|dob|geboren|geburts?|naissance|nacimiento|nascita|nascimento|ablauf|falligkeits?|einstellungs|vencimiento|vencimento|scadenza)$/
/** Of several clocks, the one that an event begins at. */
const BEGIN_WORDS = /^(?:begin|began|start|started|beginn|debut|inicio|inizio)$/
/** Words that say no more than that it is the event's. */
const PLAIN_WORDS = /^(?:time|event|log|local|of|day|the|at)$/
/** What a date and its clock are told apart by where they are called the same. */
const DATE_NAME = /\b(?:date|datum|fecha|data)\b/
const CLOCK_NAME = /\b(?:time|clock|(?:uhr )?zeit|heure|hora|ora|tijd)\b/
const NAMELESS = /^column_\d+$/

/**
 * Whether a field of dates and one of clock times are called the same but for that: `date` and `time (UTC)`, `start_date` and
 * `start_time`, `Datum` and `Uhrzeit`.
 */
export function belongTogether(dateName: string, clockName: string): boolean {
  const date = readFieldWords(dateName)
  const clock = readFieldWords(clockName)
  const rest = (words: readonly string[], without: RegExp): string =>
    words.join(' ').replace(without, '').replaceAll(' ', '')
  return rest(date.words, DATE_NAME) === rest(clock.words, CLOCK_NAME) && !isLength(clock.asides)
}

/** Whether a field of dates is called one of the event, or nothing. */
export function isEventDate(name: string): boolean {
  const { words } = readLastWords(name)
  return (
    NAMELESS.test(name) ||
    (words.some((word) => DATE_WORDS.test(word)) && !words.some((word) => OTHER_DATE_WORDS.test(word)))
  )
}

/** Whether a field of clock times is called one at which an event was or began, or nothing; lengths and ends are none. */
export function isEventClock(name: string): boolean {
  if (NAMELESS.test(name) || CLOCK_SHAPE.test(name.trim())) return true
  const { words, asides } = readLastWords(name)
  return (
    words.some((word) => CLOCK_WORDS.test(word)) &&
    !words.some((word) => END_WORDS.test(word)) &&
    !isLength([...words, ...asides])
  )
}

function isLength(words: readonly string[]): boolean {
  return words.some((word) => LENGTH_WORDS.has(word)) || LENGTH_PHRASE.test(words.join(' '))
}

/** Of several names of clocks the one that is called a beginning, else the one that says no more than that it is the event's. */
export function findFirstClock(names: readonly string[]): string | undefined {
  for (const isFirst of [isBeginning, isPlain]) {
    const first = names.filter((name) => isFirst(readLastWords(name).words))
    if (first.length > 0) return first.length === 1 ? first[0] : undefined
  }
  return undefined
}

function isBeginning(words: readonly string[]): boolean {
  return words.some((word) => BEGIN_WORDS.test(word))
}

function isPlain(words: readonly string[]): boolean {
  return words.every((word) => PLAIN_WORDS.test(word))
}

/** Those of a name's last part: `Event.StartTime` is `start` and `time`. */
function readLastWords(name: string): FieldWords {
  const bracket = name.search(/[([]/)
  return readFieldWords(name.slice(name.lastIndexOf('.', bracket < 0 ? name.length : bracket) + 1))
}
