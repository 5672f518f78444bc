import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { sumHeader } from '../containers/tar-header.ts'
import { detectContainer } from './magic-numbers.ts'

/** A header of the tar of 1979: no magic number, and nothing behind the name of what is linked to. */
function makeOldHeader(name: string): Buffer {
  const block = Buffer.alloc(512)
  block.write(name)
  block.write('000644 ', 100)
  block.write('00000000012', 124)
  block.write('14200000000', 136)
  block.write(`${sumHeader(block).toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

it('a tar archive without a magic number is told by the sum of its header', () => {
  const header = makeOldHeader('var/log/auth.log')
  expect(detectContainer(header)).toBe('tar')
  expect(detectContainer(header.fill('x', 0, 1))).toBeUndefined()
  expect(detectContainer(Buffer.alloc(512))).toBeUndefined()
  expect(detectContainer(Buffer.from('a,b\n1,2\n'.padEnd(512, '\0')))).toBeUndefined()
})
