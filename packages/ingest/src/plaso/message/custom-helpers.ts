import { PlasoTuple, type Value } from '../piece/container-value.ts'
import { toPythonText } from './python-text.ts'
import type { Values } from './values.ts'

/** The effect of a helper that definitions ask for by its identifier. */
export type CustomEffect = (values: Values) => void

/** Effects by identifier; the one that looks up messages of Windows is the formatter's own. */
export const CUSTOM_EFFECTS: ReadonlyMap<string, CustomEffect> = new Map<string, CustomEffect>([
  ['chrome_history_typed_count', describeTypedCount],
  ['chrome_preferences_primary_url', (values) => nameLocalFile(values, 'primary_url')],
  ['chrome_preferences_secondary_url', describeSecondaryUrl],
  [
    'firefox_history_typed_count',
    (values) =>
      values.set(
        'url_typed_string',
        values.get('typed') === '1' ? '(URL directly typed)' : '(URL not typed directly)',
      ),
  ],
  [
    'firefox_history_url_hidden',
    (values) => {
      if (values.get('hidden') === '1') values.set('url_hidden_string', '(URL hidden)')
    },
  ],
  ['msie_zone_settings', describeZoneSettings],
  ['msiecf_cached_path', joinCachedPath],
  ['msiecf_http_headers', (values) => replaceText(values, 'http_headers', '\r\n', ' - ')],
  ['ntfs_file_reference', (values) => describeFileReference(values, 'file_reference')],
  ['ntfs_parent_file_reference', (values) => describeFileReference(values, 'parent_file_reference')],
  ['ntfs_path_hints', (values) => joinList(values, 'path_hints', ';')],
  [
    'shell_item_file_entry_name',
    (values) => {
      const name = textOf(values, 'long_name') ?? values.get('name') ?? null
      values.set('file_entry_name', name)
    },
  ],
  ['windows_prefetch_path_hints', (values) => joinList(values, 'path_hints', '; ')],
  ['windows_prefetch_volumes_string', describeVolumes],
  ['windows_registry_values', describeRegistryValues],
  ['windows_shortcut_linked_path', findLinkedPath],
])

/** The text of an attribute; undefined where it is none or empty. */
function textOf(values: Values, name: string): string | undefined {
  const value = values.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value instanceof PlasoTuple) return value.values
  // Of `Value`, lists alone are arrays.
  return Array.isArray(value) ? (value as readonly Value[]) : []
}

function describeTypedCount(values: Values): void {
  const count = values.get('typed_count')
  if (typeof count !== 'number') return
  const times = count === 1 ? '1 time' : `${count} times`
  if (count >= 0)
    values.set('url_typed_string', count === 0 ? '(URL not typed directly)' : `(URL typed ${times})`)
  else values.set('url_typed_string', count)
}

function nameLocalFile(values: Values, name: string): void {
  if (values.get(name) === '') values.set(name, 'local file')
}

function describeSecondaryUrl(values: Values): void {
  nameLocalFile(values, 'secondary_url')
  const url = values.get('secondary_url')
  if (url === '*' || url === values.get('primary_url')) values.set('secondary_url', null)
}

/** Settings as they are stored, each with its number: what Internet Explorer calls them is not told. */
function describeZoneSettings(values: Values): void {
  const settings = values.get('settings')
  if (typeof settings === 'string') return
  const parts = listOf(settings).map((pair) => {
    const [key = null, value = null] = listOf(pair)
    return `[${toPythonText(key)}]: ${toPythonText(value)}`
  })
  values.set('settings', parts.join(', '))
}

function joinCachedPath(values: Values): void {
  const name = textOf(values, 'cached_filename')
  if (name === undefined) return
  const folder = textOf(values, 'cache_directory_name')
  values.set('cached_file_path', folder === undefined ? name : `${folder}\\${name}`)
}

function replaceText(values: Values, name: string, from: string, to: string): void {
  const text = textOf(values, name)
  if (text !== undefined) values.set(name, text.replaceAll(from, to))
}

/** A file reference of NTFS: 48 bits of entry, 16 bits of sequence. */
function describeFileReference(values: Values, name: string): void {
  const value = values.get(name)
  if ((typeof value !== 'number' && typeof value !== 'bigint') || !value) return
  const reference = BigInt(value)
  values.set(name, `${reference & 0xffff_ffff_ffffn}-${reference >> 48n}`)
}

function joinList(values: Values, name: string, separator: string): void {
  const list = listOf(values.get(name))
  if (list.length > 0) values.set(name, list.map(toPythonText).join(separator))
}

/** Volumes that are listed; a number of volumes may be far higher than what there is of them. */
function describeVolumes(values: Values): void {
  const serials = listOf(values.get('volume_serial_numbers'))
  const paths = listOf(values.get('volume_device_paths'))
  const stated = values.get('number_of_volumes')
  const count = typeof stated === 'number' ? Math.min(stated, Math.max(serials.length, paths.length, 1)) : 0
  const parts = Array.from({ length: Math.max(0, Math.trunc(count)) }, (_, i) => {
    const serial = serials[i]
    const shown =
      typeof serial === 'number' ? `0x${serial.toString(16).toUpperCase().padStart(8, '0')}` : 'UNKNOWN'
    return `volume: ${i + 1} [serial number: ${shown}, device path: ${toPythonText(paths[i] ?? 'UNKNOWN')}]`
  })
  if (parts.length > 0) values.set('volumes_string', parts.join(', '))
}

/** Registry values as `name: [type] data`, by name, then type, then data. */
function describeRegistryValues(values: Values): void {
  const stored = values.get('values')
  if (typeof stored === 'string') return
  const list = listOf(stored).map((item) => listOf(item))
  if (list.length === 0) {
    values.set('values', '(empty)')
    return
  }
  const sorted = list.toSorted((a, b) => {
    for (let i = 0; i < 3; i++) {
      const order = compareTexts(toPythonText(a[i] ?? ''), toPythonText(b[i] ?? ''))
      if (order !== 0) return order
    }
    return 0
  })
  const parts = sorted.map(([name = null, type = null, data = null]) => {
    const hasData = data !== null && data !== '' && data !== 0
    return `${name === null || name === '' ? '(default)' : toPythonText(name)}: [${toPythonText(type)}] ${hasData ? toPythonText(data) : '(empty)'}`
  })
  values.set('values', parts.join(', '))
}

/** Order of code points, as Python has it: surrogates stand for characters above all others. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

function findLinkedPath(values: Values): void {
  const relative = textOf(values, 'relative_path')
  const folder = textOf(values, 'working_directory')
  const joined = relative === undefined || folder === undefined ? relative : `${folder}\\${relative}`
  const path = textOf(values, 'local_path') ?? textOf(values, 'network_path') ?? joined ?? 'Unknown'
  values.set('linked_path', path)
}
