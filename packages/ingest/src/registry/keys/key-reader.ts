import type { Buffer } from 'node:buffer'
import type { ArtefactRecord } from '../../artefacts/artefact-sink.ts'
import type { FileTimeFields } from '../../artefacts/file-time-field.ts'
import type { Hive } from '../hive/hive.ts'
import type { HiveKey } from '../hive/key-cell.ts'
import { readInteger, readString } from '../hive/value-text.ts'
import { MAX_KEY_DATA_BYTES, MAX_VALUE_BYTES } from '../limits.ts'

/** A value with its data. */
export interface KeyValue {
  readonly name: string
  readonly type: number
  readonly data: Buffer
}

/** One key of a hive, to be read. */
export interface KeyContext {
  readonly hive: Hive
  readonly key: HiveKey
  /** From the registry's root: `HKEY_LOCAL_MACHINE\System\ControlSet001\Services\Foo`. */
  readonly path: string
  /** The same in upper case, without the number of a control set. */
  readonly place: string
  readonly values: readonly KeyValue[]
  readonly times: FileTimeFields
  keep(record: ArtefactRecord): void
  /** Notes that something in the key is of a form that is not known. */
  note(kind: string): void
}

/** Reads keys of one kind as events of their own. */
export interface KeyReader {
  /** @returns True when the key is read by it; a key that none takes is told with its values. */
  read(context: KeyContext): boolean
}

/** A value by its name, whatever its case. */
export function findValue({ values }: Pick<KeyContext, 'values'>, name: string): KeyValue | undefined {
  const wanted = name.toUpperCase()
  return values.find((value) => value.name.toUpperCase() === wanted)
}

/** What a value says, as text or number; undefined where it is none. */
export function sayValue(context: Pick<KeyContext, 'values'>, name: string): string | number | undefined {
  const value = findValue(context, name)
  return value && (readString(value.type, value.data) ?? readInteger(value.type, value.data))
}

/** When the key was changed last. */
export function timeOf({ key, times }: Pick<KeyContext, 'key' | 'times'>): string | undefined {
  return times.write(key.writtenLow, key.writtenHigh)
}

/** The last name of a key's path above so many. */
export function nameAbove(path: string, levels: number): string {
  return path.split('\\').at(-1 - levels) ?? ''
}

/** The values of a key below another, by a path of names. */
export function readKeyBelow(
  { hive, key }: Pick<KeyContext, 'hive' | 'key'>,
  ...names: readonly string[]
): readonly KeyValue[] {
  const found = hive.findKey(key, ...names)
  return found ? readValues(hive, found) : []
}

/** A key's values whose data can be read. */
export function readValues(hive: Hive, key: HiveKey): readonly KeyValue[] {
  const values: KeyValue[] = []
  let left = MAX_KEY_DATA_BYTES
  let passedOver = 0
  for (const value of hive.listValues(key)) {
    if (value.sizeBytes > left && value.sizeBytes <= MAX_VALUE_BYTES) {
      passedOver++
      continue
    }
    const data = hive.readData(value)
    if (!data) continue
    left -= data.length
    values.push({ name: value.name, type: value.type, data })
  }
  if (passedOver > 0) {
    const detail = `the data of ${passedOver} values of "${key.name}" are not read: together with the others they have more than ${MAX_KEY_DATA_BYTES} bytes (MAX_KEY_DATA_BYTES)`
    hive.passOver(key, detail)
  }
  return values
}
