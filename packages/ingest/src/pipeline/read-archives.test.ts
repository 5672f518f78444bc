import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makeZip } from '../containers/zip-fixture.ts'
import { readEvidence } from './read-evidence.ts'
import { eventLines, readBytes as read } from './testing/read-bytes.ts'

describe('readEvidence of containers', () => {
  it('reads gzip of several members and zstd of several frames', async () => {
    const [one, two] = [eventLines(10), eventLines(5)]
    for (const content of [
      Buffer.concat([gzipSync(one), gzipSync(two)]),
      Buffer.concat([zstdCompressSync(one), zstdCompressSync(two)]),
    ]) {
      const { sources, accounts } = await read(content)
      expect(sources.length).toBe(15)
      expect(accounts[0]!.sha256).toBe(createHash('sha256').update(content).digest('hex'))
    }
  })

  it('reads what a cut-off archive still has and says so', async () => {
    const text = Array.from(
      { length: 20_000 },
      (_, i) =>
        `{"datetime":"2024-01-01T00:00:00Z","id":"${createHash('md5').update(String(i)).digest('hex')}"}`,
    ).join('\n')
    for (const packed of [
      gzipSync(text),
      zstdCompressSync(text),
      makeZip([{ name: 'a.jsonl', content: Buffer.from(text) }]),
    ]) {
      const { sources, accounts, rejects } = await read(packed.subarray(0, packed.length / 2))
      expect(sources.length).toBeGreaterThan(5_000)
      expect(sources.length).toBeLessThan(15_000)
      expect(rejects.at(-1)!.reason).toBe('truncated')
      expect(accounts[0]!.reasons).toEqual({ truncated: 1 })
    }
  })

  it('reads every row of gzip data that garbage follows, and says so', async () => {
    for (const count of [5, 20_000]) {
      const packed = gzipSync(eventLines(count))
      for (const tail of ['garbage', '\x1f', '\x1f\x8bgarbage', '\x1f\x8b\x08\0garbage and more']) {
        const { sources, rejects } = await read(Buffer.concat([packed, Buffer.from(tail, 'latin1')]))
        expect(sources).toHaveLength(count)
        expect(rejects.map(({ reason }) => reason)).toEqual(['truncated'])
        expect(rejects[0]!.detail).toContain('the gzip data are cut off or damaged after')
      }
    }
    const padded = await read(Buffer.concat([gzipSync(eventLines(5)), Buffer.alloc(600)]))
    expect([padded.sources.length, padded.rejects]).toEqual([5, []])
  })

  it('tells of gzip data with another checksum or without any', async () => {
    const packed = gzipSync(eventLines(5))
    const other = Buffer.from(packed)
    other.writeUInt32LE(0xbad, other.length - 8)
    for (const content of [other, packed.subarray(0, -8), packed.subarray(0, -1)]) {
      const { sources, rejects } = await read(content)
      expect(sources).toHaveLength(5)
      expect(rejects.map(({ reason }) => reason)).toEqual(['truncated'])
    }
  })

  it('says that an archive is cut off when nothing could be unpacked', async () => {
    const packed = zstdCompressSync(eventLines(50))
    for (const content of [packed.subarray(0, 20), gzipSync(eventLines(50)).subarray(0, 12)]) {
      await expect(read(content)).rejects.toThrow(
        /packed data of which nothing could be unpacked: the (gzip|zstd) data are cut off or damaged after \d+ packed bytes/,
      )
    }
  })

  it('reads zip archives entry by entry, gzip entries too, and names what it refuses', async () => {
    const content = Buffer.from(eventLines(3))
    const { accounts, refused } = await read(
      makeZip([
        { name: 'logs/a.jsonl', content },
        { name: '../../etc/passwd', content },
        { name: '/abs', content },
        { name: 'secret.jsonl', content, isEncrypted: true },
        { name: 'strange.jsonl', content, method: 97 },
        { name: 'b.gz', content: gzipSync(content), method: 0 },
        { name: 'inner.zip', content: makeZip([{ name: 'x', content }]) },
        { name: 'readme.pdf', content: Buffer.from('%PDF-1.7 nothing to see') },
        { name: 'empty/', content: Buffer.alloc(0) },
      ]),
    )
    expect(accounts.map(({ path, read: rows }) => [path, rows])).toEqual([
      ['evidence!logs/a.jsonl', 3],
      ['evidence!b.gz', 3],
      ['evidence!inner.zip!x', 3],
    ])
    expect(refused.map((line) => /^evidence!([^:]*): /.exec(line)![1])).toEqual([
      '../../etc/passwd',
      '/abs',
      'secret.jsonl',
      'strange.jsonl',
      'readme.pdf',
    ])
    expect(refused.join('\n')).toMatch(/encrypted[\s\S]*method 97[\s\S]*a PDF document/)
  })

  it('gives each entry of an archive the SHA-256 of its own bytes, and names the archive beside', async () => {
    const [a, b, noise] = [Buffer.from(eventLines(3)), gzipSync(eventLines(4)), Buffer.from('%PDF-1.7 x')]
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    const zip = makeZip([
      { name: 'a.jsonl', content: a },
      { name: 'noise', content: noise },
      { name: 'b.jsonl.gz', content: b, method: 0 },
    ])
    const { accounts } = await read(zip)
    const archive = { path: 'evidence', sha256: hash(zip) }
    expect(accounts.map(({ sha256, archive }) => ({ sha256, archive }))).toEqual([
      { sha256: hash(a), archive },
      { sha256: hash(b), archive },
    ])
    const cutOff = await read(zip.subarray(0, -30))
    expect(cutOff.accounts.map(({ sha256 }) => sha256)).toEqual([hash(a), hash(b)])
  })

  it('tells of empty entries, and reads what stands in one that is called empty or a folder', async () => {
    const content = Buffer.from(eventLines(3))
    const zip = makeZip([
      { name: 'folder/', content: Buffer.alloc(0), method: 0 },
      { name: 'emptied.log', content: Buffer.alloc(0), method: 0 },
      { name: 'deflated.log', content: Buffer.alloc(0) },
      { name: 'hidden/', content },
      { name: 'small.jsonl', content, sizeBytes: 0 },
    ])
    for (const archive of [zip, zip.subarray(0, -30)]) {
      const { accounts, refused } = await read(archive)
      expect(accounts.map(({ path, read: rows }) => [path, rows])).toEqual([
        ['evidence!hidden/', 3],
        ['evidence!small.jsonl', 3],
      ])
      expect(refused.slice(0, 2)).toEqual([
        'evidence!emptied.log: it is empty',
        'evidence!deflated.log: it is empty',
      ])
    }
  })

  it('tells of an entry of an archive that is not what was packed', async () => {
    const content = Buffer.from(eventLines(3))
    for (const method of [0, 8]) {
      const { sources, rejects, accounts } = await read(
        makeZip([
          { name: 'a.jsonl', content, method, checksum: 0xbad },
          { name: 'b.jsonl', content, method },
        ]),
      )
      expect(sources).toHaveLength(6)
      expect(rejects).toHaveLength(1)
      expect(rejects[0]).toMatchObject({ reason: 'truncated' })
      expect(rejects[0]!.detail).toContain('expected the CRC-32 00000bad, found ')
      expect(accounts.map(({ reasons }) => reasons)).toEqual([{ truncated: 1 }, {}])
    }
  })

  it('stops at a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20))
    const twice = gzipSync(bomb)
    await expect(read(Buffer.concat([gzipSync(eventLines(2)), bomb]))).rejects.toThrow(/MAX_UNPACKING_RATIO/)
    await expect(
      read(makeZip([{ name: 'a.gz', content: Buffer.concat([gzipSync(eventLines(2)), bomb]) }])),
    ).rejects.toThrow(/MAX_UNPACKING_RATIO/)
    await expect(read(gzipSync(twice))).rejects.toThrow(/MAX_UNPACKING_RATIO/)
    const nested = Array.from({ length: 5 }).reduce<Buffer>(
      (inner) => gzipSync(inner),
      gzipSync(eventLines(1)),
    )
    await expect(read(nested)).rejects.toThrow(/MAX_CONTAINER_DEPTH/)
  })

  it('reads a stream, zip included', async () => {
    async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 50) yield bytes.subarray(at, at + 50)
    }
    for (const content of [
      Buffer.from(eventLines(5)),
      makeZip([{ name: 'a', content: Buffer.from(eventLines(5)) }]),
    ]) {
      let rows = 0
      for await (const item of readEvidence({ stream: chunks(content), name: '-' })) {
        if (item.kind === 'batch') rows += item.batch.rowCount
        if (item.kind === 'end') {
          const { sha256, archive } = item.account
          expect((archive ?? { sha256 }).sha256).toBe(createHash('sha256').update(content).digest('hex'))
        }
      }
      expect(rows).toBe(5)
    }
  })
})
