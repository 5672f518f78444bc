import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { StretchRunner, type StretchSettings } from '../packages/ingest/src/pipeline/stretch.ts'
import { makePlasoMapping } from '../packages/ingest/src/plaso/plaso-format.ts'
import { readPieces } from '../packages/ingest/src/plaso/storage/read-pieces.ts'
import { readStorageSchema } from '../packages/ingest/src/plaso/storage/storage-schema.ts'
import { type DataSpec, writeStorage } from '../packages/ingest/src/plaso/testing/storage-writer.ts'
import { openImmutable } from '../packages/ingest/src/sqlite/open-sqlite-evidence.ts'
import { DATA_FOLDER } from './data/synthetic.ts'
import { type Figure, median } from './figures.ts'
import { measureImport } from './reading.ts'
import { tellStep } from './tell-step.ts'

const RUNS = 5
const WARM_UP_RUNS = 1
/** Events of the file that is read again and again; as many as fit into memory. */
const EVENTS = 30_000
/** Events that share their data, on the average, in Plaso's own test data. */
const EVENTS_OF_DATA = 1.28
const START_US = 1_767_225_600_000_000n

/**
 * Storage files of Plaso: from the database to batches with columns, in one thread and by processor time; and imported by the
 * command line, on all cores. Rates are medians.
 *
 * @param imported - Events of the file that is imported.
 */
export async function benchPlaso(imported: number): Promise<readonly Figure[]> {
  tellStep(`a storage file of ${EVENTS.toLocaleString('en')} events`)
  const path = await makeFile(EVENTS)
  const runs = Array.from({ length: WARM_UP_RUNS + RUNS }, () => measure(path)).slice(WARM_UP_RUNS)
  const rate = (select: (run: Run) => number): number => median(runs.map((run) => EVENTS / select(run)))
  const note = `${EVENTS.toLocaleString('en')} events of ${Math.round(EVENTS / EVENTS_OF_DATA).toLocaleString('en')} data, our own formatters`
  tellStep(`import of a storage file of ${imported.toLocaleString('en')} events`)
  const file = await makeFile(imported)
  return [
    {
      name: 'Plaso storage to batches',
      ours: rate(({ all }) => all),
      unit: 'events/s',
      note: `one core; ${note}; batches ready for the store`,
    },
    {
      name: '… of it reading the database',
      ours: rate(({ database }) => database),
      unit: 'events/s',
      note: 'sorting, unpacking',
    },
    {
      name: '… of it making events',
      ours: rate(({ rows }) => rows),
      unit: 'events/s',
      note: 'fields, messages, columns',
    },
    ...(await measureImport('a storage file', file, `${imported.toLocaleString('en')} events, all cores`)),
  ]
}

/** Processor time in seconds. */
interface Run {
  readonly all: number
  readonly database: number
  readonly rows: number
}

function measure(path: string): Run {
  using database = openImmutable(path)
  const schema = readStorageSchema(database)
  const mapping = makePlasoMapping(schema, {})
  const format = { kind: 'plaso', keepsDuplicates: false } as const
  const settings: StretchSettings = { format, mapping, times: 'first' }
  const start = process.cpuUsage()
  const pieces = [...readPieces(database, schema)].flatMap((item) =>
    item.kind === 'piece' ? [item.bytes] : [],
  )
  const middle = secondsSince(start)
  const runner = new StretchRunner()
  let read = 0
  for (const bytes of pieces)
    read += runner.run({ textId: 'bench', settings, bytes, startLine: 0, place: 'top', isLast: false }).read
  if (read !== EVENTS) throw new Error(`expected ${EVENTS} events, found ${read}`)
  const all = secondsSince(start)
  return { all, database: middle, rows: all - middle }
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** A storage file of so many events; made once, then reused. */
async function makeFile(count: number): Promise<string> {
  const path = join(DATA_FOLDER, `made-${count}.plaso`)
  if (existsSync(path)) return path
  await mkdir(DATA_FOLDER, { recursive: true })
  const data = Array.from({ length: Math.round(count / EVENTS_OF_DATA) }, (_, i) => makeData(i))
  const events = Array.from({ length: count }, (_, i) => ({
    data: i % data.length,
    us: START_US + BigInt(i) * 131_071n,
    desc: i < data.length ? 'Content Modification Time' : 'Creation Time',
  }))
  const spec = { type_indicator: 'NTFS', location: '\\Windows\\System32\\config', mft_entry: 42 }
  const streams = Array.from({ length: 600 }, (_, i) => ({
    path_spec: JSON.stringify({ ...spec, location: `${spec.location}\\${i}` }),
    sha256_hash: String(i).padStart(64, '0'),
  }))
  writeStorage(`${path}.partial`, { version: 20260516, data, events, streams })
  await rename(`${path}.partial`, path)
  return path
}

/** Data of the kinds that such files hold most, about 700 bytes of JSON each. */
function makeData(i: number): DataSpec {
  const hash = (i * 2_654_435_761) >>> 0
  const common = {
    _event_data_stream_identifier: `event_data_stream.${1 + (i % 600)}`,
    _event_values_hash: hash.toString(16).padStart(32, 'a'),
    written_time: {
      __type__: 'DateTimeValues',
      __class_name__: 'Filetime',
      timestamp: 132_000_000_000_000 + i,
    },
  }
  switch (i % 4) {
    case 0:
      return {
        ...common,
        data_type: 'windows:evtx:record',
        _parser_chain: 'winevtx',
        event_identifier: 4624,
        event_level: 0,
        hostname: `WS-${i % 40}.example.test`,
        message_identifier: 4624,
        provider_identifier: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
        record_number: i,
        source_name: 'Microsoft-Windows-Security-Auditing',
        strings: [
          'S-1-5-18',
          `user${i % 90}`,
          'EXAMPLE',
          '0x3e7',
          null,
          `${i % 12}`,
          'Negotiate',
          '-',
          `192.0.2.${i % 250}`,
        ],
        user_sid: 'S-1-5-21-1-2-3-1001',
      }
    case 1:
      return {
        ...common,
        data_type: 'windows:registry:key_value',
        _parser_chain: 'winreg/winreg_default',
        key_path: `HKEY_LOCAL_MACHINE\\Software\\Classes\\CLSID\\{${hash.toString(16)}}\\InprocServer32`,
        values: ['', 'ThreadingModel', 'Assembly'].map((name) => ({
          __type__: 'tuple',
          values: [name, 'REG_SZ', `C:\\Windows\\System32\\made-${i}.dll`],
        })),
      }
    case 2:
      return {
        ...common,
        data_type: 'chrome:history:page_visited',
        _parser_chain: 'sqlite/chrome_27_history',
        from_visit: 'https://example.test/',
        page_transition_type: 1,
        query: 'SELECT urls.id, urls.url, urls.title, urls.visit_count, visits.visit_time FROM urls, visits',
        title: `Page ${i}: it's "made"`,
        typed_count: i % 3,
        url: `https://www.example.test/path/${i}?q=${hash}`,
        url_hidden: false,
        visit_count: 3,
      }
    default:
      return {
        ...common,
        data_type: 'fs:stat',
        _parser_chain: 'filestat',
        display_name: `NTFS:\\Users\\kim\\Documents\\folder ${i % 300}\\file ${i}.docx`,
        file_entry_type: 'file',
        file_size: hash,
        file_system_type: 'NTFS',
        filename: `\\Users\\kim\\Documents\\folder ${i % 300}\\file ${i}.docx`,
        inode: i,
        is_allocated: true,
        number_of_links: 1,
      }
  }
}
