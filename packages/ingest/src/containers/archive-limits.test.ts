import { expect, it } from 'vitest'
import { ArchiveLimitError, UnpackingMeter } from './archive-limits.ts'

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
