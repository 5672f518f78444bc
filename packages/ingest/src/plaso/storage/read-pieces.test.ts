import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openImmutable } from '../../sqlite/open-sqlite-evidence.ts'
import { Piece } from '../piece/piece.ts'
import { type StorageSpec, writeStorage } from '../testing/storage-writer.ts'
import { readPieces } from './read-pieces.ts'
import { readStorageSchema } from './storage-schema.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeskein-pieces-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** For each event what keeps its data from being read; undefined where nothing does. */
function listProblems(spec: StorageSpec): readonly (string | undefined)[] {
  const path = join(folder, 'case.plaso')
  writeStorage(path, spec)
  using database = openImmutable(path)
  const problems: (string | undefined)[] = []
  for (const item of readPieces(database, readStorageSchema(database))) {
    if (item.kind !== 'piece') continue
    const piece = new Piece(item.bytes)
    for (let event = 0; event < piece.eventCount; event++)
      problems.push(piece.data(piece.dataOf(event))?.problem)
  }
  return problems
}

it('stops giving data to events where they unpack to a thousand times the file, and goes on with the events', () => {
  const data = [{ data_type: 'syslog:line', body: 'x'.repeat(30 * 1024 * 1024) }]
  const atOnce = Array.from({ length: 5 }, () => ({ data: 0, us: 1n }))
  const later = Array.from({ length: 5 }, (_, i) => ({ data: 0, us: BigInt(i + 2) }))
  const problems = listProblems({ data, events: [...atOnce, ...later] })
  expect(problems).toHaveLength(10)
  expect(problems.slice(0, 2)).toEqual([undefined, undefined])
  expect(problems.slice(-5).every((problem) => problem?.includes('MAX_UNPACKING_RATIO'))).toBe(true)
})
