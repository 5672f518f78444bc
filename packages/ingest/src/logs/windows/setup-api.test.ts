import { describe, expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

describe("the log of Windows' device installations", () => {
  const section = (title: string, ...lines: string[]): string[] => [`>>>  [${title}]`, ...lines]
  const started = '>>>  Section start 2026/01/02 03:04:05.123'

  it('has an event where a section starts and one where it ends, with all lines between them', async () => {
    const lines = [
      ...['[Device Install Log]', '     OS Version = 10.0.19041', '', '[BeginLog]', ''],
      ...['[Boot Session: 2026/01/02 03:00:00.500]', ''],
      ...section(
        'Device Install - USB',
        started,
        ...Array<string>(300).fill('     ump: Driver Date 2006/06/21 00:00:00'),
      ),
      ...['<<<  Section end 2026/01/02 03:04:06.456', '<<<  [Exit status: SUCCESS]', ''],
      ...section(
        'Setup',
        started,
        '<<<  Section end 2026/01/02 03:04:05.123',
        '<<<  [Exit status: FAILURE(0x5)]',
      ),
      ...section('cut off', started),
    ]
    const { events, account } = await readLog(lines.join('\r\n'), { timeZone: 'Europe/Berlin' })
    expect(account).toMatchObject({ format: 'log/setup-api', rejected: 0 })
    const shown = events.map((event) => [event['datetime'], event['timestamp_desc'], event['message']])
    expect(shown).toEqual([
      ['2026-01-02T02:00:00.500+00:00', undefined, 'Boot Session'],
      ['2026-01-02T02:04:05.123+00:00', 'Start Time', 'Device Install - USB: SUCCESS'],
      ['2026-01-02T02:04:06.456+00:00', 'End Time', 'Device Install - USB: SUCCESS'],
      ['2026-01-02T02:04:05.123+00:00', 'Start Time; End Time', 'Setup: FAILURE(0x5)'],
      ['2026-01-02T02:04:05.123+00:00', 'Start Time', 'cut off'],
    ])
    expect(events[0]!['message_body']).toMatch(/OS Version = 10\.0\.19041\n\[BeginLog\]$/)
    expect(String(events[1]!['message_body']).split('\n')).toHaveLength(304)
    expect(events[1]).toMatchObject({ entry_type: 'Device Install - USB', exit_status: 'SUCCESS' })
  })

  it('tells sections without a time, and lines that belong to none', async () => {
    const whole = section('x', started, '<<<  [Exit status: SUCCESS]')
    const lines = [
      ...whole,
      ...section('y', '     a'),
      ...section('z', '>>>  Section start 2026/13/02 03:04:05'),
    ]
    const { events, rejects } = await readLog(
      [...lines, '[Boot Session: never]', ...whole, 'rest'].join('\n'),
    )
    expect(events).toHaveLength(2)
    expect(rejects).toMatchObject([
      { line: 4, reason: 'no-time', raw: '>>>  [y]\n     a' },
      { line: 6, reason: 'bad-time' },
      { line: 8, reason: 'bad-time', raw: '[Boot Session: never]' },
      { line: 12, reason: 'no-time', raw: 'rest' },
    ])
  })

  it('is read as the first releases of Windows Vista wrote it, and where titles lost their marks', async () => {
    const vista = [
      '>>>  [Device Install - PCI\\VEN_104C]',
      '>>>  2005/02/13 22:06:20.000: Section start',
      '     ump: x',
      '<<<  [2005/02/13 22:06:28.109: Section end]',
      '<<<  [Exit Status(0x00000000)]',
    ]
    const bare = (day: number) => [
      `[Device Install (Hardware initiated) - USB\\VID_0951 ${day}]`,
      `>>>  Section start 2026/03/0${day} 10:00:00,250`,
      '     ndv: x',
      `<<<  Section end 2026/03/0${day} 10:00:01.000`,
      '<<<  [Exit status: SUCCESS]',
    ]
    const open = bare(3).slice(0, 3)
    const text = ['     dvi: rest', ...vista, '', ...bare(1), ...open, ...bare(2)].join('\r\n')
    for (const stretchBytes of [150, 100_000]) {
      const { events, lines, account, rejects } = await readLog(text, { stretchBytes })
      expect(account.format).toBe('log/setup-api')
      expect(rejects).toEqual([])
      expect(events.map((event) => [event['datetime'], event['message']])).toEqual([
        ['2005-02-13T22:06:20.000+00:00', 'Device Install - PCI\\VEN_104C: 0x00000000'],
        ['2005-02-13T22:06:28.109+00:00', 'Device Install - PCI\\VEN_104C: 0x00000000'],
        ['2026-03-01T10:00:00.250+00:00', 'Device Install (Hardware initiated) - USB\\VID_0951 1: SUCCESS'],
        ['2026-03-01T10:00:01.000+00:00', 'Device Install (Hardware initiated) - USB\\VID_0951 1: SUCCESS'],
        ['2026-03-03T10:00:00.250+00:00', 'Device Install (Hardware initiated) - USB\\VID_0951 3'],
        ['2026-03-02T10:00:00.250+00:00', 'Device Install (Hardware initiated) - USB\\VID_0951 2: SUCCESS'],
        ['2026-03-02T10:00:01.000+00:00', 'Device Install (Hardware initiated) - USB\\VID_0951 2: SUCCESS'],
      ])
      expect(lines).toEqual([2, 2, 8, 8, 13, 16, 16])
    }
  })

  it('is known by its header, also where no section stands near it', async () => {
    const lines = [
      '[Device Install Log]',
      '     OS Version = 10.0',
      '[BeginLog]',
      '[Boot Session: 2026/01/02 03:00:00.500]',
    ]
    const { account } = await readLog(lines.join('\n'))
    expect(account).toMatchObject({ format: 'log/setup-api', read: 1, rejected: 0 })
  })

  const ended = (second: number, status: string): string[] => [
    `<<<  Section end 2026/01/02 03:04:${second}.500`,
    `<<<  [Exit status: ${status}]`,
    '',
  ]
  const begun = (title: string, second: number): string[] =>
    section(title, `>>>  Section start 2026/01/02 03:04:${second}.000`)

  it('gives no section the rest of one that is too long to be read as one', async () => {
    const tail = '     dvi: tail of the long one'
    const lines = [
      ...['[Device Install Log]', '[BeginLog]', '[Boot Session: 2026/01/02 03:00:00.500]'],
      ...[...begun('long', 11), ...Array<string>(120_000).fill(tail), ...ended(12, 'FAILURE(0x1)')],
      ...['     between them', ...begun('next', 13), '     dvi: x', ...ended(14, 'SUCCESS')],
    ]
    const { events, rejects, remarks } = await readLog(lines.join('\r\n'))
    const messages = events.map((event) => event['message'])
    expect(messages).toEqual(['Boot Session', 'long', 'next: SUCCESS', 'next: SUCCESS'])
    const body = String(events[2]!['message_body'])
    expect(body.split('\n')).toEqual([
      ...[...begun('next', 13), '     dvi: x', ...ended(14, 'SUCCESS').slice(0, 2)],
      '     between them',
    ])
    expect(rejects.length).toBeGreaterThan(0)
    for (const { reason, raw } of rejects) {
      expect(reason).toBe('over-limit')
      expect(raw.startsWith(tail)).toBe(true)
    }
    expect(remarks).toEqual([expect.stringMatching(/^1 event breaks off .*\(first at line 4\)\.$/)])
  })

  it('gives no section the rest of one whose beginning is not in the file', async () => {
    const lines = [
      ...[...begun('whole', 10), ...ended(11, 'SUCCESS'), '     a rest', ...ended(12, 'FAILURE(0x1)')],
      ...['     between them', ...begun('next', 13), ...ended(14, 'SUCCESS')],
    ]
    const { events, rejects, remarks } = await readLog(lines.join('\n'))
    expect(events).toHaveLength(4)
    expect(String(events[2]!['message_body'])).toMatch(/SUCCESS\]\n {5}between them$/)
    const raw = ['     a rest', ...ended(12, 'FAILURE(0x1)').slice(0, 2)].join('\n')
    expect(rejects).toMatchObject([{ line: 6, reason: 'no-time', raw }])
    expect(remarks).toEqual([])
  })

  it('tells of a section that breaks off at the end of the file', async () => {
    const lines = [...begun('whole', 10), ...ended(11, 'SUCCESS'), ...begun('cut', 12), '     x']
    const { events, remarks } = await readLog(lines.join('\n'))
    expect(events).toHaveLength(3)
    expect(remarks).toEqual([expect.stringMatching(/^1 event breaks off .*\(first at line 6\)\.$/)])
  })

  it('tells of a start that is no time, and of such an end, beside the event of the other', async () => {
    const start = '>>>  Section start 2026/13/40 03:04:11.000'
    const end = '<<<  Section end 2026/01/02 03:61:11.000'
    const lines = [
      ...[...section('no start', start), ...ended(11, 'SUCCESS')],
      ...[...begun('no end', 12), end, '<<<  [Exit status: SUCCESS]'],
    ]
    const { events, rejects } = await readLog(lines.join('\n'))
    expect(events).toMatchObject([
      { message: 'no start: SUCCESS', timestamp_desc: 'End Time' },
      { message: 'no end: SUCCESS', timestamp_desc: 'Start Time' },
    ])
    expect(rejects).toMatchObject([
      { line: 2, reason: 'bad-time', raw: start },
      { line: 8, reason: 'bad-time', raw: end },
    ])
  })

  it.each(['\n', '\r\n'])(
    'keeps lines in front of a section with it, wherever the text is cut (%j)',
    async (end) => {
      const lines = Array.from({ length: 40 }, (_, i) => [
        ...[`     ahead of ${i}`, '', ...begun(`s${i}`, 10)],
        ...(i % 4 ? ended(11, 'SUCCESS') : ended(11, 'SUCCESS').slice(0, 1)),
      ])
      const text = ['[Boot Session: 2026/01/02 03:00:00.500]', ...lines.flat(), ''].join(end)
      for (const stretchBytes of [200, 333, 1000, 100_000]) {
        const { events, rejects, remarks } = await readLog(text, { stretchBytes })
        expect([events.length, rejects, remarks]).toEqual([81, [], []])
        const bodies = new Map(
          events.map((event) => [String(event['message']), String(event['message_body'])]),
        )
        // Behind a section without an exit status nothing says that they are no more of it.
        for (let i = 2; i < 40; i++)
          if (i % 4 > 1) expect(bodies.get(`s${i}: SUCCESS`)).toContain(`     ahead of ${i}`)
      }
    },
  )

  it('keeps the header of the log above the rest of a section', async () => {
    const header = ['[Device Install Log]', '     OS Version = 10.0', '[BeginLog]']
    const tail = ['     of none', ...ended(9, 'SUCCESS')]
    const text = [...header, ...tail, ...begun('whole', 10), ...ended(11, 'SUCCESS')].join('\n')
    const { events, rejects } = await readLog(text)
    expect(rejects).toMatchObject([{ line: 4, reason: 'no-time', raw: tail.join('\n').trimEnd() }])
    expect(String(events[0]!['message_body'])).toContain('[BeginLog]')
  })
})
