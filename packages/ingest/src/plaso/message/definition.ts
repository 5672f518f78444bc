/** What one formatter says. Its form is that of Plaso's `data/formatters/*.yaml`; plain values: it can be sent to another thread. */
export interface FormatterDefinition {
  readonly data_type: string
  /** `basic`: one text whose attributes all have to be there; `conditional`: pieces, those without their attribute are left out. */
  readonly type: 'basic' | 'conditional'
  readonly message: string | readonly string[]
  readonly separator?: string
  readonly short_source?: string
  readonly source?: string
  readonly boolean_helpers?: readonly BooleanHelper[]
  readonly enumeration_helpers?: readonly ValueHelper[]
  readonly flags_helpers?: readonly ValueHelper[]
  readonly custom_helpers?: readonly CustomHelper[]
  /** One of ours: pieces whose attribute is an empty text are left out, too. */
  readonly isOwn?: true
}

/** Writes one of two texts. */
export interface BooleanHelper {
  readonly input_attribute: string
  readonly output_attribute: string
  readonly value_if_true?: string
  readonly value_if_false?: string
}

/** Writes the text that stands for a value, or the texts that stand for its bits. */
export interface ValueHelper {
  readonly input_attribute: string
  readonly output_attribute: string
  readonly default_value?: string
  /** Pairs in the order of the file; keys keep their type. */
  readonly values: readonly (readonly [key: string | number, text: string])[]
}

/** Asks for one of the effects that are written in code. */
export interface CustomHelper {
  readonly identifier: string
  readonly input_attribute?: string
  readonly output_attribute?: string
}

/** A formatter's definition cannot be read. */
export class FormatterError extends Error {
  override readonly name = 'FormatterError'
  readonly code = 'bad-formatter'
}

/** The most definitions that are taken from files of others. */
const MAX_DEFINITIONS = 10_000

/**
 * Checks what a YAML or JSON parser made of definitions; a later one of the same data type takes the place of an earlier one.
 *
 * @param documents - Objects as parsers give them; of YAML parsers those that keep whole numbers and mappings with any keys
 *   (`Map`) serve best. Null is passed over.
 * @param where - What they are called in errors: a file.
 * @throws {FormatterError}
 */
export function readDefinitions(
  documents: readonly unknown[],
  where: string,
): readonly FormatterDefinition[] {
  if (documents.length > MAX_DEFINITIONS)
    throw new FormatterError(`${where}: expected at most ${MAX_DEFINITIONS} formatters, found more`)
  const definitions: FormatterDefinition[] = []
  documents.forEach((document, i) => {
    if (document === null || document === undefined) return
    definitions.push(readDefinition(toMembers(document), `${where}, formatter ${i + 1}`))
  })
  return definitions
}

function readDefinition(members: Members, where: string): FormatterDefinition {
  const type = members.get('type')
  const dataType = members.get('data_type')
  const message = members.get('message')
  const fail = (problem: string): never => {
    throw new FormatterError(`${where}: ${problem}`)
  }
  if (typeof dataType !== 'string') return fail('expected a data_type')
  if (type !== 'basic' && type !== 'conditional')
    return fail(`expected type basic or conditional for ${dataType}, found ${show(type)}`)
  const pieces = Array.isArray(message) ? message.map(toText) : toText(message)
  if (pieces === undefined || (Array.isArray(pieces) && pieces.some((piece) => piece === undefined)))
    return fail(`expected a message of text for ${dataType}, found ${show(message)}`)
  if ((type === 'basic') === Array.isArray(pieces))
    return fail(`expected ${type === 'basic' ? 'one text' : 'a list'} as the message of ${dataType}`)
  const texts = ['separator', 'short_source', 'source'].flatMap((name) => {
    const value = toText(members.get(name))
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    data_type: dataType,
    type,
    // Checked above.
    message: pieces as string | readonly string[],
    ...Object.fromEntries(texts),
    ...readHelpers(members, dataType, fail),
  }
}

function readHelpers(
  members: Members,
  dataType: string,
  fail: (problem: string) => never,
): Partial<FormatterDefinition> {
  const list = (name: string): readonly Members[] | undefined => {
    const value = members.get(name)
    if (value === undefined || value === null) return undefined
    return Array.isArray(value) ? value.map(toMembers) : fail(`expected a list of ${name} for ${dataType}`)
  }
  const names = (helper: Members): { input_attribute: string; output_attribute: string } => {
    const [input, output] = [helper.get('input_attribute'), helper.get('output_attribute')]
    if (typeof input === 'string' && typeof output === 'string')
      return { input_attribute: input, output_attribute: output }
    return fail(`expected input_attribute and output_attribute in a helper of ${dataType}`)
  }
  const optional = (helper: Members, name: string): Record<string, string> => {
    const value = toText(helper.get(name))
    return value === undefined ? {} : { [name]: value }
  }
  const values = (helper: Members): ValueHelper => ({
    ...names(helper),
    ...optional(helper, 'default_value'),
    values: [...toMembers(helper.get('values') ?? {})].flatMap(([key, text]) => {
      const shown = toText(text)
      return shown === undefined ? [] : [[key, shown] as const]
    }),
  })
  const booleans = list('boolean_helpers')?.map((helper) => ({
    ...names(helper),
    ...optional(helper, 'value_if_true'),
    ...optional(helper, 'value_if_false'),
  }))
  const enumerations = list('enumeration_helpers')?.map(values)
  const flags = list('flags_helpers')?.map(values)
  const customs = list('custom_helpers')?.map((helper) => ({
    identifier: toText(helper.get('identifier')) ?? fail(`expected an identifier in a helper of ${dataType}`),
    ...optional(helper, 'input_attribute'),
    ...optional(helper, 'output_attribute'),
  }))
  return {
    ...(booleans ? { boolean_helpers: booleans } : {}),
    ...(enumerations ? { enumeration_helpers: enumerations } : {}),
    ...(flags ? { flags_helpers: flags } : {}),
    ...(customs ? { custom_helpers: customs } : {}),
  }
}

type Members = ReadonlyMap<string | number, unknown>

function toMembers(value: unknown): Members {
  if (value instanceof Map) return value
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new FormatterError(`expected a mapping, found ${show(value)}`)
  return new Map(Object.entries(value))
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  // As Python writes them.
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? String(value) : undefined
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? String(value)
}
