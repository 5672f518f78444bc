import type { Buffer } from 'node:buffer'
import type { RejectReason } from '@timeskein/model'
import type { ArtefactFormat } from '../artefacts/artefact-format.ts'
import type { ArtefactSink } from '../artefacts/artefact-sink.ts'
import { FileTimeFields } from '../artefacts/file-time-field.ts'
import { Hive, readHiveHeader } from './hive/hive.ts'
import { nameRoot } from './hive/hive-kind.ts'
import type { HiveKey } from './hive/key-cell.ts'
import { AMCACHE } from './keys/amcache.ts'
import { APP_COMPAT_CACHE } from './keys/app-compat-cache.ts'
import { BACKGROUND_ACTIVITY } from './keys/bam.ts'
import { type KeyReader, readValues } from './keys/key-reader.ts'
import { KEY_VALUES } from './keys/key-values.ts'
import { RUN } from './keys/run.ts'
import { SERVICES } from './keys/services.ts'
import { USB, USB_STORAGE } from './keys/usb.ts'
import { USER_ASSIST } from './keys/user-assist.ts'
import { MAX_HIVE_BYTES, MAX_HIVE_FAULTS, MAX_KEY_DEPTH, MAX_KEY_PATH } from './limits.ts'
import { takeLogs } from './logs/take-logs.ts'

/** Kinds of keys that are events of their own; the first that takes a key reads it, the last takes any. */
const KEY_READERS: readonly KeyReader[] = [
  RUN,
  SERVICES,
  USB_STORAGE,
  USB,
  USER_ASSIST,
  BACKGROUND_ACTIVITY,
  APP_COMPAT_CACHE,
  AMCACHE,
  KEY_VALUES,
]

/** The type of a hive itself; its transaction logs begin with the same block and have others. */
const PRIMARY = 0

/** Registry hives of Windows. */
export const REGISTRY_FORMAT: ArtefactFormat = {
  name: 'registry',
  title: 'Windows registry hive',
  recognisedBy: '"regf" at its beginning, and that it is no transaction log',
  headBytes: 32,
  matches: (head) =>
    head.toString('latin1', 0, 4) === 'regf' && (head.length < 32 || head.readUInt32LE(28) === PRIMARY),
  maxBytes: MAX_HIVE_BYTES,
  times: [
    ['last_written_time', 'Content Modification Time'],
    ['last_execution_time', 'Last Time Executed'],
    ['last_run_time', 'Last Time Executed'],
    ['file_entry_modification_time', 'File Last Modification Time'],
    ['last_update_time', 'Last Time Executed'],
    ['registry_last_written_time', 'Registry Last Written Time'],
    ['driver_first_installation_time', 'Driver First Installation Time'],
    ['driver_last_installation_time', 'Driver Last Installation Time'],
    ['device_last_arrival_time', 'Last Connection Time'],
    ['device_last_removal_time', 'Last Removal Time'],
    ['file_creation_time', 'Creation Time'],
    ['file_modification_time', 'Content Modification Time'],
    ['link_time', 'Link Time'],
    ['installation_time', 'Installation Time'],
    ['application_key_last_written_time', 'Content Modification Time'],
  ],
  notes: {
    checksum: 'The checksum of the base block is wrong; the hive was read as it stands',
    'user-assist': 'A value of UserAssist has a form that is not known',
    'app-compat-cache': 'Entries of the AppCompatCache have a form that is not known, or are cut off',
    'amcache-time': 'A time of Amcache.hve is none that a calendar has, and is left out',
  },
  complete: takeLogs,
  read: readHive,
}

function readHive(bytes: Buffer, sink: ArtefactSink): void {
  const header = readHiveHeader(bytes)
  if (!header) {
    sink.reject(0, 'truncated', 'expected a base block of 512 bytes', 0)
    return
  }
  if (!header.isChecksumRight) sink.note('checksum', 0)
  let number = 0
  let faults = 0
  // Lists of keys are gone through more than once: to name the root, for keys that are looked up, and for themselves.
  const told = new Set<string>()
  const tell = (reason: RejectReason, detail: string, at: number): void => {
    const fault = `${at} ${detail}`
    if (told.has(fault)) return
    if (++faults > MAX_HIVE_FAULTS) return
    told.add(fault)
    sink.reject(number, reason, detail.length > MAX_DETAIL ? `${detail.slice(0, MAX_DETAIL)}…` : detail, at)
  }
  const hive = new Hive(bytes, header, {
    onDamage({ at, detail, isOverLimit }) {
      tell(isOverLimit ? 'over-limit' : at >= bytes.length ? 'truncated' : 'bad-record', detail, at)
    },
  })
  const root = hive.root
  if (!root) return
  const times = new FileTimeFields()
  const seen = new Set([root.cell])
  const stack: { key: HiveKey; path: string; depth: number }[] = [
    { key: root, path: nameRoot(hive), depth: 0 },
  ]
  for (let next = stack.pop(); next; next = hive.isSpent ? undefined : stack.pop()) {
    const { key, path, depth } = next
    number++
    const context = {
      hive,
      key,
      path,
      place: path.toUpperCase().replace(/\\CONTROLSET\d{3}(?=\\|$)/, '\\CONTROLSET'),
      values: readValues(hive, key),
      times,
      keep: (record: Readonly<Record<string, unknown>>) => sink.keep(number, record),
      note: (kind: string) => sink.note(kind, key.cell),
    }
    KEY_READERS.find((reader) => reader.read(context))
    const children = []
    let repeated = 0
    for (const child of hive.listKeys(key)) {
      if (depth >= MAX_KEY_DEPTH || path.length > MAX_KEY_PATH) {
        const limit = depth >= MAX_KEY_DEPTH ? 'MAX_KEY_DEPTH' : 'MAX_KEY_PATH'
        const detail = `keys below "${path.slice(0, MAX_TOLD_PATH)}" are not read (${limit})`
        tell('over-limit', detail, child.cell)
        break
      }
      if (seen.has(child.cell)) {
        if (++repeated === 1) {
          const detail = `"${child.name}" below "${path.slice(0, MAX_TOLD_PATH)}" is a key that stands elsewhere too`
          tell('bad-record', detail, child.cell)
        }
      } else {
        seen.add(child.cell)
        children.push({
          key: child,
          path: path === '' ? child.name : `${path}\\${child.name}`,
          depth: depth + 1,
        })
      }
    }
    if (repeated > 1) {
      const detail = `${repeated - 1} more keys below "${path.slice(0, MAX_TOLD_PATH)}" stand elsewhere too`
      tell('bad-record', detail, key.cell)
    }
    for (const child of children.toReversed()) stack.push(child)
  }
  if (faults > MAX_HIVE_FAULTS) {
    // Beyond the limit nobody remembers which were found before.
    const detail = `up to ${faults - MAX_HIVE_FAULTS} more faults were found that are not told one by one (MAX_HIVE_FAULTS)`
    sink.reject(number, 'over-limit', detail, 0)
  }
  if (hive.isSpent) {
    const detail = `${stack.length} keys that were found, and what is below them, are not read, since a limit on the whole hive is reached`
    sink.reject(number, 'over-limit', detail, 0)
  }
}

/** Characters of what is told of a fault: the longest names that Windows allows fit in. */
const MAX_DETAIL = 1000

/** Characters of a key's path in the account. */
const MAX_TOLD_PATH = 200
