import { Buffer } from 'node:buffer'
import {
  makeAutomatic,
  makeCustom,
} from '../../../packages/ingest/src/jump-lists/testing/jump-list-writer.ts'
import { makeLnk } from '../../../packages/ingest/src/lnk/testing/lnk-writer.ts'
import { makeMft, type TestEntry } from '../../../packages/ingest/src/mft/testing/mft-writer.ts'
import { makePrefetch, packPrefetch } from '../../../packages/ingest/src/prefetch/testing/prefetch-writer.ts'
import { makeHive, type TestKey } from '../../../packages/ingest/src/registry/testing/hive-writer.ts'
import {
  makeDirty,
  makeNewLog,
  makeOldLog,
} from '../../../packages/ingest/src/registry/testing/log-writer.ts'

/** FILETIME of 2026-03-01T10:00:00Z. */
const START = 134_168_328_000_000_000n
const SECOND = 10_000_000n

/** Kinds that another implementation reads too, by what it is asked. */
export type OracleKind = 'hive' | 'logged' | 'mft' | 'prefetch' | 'lnk' | 'compound'

/** One artefact with its name. */
export interface MadeArtefact {
  readonly name: string
  readonly oracle: OracleKind | undefined
  readonly bytes: Buffer
}

/** Artefacts of every kind and version, the same each time. */
export function makeArtefacts(): readonly MadeArtefact[] {
  const prefetch = ([17, 23, 26, 30, 31] as const).map((version) =>
    makePrefetch({
      version,
      executable: `TOOL${version}.EXE`,
      runCount: version,
      runTimes: version < 26 ? [START] : [0, 1, 2, 3].map((i) => START - BigInt(i) * 3600n * SECOND),
      files: Array.from({ length: 80 }, (_, i) => `\\VOLUME{01d9}\\WINDOWS\\SYSTEM32\\FILE${i}.DLL`),
      volume: { path: '\\VOLUME{01d9}', created: START, serial: 0x1234abcd },
    }),
  )
  const links = ['C:\\a.txt', 'C:\\Users\\ana\\Documents\\a long name of a file.docx', 'D:\\x'].map(
    (path, i) =>
      makeLnk({
        path,
        arguments: i === 0 ? '' : `--number ${i}`,
        times: [START, START + SECOND, START - SECOND],
      }),
  )
  const entries = links.map((lnk, i) => ({
    path: `C:\\file${i}`,
    used: START + BigInt(i),
    host: 'ws-1',
    lnk,
  }))
  return [
    { name: 'hive', oracle: 'hive', bytes: makeSampleHive() },
    { name: 'mft', oracle: 'mft', bytes: makeSampleTable() },
    ...prefetch.map((bytes, i) => ({ name: `prefetch ${i}`, oracle: 'prefetch' as const, bytes })),
    ...prefetch.slice(3).map((bytes, i) => ({
      name: `packed prefetch ${i}`,
      oracle: 'prefetch' as const,
      bytes: packPrefetch(bytes),
    })),
    ...links.map((bytes, i) => ({ name: `shortcut ${i}`, oracle: 'lnk' as const, bytes })),
    ...[1, 3, 4].map((version) => ({
      name: `jump list ${version}`,
      oracle: 'compound' as const,
      bytes: makeAutomatic(entries, version),
    })),
    { name: 'own jump list', oracle: undefined, bytes: makeCustom(links) },
    { name: 'deleted file', oracle: undefined, bytes: makeDeleted() },
  ]
}

/** A hive whose last changes are in its transaction logs only. */
export interface LoggedHive {
  readonly name: string
  readonly hive: Buffer
  /** By what their names have behind the hive's. */
  readonly logs: Readonly<Record<string, Buffer>>
}

/** Dirty hives with logs of both formats, the same each time. */
export function makeLoggedHives(): readonly LoggedHive[] {
  const states = [0, 1, 2, 3].map((changes) => makeSampleHive(changes))
  const [before, one, two, after] = states as [Buffer, Buffer, Buffer, Buffer]
  const hive = makeDirty(before)
  return [
    { name: 'hive with an old log', hive, logs: { '.LOG1': makeOldLog(before, after) } },
    { name: 'hive with a new log', hive, logs: { '.LOG1': makeNewLog(states) } },
    {
      name: 'hive with two new logs',
      hive,
      logs: { '.LOG1': makeNewLog([two, after], 3), '.LOG2': makeNewLog([before, one, two], 1) },
    },
  ]
}

/** @param changes - Keys that have changed since it was made. */
function makeSampleHive(changes = 0): Buffer {
  const leaf = (i: number): TestKey => ({
    written: START + BigInt(i) * SECOND,
    values: {
      Text: i % 20 < changes ? `other ${i}` : `value ${i}`,
      Number: i,
      Bytes: Buffer.alloc(i * 300, i),
      Many: ['a', `b${i}`],
      '': 'own',
    },
  })
  const service = (i: number): TestKey => ({
    written: START,
    values: { Type: 16, Start: i % 5, ImagePath: `C:\\service${i}.exe` },
  })
  return makeHive({
    Select: { values: { Current: 1 } },
    ControlSet001: {
      keys: {
        Control: { keys: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`Key ${i} Ä`, leaf(i)])) },
        Services: {
          keys: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`Service${i}`, service(i)])),
        },
      },
    },
    Ключ: { values: { Long: 'x'.repeat(40_000) } },
  })
}

function makeSampleTable(): Buffer {
  const times = (i: number): TestEntry['times'] => [
    START + BigInt(i),
    START + BigInt(i) * SECOND,
    START,
    START + BigInt(i % 3),
  ]
  const root: TestEntry = {
    number: 5,
    sequence: 5,
    isFolder: true,
    names: [{ name: '.', parent: 5, parentSequence: 5 }],
    times: times(0),
  }
  const folders = Array.from(
    { length: 10 },
    (_, i): TestEntry => ({
      number: 30 + i,
      isFolder: true,
      names: [{ name: `folder ${i}`, parent: i === 0 ? 5 : 29 + i, parentSequence: i === 0 ? 5 : 1 }],
      times: times(i),
    }),
  )
  const files = Array.from(
    { length: 60 },
    (_, i): TestEntry => ({
      number: 50 + i,
      isUsed: i % 7 !== 0,
      names: [
        { name: `file ${i}.txt`, parent: 30 + (i % 10) },
        ...(i % 4 === 0 ? [{ name: `FILE${i}~1.TXT`, parent: 30 + (i % 10), namespace: 2 }] : []),
      ],
      times: times(i),
    }),
  )
  return makeMft([root, ...folders, ...files])
}

function makeDeleted(): Buffer {
  const path = 'C:\\Users\\ana\\gone.txt\0'
  const bytes = Buffer.alloc(28 + path.length * 2)
  bytes.writeUInt32LE(2)
  bytes.writeUInt32LE(1234, 8)
  bytes.writeBigUInt64LE(START, 16)
  bytes.writeUInt32LE(path.length, 24)
  bytes.write(path, 28, 'utf16le')
  return bytes
}
