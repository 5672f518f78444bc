import { expect, it } from 'vitest'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { changeEach } from './change-each.ts'

const lookUp = async (id: string): Promise<void> => {
  if (id.startsWith('no')) throw new CliError(`${id} is not there.`, EXIT.notFound)
}

it('changes none when some are not there, and names them all', async () => {
  const changed: string[] = []
  const done = changeEach(['a', 'no-1', 'b', 'no-2'], lookUp, async (id) => changed.push(id))
  await expect(done).rejects.toMatchObject({
    message: 'no-1 is not there. no-2 is not there. Nothing was changed.',
    exitCode: EXIT.notFound,
  })
  expect(changed).toEqual([])
})

it('says what was changed before one that may not be', async () => {
  const change = async (id: string): Promise<string> => {
    if (id === 'theirs') throw new CliError('That is somebody else’s.', EXIT.noPermission)
    return id
  }
  expect(await changeEach(['a', 'b'], lookUp, change)).toEqual(['a', 'b'])
  await expect(changeEach(['a', 'b', 'theirs', 'c'], lookUp, change)).rejects.toMatchObject({
    message: 'That is somebody else’s. Changed before it: a, b.',
    exitCode: EXIT.noPermission,
  })
  await expect(changeEach(['theirs'], lookUp, change)).rejects.toThrow(/^That is somebody else’s\.$/)
})

it('leaves faults of ours as they are', async () => {
  const fault = new TypeError('ours')
  const fail = async (): Promise<never> => {
    throw fault
  }
  await expect(changeEach(['a', 'b'], fail, lookUp)).rejects.toBe(fault)
})
