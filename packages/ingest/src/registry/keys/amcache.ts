import { isCalendarSeconds } from '../../time/calendar-seconds.ts'
import { findValue, type KeyContext, type KeyReader, nameAbove, sayValue, timeOf } from './key-reader.ts'

const INVENTORY_FILE = /(?:^|\\)ROOT\\INVENTORYAPPLICATIONFILE\\[^\\]+$/
const OLD_FILE = /(?:^|\\)ROOT\\FILE\\[^\\]+\\[^\\]+$/
const PROGRAM = /(?:^|\\)ROOT\\(?:PROGRAMS|INVENTORYAPPLICATION)\\[^\\]+$/

/** Values of newer inventories by what they are called elsewhere. */
const INVENTORY_NAMES = {
  file_identifier: 'FileId',
  full_path: 'LowerCaseLongPath',
  filename: 'Name',
  product_name: 'ProductName',
  file_version: 'ProductVersion',
  program_identifier: 'ProgramId',
  company_name: 'Publisher',
  file_size: 'Size',
} as const
/** Values of Windows 8 and of early versions of Windows 10 are called by numbers. */
const OLD_NAMES = {
  product_name: '0',
  company_name: '1',
  language_code: '3',
  file_version: '5',
  file_size: '6',
  file_description: 'c',
  full_path: '15',
  program_identifier: '100',
  file_identifier: '101',
} as const
const PROGRAM_NAMES = {
  name: ['0', 'Name'],
  version: ['1', 'Version'],
  publisher: ['2', 'Publisher'],
  language_code: ['3', 'Language'],
  entry_type: ['6', 'Type'],
  uninstall_key: ['7', 'RegistryKeyPath'],
  file_paths: ['d', 'RootDirPath'],
  product_code: ['f'],
  package_code: ['10'],
  msi_product_code: ['11', 'MsiProductCode'],
  msi_package_code: ['12', 'MsiPackageCode'],
} as const
const SHA1_PREFIX = /^0000(?=[0-9a-f]{40}$)/i

/** Programs that are or were on the computer, with their SHA-1 (`Amcache.hve`). */
export const AMCACHE: KeyReader = {
  read(context) {
    if (INVENTORY_FILE.test(context.place))
      keepFile(context, readFields(context, INVENTORY_NAMES), readInventoryTimes(context))
    else if (OLD_FILE.test(context.place))
      keepFile(context, readFields(context, OLD_NAMES), readOldTimes(context))
    else if (PROGRAM.test(context.place)) keepProgram(context)
    else return false
    return true
  },
}

function keepFile(
  context: KeyContext,
  fields: Readonly<Record<string, string | number | undefined>>,
  times: Readonly<Record<string, string | undefined>>,
): void {
  const { file_identifier: identifier } = fields
  const sha1 = typeof identifier === 'string' ? identifier.replace(SHA1_PREFIX, '') : undefined
  const path = fields['full_path'] ?? fields['filename'] ?? nameAbove(context.path, 0)
  context.keep({
    data_type: 'windows:registry:amcache',
    message: `path: ${path}${sha1 === undefined ? '' : ` sha1: ${sha1}`}${fields['product_name'] ? ` product_name: ${fields['product_name']}` : ''}`,
    key_path: context.path,
    ...fields,
    sha1,
    ...times,
  })
}

function keepProgram(context: KeyContext): void {
  const fields = Object.fromEntries(
    Object.entries(PROGRAM_NAMES).map(([field, names]) => [
      field,
      names.map((name) => sayValue(context, name)).find((value) => value !== undefined),
    ]),
  )
  context.keep({
    data_type: 'windows:registry:amcache:programs',
    message: `name: ${fields['name'] ?? nameAbove(context.path, 0)} version: ${fields['version'] ?? ''} publisher: ${fields['publisher'] ?? ''}`,
    key_path: context.path,
    ...fields,
    installation_time: readUnixTime(context, 'a') ?? toTextTime(sayValue(context, 'InstallDate')),
    last_written_time: timeOf(context),
  })
}

function readFields(
  context: KeyContext,
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, string | number | undefined>> {
  return Object.fromEntries(Object.entries(names).map(([field, name]) => [field, sayValue(context, name)]))
}

function readInventoryTimes(context: KeyContext): Readonly<Record<string, string | undefined>> {
  return {
    link_time: toTextTime(sayValue(context, 'LinkDate')),
    application_key_last_written_time: timeOf(context),
  }
}

function readOldTimes(context: KeyContext): Readonly<Record<string, string | undefined>> {
  const read = (name: string): string | undefined => {
    const value = findValue(context, name)
    return value && value.data.length >= 8 ? context.times.read(value.data, 0) : undefined
  }
  return {
    link_time: readUnixTime(context, 'f'),
    file_modification_time: read('11'),
    file_creation_time: read('12'),
    last_written_time: read('17') ?? timeOf(context),
  }
}

/** Seconds since 1970. */
function readUnixTime(context: KeyContext, name: string): string | undefined {
  const seconds = sayValue(context, name)
  if (seconds === undefined || seconds === 0) return undefined
  if (typeof seconds === 'number' && isCalendarSeconds(seconds)) return new Date(seconds * 1000).toISOString()
  context.note('amcache-time')
  return undefined
}

/** `04/07/2014 15:18:49`, month first, in UTC. */
function toTextTime(text: unknown): string | undefined {
  const match = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(String(text ?? ''))
  if (!match) return undefined
  const [, month, day, year, hour, minute, second] = match
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}
