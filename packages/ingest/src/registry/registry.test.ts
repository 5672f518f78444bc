import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { readArtefact } from '../artefacts/testing/read-artefact.ts'
import { makeHive, makeKnottedHive, SAMPLE_TIME, type TestKey } from './testing/hive-writer.ts'

const HOUR = 36_000_000_000n
const LATER = SAMPLE_TIME + HOUR

function fileTime(ticks: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(ticks)
  return bytes
}

/** Keys inside of one another, the innermost last. */
function nest(path: string, key: TestKey): Readonly<Record<string, TestKey>> {
  const names = path.split('\\')
  return names.reduceRight<Readonly<Record<string, TestKey>>>(
    (inner, name, place) => ({ [name]: place === names.length - 1 ? key : { keys: inner } }),
    {},
  )
}

async function readSystem(path: string, key: TestKey) {
  return await readArtefact(
    makeHive({ Select: { values: { Current: 1 } }, ...nest(`ControlSet001\\${path}`, key) }),
  )
}

async function readUser(path: string, key: TestKey) {
  return await readArtefact(makeHive({ Environment: {}, ...nest(`Software\\${path}`, key) }))
}

describe('a registry hive', () => {
  it('has an event for each key, with its values and their types', async () => {
    const { events, account, rejects } = await readArtefact(
      makeHive({
        Policies: {},
        Microsoft: {
          written: LATER,
          values: {
            Text: 'a\\b',
            Number: 7,
            Many: ['x', 'y'],
            Bytes: Buffer.alloc(20),
            '': 'own',
            Wide: { type: 11, data: fileTime(5n) },
          },
        },
      }),
    )
    expect(events.map((event) => [event['key_path'], event['at']])).toEqual([
      ['HKEY_LOCAL_MACHINE\\Software', 1_772_359_200_000_000n],
      ['HKEY_LOCAL_MACHINE\\Software\\Microsoft', 1_772_362_800_000_000n],
      ['HKEY_LOCAL_MACHINE\\Software\\Policies', 1_772_359_200_000_000n],
    ])
    expect(events[1]).toMatchObject({
      data_type: 'windows:registry:key_value',
      timestamp_desc: 'Content Modification Time',
      values: [
        'Text: [REG_SZ] a\\b',
        'Number: [REG_DWORD_LE] 7',
        'Many: [REG_MULTI_SZ] [x, y]',
        'Bytes: [REG_BINARY] (20 bytes)',
        '(default): [REG_SZ] own',
        'Wide: [REG_QWORD] 5',
      ],
    })
    expect([account.read, rejects]).toEqual([3, []])
  })

  it('has values of any size, and names of any script', async () => {
    const text = 'long '.repeat(20_000)
    const { events, rejects } = await readArtefact(makeHive({ Ключ: { values: { Text: text } } }))
    expect(events[1]).toMatchObject({ key_path: 'Ключ', values: [`Text: [REG_SZ] ${text}`] })
    expect(rejects).toEqual([])
  })

  it('tells run keys', async () => {
    const { events } = await readUser('Microsoft\\Windows\\CurrentVersion\\Run', {
      values: { Updater: 'C:\\evil.exe -s', Another: 'b', Number: 3 },
    })
    expect(events.at(-1)).toMatchObject({
      data_type: 'windows:registry:run',
      key_path: 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
      entries: ['Another: b', 'Updater: C:\\evil.exe -s'],
    })
  })

  it('tells services with their programs', async () => {
    const { events } = await readSystem('Services\\Evil', {
      values: { Type: 0x20, Start: 2, ImagePath: 'svchost.exe -k evil', ObjectName: 'LocalSystem' },
      keys: { Parameters: { values: { ServiceDll: 'C:\\evil.dll' } } },
    })
    expect(events.find((event) => event['name'] === 'Evil')).toMatchObject({
      data_type: 'windows:registry:service',
      message:
        '[HKEY_LOCAL_MACHINE\\System\\ControlSet001\\Services\\Evil] Type: Shared service Start: Auto Start Image path: svchost.exe -k evil Service DLL: C:\\evil.dll Object name: LocalSystem',
      service_type: 32,
      start_type: 2,
      image_path: 'svchost.exe -k evil',
      service_dll: 'C:\\evil.dll',
    })
  })

  it('tells USB storage with each time of its use', async () => {
    const { events } = await readSystem('Enum\\USBSTOR\\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\\4C53&0', {
      values: { FriendlyName: 'SanDisk Ultra USB Device' },
      keys: nest('Properties\\{83da6326-97a6-4088-9453-a1923f573b29}\\0066', {
        values: { '': fileTime(LATER) },
      }),
    })
    const own = events.filter((event) => event['data_type'] === 'windows:registry:usbstor:instance')
    expect(own.map((event) => event['timestamp_desc'])).toEqual([
      'Content Modification Time',
      'Last Connection Time',
    ])
    expect(own[1]).toMatchObject({
      at: 1_772_362_800_000_000n,
      device_type: 'Disk',
      vendor: 'Ven_SanDisk',
      product: 'Prod_Ultra',
      serial: '4C53&0',
      device_display_name: 'SanDisk Ultra USB Device',
    })
  })

  it("tells programs that a user started, by their names and with Windows 7's counts", async () => {
    const entry = Buffer.alloc(72)
    entry.writeUInt32LE(12, 4)
    entry.writeUInt32LE(3, 8)
    entry.writeUInt32LE(9000, 12)
    fileTime(LATER).copy(entry, 60)
    const { events, remarks } = await readUser(
      'Microsoft\\Windows\\CurrentVersion\\Explorer\\UserAssist\\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\\Count',
      {
        values: { 'Zvpebfbsg.Jvaqbjf.Rkcybere': entry, odd: Buffer.alloc(9) },
      },
    )
    expect(events.find((event) => event['data_type'] === 'windows:registry:userassist')).toMatchObject({
      value_name: 'Microsoft.Windows.Explorer',
      number_of_executions: 12,
      application_focus_count: 3,
      application_focus_duration: 9000,
      timestamp_desc: 'Last Time Executed',
      at: 1_772_362_800_000_000n,
    })
    expect(remarks).toEqual([expect.stringContaining('A value of UserAssist has a form that is not known')])
  })

  it('tells the shim cache of Windows 10 and of Windows 7', async () => {
    const path = Buffer.from('C:\\evil.exe', 'utf16le')
    const ten = Buffer.alloc(0x34 + 12 + 2 + path.length + 12)
    ten.writeUInt32LE(0x34)
    ten.write('10ts', 0x34)
    ten.writeUInt32LE(2 + path.length + 12, 0x34 + 8)
    ten.writeUInt16LE(path.length, 0x34 + 12)
    path.copy(ten, 0x34 + 14)
    fileTime(LATER).copy(ten, 0x34 + 14 + path.length)
    const seven = Buffer.alloc(128 + 48 + path.length)
    seven.writeUInt32LE(0xbadc0fee)
    seven.writeUInt32LE(1, 4)
    seven.writeUInt16LE(path.length, 128)
    seven.writeUInt16LE(path.length, 130)
    seven.writeUInt32LE(176, 136)
    fileTime(LATER).copy(seven, 144)
    seven.writeUInt32LE(2, 152)
    path.copy(seven, 176)
    for (const data of [ten, seven]) {
      const { events, remarks } = await readSystem('Control\\Session Manager\\AppCompatCache', {
        values: { AppCompatCache: data },
      })
      expect(
        events.filter((event) => event['data_type'] === 'windows:registry:appcompatcache'),
      ).toMatchObject([
        {
          path: 'C:\\evil.exe',
          entry_index: 1,
          timestamp_desc: 'File Last Modification Time',
          at: 1_772_362_800_000_000n,
        },
        { path: 'C:\\evil.exe', timestamp_desc: 'Registry Last Written Time', at: 1_772_359_200_000_000n },
      ])
      expect(remarks).toEqual([])
    }
    const { events, remarks } = await readSystem('Control\\Session Manager\\AppCompatCache', {
      values: { AppCompatCache: ten.subarray(0, -4) },
    })
    expect(events.filter((event) => event['data_type'] === 'windows:registry:appcompatcache')).toEqual([])
    expect(remarks).toHaveLength(1)
  })

  it('tells programs of Amcache.hve, old and new', async () => {
    const sha1 = 'a'.repeat(40)
    const { events } = await readArtefact(
      makeHive(
        nest('Root', {
          keys: {
            ...nest('InventoryApplicationFile\\evil.exe|1f', {
              values: {
                LowerCaseLongPath: 'c:\\evil.exe',
                FileId: `0000${sha1}`,
                Publisher: 'nobody',
                LinkDate: '04/07/2014 15:18:49',
              },
            }),
            ...nest('File\\vol\\3000001a2b', {
              values: {
                '15': 'C:\\old.exe',
                '101': `0000${sha1}`,
                f: 1_396_883_929,
                '17': { type: 11, data: fileTime(LATER) },
              },
            }),
          },
        }),
      ),
    )
    const own = events.filter((event) => event['data_type'] === 'windows:registry:amcache')
    expect(
      own.map((event) => [event['full_path'], event['sha1'], event['timestamp_desc'], event['at']]),
    ).toEqual([
      ['C:\\old.exe', sha1, 'Content Modification Time', 1_772_362_800_000_000n],
      ['C:\\old.exe', sha1, 'Link Time', 1_396_883_929_000_000n],
      ['c:\\evil.exe', sha1, 'Link Time', 1_396_883_929_000_000n],
      ['c:\\evil.exe', sha1, 'Content Modification Time', 1_772_359_200_000_000n],
    ])
  })

  it('leaves out times of Amcache.hve that no calendar has, and says so', async () => {
    const { events, remarks } = await readArtefact(
      makeHive(
        nest('Root', {
          keys: {
            ...nest('File\\vol\\1', { values: { f: { type: 11, data: fileTime(9_000_000_000_000_000n) } } }),
            ...nest('Programs\\p', { values: { a: { type: 11, data: fileTime(1n << 60n) } } }),
          },
        }),
      ),
    )
    expect(
      events
        .filter((event) => String(event['data_type']).startsWith('windows:registry:amcache'))
        .map((event) => [event['link_time'], event['installation_time'], event['at']]),
    ).toEqual([
      [undefined, undefined, 1_772_359_200_000_000n],
      [undefined, undefined, 1_772_359_200_000_000n],
    ])
    expect(remarks.join()).toMatch(
      /A time of Amcache.hve is none that a calendar has, and is left out, 2 times/,
    )
  })

  it('tells programs that ran in the background', async () => {
    const { events } = await readSystem('Services\\bam\\State\\UserSettings\\S-1-5-21-1', {
      values: {
        '\\Device\\HarddiskVolume2\\evil.exe': Buffer.concat([fileTime(LATER), Buffer.alloc(16)]),
        Version: 1,
      },
    })
    expect(events.filter((event) => event['data_type'] === 'windows:registry:bam')).toMatchObject([
      {
        path: '\\Device\\HarddiskVolume2\\evil.exe',
        user_identifier: 'S-1-5-21-1',
        at: 1_772_362_800_000_000n,
      },
    ])
  })

  it('does not follow keys in a circle, and says so', async () => {
    const hive = makeHive({ A: { keys: { B: {} } } })
    const child = hive.indexOf('nk', hive.indexOf('nk') + 2)
    // The list of the key A names A itself.
    const list = hive.indexOf('lh', child)
    hive.writeUInt32LE(child - 4 - 4096, list + 4)
    const { events, rejects } = await readArtefact(hive)
    expect(events.length).toBe(2)
    expect(rejects).toEqual([expect.stringMatching(/^bad-record .* is a key that stands elsewhere too$/)])
  })

  it('takes each list of keys once, however often it is named', async () => {
    const { events, rejects } = await readArtefact(makeKnottedHive(12_000))
    expect(events.map((event) => event['key_path'])).toEqual(['', 'knot'])
    expect(rejects.length).toBeGreaterThan(0)
    expect(new Set(rejects).size).toBe(rejects.length)
    expect(rejects.length).toBeLessThan(20)
  })

  it('tells each of its faults once, though lists are gone through again, and of very many how many they are', async () => {
    const count = 10_050
    const names = Array.from({ length: count }, (_, i) => `K${i}`)
    const hive = makeHive(Object.fromEntries(names.map((name) => [name, { keys: { X: {} } }])))
    const list = Buffer.from('lh\x01\0', 'latin1')
    for (let at = hive.indexOf(list); at >= 0; at = hive.indexOf(list, at + 1)) hive.write('zz', at, 'latin1')
    const { events, rejects } = await readArtefact(hive)
    expect(events).toHaveLength(count + 1)
    expect(rejects).toHaveLength(10_001)
    expect(new Set(rejects).size).toBe(rejects.length)
    expect(rejects.at(-1)).toMatch(/^over-limit .*up to \d+ more faults .*\(MAX_HIVE_FAULTS\)$/)
  })

  it('tells more keys in a list than the key says', async () => {
    const hive = makeHive({ A: {}, B: {} })
    hive.writeUInt32LE(1, hive.indexOf('nk') + 20)
    const { events, rejects } = await readArtefact(hive)
    expect(events.map((event) => event['key_path'])).toEqual(['', 'A'])
    expect(rejects).toEqual([expect.stringMatching(/^bad-record .*expected 1 keys below "ROOT", found more/)])
  })

  it('comes to an end, and says so, where each key names all the others', async () => {
    const keys = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, {}]))
    const hive = makeHive(keys)
    const root = hive.indexOf('nk')
    const list = hive.readUInt32LE(root + 28)
    for (let at = hive.indexOf('nk', root + 2); at >= 0; at = hive.indexOf('nk', at + 2)) {
      hive.writeUInt32LE(2000, at + 20)
      hive.writeUInt32LE(list, at + 28)
    }
    const { events, rejects } = await readArtefact(hive)
    expect(events.length).toBeGreaterThan(10)
    expect(events.length).toBeLessThan(100)
    expect(rejects).toContainEqual(
      expect.stringMatching(/^over-limit .*a key, and all that was not yet read.*\(HIVE_CELLS_PER_BYTE\)/),
    )
    expect(rejects.at(-1)).toMatch(
      /^over-limit .* keys that were found, and what is below them, are not read/,
    )
  })

  it('reads data that many values share as often as its size allows, and says so', async () => {
    const MIB = 1024 * 1024
    const names = ['v1', 'v2', 'v3']
    const small = Object.fromEntries(names.map((name) => [name, Buffer.alloc(5)]))
    const hive = makeHive(Object.fromEntries(['A', 'B', 'C', 'D'].map((name) => [name, { values: small }])), {
      values: { shared: Buffer.alloc(16 * MIB) },
    })
    const shared = hive.lastIndexOf('vk')
    const { length: bytes } = hive
    for (let at = hive.indexOf('vk'); at < shared; at = hive.indexOf('vk', at + 2))
      hive.copy(hive, at + 4, shared + 4, shared + 12)
    const { events, rejects } = await readArtefact(hive)
    // 16 MiB of the root, twice as many of A; with those of B and the names it would be more than 64 MiB.
    expect(bytes).toBeLessThan(32 * MIB)
    expect(
      events.map((event) => [event['key_path'], (event['values'] as readonly string[] | undefined)?.length]),
    ).toEqual([
      ['', 1],
      ['A', 2],
      ['B', undefined],
    ])
    expect(rejects).toEqual([
      expect.stringMatching(/^over-limit .*data of 1 values of "A" are not read.*\(MAX_KEY_DATA_BYTES\)$/),
      expect.stringMatching(
        /^over-limit .*value "v1", and all that was not yet read.*\(HIVE_DATA_PER_BYTE\)/,
      ),
      expect.stringMatching(/^over-limit .*2 keys that were found, and what is below them, are not read/),
    ])
  })

  it('is read as far as it goes where it is cut off, at every length', async () => {
    const hive = makeHive({ A: { values: { x: 'y'.repeat(100) } }, B: { keys: { C: {} } } })
    const used = hive.lastIndexOf('nk') + 200
    for (let size = 512; size < used; size += 61) {
      const { account, rejects } = await readArtefact(hive.subarray(0, size))
      expect(account.read).toBeGreaterThan(0)
      expect(rejects.every((reject) => /^(?:truncated|bad-record) /.test(reject))).toBe(true)
    }
    expect((await readArtefact(hive.subarray(0, 100))).rejects).toEqual([
      expect.stringMatching(/^truncated /),
    ])
  })

  it('remarks on a header that is out of date', async () => {
    const hive = makeHive({ A: {} })
    hive.writeUInt32LE(9, 4)
    const { remarks, events } = await readArtefact(hive)
    expect(remarks.join()).toMatch(/transaction logs only.*checksum of the base block is wrong/)
    expect(events).toHaveLength(2)
  })
})
