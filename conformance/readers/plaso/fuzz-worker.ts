import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StretchRunner, type StretchSettings } from '../../../packages/ingest/src/pipeline/stretch.ts'
import { readPieces } from '../../../packages/ingest/src/plaso/storage/read-pieces.ts'
import { describeStorage } from '../../../packages/ingest/src/plaso/storage/storage-account.ts'
import {
  NotPlasoError,
  readStorageSchema,
} from '../../../packages/ingest/src/plaso/storage/storage-schema.ts'
import { type StorageSpec, writeStorage } from '../../../packages/ingest/src/plaso/testing/storage-writer.ts'
import { SchemaTreeError } from '../../../packages/ingest/src/sqlite/check-schema-tree.ts'
import { isDatabaseError } from '../../../packages/ingest/src/sqlite/database-error.ts'
import { openImmutable } from '../../../packages/ingest/src/sqlite/open-sqlite-evidence.ts'
import type { Choices } from '../../opensearch/random.ts'
import { type FuzzRound, findFault, fuzzRounds, ODD, TELL_EVERY } from '../fuzz/fuzz-rounds.ts'

/**
 * Damages storage files in ways that a seed chooses, reads each and looks at the account. Prints what it found after each hundred
 * rounds. Usage: fuzz-worker.ts SEED ROUNDS
 */
const PAGE_BYTES = 4096
/** What JSON and Python's dialect of it are made of. */
const TOKENS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  'NaN',
  '1e999',
  '-0.0',
  'null',
  '99999999999999999999',
  '"__type__"',
  '\\ud800',
]

const folder = mkdtempSync(join(tmpdir(), 'timeskein-fuzz-'))
const path = join(folder, 'fuzz.plaso')
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const files = [
  makeFile({ version: 20230327 }),
  makeFile({ version: 20260516, isCompressed: false }),
  makeFile({ version: 20190309, isCompressed: false }),
]
const settings: StretchSettings = {
  format: { kind: 'plaso', keepsDuplicates: false },
  mapping: {
    schema: 'plaso',
    times: [{ fields: ['datetime'], description: 'Event Logged', format: 'iso' }],
    allTimes: [],
    messageField: 'message',
    timeZone: 'UTC',
    dayFirst: undefined,
    profile: { aliases: {}, constants: {} },
    reason: 'made',
  },
  times: 'first',
}
const runner = new StretchRunner()

await fuzzRounds(({ number, choices, fail }) => {
  const bytes = Buffer.from(choices.pick(files))
  for (let change = choices.between(1, 4); change > 0; change--) damage(bytes, choices)
  const end = choices.chance(0.15) ? choices.between(1, bytes.length) : bytes.length
  check(number, bytes.subarray(0, end), fail)
})

function check(round: number, bytes: Buffer, fail: FuzzRound['fail']): void {
  writeFileSync(path, bytes)
  let kept = 0
  let read = 0
  let rejected = 0
  try {
    using database = openImmutable(path)
    const schema = readStorageSchema(database)
    describeStorage(database, schema)
    for (const item of readPieces(database, schema)) {
      if (item.kind === 'reject') JSON.parse(item.reject.raw)
      if (item.kind !== 'piece') continue
      const job = { settings, bytes: item.bytes, startLine: 0, place: 'top', isLast: false } as const
      // A reader reads one file; what it remembers of names goes with it.
      const result = runner.run({ textId: String(Math.floor(round / TELL_EVERY)), ...job })
      const fault = findFault(result.rejects)
      if (fault !== undefined) fail(fault)
      read += result.read
      rejected += result.rejects.length
      for (const batch of result.batches) {
        kept += batch.rowCount
        const { bytes: text, offsets } = batch.source
        const decoder = new TextDecoder('utf-8', { fatal: true })
        for (let row = 0; row < batch.rowCount; row++)
          JSON.parse(decoder.decode(text.subarray(offsets[row], offsets[row + 1])))
      }
    }
  } catch (error) {
    // Refused as a whole, in our words or in SQLite's, which the importer puts into ours.
    const isRefused =
      error instanceof NotPlasoError || error instanceof SchemaTreeError || isDatabaseError(error)
    if (!isRefused) throw error
  }
  if (read !== kept + rejected) fail(`${read} read, ${kept} kept, ${rejected} rejected`)
}

function damage(bytes: Buffer, choices: Choices): void {
  const at = choices.chance(0.2) ? choices.between(0, 199) : choices.between(0, bytes.length - 1)
  const size = Math.min(choices.between(1, 64), bytes.length - at)
  switch (choices.between(0, 6)) {
    case 0:
      bytes[at] = bytes[at]! ^ (1 << choices.between(0, 7))
      break
    case 1:
      for (let i = at; i < at + size; i++) bytes[i] = choices.between(0, 255)
      break
    case 2:
      bytes.fill(0, at, Math.min(at + size * 10, bytes.length))
      break
    case 3:
      if (at + 4 <= bytes.length) bytes.writeUInt32BE(choices.pick(ODD), at)
      break
    case 4: {
      // Bytes of elsewhere, which look like what belongs here.
      const from = choices.between(0, bytes.length - 1)
      bytes.copyWithin(at, from, Math.min(from + size * 8, bytes.length))
      break
    }
    case 5: {
      const page = choices.between(1, bytes.length / PAGE_BYTES - 1) * PAGE_BYTES
      const from = choices.between(0, bytes.length / PAGE_BYTES - 1) * PAGE_BYTES
      bytes.copyWithin(page, from, from + PAGE_BYTES)
      break
    }
    default:
      bytes.write(choices.pick(TOKENS), at, 'latin1')
  }
}

function makeFile(spec: Pick<StorageSpec, 'version' | 'isCompressed'>): Buffer {
  const types = ['syslog:line', 'windows:evtx:record', 'windows:registry:key_value', 'fs:stat', 'odd:type']
  const time = { __type__: 'DateTimeValues', __class_name__: 'Filetime', timestamp: 132_000_000_000_000 }
  const tuple = { __type__: 'tuple', values: ['name', 'REG_SZ', 'data'] }
  const spectrum = {
    __type__: 'PathSpec',
    type_indicator: 'GZIP',
    parent: { type_indicator: 'OS', location: '/a' },
  }
  const data = Array.from({ length: 30 }, (_, i) => ({
    data_type: types[i % types.length],
    _event_data_stream_identifier: `event_data_stream.${1 + (i % 3)}`,
    _event_values_hash: `${i % 20}`,
    _parser_chain: 'made/by',
    last_written_time: time,
    values: [tuple, tuple],
    strings: ['a', null, 'b \u00e9'],
    whole: 1.5,
    is_allocated: true,
    inode: 9_007_199_254_740_991,
    message_body: 'x'.repeat(i * 10),
    ...(spec.version === 20190309 ? { pathspec: spectrum, parser: 'made' } : {}),
  }))
  const file = join(folder, 'made.plaso')
  writeStorage(file, {
    ...spec,
    data,
    events: data.map((_, i) => ({
      data: i,
      us: BigInt(i % 7) * 1_000_000n,
      dateTime: time,
      ...(i % 5 === 0 ? { tags: ['made'] } : {}),
    })),
    streams: [1, 2, 3].map((n) => ({ path_spec: JSON.stringify(spectrum), sha256_hash: `${n}` })),
    warnings: ['made'],
  })
  const bytes = readFileSync(file)
  rmSync(file)
  return bytes
}
