import type { SketchAttribute } from '../../../services/sketches/sketch-attribute-service.ts'
import { pythonJson } from './python-json.ts'

/** What a value of an ontology is in Python; unknown ontologies hold text (Timesketch's ontology.yaml). */
export type CastType = 'str' | 'int' | 'float' | 'bool' | 'dict'

const CASTS: ReadonlyMap<string, CastType> = new Map([
  ['text', 'str'],
  ['int', 'int'],
  ['url.safe', 'str'],
  ['url.bad', 'str'],
  ['domain', 'str'],
  ['float', 'float'],
  ['bool', 'bool'],
  ['intelligence', 'dict'],
])

/** The kind of an ontology's values. */
export function castOf(ontology: string): CastType {
  return CASTS.get(ontology) ?? 'str'
}

/**
 * A value as its ontology keeps it.
 *
 * @returns The text, or undefined when the value is not of that kind.
 */
export function encodeValue(value: unknown, cast: CastType): string | undefined {
  switch (cast) {
    case 'str':
      return typeof value === 'string' ? value : undefined
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? String(value) : undefined
    case 'float':
      return typeof value === 'number' ? String(value) : undefined
    case 'bool':
      return typeof value === 'boolean' ? String(value) : undefined
    case 'dict':
      return value !== null && typeof value === 'object' && !Array.isArray(value)
        ? pythonJson(value)
        : undefined
    default:
      return cast satisfies never
  }
}

/** Attributes of a sketch by name; one value stands alone, several are a list. */
export function marshalAttributes(attributes: readonly SketchAttribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map((attribute) => {
      const values = attribute.values.map((value) => decodeValue(value, castOf(attribute.ontology)))
      return [
        attribute.name,
        { value: values.length === 1 ? values[0] : values, ontology: attribute.ontology },
      ]
    }),
  )
}

function decodeValue(text: string, cast: CastType): unknown {
  if (cast === 'str') return text
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return 'Unable to cast'
  }
}
