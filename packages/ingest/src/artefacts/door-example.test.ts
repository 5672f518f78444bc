import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { RowWriter } from '../batch/row-writer.ts'
import { planMapping } from './artefact-format.ts'
import { ArtefactSink } from './artefact-sink.ts'
import { DOOR_FORMAT } from './testing/door-format.ts'

const HERE = import.meta.dirname

it('the example in the documentation is a format that reads', async () => {
  const page = await readFile(join(HERE, '../../../../docs/evidence.md'), 'utf8')
  const source = await readFile(join(HERE, 'testing/door-format.ts'), 'utf8')
  const inPackage = source.replace("'../artefact-format.ts'", "'../artefacts/artefact-format.ts'")
  expect(page).toContain(`\`\`\`ts\n${inPackage}\`\`\``)
})

it('reads records, and tells of one that is cut off', () => {
  const record = Buffer.alloc(32, ' ')
  record.writeUInt32LE(1_767_225_600)
  record.write('Gate 7', 4)
  const file = Buffer.concat([Buffer.from('DOOR1'), record, record.subarray(0, 20)])
  expect(DOOR_FORMAT.matches(file)).toBe(true)
  const writer = new RowWriter(planMapping(DOOR_FORMAT, {}), { times: 'all' })
  DOOR_FORMAT.read(file, new ArtefactSink(writer, undefined, ['opened_at']))
  const { batches, rejects } = writer.harvest()
  const [batch] = batches
  expect(Buffer.from(batch!.source.bytes.subarray(0, batch!.source.offsets[1])).toString()).toBe(
    '{"opened_at":"2026-01-01T00:00:00.000Z","door":"Gate 7","message":"Gate 7 was opened"}',
  )
  expect(batch!.timesUs[0]).toBe(1_767_225_600_000_000n)
  expect(rejects).toEqual([expect.objectContaining({ line: 2, reason: 'truncated' })])
})
