import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLog } from '../logs/testing/read-log.ts'
import { PlainEntryReader, readAnyEntry } from './read-entries.ts'
import { findEntry } from './walk-entries.ts'

function writeEntry(us: number, ...fields: readonly (readonly [string, string | Buffer])[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`__CURSOR=s=${us}\n__REALTIME_TIMESTAMP=${us}\n`)]
  for (const [name, value] of fields) {
    if (typeof value === 'string') parts.push(Buffer.from(`${name}=${value}\n`))
    else {
      const size = Buffer.alloc(8)
      size.writeBigUInt64LE(BigInt(value.length))
      parts.push(Buffer.from(`${name}\n`), size, value, Buffer.from('\n'))
    }
  }
  return Buffer.concat([...parts, Buffer.from('\n')])
}

const US = 1_700_000_000_123_456

it('reads entries with values that hold line ends, other entries, and bytes that are no text', async () => {
  const export_ = Buffer.concat([
    writeEntry(
      US,
      ['_HOSTNAME', 'h'],
      ['SYSLOG_IDENTIFIER', 'p'],
      ['_PID', '7'],
      ['PRIORITY', '3'],
      ['MESSAGE', 'a=b'],
    ),
    writeEntry(US + 1, ['MESSAGE', Buffer.from('x\n\n__CURSOR=y\n')], ['X', 'one'], ['X', 'two']),
    writeEntry(US + 2, ['MESSAGE', Buffer.from([0xff, 0x0a, 0x00])]),
  ])
  for (const stretchBytes of [40, 4096]) {
    const { events, lines, account, mapping } = await readLog(export_, { stretchBytes })
    expect(account).toMatchObject({ format: 'journal-export', read: 3, rejected: 0 })
    expect(lines).toEqual([1, 2, 3])
    expect(events).toMatchObject([
      { datetime: '2023-11-14T22:13:20.123456+00:00', message: 'ERR h [p, pid: 7] a=b' },
      { MESSAGE: 'x\n\n__CURSOR=y\n', X: ['one', 'two'] },
      { MESSAGE: 'ff0a00' },
    ])
    expect(mapping.profile.aliases).toMatchObject({ hostname: '_HOSTNAME', message_body: 'MESSAGE' })
  }
})

it('passes over damage up to the next entry and tells of it', async () => {
  const { events, rejects } = await readLog(
    Buffer.concat([
      writeEntry(US, ['MESSAGE', 'first']),
      Buffer.from('__CURSOR=z\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xffdata\n\n', 'latin1'),
      Buffer.from('__CURSOR=z\nMESSAGE=without a time\n\n'),
      writeEntry(US + 1, ['MESSAGE', 'last']),
      Buffer.from('__CURSOR=z\n__REALTIME'),
    ]),
  )
  expect(events.map((event) => event['MESSAGE'])).toEqual(['first', 'last'])
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'bad-record'],
    [3, 'no-time'],
    [5, 'truncated'],
  ])
})

it('always gets on in any bytes', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '__CURSOR=',
      '\n',
      '\n\n',
      'NAME',
      '=',
      '\x05\0\0\0\0\0\0\0',
      '\xff\xff\xff\xff\xff\xff\xff\xff',
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 9 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const bytes = Buffer.from(pieces.join(''), 'latin1')
      let at = 0
      for (let entry = findEntry(bytes, at); entry !== undefined; entry = findEntry(bytes, at)) {
        expect(entry.end).toBeGreaterThan(at)
        expect(entry.end).toBeLessThanOrEqual(bytes.length)
        at = entry.end
      }
    }),
    { numRuns: 500 },
  )
})

it('reads plain entries as any other', () => {
  const odd = fc.constantFrom('x'.repeat(70), 'x'.repeat(300), '')
  const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('MESSAGE', 'X', 'datetime', '_é') }, odd)
  const text = fc.string({ unit: 'grapheme', maxLength: 9 })
  const plain = fc.tuple(name, text).map((parts) => Buffer.from(`${parts.join('=')}\n`))
  const any = fc.constantFrom(
    '\n',
    'X\n',
    '\n=\n',
    '\xff=\xff\n',
    'MESSAGE\n\x03\0\0\0\0\0\0\0a=b\n',
    'X\n\x0a',
  )
  const line = fc.oneof(
    { weight: 9, arbitrary: plain },
    { weight: 4, arbitrary: fc.constant(Buffer.from('\n')) },
    any.map((one) => Buffer.from(one, 'latin1')),
  )
  let plainOnes = 0
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const bytes = Buffer.concat(lines)
      const reader = new PlainEntryReader()
      for (let at = 0; ; ) {
        const wanted = readAnyEntry(bytes, at)
        const found = reader.read(bytes, at)
        if (found) plainOnes++
        if (found) expect(found).toEqual(wanted)
        if (wanted === undefined) break
        at = wanted.end
      }
    }),
    { numRuns: 500 },
  )
  expect(plainOnes).toBeGreaterThan(100)
})

it('tells how many values of a field are left out of an entry', async () => {
  const values = Array.from({ length: 1003 }, (_, i) => ['X', `v${i}`] as const)
  const { events, account, rejects } = await readLog(writeEntry(US, ['MESSAGE', 'm'], ...values, ['X', 'v1']))
  expect(events[0]!['X']).toHaveLength(1000)
  expect(account).toMatchObject({ read: 2, rejected: 1 })
  expect(rejects[0]).toMatchObject({ reason: 'over-limit' })
  expect(rejects[0]?.detail).toMatch(/3 values of fields that have 1000 others were left out \(MAX_VALUES\)/)
})

it('knows an export by any of the fields that the journal itself gives an entry, below blank lines, too', async () => {
  const entry = (us: number): string => `__REALTIME_TIMESTAMP=${us}\n__CURSOR=s=${us}\nMESSAGE=m\n\n`
  const { events, account } = await readLog(`\n\n${entry(US)}${entry(US + 1)}`)
  expect(account).toMatchObject({ format: 'journal-export', read: 2, rejected: 0 })
  expect(events[1]).toMatchObject({ MESSAGE: 'm' })
})

it('goes on behind damage with an entry that begins with another field than the cursor', async () => {
  const entry = (us: number, rest: string): string => `__REALTIME_TIMESTAMP=${us}\n${rest}\n`
  const text = `${entry(US, '=damage\n')}${entry(US + 1, 'MESSAGE=m\n')}`
  const { events, rejects } = await readLog(text)
  expect([events.at(-1)?.['MESSAGE'], rejects.length]).toEqual(['m', 1])
})
