import type { Scalar } from '../binxml/decode-value.ts'
import type { XmlElement } from './xml-element.ts'

/** What stands for an element: nothing, a value, or an object without prototype. */
export type DumpValue = Scalar | null | DumpObject | readonly DumpValue[]
/** Names of elements and data are any text, so the object has no prototype. */
export interface DumpObject {
  [name: string]: DumpValue
}

/**
 * Shapes an event as evtx_dump writes it, from version 0.15 on: `#attributes`, `#text`, named data as members of `EventData`.
 * Unlike there, data without a name beside named ones are kept, as `Data`.
 *
 * Source: omerbenamram/evtx 0.15.1, JSON output.
 */
export function toDumpRecord(root: XmlElement): DumpObject {
  return makeObject([[root.name, toValue(root)]])
}

function toValue(element: XmlElement): DumpValue {
  const { attributes, content } = element
  const [only] = content
  if (attributes.length === 0 && content.length === 1 && only?.kind === 'value') {
    return only.value === '' ? null : only.value
  }
  const elements: XmlElement[] = []
  const values: Scalar[] = []
  for (const node of content) {
    if (node.kind === 'element') elements.push(node.element)
    else if (node.kind === 'value' && node.value !== '') values.push(node.value)
  }
  const text = joinValues(values, content.length)
  if (attributes.length === 0 && elements.length === 0) return text ?? null
  const object = makeObject([])
  if (attributes.length > 0) object['#attributes'] = makeObject(attributes)
  if (text !== undefined) object['#text'] = text
  const holdsData = element.name === 'EventData' || element.name === 'UserData'
  const data = holdsData ? elements.filter(({ name }) => name === 'Data') : []
  addChildren(object, holdsData ? elements.filter(({ name }) => name !== 'Data') : elements, data)
  return object
}

/** A number stays one where nothing else stands beside it, not even a processing instruction. */
function joinValues(values: readonly Scalar[], nodeCount: number): Scalar | undefined {
  if (values.length === 0) return undefined
  return values.length === 1 && nodeCount === 1 ? values[0] : values.join('')
}

function addChildren(object: DumpObject, elements: readonly XmlElement[], data: readonly XmlElement[]): void {
  addData(object, data)
  const next = new Map<string, number>()
  for (const element of elements) addMember(object, element.name, toValue(element), next)
}

/** Named data by their names, a list where one comes several times in a row; data without a name together as `Data`. */
function addData(object: DumpObject, data: readonly XmlElement[]): void {
  const unnamed: DumpValue[] = []
  const next = new Map<string, number>()
  let lastName = ''
  let lastKey = ''
  for (const element of data) {
    const name = element.attributes.find(([attribute]) => attribute === 'Name')?.[1]
    const value = toDataValue(element)
    if (name === undefined) unnamed.push(value)
    else if (String(name) === lastName && lastKey !== '') {
      const before = object[lastKey]!
      object[lastKey] = Array.isArray(before) ? [...before, value] : [before, value]
    } else lastKey = addMember(object, String(name), value, next)
    lastName = name === undefined ? '' : String(name)
  }
  if (unnamed.length === 0) return
  const text = makeObject([['#text', unnamed.length === 1 ? unnamed[0]! : unnamed]])
  addMember(object, 'Data', text, next)
}

/** A value in `EventData` is its text, empty where there is none. */
function toDataValue({ content, name }: XmlElement): DumpValue {
  return toValue({ name, attributes: [], content }) ?? ''
}

/** Adds a member under its name, or the name with the next number where it is taken; returns which. */
function addMember(object: DumpObject, name: string, value: DumpValue, next: Map<string, number>): string {
  let key = name
  let number = next.get(name) ?? 1
  while (key in object) key = `${name}_${number++}`
  next.set(name, number)
  object[key] = value
  return key
}

function makeObject(members: readonly (readonly [string, DumpValue])[]): DumpObject {
  const object = Object.create(null) as DumpObject
  for (const [name, value] of members) object[name] = value
  return object
}
