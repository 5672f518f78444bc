import { MAX_MESSAGE_LENGTH } from '../limits.ts'
import { type Attributes, PlasoPath, PlasoTime, type Value } from '../piece/container-value.ts'
import type { RowText } from '../piece/row-text.ts'
import type { StoredAttributes } from '../piece/stored-attributes.ts'
import { Aliases, listTypeNames } from './aliases.ts'
import { compileFormatter, type Formatter } from './compile-formatter.ts'
import type { FormatterDefinition } from './definition.ts'
import { removeBreaks } from './format-text.ts'
import { OWN_FORMATTERS } from './own/own-formatters.ts'
import { toPythonText } from './python-text.ts'
import { ChangedValues, type Values } from './values.ts'
import { WindowsResources } from './windows-resources.ts'

/** Where messages come from. Plain values: it can be sent to another thread. */
export interface MessageSources {
  /** Definitions of the user, in place of ours: messages are then those of psort with the same definitions. Ours may be among them. */
  readonly definitions?: readonly FormatterDefinition[]
  /** A database with the texts that Windows has for its events. */
  readonly resources?: string
}

/** The message of an event, and what its formatter says of where it comes from. */
export interface Message {
  readonly text: string
  readonly source: string
  readonly shortSource: string
}

const UNKNOWN_SOURCE = 'N/A'

/** Attributes that a list of all attributes leaves out. */
const RESERVED: ReadonlySet<string> = new Set([
  'data_type',
  'date_time',
  'path_spec',
  'pathspec',
  'timestamp',
  'timestamp_desc',
])

/** Writes messages, by the user's formatters or by ours. One for each thread. */
export class MessageWriter {
  readonly aliases: Aliases = new Aliases()
  readonly #sources: MessageSources
  readonly #formatters = new Map<string, Formatter>()
  readonly #isOwn: boolean
  #resources: WindowsResources | undefined
  #problem: string | undefined
  #hasLooked = false

  constructor(sources: MessageSources) {
    this.#sources = sources
    const { definitions = OWN_FORMATTERS } = sources
    this.#isOwn = definitions.some(({ isOwn }) => isOwn)
    for (const definition of definitions) {
      this.#formatters.set(
        definition.data_type.toLowerCase(),
        compileFormatter(definition, (values) => this.#addWindowsMessage(values)),
      )
    }
  }

  /** Why texts of Windows could not be read; undefined while all is well. */
  get resourcesProblem(): string | undefined {
    return this.#problem
  }

  write(dataType: string, attributes: Attributes): Message {
    const formatter = this.#findFormatter(dataType)
    const values = new ChangedValues(attributes)
    this.aliases.complete(values, dataType)
    const text =
      formatter === undefined
        ? `${this.#isOwn ? '' : '<WARNING DEFAULT FORMATTER> Attributes: '}${listAttributes(attributes)}`
        : (formatter.write(values) ?? listAll(attributes))
    return {
      text: limitMessage(text),
      ...toSources(formatter),
    }
  }

  /**
   * Adds a message to a row as the body of a JSON string: the same as `write` makes, of most data in less time.
   *
   * @returns Undefined where `write` has to make it; what was added has to be taken back.
   */
  copy(dataType: string, attributes: StoredAttributes, text: RowText): Omit<Message, 'text'> | undefined {
    const formatter = this.#findFormatter(dataType)
    if (formatter?.copy === undefined) return undefined
    const values = new ChangedValues(attributes, attributes)
    this.aliases.complete(values, dataType)
    return formatter.copy(values, text) ? toSources(formatter) : undefined
  }

  #findFormatter(dataType: string): Formatter | undefined {
    const name = dataType.toLowerCase()
    const found = this.#formatters.get(name)
    if (found !== undefined) return found
    for (const other of listTypeNames(name)) {
      const renamed = this.#formatters.get(other)
      if (renamed !== undefined) return renamed
    }
    return undefined
  }

  #addWindowsMessage(values: Values): void {
    if (!this.#hasLooked) {
      this.#hasLooked = true
      const { resources } = this.#sources
      try {
        if (resources !== undefined) this.#resources = new WindowsResources(resources)
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error)
      }
    }
    if (this.#resources === undefined) values.set('message_string', null)
    else this.#resources.addMessage(values)
  }
}

function toSources(formatter: Formatter | undefined): Omit<Message, 'text'> {
  return {
    source: formatter?.source ?? UNKNOWN_SOURCE,
    shortSource: formatter?.shortSource ?? UNKNOWN_SOURCE,
  }
}

/** What stands for a message that no formatter makes: public attributes that are no times, each with its name. */
function listAttributes(attributes: Attributes): string {
  return listValues(attributes, (name, value) => !RESERVED.has(name) && !isTime(value))
}

/** What stands for a message whose formatter misses an attribute: all public ones. */
function listAll(attributes: Attributes): string {
  return listValues(attributes, (_, value) => !(value instanceof PlasoPath))
}

function listValues(attributes: Attributes, isWanted: (name: string, value: Value) => boolean): string {
  const parts: string[] = []
  for (const [name, value] of attributes)
    if (!name.startsWith('_') && isWanted(name, value)) parts.push(`${name}: ${toPythonText(value)}`)
  return parts.join(' ')
}

function isTime(value: Value): boolean {
  return value instanceof PlasoTime || (Array.isArray(value) && value[0] instanceof PlasoTime)
}

/** A message as it is shown: on one line, and not longer than it may be. */
function limitMessage(text: string): string {
  const whole = removeBreaks(text)
  return whole.length > MAX_MESSAGE_LENGTH ? `${whole.slice(0, MAX_MESSAGE_LENGTH)}…` : whole
}
