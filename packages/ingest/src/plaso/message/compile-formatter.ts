import { PlasoFloat, type Value } from '../piece/container-value.ts'
import type { RowText } from '../piece/row-text.ts'
import { compileCopy } from './copy-message.ts'
import { CUSTOM_EFFECTS, type CustomEffect } from './custom-helpers.ts'
import type { BooleanHelper, CustomHelper, FormatterDefinition, ValueHelper } from './definition.ts'
import { type FormatSlot, type FormatText, fillFormat, parseFormat, writeValue } from './format-text.ts'
import type { ChangedValues, Values } from './values.ts'

/** A formatter that is ready to write messages. */
export interface Formatter {
  readonly source: string | undefined
  readonly shortSource: string | undefined
  /**
   * @param values - Attributes; changed by the helpers.
   * @returns The message; undefined where it needs an attribute that is not there, or none of its attributes is.
   */
  write(values: Values): string | undefined
  /**
   * Adds the message to a row as the body of a JSON string, without making a text of values that stand there as they are shown.
   * Undefined where that is not to be had.
   *
   * @param values - Attributes; changed by the helpers.
   * @returns False where `write` has to make it; what was added has to be taken back.
   */
  readonly copy: ((values: ChangedValues, text: RowText) => boolean) | undefined
}

/** Looks up the text that Windows has for an event, and adds it to the values as `message_string`. */
export type WindowsMessageEffect = CustomEffect

/** The helper whose texts come from resources of Windows. */
const WINDOWS_MESSAGE = 'windows_eventlog_message'

/** Makes a formatter of its definition. */
export function compileFormatter(
  definition: FormatterDefinition,
  addWindowsMessage: WindowsMessageEffect,
): Formatter {
  const effects: CustomEffect[] = [
    ...(definition.boolean_helpers ?? []).map(compileBoolean),
    ...(definition.enumeration_helpers ?? []).map(compileEnumeration),
    ...(definition.flags_helpers ?? []).map(compileFlags),
    ...(definition.custom_helpers ?? []).flatMap((helper) => findEffect(helper, addWindowsMessage)),
  ]
  const { message, separator = ' ', isOwn: skipsEmpty = false } = definition
  const pieces = typeof message === 'string' ? [] : message.map(compilePiece)
  const write =
    typeof message === 'string' ? compileBasic(message) : compileConditional(pieces, separator, skipsEmpty)
  const copy = typeof message === 'string' ? undefined : compileCopy(pieces, separator, skipsEmpty)
  return {
    source: definition.source,
    shortSource: definition.short_source,
    write(values) {
      for (const effect of effects) effect(values)
      return write(values)
    },
    copy:
      copy &&
      ((values, text) => {
        for (const effect of effects) effect(values)
        return copy(values, text)
      }),
  }
}

function compileBasic(message: string): (values: Values) => string | undefined {
  const format = parseFormat(message)
  return (values) => fillFormat(format, values)
}

/** A part of a message that is left out where its attribute is not there. */
export interface Piece {
  readonly format: FormatText
  /** The attribute without which the piece is left out. */
  readonly attribute: string | undefined
  /** The only slot with the texts around it, which most pieces are. */
  readonly simple: { readonly before: string; readonly slot: FormatSlot; readonly after: string } | undefined
}

/** Names that Plaso takes for an attribute; what else stands in braces makes the message fail. */
const ATTRIBUTE = /^[a-z][a-zA-Z0-9_]*$/

function compileConditional(
  pieces: readonly Piece[],
  separator: string,
  skipsEmpty: boolean,
): (values: Values) => string | undefined {
  return (values) => {
    let text = ''
    let isFirst = true
    for (const { format, attribute, simple } of pieces) {
      let part: string | undefined
      if (attribute !== undefined) {
        const value = values.get(attribute)
        if (value === undefined || value === null || (skipsEmpty && value === '')) continue
        part = simple
          ? simple.before + writeValue(value, simple.slot.spec) + simple.after
          : fillFormat(format, values)
      } else part = fillFormat(format, values)
      if (part === undefined) return undefined
      text = isFirst ? part : text + separator + part
      isFirst = false
    }
    return text
  }
}

function compilePiece(text: string): Piece {
  const format = parseFormat(text)
  const slots = format.filter((part) => typeof part !== 'string')
  const attribute = slots.find(({ name }) => ATTRIBUTE.test(name))?.name
  const [slot] = slots
  const at = format.findIndex((part) => typeof part !== 'string')
  const isSimple = slots.length === 1 && attribute !== undefined && format.length <= 3
  const around = (part: FormatText[number] | undefined): string => (typeof part === 'string' ? part : '')
  return {
    format,
    attribute,
    simple:
      isSimple && slot
        ? { before: at > 0 ? around(format[0]) : '', slot, after: around(format[at + 1]) }
        : undefined,
  }
}

function compileBoolean(helper: BooleanHelper): CustomEffect {
  const { input_attribute: input, output_attribute: output } = helper
  const whenTrue = helper.value_if_true ?? null
  const whenFalse = helper.value_if_false ?? null
  return (values) => values.set(output, isTruthy(values.get(input)) ? whenTrue : whenFalse)
}

/** What Python takes for true. */
function isTruthy(value: Value | undefined): boolean {
  if (value instanceof PlasoFloat) return value.value !== 0
  if (Array.isArray(value)) return value.length > 0
  return Boolean(value)
}

function compileEnumeration(helper: ValueHelper): CustomEffect {
  const { input_attribute: input, output_attribute: output, default_value: fallback } = helper
  const texts = new Map(helper.values)
  return (values) => {
    const value = values.get(input)
    if (value === undefined || value === null) return
    const key = toKey(value)
    values.set(output, (key === undefined ? undefined : texts.get(key)) ?? fallback ?? value)
  }
}

/** A value as a key: to Python true is 1, and 1.0 is 1. */
function toKey(value: Value): string | number | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  return value instanceof PlasoFloat ? value.value : undefined
}

function compileFlags(helper: ValueHelper): CustomEffect {
  const { input_attribute: input, output_attribute: output } = helper
  const flags = helper.values.flatMap(([key, text]) => {
    const number = Number(key)
    return Number.isSafeInteger(number) ? [[BigInt(number), text] as const] : []
  })
  return (values) => {
    const value = values.get(input)
    if (typeof value !== 'number' && typeof value !== 'bigint') return
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return
    const bits = BigInt(value)
    const set = flags.filter(([flag]) => (flag & bits) !== 0n).map(([, text]) => text)
    values.set(output, set.join(', '))
  }
}

function findEffect(
  { identifier }: CustomHelper,
  addWindowsMessage: WindowsMessageEffect,
): readonly CustomEffect[] {
  const wanted = identifier.toLowerCase()
  if (wanted === WINDOWS_MESSAGE) return [addWindowsMessage]
  const effect = CUSTOM_EFFECTS.get(wanted)
  return effect === undefined ? [] : [effect]
}
