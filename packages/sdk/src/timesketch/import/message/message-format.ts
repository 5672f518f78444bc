import { stringifyExactJson } from '../../../transport/exact-json.ts'
import { type FormatSpec, formatValue, parseFormatSpec, wantsNumber } from './format-spec.ts'
import { toPythonRepr } from './python-repr.ts'

/** A message with fields in it, as Python's `str.format` reads it, which the official importer uses. */
export interface MessageFormat {
  /** Names of the fields in it, each once. */
  readonly fields: readonly string[]
  /** The message of a row, or why there is none. @param columns - Fields that every row has, be they empty. */
  fill(row: Readonly<Record<string, unknown>>, columns?: readonly string[]): FilledMessage
}

/** A message, or why there is none. */
export type FilledMessage = { readonly text: string } | { readonly problem: string }

/** A text as it is, or a field. */
type Part =
  | string
  | {
      readonly field: string
      /** As it is written, for errors. */
      readonly written: string
      readonly isRepr: boolean
      readonly spec: FormatSpec | undefined
    }

// An escaped brace, a field, or a brace that is none of both.
const PIECE = /\{\{|\}\}|\{(?<field>[^{}!:]*)(?:!(?<conversion>[^:{}]*))?(?::(?<spec>[^{}]*))?\}|[{}]/gu

/**
 * @param text - `{field}`, `{field!r}`, `{field:>10}`; `{{` and `}}` are braces. A field's name may have points in it.
 * @throws {RangeError} For braces that do not fit, and for conversions and specifications that are not known.
 */
export function parseMessageFormat(text: string): MessageFormat {
  const parts = [...readParts(text)]
  const fields = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field])))
  return {
    fields: [...fields],
    fill(row, columns = []) {
      let filled = ''
      for (const part of parts) {
        if (typeof part === 'string') {
          filled += part
          continue
        }
        const { field, written, isRepr, spec } = part
        if (!(field in row) && !columns.includes(field))
          return { problem: `no message: there is no ${field}` }
        const value = row[field]
        const said = isRepr ? toPythonRepr(value) : toText(value)
        const formatted = spec ? formatValue(isRepr ? said : value, said, spec) : said
        if (formatted === undefined)
          return {
            problem: `no message: ${written} wants a number, found ${JSON.stringify(said.slice(0, 80))}`,
          }
        filled += formatted
      }
      return { text: filled }
    },
  }
}

/** A value as text: JSON for what is no text, nothing for nothing. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : stringifyExactJson(value)
}

function* readParts(text: string): Generator<Part> {
  let at = 0
  for (const match of text.matchAll(PIECE)) {
    if (match.index > at) yield text.slice(at, match.index)
    at = match.index + match[0].length
    const field = match.groups?.['field']
    if (field !== undefined)
      yield toField(match[0], field, match.groups?.['conversion'], match.groups?.['spec'])
    else if (match[0].length === 2) yield match[0].slice(1)
    else
      throw new RangeError(
        `the message format has a single ${match[0]} at character ${match.index + 1}: write it twice to mean itself`,
      )
  }
  if (at < text.length) yield text.slice(at)
}

function toField(
  written: string,
  field: string,
  conversion: string | undefined,
  specification: string | undefined,
): Part {
  if (field === '') throw new RangeError(`the message format names no field in ${written}: expected {field}`)
  if (conversion !== undefined && conversion !== 'r' && conversion !== 's')
    throw new RangeError(`the message format has ${written}: expected !r or !s, found !${conversion}`)
  const spec = specification === undefined ? undefined : parseFormatSpec(specification)
  const isText = conversion !== undefined
  if (specification !== undefined && (!spec || (isText && wantsNumber(spec))))
    throw new RangeError(
      `the message format has ${written}: ${JSON.stringify(specification)} is no format of ${isText ? 'a text' : 'a value'}; expected one of Python's, as :d, :.2f, :>10 or :08x`,
    )
  return { field, written, isRepr: conversion === 'r', spec }
}
