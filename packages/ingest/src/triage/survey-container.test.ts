import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { ChunkSource } from '../containers/byte-source.ts'
import type { ContainerEntry } from '../containers/container-entry.ts'
import { makeHive, makeKnottedHive } from '../registry/testing/hive-writer.ts'
import { surveyContainer } from './survey-container.ts'

const SYSTEM = makeHive({
  Select: { values: { Current: 1 } },
  ControlSet001: {
    keys: {
      Control: {
        keys: {
          ComputerName: { keys: { ComputerName: { values: { ComputerName: 'WS-FIN-07' } } } },
          TimeZoneInformation: { values: { TimeZoneKeyName: 'W. Europe Standard Time' } },
        },
      },
    },
  },
})

async function survey(path: string, files: Readonly<Record<string, string | Buffer>>) {
  async function* entries(): AsyncGenerator<ContainerEntry> {
    for (const [name, content] of Object.entries(files)) {
      const source = new ChunkSource(
        (async function* () {
          yield Buffer.from(content)
        })(),
      )
      yield { kind: 'file', name, source }
    }
  }
  return await surveyContainer(entries(), path, undefined)
}

describe('a collection', () => {
  it('of KAPE has the name and the zone of its SYSTEM hive, not of the machine KAPE ran on', async () => {
    const log =
      '[2026-03-01 10:00:00 | INF] KAPE version 1.3.0.2\nSystem info: Machine name: ANALYST-1, 64-bit: True, User: x\n'
    const found = await survey('out.zip', {
      '2026-03-01T10_00_00_ConsoleLog.txt': log,
      'C/Windows/System32/config/SYSTEM': SYSTEM,
    })
    const host = { tool: 'KAPE', hostName: 'WS-FIN-07', timeZone: 'Europe/Berlin' }
    expect(found.hostOf('C/$MFT')).toEqual(host)
    expect(found.hostOf('C/Windows/System32/winevt/Logs/Security.evtx')).toEqual(host)
  })

  it('is surveyed to its end with a hive that names one list of keys again and again', async () => {
    const found = await survey('out.zip', {
      'client_info.json': '{"Hostname":"FS02"}',
      'C/Windows/System32/config/SYSTEM': makeKnottedHive(65_535),
    })
    expect(found.hostOf('C/$MFT')).toMatchObject({ hostName: 'FS02' })
  })

  it('of KAPE without a hive has the name of its console log', async () => {
    const log =
      'KAPE version 1.1.0.1 Author: …\n\nSystem info: Machine name: DESKTOP-1, 64-bit: True, User: x OS: Windows10\n'
    const found = await survey('out.zip', { '2026_ConsoleLog.txt': log })
    expect(found.hostOf('C/$MFT')).toMatchObject({ tool: 'KAPE', hostName: 'DESKTOP-1' })
  })

  it('of Velociraptor has the name of its client, and of the archive where that says nothing', async () => {
    const found = await survey('c.zip', {
      'client_info.json': '{"Hostname":"FS02","Fqdn":"FS02.corp.example","Version":"0.7.1"}',
      'uploads/auto/C%3A/Windows/System32/config/SYSTEM': SYSTEM,
    })
    expect(found.hostOf('uploads/ntfs/%5C%5C.%5CC%3A/$MFT')).toEqual({
      tool: 'Velociraptor',
      hostName: 'WS-FIN-07',
      timeZone: 'Europe/Berlin',
    })
    const exported = await survey('c.zip', {
      'client_info.json': '[{"client_id":"C.1","os_info":{"hostname":"web-1"}}]',
    })
    expect(exported.hostOf('results/a.json')).toMatchObject({ tool: 'Velociraptor', hostName: 'web-1' })
    const named = await survey('/x/Collection-db-3-2026-03-01T10_00_00Z.zip', { 'results/a.json': '{}' })
    expect(named.hostOf('results/a.json')).toMatchObject({ tool: 'Velociraptor', hostName: 'db-3' })
  })

  it('of UAC has the name in its log, and the zone of the host', async () => {
    const found = await survey('uac-mail-linux-20260301100000.tar.gz', {
      'uac.log': '2026-03-01 INF Unix-like Artifacts Collector 3.1.0\n2026-03-01 INF Hostname: mail01\n',
      '[root]/etc/timezone': 'Europe/Prague\n',
    })
    const host = { tool: 'UAC', hostName: 'mail01', timeZone: 'Europe/Prague' }
    expect(found.hostOf('[root]/var/log/auth.log')).toEqual(host)
    const named = await survey('a.zip!uac-mail-linux-20260301100000.tar.gz', {
      'live_response/system/timedatectl.txt': '  Time zone: Asia/Tokyo (JST, +0900)',
    })
    expect(named.hostOf('bodyfile/bodyfile.txt')).toEqual({
      tool: 'UAC',
      hostName: 'mail',
      timeZone: 'Asia/Tokyo',
    })
  })

  it('of several hosts keeps them apart, and says nothing of files of none', async () => {
    const found = await survey('all/', {
      'host1/C/Windows/System32/config/SYSTEM': SYSTEM,
      'host2/uac.log': 'uac INF Hostname: b\n',
    })
    expect(found.hostOf('host1/C/x')?.hostName).toBe('WS-FIN-07')
    expect(found.hostOf('host2/x')?.hostName).toBe('b')
    expect(found.hostOf('x')).toBeUndefined()
  })

  it('is none where files of these names say something else', async () => {
    const found = await survey('a.zip', {
      'client_info.json': '{"a":1}',
      'x/uac.log': 'nothing',
      'C/Windows/System32/config/SYSTEM': 'regf',
      'etc/timezone': '../../etc/passwd',
      'y_ConsoleLog.txt': 'Machine name: x,',
    })
    expect(found.hostOf('C/x')).toBeUndefined()
  })
})
