import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { UnpackingMeter } from './archive-limits.ts'
import { ChunkSource, readChunks } from './byte-source.ts'
import { readTarEntries } from './tar-entries.ts'
import { sumHeader } from './tar-header.ts'
import { type TarFile, writeTar } from './tar-writer.ts'

const CONTENT = 'x'.repeat(700)

/** Packs texts under their names. */
async function pack(files: Readonly<Record<string, string>>): Promise<Buffer> {
  async function* list(): AsyncGenerator<TarFile> {
    for (const [name, text] of Object.entries(files)) {
      const content = (async function* () {
        yield Buffer.from(text)
      })()
      yield { name, sizeBytes: Buffer.byteLength(text), changedSeconds: 1_700_000_000, content }
    }
  }
  return Buffer.concat(await Array.fromAsync(writeTar(list())))
}

/** Names with their texts, or with why they are not read. */
async function unpack(bytes: Buffer): Promise<readonly (readonly [string, string])[]> {
  const source = new ChunkSource(
    (async function* () {
      for (let at = 0; at < bytes.length; at += 300) yield bytes.subarray(at, at + 300)
    })(),
  )
  const found: [string, string][] = []
  for await (const entry of readTarEntries(source, new UnpackingMeter('test.tar'))) {
    if (entry.kind === 'refused') found.push([entry.name, entry.reason])
    else {
      const chunks = await Array.fromAsync(readChunks(entry.source, 1000))
      found.push([entry.name, Buffer.concat(chunks).toString()])
    }
  }
  return found
}

/** One block as old programs and GNU's write it, with the right sum. */
function makeHeader(name: string, sizeBytes: number, type: string, link = ''): Buffer {
  const block = Buffer.alloc(512)
  block.write(name)
  block.write(sizeBytes.toString(8).padStart(11, '0'), 124)
  block.write(type, 156)
  block.write(link, 157)
  block.write('ustar  \0', 257, 'latin1')
  block.write(sumHeader(block).toString(8).padStart(6, '0'), 148)
  return block
}

/** The same header with a time of change that is no number of eight digits (GNU, base 256). */
function setChangeTime(block: Buffer, seconds: bigint): Buffer {
  block[136] = 0x80
  block.writeBigUInt64BE(seconds, 140)
  block.fill(0x20, 148, 156)
  block.write(sumHeader(block).toString(8).padStart(6, '0'), 148)
  return block
}

describe('readTarEntries', () => {
  it('tells entries of types that are not known, and passes folders over', async () => {
    const text = Buffer.alloc(512, 'x')
    const entries = ['Q', 'M', 'V', 'D', '5'].map((type) =>
      Buffer.concat([makeHeader(`a${type}`, 512, type), text]),
    )
    expect(await unpack(Buffer.concat([...entries, await pack({ b: 'y' })]))).toEqual([
      ['aQ', 'its type "Q" is not known'],
      ['aM', 'it begins in another volume of the archive'],
      ['b', 'y'],
    ])
  })

  it('passes over what Solaris writes in front of an entry', async () => {
    const inBlock = (text: string): Buffer =>
      Buffer.concat([Buffer.from(text), Buffer.alloc(512)]).subarray(0, 512)
    const attributes = '18 path=real/name\n'
    const bytes = Buffer.concat([
      makeHeader('pax', attributes.length, 'X'),
      inBlock(attributes),
      makeHeader('acl', 10, 'A'),
      inBlock('1000005\0us'),
      makeHeader('attributes', 10, 'E'),
      inBlock('0000001.00'),
      makeHeader('short', 3, '0'),
      inBlock('abc'),
      makeHeader('next', 3, '0'),
      inBlock('def'),
      Buffer.alloc(1024),
    ])
    expect(await unpack(bytes)).toEqual([
      ['real/name', 'abc'],
      ['next', 'def'],
    ])
  })

  it('knows no time of change where no calendar has it', async () => {
    const content = Buffer.alloc(512, 'x')
    const bytes = Buffer.concat([
      setChangeTime(makeHeader('far', 512, '0'), 9_000_000_000_000_000n),
      content,
      setChangeTime(makeHeader('near', 512, '0'), 1_700_000_000n),
      content,
      Buffer.alloc(1024),
    ])
    const source = new ChunkSource(
      (async function* () {
        yield bytes
      })(),
    )
    const times: (readonly [string, number | undefined])[] = []
    for await (const entry of readTarEntries(source, new UnpackingMeter('test.tar')))
      if (entry.kind === 'file') times.push([entry.name, entry.changedUs])
    expect(times).toEqual([
      ['far', undefined],
      ['near', 1_700_000_000_000_000],
    ])
  })

  it('reads what was packed, names of any length among it, in pieces of any size', async () => {
    const long = `${'deep/'.repeat(60)}Ünïcode.evtx`
    expect(await unpack(await pack({ 'a.csv': CONTENT, [long]: 'y', 'b/c': CONTENT }))).toEqual([
      ['a.csv', CONTENT],
      [long, 'y'],
      ['b/c', CONTENT],
    ])
  })

  it("reads GNU's long names, passes over folders and tells of links", async () => {
    const long = 'g'.repeat(300)
    const name = Buffer.alloc(512)
    name.write(long)
    const text = Buffer.alloc(512)
    text.write('text')
    const bytes = Buffer.concat([
      makeHeader('folder/', 0, '5'),
      makeHeader('link', 0, '2', '/etc/passwd'),
      makeHeader('./hard', 0, '1', 'link'),
      makeHeader('././@LongLink', 300, 'L'),
      name,
      makeHeader('short', 4, '0'),
      text,
      Buffer.alloc(1024),
    ])
    expect(await unpack(bytes)).toEqual([
      ['link', 'it is a symbolic link, which is not followed'],
      [long, 'text'],
      [
        'hard',
        'it is a hard link to "link", which is not among the files in what was read of the archive: its content is missing',
      ],
    ])
  })

  it('tells hard links to what is in the archive, before or behind them, from those to what is not', async () => {
    const long = 'g'.repeat(300)
    const text = (content: string): Buffer => {
      const block = Buffer.alloc(512)
      block.write(content)
      return block
    }
    const record = (content: string): string => `${content.length + 5} ${content}\n`
    const pax = record(`linkpath=${long}`)
    const here = 'it is a hard link: its content stands under another name'
    const gone = (target: string): string =>
      `it is a hard link to "${target}", which is not among the files in what was read of the archive: its content is missing`
    const found = await unpack(
      Buffer.concat([
        makeHeader('ahead', 0, '1', 'a'),
        makeHeader('lost', 0, '1', 'b'),
        makeHeader('itself', 0, '1', 'itself'),
        makeHeader('a', 4, '0'),
        text('text'),
        makeHeader('behind', 0, '1', './a'),
        makeHeader('././@LongLink', 300, 'K'),
        text(long),
        makeHeader('gnu', 0, '1', 'a'),
        makeHeader('attributes', pax.length, 'x'),
        text(pax),
        makeHeader('pax', 0, '1', 'a'),
        Buffer.alloc(1024),
      ]),
    )
    expect(found).toEqual([
      ['a', 'text'],
      ['behind', here],
      ['ahead', here],
      ['lost', gone('b')],
      ['itself', gone('itself')],
      ['gnu', gone(long)],
      ['pax', gone(long)],
    ])
  })

  it('tells hard links by the file that they lead to, through other links and however names are spelled', async () => {
    const here = 'it is a hard link: its content stands under another name'
    const found = await unpack(
      Buffer.concat([
        makeHeader('loop1', 0, '1', 'loop2'),
        makeHeader('loop2', 0, '1', 'loop1'),
        makeHeader('lost', 0, '1', 'gone'),
        makeHeader('of lost', 0, '1', 'lost'),
        makeHeader('chain3', 0, '1', 'chain2'),
        makeHeader('chain2', 0, '1', 'chain1'),
        makeHeader('chain1', 0, '1', 'a/file'),
        makeHeader('folder/', 0, '5'),
        makeHeader('of folder', 0, '1', 'folder/'),
        makeHeader('symbolic', 0, '2', 'a/file'),
        makeHeader('of symbolic', 0, '1', 'symbolic'),
        makeHeader('./a//file', 4, '0'),
        Buffer.concat([Buffer.from('text'), Buffer.alloc(508)]),
        makeHeader('from root', 0, '1', '/a/file'),
        makeHeader('of that', 0, '1', './from root'),
        makeHeader('dotted', 0, '1', '././a/./file'),
        Buffer.alloc(1024),
      ]),
    )
    const names = (isHere: boolean): string[] =>
      found
        .filter(([, reason]) => reason.includes('hard link') && (reason === here) === isHere)
        .map(([name]) => name)
    expect(names(true)).toEqual(['from root', 'of that', 'dotted', 'chain3', 'chain2', 'chain1'])
    expect(names(false)).toEqual(['loop1', 'loop2', 'lost', 'of lost', 'of folder', 'of symbolic'])
  })

  it('refuses an entry whose name is too long by itself, passes such folders over, and cuts targets', async () => {
    const named = (kind: 'K' | 'L', name: string): Buffer => {
      const padded = Buffer.alloc(Math.ceil(name.length / 512) * 512)
      padded.write(name)
      return Buffer.concat([makeHeader('././@LongLink', name.length, kind), padded])
    }
    const long = 'n'.repeat(32 * 1024)
    const found = await unpack(
      Buffer.concat([
        named('L', `${long}/`),
        makeHeader('folder', 0, '5'),
        named('L', `${long}2`),
        makeHeader('file', 4, '0'),
        Buffer.concat([Buffer.from('text'), Buffer.alloc(508)]),
        named('L', long),
        makeHeader('file', 4, '0'),
        Buffer.concat([Buffer.from('kept'), Buffer.alloc(508)]),
        named('K', `${long}3`),
        makeHeader('link', 0, '1', 'n'),
        Buffer.alloc(1024),
      ]),
    )
    expect(found).toEqual([
      [`${'n'.repeat(200)}…`, 'its name has more than 32768 bytes (MAX_NAME_BYTES)'],
      [long, 'kept'],
      [
        'link',
        `it is a hard link to "${'n'.repeat(1000)}…", which has more than 32768 bytes and is no file's name (MAX_NAME_BYTES)`,
      ],
    ])
  })

  it('tells names of megabytes in few letters', async () => {
    const long = 'a//'.repeat(20_000)
    const record = (content: string): Buffer => {
      const text = `${content.length + 7} ${content}\n`
      const padded = Buffer.alloc(Math.ceil(text.length / 512) * 512)
      padded.write(text)
      return Buffer.concat([makeHeader('attributes', text.length, 'g'), padded])
    }
    const links = await unpack(
      Buffer.concat([record(`linkpath=${long}`), ...Array(50).fill(makeHeader('l', 0, '1'))]),
    )
    const names = await unpack(
      Buffer.concat([record(`path=${long}x`), ...Array(50).fill(makeHeader('f', 0, '0'))]),
    )
    const cut = await unpack(Buffer.concat([record(`path=${long}x`), makeHeader('f', 4, '0')]))
    expect([links, names, cut].map((found) => found.length)).toEqual([51, 51, 2])
    for (const [name, reason] of [...links, ...names, ...cut]) {
      expect(name.length).toBeLessThan(300)
      expect(reason.length).toBeLessThan(1300)
    }
  })

  it('keeps links that wait for their file within a limit', async () => {
    const name = Buffer.alloc(30_720, 'n')
    const link = Buffer.concat([
      makeHeader('././@LongLink', name.length, 'L'),
      name,
      makeHeader('link', 0, '1', 'file'),
    ])
    const found = await unpack(
      Buffer.concat([
        ...Array<Buffer>(400).fill(link),
        makeHeader('file', 4, '0'),
        Buffer.concat([Buffer.from('text'), Buffer.alloc(508)]),
        Buffer.alloc(1024),
      ]),
    )
    expect(found).toHaveLength(401)
    const at = found.findIndex(([of]) => of === 'file')
    expect(at).toBeGreaterThan(0)
    for (const [, reason] of found.slice(0, at)) expect(reason).toMatch(/is not known \(MAX_WAITING_BYTES\)$/)
    for (const [, reason] of found.slice(at + 1)) expect(reason).toMatch(/stands under another name$/)
  })

  it('does not say of a link to one that was not waited for that its content is missing', async () => {
    const name = Buffer.alloc(30_720, 'n')
    const link = Buffer.concat([
      makeHeader('././@LongLink', name.length, 'L'),
      name,
      makeHeader('', 0, '1', 'x'),
    ])
    const found = await unpack(
      Buffer.concat([
        makeHeader('second', 0, '1', 'first'),
        makeHeader('first', 0, '1', 'late'),
        makeHeader('lost', 0, '1', 'gone'),
        ...Array<Buffer>(400).fill(link),
        makeHeader('late', 0, '1', 'file'),
        makeHeader('file', 4, '0'),
        Buffer.concat([Buffer.from('text'), Buffer.alloc(508)]),
        Buffer.alloc(1024),
      ]),
    )
    const reasons = new Map(found)
    for (const unsure of ['late', 'first', 'second'])
      expect(reasons.get(unsure)).toMatch(/whether its content is there is not known \(MAX_WAITING_BYTES\)$/)
    expect(reasons.get('lost')).toMatch(/its content is missing$/)
  })

  it('says of a link to its own name that there is a file of that name, where there is', async () => {
    const own = 'it is a hard link to its own name, under which there is a file as well'
    const file = (name: string) =>
      Buffer.concat([makeHeader(name, 4, '0'), Buffer.from('text'), Buffer.alloc(508)])
    const found = await unpack(
      Buffer.concat([
        file('behind'),
        makeHeader('behind', 0, '1', './behind'),
        makeHeader('ahead', 0, '1', 'ahead'),
        file('ahead'),
        Buffer.alloc(1024),
      ]),
    )
    expect(found).toEqual([
      ['behind', 'text'],
      ['behind', own],
      ['ahead', 'text'],
      ['ahead', own],
    ])
  })

  it('refuses names that lead out, and tells of empty files', async () => {
    const found = await unpack(await pack({ '../../etc/cron.d/x': 'x', '/abs': 'x', empty: '', good: 'y' }))
    expect(found.map(([name]) => name)).toEqual(['../../etc/cron.d/x', '/abs', 'empty', 'good'])
    expect(found[0]?.[1]).toContain('lead out')
    expect(found[2]?.[1]).toBe('it is empty')
  })

  it('tells where an archive is cut off or damaged, and delivers what stands before, at every length', async () => {
    const whole = await pack({ a: CONTENT, b: CONTENT })
    const second = whole.indexOf('path=b')
    for (let size = 512; size < whole.length - 1024; size += 37) {
      const found = await unpack(whole.subarray(0, size))
      expect(found.at(-1)?.[1]).toContain('cut off')
      if (size > second) expect(found[0]).toEqual(['a', CONTENT])
    }
    const damaged = Buffer.from(whole)
    damaged[second - 512 + 3] = 0x77
    expect((await unpack(damaged)).at(-1)?.[0]).toBe('(rest of the archive)')
  })
})
