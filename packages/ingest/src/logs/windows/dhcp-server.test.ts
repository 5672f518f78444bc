import { describe, expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

const ABOVE = [
  '\t\tMicrosoft DHCP Service Activity Log',
  '',
  '',
  'Event ID  Meaning',
  '00\tThe log was started.',
  '10\tA new IP address was leased to a client.',
  '11,Rows of words are none',
  '50+\tCodes above 50 are used for Rogue Server Detection information.',
  '',
  'QResult: 0: NoQuarantine, 1:Quarantine, 2:Drop Packet, 3:Probation,6:No Quarantine Information ProbationTime:Year-Month-Day Hour:Minute:Second:MilliSecond.',
  '',
]
const NAMES =
  'ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.'

describe("the log of Windows' DHCP server", () => {
  it('has an event for each row below its explanations, on the clock of the server', async () => {
    const rows = [
      '00,03/01/26,00:00:04,Started,,,,,0,6,,,,,,,,,0',
      '10,03/01/26,10:00:00,Assign,192.0.2.7,WS-FIN-07.corp.example,A0B1C2D3E4F5,,3281646423,0,,,,0x4D53,MSFT 5.0,,,,0',
    ]
    const text = [...ABOVE, NAMES, ...rows].join('\r\n')
    const { events, lines, rejects, account } = await readLog(text, { timeZone: 'Europe/Berlin' })
    expect(account).toMatchObject({ format: 'log/windows-dhcp', read: 2, rejected: 0 })
    expect(rejects).toEqual([])
    expect(lines).toEqual([13, 14])
    expect(events[0]).toMatchObject({ datetime: '2026-02-28T23:00:04+00:00', message: '[00] Started' })
    expect(events[1]).toEqual({
      datetime: '2026-03-01T09:00:00+00:00',
      message: '[10] Assign 192.0.2.7 WS-FIN-07.corp.example A0B1C2D3E4F5',
      event_identifier: 10,
      description: 'Assign',
      ip_address: '192.0.2.7',
      client_hostname: 'WS-FIN-07.corp.example',
      mac_address: 'A0B1C2D3E4F5',
      transaction_id: '3281646423',
      qresult: '0',
      vendor_class_hex: '0x4D53',
      vendor_class_ascii: 'MSFT 5.0',
      dns_reg_error: '0',
    })
  })

  it('is read in the fewer columns of older servers, those of IPv6 and in other languages', async () => {
    const read = async (...lines: string[]) => (await readLog(lines.join('\n'))).events
    const old = 'ID,Date,Time,Description,IP Address,Host Name,MAC Address'
    expect(await read(old, '24,03/01/03,00:00:20,Database Cleanup Begin,,,,')).toMatchObject([
      { datetime: '2003-03-01T00:00:20+00:00', message: '[24] Database Cleanup Begin' },
    ])
    const six =
      'ID,Date,Time,Description,IPv6 Address,Host Name,Error Code, Duid Length, Duid Bytes(Hex),User Name,Dhcid,Subnet Prefix.'
    const row = '11002,05/11/18,03:14:55,DHCPV6 Request,2001:db8::7,ws7,0,14,00010001,bob,,64,,'
    expect(await read(six, row)).toMatchObject([
      { event_identifier: 11002, ip_address: '2001:db8::7', duid: '00010001', username: 'bob' },
    ])
    const german = 'ID,Datum,Uhrzeit,Beschreibung,IP-Adresse,Hostname,MAC-Adresse,Benutzername'
    expect(await read(german, '11,03/01/26,10:00:00,Erneuern,192.0.2.7,ws7,A0B1C2D3E4F5,,')).toMatchObject([
      { description: 'Erneuern', ip_address: '192.0.2.7', client_hostname: 'ws7' },
    ])
  })

  it('keeps its names over stretches, and tells rows that are none', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `10,03/01/26,10:00:${String(i).padStart(2, '0')},Assign,192.0.2.7,,,`,
    )
    const bad = ['10,13/41/26,10:00:00,Assign,,,', '10,03/01/26,10:00:00,a,b,c,d,e', 'rest of a row']
    const text = [...ABOVE, NAMES.slice(0, NAMES.indexOf(',User')), ...rows, ...bad].join('\n')
    const { events, rejects } = await readLog(text, { stretchBytes: 400 })
    expect(events).toHaveLength(60)
    expect(events.at(-1)).toMatchObject({ datetime: '2026-03-01T10:00:59+00:00', ip_address: '192.0.2.7' })
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [73, 'bad-time'],
      [74, 'wrong-column-count'],
      [75, 'no-time'],
    ])
  })

  it('passes explanations over only in front of names, and tells what no names follow', async () => {
    const row = '10,03/01/26,10:00:00,Assign,192.0.2.7,ws7,A0B1C2D3E4F5'
    const broken = '10,xx/01/26,10-00,Assign,192.0.2.7,,'
    const names = NAMES.slice(0, NAMES.indexOf(',User'))
    const stray = [names, row, 'DHCP stray', 'another', broken, row, broken]
    const again = [...ABOVE.filter((line) => line !== ''), names, row, 'DHCP: the file ends here']
    const text = [...stray, ...again].join('\n')
    for (const stretchBytes of [60, 100_000]) {
      const { rejects, lines, account } = await readLog(text, { stretchBytes })
      expect(lines).toEqual([2, 6, 16])
      expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
        [3, 'no-time'],
        [4, 'no-time'],
        [5, 'bad-time'],
        [7, 'bad-time'],
        [17, 'no-time'],
      ])
      expect(account).toMatchObject({ read: 8, rejected: 5 })
    }
  })
})
