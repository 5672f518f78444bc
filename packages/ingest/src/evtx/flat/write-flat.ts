import { flattenEvtxEvent } from '../../schemas/flatten-evtx.ts'
import type { Scalar } from '../binxml/decode-value.ts'
import { toDumpRecord } from '../tree/to-dump-record.ts'
import type { XmlElement } from '../tree/xml-element.ts'
import { encodeName, type JsonText } from './json-text.ts'
import { isMessageName, type MessageBuilder, makeLabel } from './message.ts'

/** What the members of a record by way of a tree tell of it. */
export interface FlatSummary {
  /** The text of SystemTime; undefined where the event has none. */
  readonly systemTime: string | undefined
  /** The event has a text that stands for its message: its own, or one that was made when it was forwarded. */
  readonly hasMessage: boolean
}

/**
 * Writes an event's tree as the members of a flat record, under the names that `flattenEvtxEvent` gives.
 *
 * @returns Undefined when it is no event with a System.
 */
export function writeFlat(
  root: XmlElement,
  text: JsonText,
  message: MessageBuilder,
): FlatSummary | undefined {
  const flat = flattenEvtxEvent(toDumpRecord(root))
  if (flat === undefined) return undefined
  const names = Object.keys(flat)
  const repeated = new Set(names.map(toPlainName).filter((plain, i) => plain !== names[i]))
  for (const name of names) {
    const value = flat[name]
    if (value === null || value === undefined) continue
    text.addBytes(encodeName(name))
    const start = text.at
    addValue(text, value)
    if (name === 'EventID') message.noteId(start, text.at)
    else if (name === 'Provider_Name') message.noteProvider(start, text.at)
    else if (typeof value !== 'object' && isMessageName(name) && !repeated.has(name))
      message.noteMember(makeLabel(name), start, text.at)
  }
  const systemTime = flat['TimeCreated_SystemTime']
  return {
    systemTime: systemTime === undefined || systemTime === null ? undefined : String(systemTime),
    hasMessage: 'message' in flat || 'RenderingInfo_Message' in flat,
  }
}

function toPlainName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '')
}

function addValue(text: JsonText, value: unknown): void {
  if (Array.isArray(value)) {
    text.addPlain('[')
    for (const [i, item] of value.entries()) {
      if (i > 0) text.addPlain(',')
      addValue(text, item)
    }
    text.addPlain(']')
  } else if (typeof value === 'object' && value !== null) {
    text.addPlain('{')
    for (const [i, [name, item]] of Object.entries(value).entries()) {
      text.addBytes(i === 0 ? encodeName(name).subarray(1) : encodeName(name))
      addValue(text, item)
    }
    text.addPlain('}')
  } else if (value === null || value === undefined) text.addPlain('null')
  // What is left of a record of evtx_dump's shape are texts, numbers and booleans.
  else text.addScalar(value as Scalar)
}
