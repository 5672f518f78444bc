/** A Windows event with plain names: what Sigma rules are written against. */
export type FlatEvent = Record<string, unknown>

const SYSTEM_LIMIT = 64
/** Levels below a section; what lies deeper stays together as one value. */
const MAX_DEPTH = 32

/**
 * Flattens one record of evtx_dump (or a tool that writes the same tree) to the names Sigma uses.
 *
 * `System/X` becomes `X`, its attributes `X_Attr` (`Provider_Name`, `TimeCreated_SystemTime`); named data of `EventData` keep
 * their names, and have a second one without the characters outside of `[A-Za-z0-9_]` where there are any (`Threat Name`,
 * `ThreatName`); unnamed data become the list `Data` and `param1`, `param2` …; below `UserData` the wrapping element goes to
 * `UserData_Name` and its leaves keep their names. Where System has the name already, the other becomes
 * `EventData_<name>`. `EventID` is made a number. Events of old interfaces also have `source_name` (the event source's name) and
 * `message_identifier` (their qualifiers above their id), as in Plaso. Both ways of writing attributes (`#attributes` and `X_attributes`) are
 * read, and so is `{"Event": …}` beside other members, which are kept under their names.
 *
 * Format: docs/formats.md; omerbenamram/evtx, JSON output of `evtx_dump`, versions 0.6 to 0.15.
 *
 * @param record - The parsed record; not changed.
 * @returns An object without prototype: names are any text. Undefined when the record has no `Event` with `System`.
 */
export function flattenEvtxEvent(record: unknown): FlatEvent | undefined {
  if (!isObject(record)) return undefined
  const event = record['Event']
  if (!isObject(event) || !isObject(event['System'])) return undefined
  const flat: FlatEvent = Object.create(null)
  flattenSystem(event['System'], flat)
  for (const section of Object.keys(event)) {
    const content = event[section]
    if (section === 'EventData') addEventData(content, flat)
    else if (section === 'UserData') addUserData(content, flat)
    else if (section !== 'System' && section !== '#attributes' && section !== 'xmlns')
      addLeaves(content, section, flat)
  }
  for (const name of Object.keys(record)) {
    if (name !== 'Event' && name !== 'Event_attributes') addNew(flat, name, record[name], 'Record')
  }
  addDerived(flat)
  return flat
}

/** What Plaso calls the source and the message of events that old interfaces wrote; aliases stand for those of all others. */
function addDerived(flat: FlatEvent): void {
  const source = flat['Provider_EventSourceName']
  if (source !== undefined && !('source_name' in flat)) flat['source_name'] = source
  const upper = Number(flat['EventID_Qualifiers'])
  const lower = flat['EventID']
  if (upper > 0 && upper <= 0xffff && typeof lower === 'number' && !('message_identifier' in flat))
    flat['message_identifier'] = upper * 65_536 + lower
}

function flattenSystem(system: Record<string, unknown>, flat: FlatEvent): void {
  for (const name of Object.keys(system).slice(0, SYSTEM_LIMIT)) {
    const value = system[name]
    const owner = name.endsWith('_attributes') ? name.slice(0, -'_attributes'.length) : undefined
    if (owner !== undefined && isObject(value)) addAttributes(value, owner, flat)
    else if (!isObject(value)) addText(flat, name, value)
    else {
      const attributes = value['#attributes']
      if (isObject(attributes)) addAttributes(attributes, name, flat)
      for (const member of Object.keys(value)) {
        if (member === '#text') addText(flat, name, value[member])
        else if (member !== '#attributes') addText(flat, `${name}_${member.replace(/^@/, '')}`, value[member])
      }
    }
  }
  const id = flat['EventID']
  if (typeof id === 'string' && /^\d{1,10}$/.test(id)) flat['EventID'] = Number(id)
}

function addAttributes(attributes: Record<string, unknown>, owner: string, flat: FlatEvent): void {
  for (const name of Object.keys(attributes)) addText(flat, `${owner}_${name}`, attributes[name])
}

function addText(flat: FlatEvent, name: string, value: unknown): void {
  if (value !== null && value !== undefined) flat[name] = value
}

function addEventData(data: unknown, flat: FlatEvent): void {
  if (Array.isArray(data)) {
    for (const item of data) addEventData(item, flat)
    return
  }
  if (!isObject(data)) {
    if (data !== null && data !== undefined && data !== '') addNew(flat, 'Data', data, 'EventData')
    return
  }
  for (const name of Object.keys(data)) {
    const value = data[name]
    if (name === '#attributes') {
      if (isObject(value))
        for (const attribute of Object.keys(value))
          addNew(flat, `EventData_${attribute}`, value[attribute], 'EventData')
    } else if (name === 'Data') addUnnamedData(value, flat)
    else {
      addNew(flat, name, takeText(value), 'EventData')
      const plain = name.replace(/[^A-Za-z0-9_]/g, '')
      if (plain !== name && plain !== '' && !Object.hasOwn(data, plain))
        addNew(flat, plain, takeText(value), 'EventData')
    }
  }
}

/** `"Data": {"#text": […]}`, `"Data": ["…"]`, or `"Data": [{"#attributes": {"Name": …}, "#text": …}]` of other tools. */
function addUnnamedData(value: unknown, flat: FlatEvent): void {
  const items = toList(isObject(value) && '#text' in value && !hasName(value) ? value['#text'] : value)
  const unnamed: unknown[] = []
  for (const item of items) {
    if (isObject(item) && hasName(item)) {
      const attributes = item['#attributes']
      const name = isObject(attributes) ? attributes['Name'] : (item['@Name'] ?? item['Name'])
      addNew(flat, String(name), item['#text'] ?? '', 'EventData')
    } else unnamed.push(takeText(item))
  }
  if (unnamed.length === 0) return
  addNew(flat, 'Data', unnamed, 'EventData')
  for (const [index, item] of unnamed.entries()) addNew(flat, `param${index + 1}`, item, 'EventData')
}

function hasName(item: Record<string, unknown>): boolean {
  const attributes = item['#attributes']
  return (isObject(attributes) && 'Name' in attributes) || '@Name' in item
}

function addUserData(data: unknown, flat: FlatEvent): void {
  if (!isObject(data)) return
  for (const wrapper of Object.keys(data)) {
    if (wrapper === '#attributes' || wrapper.endsWith('_attributes')) continue
    if (flat['UserData_Name'] === undefined) flat['UserData_Name'] = wrapper
    const content = data[wrapper]
    // Text in the wrapper itself has no other name.
    if (isObject(content) || Array.isArray(content)) addLeaves(content, '', flat)
    else if (content !== null) addNew(flat, wrapper, content, 'EventData')
  }
}

/** Adds every leaf below a node under `prefix_` and its own name; deeper names are joined only where they collide. */
function addLeaves(node: unknown, prefix: string, flat: FlatEvent): void {
  const pending: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value: node, path: [] }]
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { value, path } = item
    const name = path[path.length - 1] ?? ''
    const isInner = isObject(value) || (Array.isArray(value) && value.some(isObject))
    if (isInner && path.length < MAX_DEPTH) {
      const entries: (readonly [string, unknown])[] = Array.isArray(value)
        ? value.map((entry) => ['', entry])
        : Object.keys(value).map((key) => [key, (value as Record<string, unknown>)[key]])
      for (const [key, child] of entries.reverse()) {
        if (
          key === 'xmlns' ||
          (key === '#attributes' && isObject(child) && Object.keys(child).every(isNamespace))
        )
          continue
        const step = key === '' || key === '#text' || key === '#attributes' ? [] : [key]
        pending.push({ value: child, path: key === '#attributes' ? [...path, ''] : [...path, ...step] })
      }
    } else if (value !== null && value !== undefined) {
      const parts = path.filter((part) => part !== '')
      const leaf = path.at(-2) === '' && parts.length > 1 ? parts.slice(-2).join('_') : name
      addLeaf(flat, prefix, leaf, parts, value)
    }
  }
}

function addLeaf(
  flat: FlatEvent,
  prefix: string,
  leaf: string,
  path: readonly string[],
  value: unknown,
): void {
  const name = prefix === '' ? leaf : leaf === '' ? prefix : `${prefix}_${leaf}`
  if (name === '') return
  if (!(name in flat)) flat[name] = value
  else if (path.length > 1)
    addNew(flat, prefix === '' ? path.join('_') : `${prefix}_${path.join('_')}`, value, 'EventData')
  else addNew(flat, name, value, 'EventData')
}

/** Adds a value; a name that is taken gets the section in front, and a value under that name a list. */
function addNew(flat: FlatEvent, name: string, value: unknown, section: string): void {
  if (value === undefined) return
  const key = name in flat ? `${section}_${name}` : name
  flat[key] = key in flat ? [...toList(flat[key]), value] : value
}

function takeText(value: unknown): unknown {
  if (!isObject(value)) return value
  return '#text' in value ? value['#text'] : value
}

function isNamespace(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:')
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
