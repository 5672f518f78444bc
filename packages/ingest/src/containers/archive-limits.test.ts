import { expect, it } from 'vitest'
import { ArchiveLimitError, MAX_ARCHIVE_PASSES, UnpackingMeter } from './archive-limits.ts'

const MIB = 1024 * 1024

it('tells of an entry that goes beyond the limit of the whole archive as well, which is read further', () => {
  const whole = new UnpackingMeter('case.zip')
  const entry = whole.forEntry('case.zip!bomb')
  expect(() => entry.addUnpacked(65 * MIB)).toThrow(
    expect.objectContaining({
      limit: 'MAX_UNPACKING_RATIO',
      scope: 'entry',
      message: expect.stringMatching(/^case\.zip!bomb was not read further/),
    }),
  )
})

it('counts what entries that were given up took in, and then ends the archive', () => {
  const whole = new UnpackingMeter('case.zip')
  expect(() => whole.forEntry('case.zip!bomb').addUnpacked(65 * MIB)).toThrow(ArchiveLimitError)
  expect(() => whole.forEntry('case.zip!small').addUnpacked(1)).toThrow(
    expect.objectContaining({
      scope: 'input',
      message: expect.stringMatching(/^case\.zip was not read further/),
    }),
  )
})

it('counts the passes over all archives of an input together', () => {
  const whole = new UnpackingMeter('case.zip')
  const meters = ['a', 'b', 'c'].map((name) => whole.forEntry(`case.zip!${name}.tar.gz`).forPass())
  for (let pass = 0; pass < MAX_ARCHIVE_PASSES; pass++) meters[pass % 3]!.forPass().addPass('History')
  for (const meter of [whole, ...meters]) {
    expect(() => meter.addPass('case.zip!a.tar.gz!History')).toThrow(
      expect.objectContaining({
        limit: 'MAX_ARCHIVE_PASSES',
        scope: 'entry',
        message: expect.stringMatching(/^case\.zip!a\.tar\.gz!History was not read further/),
      }),
    )
  }
  expect(() => new UnpackingMeter('other.zip').addPass('History')).not.toThrow()
})

it('counts what all passes of an input unpack together, against what the input has of packed bytes', () => {
  const read = (packedBytes: number, passes: number): void => {
    const whole = new UnpackingMeter('case.zip')
    whole.addPacked(packedBytes)
    for (let pass = 0; pass < passes; pass++) {
      const archive = whole.forEntry(`case.zip!${pass % 3}.tar.gz`)
      archive.addPacked(packedBytes)
      archive.addPass('case.zip!History')
      archive.forPass().addUnpacked(100 * MIB)
    }
  }
  expect(() => read(MIB, 41)).not.toThrow()
  expect(() => read(MIB, 42)).toThrow(
    expect.objectContaining({ limit: 'MAX_ARCHIVE_PASSES', scope: 'entry' }),
  )
  expect(() => read(10 * MIB, 90)).not.toThrow()
})
