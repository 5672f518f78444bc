import { describe, expect, it } from 'vitest'
import { chooseMapping } from './choose-mapping.ts'
import { KNOWN_SCHEMAS } from './known-schemas.ts'
import type { FieldSample, Mapping, MappingOptions } from './mapping.ts'

function sample(record: Readonly<Record<string, unknown>>): FieldSample[] {
  return Object.entries(record).map(([name, value]) => ({
    name,
    values: Array.isArray(value) ? value : [value],
  }))
}

/** A CSV header as its tool writes it. */
function header(names: string): FieldSample[] {
  return names.split(',').map((name) => ({ name, values: [] }))
}

function map(fields: readonly FieldSample[], options: MappingOptions = {}): Mapping {
  const result = chooseMapping(fields, options)
  if (!result.ok) throw new Error(result.failure.message)
  return result.mapping
}

describe('known schemas', () => {
  it.each([
    ['timesketch', 'message,datetime,timestamp_desc,extra', 'datetime'],
    ['timesketch', 'message,timestamp,timestamp_desc', 'timestamp'],
    [
      'plaso-l2tcsv',
      'date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra',
      'date+time',
    ],
    [
      'plaso-dynamic',
      'datetime,timestamp_desc,source,source_long,message,parser,display_name,tag',
      'datetime',
    ],
    [
      'plaso-json-line',
      '__container_type__,__type__,data_type,timestamp,timestamp_desc,message',
      'timestamp',
    ],
    ['winlogbeat', '@timestamp,message,winlog.event_id,winlog.channel,ecs.version,agent.type', '@timestamp'],
    [
      'nxlog',
      'EventTime,Hostname,EventID,SourceName,Channel,Message,EventReceivedTime,SourceModuleName',
      'EventTime',
    ],
    ['windows-flat', 'EventID,Channel,Hostname,TimeCreated,@timestamp,UtcTime,Message', '@timestamp'],
    ['get-winevent', 'Message,Id,ProviderName,LogName,MachineName,TimeCreated', 'TimeCreated'],
    ['event-viewer', 'Level,Date and Time,Source,Event ID,Task Category,column_6', 'Date and Time'],
    [
      'hayabusa',
      'Timestamp,RuleTitle,Level,Computer,Channel,EventID,RecordID,Details,ExtraFieldInfo,RuleID',
      'Timestamp',
    ],
    [
      'chainsaw-csv',
      'timestamp,detections,path,count,Event.System.Provider,Event ID,Record ID,Computer,Event Data',
      'timestamp',
    ],
    [
      'chainsaw-json',
      'group,kind,document.kind,document.path,document.data.Event.System.EventID,name,timestamp,level',
      'timestamp',
    ],
    ['zeek', 'ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,service', 'ts'],
    ['suricata', 'timestamp,flow_id,event_type,src_ip,dest_ip', 'timestamp'],
    ['w3c', 'date,time,s-ip,cs-method,cs-uri-stem,c-ip,sc-status', 'date+time'],
    ['web-access', 'time_local,remote_addr,request,status,body_bytes_sent,http_user_agent', 'time_local'],
    ['velociraptor', 'EventTime,Computer,Message,_Source,ClientId', 'EventTime'],
    [
      'mftecmd',
      'EntryNumber,SequenceNumber,InUse,ParentPath,FileName,Created0x10,Created0x30,LastModified0x10,LastAccess0x10',
      'LastModified0x10',
    ],
    [
      'mftecmd-usn',
      'Name,Extension,EntryNumber,SequenceNumber,ParentPath,UpdateSequenceNumber,UpdateTimestamp,UpdateReasons',
      'UpdateTimestamp',
    ],
    [
      'evtxecmd',
      'RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,Computer,MapDescription,PayloadData1,Payload',
      'TimeCreated',
    ],
    [
      'pecmd',
      'Note,SourceFilename,SourceCreated,SourceModified,SourceAccessed,ExecutableName,Hash,RunCount,LastRun,PreviousRun0',
      'LastRun',
    ],
    [
      'lecmd',
      'SourceFile,SourceCreated,SourceModified,SourceAccessed,TargetCreated,TargetModified,LocalPath,RelativePath',
      'SourceModified',
    ],
    [
      'jlecmd',
      'SourceFile,SourceCreated,SourceModified,SourceAccessed,AppId,AppIdDescription,CreationTime,LastModified,Path,TargetCreated,LocalPath',
      'LastModified',
    ],
    [
      'recmd',
      'HivePath,HiveType,Description,Category,KeyPath,ValueName,LastWriteTimestamp',
      'LastWriteTimestamp',
    ],
    [
      'amcacheparser',
      'ApplicationName,ProgramId,FileKeyLastWriteTimestamp,SHA1,FullPath,Name,LinkDate',
      'FileKeyLastWriteTimestamp',
    ],
    [
      'appcompatcacheparser',
      'ControlSet,CacheEntryPosition,Path,LastModifiedTimeUTC,Executed,Duplicate,SourceFile',
      'LastModifiedTimeUTC',
    ],
    [
      'sbecmd',
      'BagPath,Slot,NodeSlot,MRUPosition,AbsolutePath,ShellType,CreatedOn,LastWriteTime,FirstInteracted,LastInteracted',
      'LastInteracted',
    ],
    ['cloudtrail', 'eventVersion,eventTime,eventSource,eventName,awsRegion,sourceIPAddress', 'eventTime'],
    ['cloudtrail', 'eventVersion,@timestamp,eventSource,eventName,awsRegion,sourceIPAddress', '@timestamp'],
    ['okta', 'published,eventType,displayMessage,uuid,actor.alternateId', 'published'],
    ['m365-csv', 'RecordId,CreationDate,RecordType,Operation,UserId,AuditData', 'CreationDate'],
    ['m365-json', 'CreationTime,Id,Operation,OrganizationId,RecordType,Workload', 'CreationTime'],
    ['ecs', '@timestamp,message,ecs.version,event.category,host.name', '@timestamp'],
    ['journald', '__REALTIME_TIMESTAMP,MESSAGE,_PID', '__REALTIME_TIMESTAMP'],
  ])('recognises %s by %s', (schema, names, time) => {
    const fields = header(names)
    const mapping = map(fields)
    const present = new Set(fields.map((field) => field.name))
    expect(mapping.schema).toBe(schema)
    expect(
      mapping.times.find((source) => source.fields.every((field) => present.has(field)))?.fields.join('+'),
    ).toBe(time)
  })

  it('recognises evtx_dump before and after flattening changes its names', () => {
    const fields = [
      'Event.System.EventID',
      'Event.System.TimeCreated.#attributes.SystemTime',
      'Event.EventData.Image',
    ]
    expect(map(fields.map((name) => ({ name, values: [] })))).toMatchObject({
      schema: 'evtx-dump',
      transform: 'evtx',
      times: [{ fields: ['TimeCreated_SystemTime'], format: 'iso' }],
    })
  })

  it('have names of their own', () => {
    const names = KNOWN_SCHEMAS.map((schema) => schema.name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('give l2tcsv its message, description and zone from its own columns', () => {
    const mapping = map(header('date,time,timezone,MACB,source,sourcetype,type,desc'))
    expect(mapping.times[0]).toMatchObject({ fields: ['date', 'time'], zoneField: 'timezone' })
    expect(mapping.dayFirst).toBe(false)
    expect(mapping.profile).toEqual({
      aliases: { timestamp_desc: 'type', source_short: 'source', source_long: 'sourcetype', message: 'desc' },
      constants: {},
    })
  })

  it('take Message where a row for Timesketch has no message, and let datetime win over timestamp', () => {
    const mapping = map(
      sample({ message: 'x', datetime: '2020-01-01', timestamp: 1577836800000000, timestamp_desc: 'y' }),
    )
    expect(mapping.profile).toEqual({ aliases: { message: 'Message' }, constants: {} })
    expect(mapping.times.map((source) => source.fields[0])).toEqual(['datetime', 'timestamp'])
  })

  it('list every time of a row with its own description', () => {
    const mapping = map(header('EntryNumber,FileName,Created0x10,LastModified0x10,LastAccess0x10'))
    expect(mapping.allTimes.slice(0, 2)).toMatchObject([
      { fields: ['LastModified0x10'], description: 'Content Modification Time' },
      { fields: ['Created0x10'], description: 'Creation Time' },
    ])
    expect(mapping.profile.constants['timestamp_desc']).toBe('Content Modification Time')
  })
})

describe('guessing by content', () => {
  it('finds the time by name and values, and a message', () => {
    const mapping = map(
      sample({
        id: ['17', '18'],
        'Logon Date': ['21/10/2020 15:04', '22/10/2020 15:05'],
        note: ['user logged on here', 'user logged off'],
      }),
    )
    expect(mapping).toMatchObject({
      schema: 'generic',
      times: [{ fields: ['Logon Date'], format: 'slash' }],
      messageField: 'note',
      dayFirst: true,
      profile: { aliases: { message: 'note' }, constants: { timestamp_desc: 'Logon Date' } },
    })
  })

  it('joins a date and a clock time that stand in two fields', () => {
    expect(map(sample({ Date: '2020-10-21', Time: '15:04:05', text: 'hello' })).times[0]?.fields).toEqual([
      'Date',
      'Time',
    ])
  })

  it.each([
    [{ Datum: '2026-03-01', Uhrzeit: '10:00:05', Was: 'login' }, 'Datum+Uhrzeit'],
    [{ who: 'x', column_2: '10:00:05', column_3: '01.03.2026' }, 'column_3+column_2'],
    [{ Date: '2026-03-01', Duration: '10:00:05' }, 'Date'],
    [{ Day: '2026-03-01', Clock: '31:00:05' }, 'Day'],
    [{ Day: '2026-03-01', who: 'x', Clock: '10:00:05' }, 'Day'],
    [{ Day: '2026-03-01', Clock: '10:00:05', Due: '2026-03-02' }, 'Day'],
    [{ column_1: '2026-03-01', column_2: '10:00:05', column_3: 'x' }, 'column_1+column_2'],
    [{ column_1: '2026-03-01', column_2: '10:00:05', column_3: '00:00:07' }, 'column_1'],
    [{ 'Log Date': '2026-03-01', 'Event-Start': '10:00:05' }, 'Log Date+Event-Start'],
    [{ FECHA: '2026-03-01', HORA: '10:00:05' }, 'FECHA+HORA'],
    [{ Date: '2026-03-01', Break: '00:30', Begin: '10:00:05' }, 'Date+Begin'],
    [{ Date: '2026-03-01', End: '11:00:05', Start: '10:00:05' }, 'Date+Start'],
    [{ Date: '2026-03-01', Uhr: '11:00:05', Beginn: '10:00:05' }, 'Date+Beginn'],
    [{ Date: '2026-03-01', Uhr: '11:00:05', Seen: '10:00:05' }, 'Date'],
    [{ Time: '10:00:05', Birthday: '1980-03-01' }, 'Birthday'],
    [{ Time: '10:00:05', 'Date of birth': '1980-03-01' }, 'Date of birth'],
    [{ Time: '10:00:05', 'Due Date': '2026-03-01' }, 'Due Date'],
    ...['Runtime', 'Response', 'Talk Time', 'Hours Worked', 'CPU', 'CPU Time', 'Version', 'TimeOut'].map(
      (name) => [{ Date: '2026-03-01', [name]: '3:05' }, 'Date'] as const,
    ),
  ] as const)('joins a clock that stands beside the only field of dates: %j', (record, fields) => {
    expect(map(sample(record)).times[0]?.fields.join('+')).toBe(fields)
  })

  it('joins no clock beside a date that is none everywhere', () => {
    const dates = Array<string>(4).fill('2026-03-01')
    const joins = (last: string) =>
      map(sample({ Date: dates, Seen: ['10:00', '10:01', '10:02', last] })).times[0]!.fields.length === 2
    expect(['10:03', '', '-', 'unknown'].filter(joins)).toHaveLength(4)
    expect(['late', '31:00', '-00:05'].filter(joins)).toEqual([])
  })

  it('says that a date and the clock beside it were joined', () => {
    const fields = sample({ Date: '2026-03-01', Seen: '10:00' })
    const mapping = map(fields)
    expect(mapping.times).toMatchObject([{ fields: ['Date', 'Seen'], description: 'Date Seen' }])
    expect(mapping.reason).toContain('"Date" and "Seen" were joined')
    expect(map(fields, { times: 'all' }).allTimes).toEqual(mapping.times)
  })

  it('takes a field for the time that is called so, though no value of it can be read', () => {
    const result = chooseMapping(sample({ message: ['x'], datetime: ['nope', 'neither'] }))
    expect(result.ok && result.mapping.times.map(({ fields }) => fields)).toEqual([['datetime']])
  })

  it('takes no counter, identifier or number of another name for a time', () => {
    const result = chooseMapping(sample({ pid: [1600000000], uptime: [12], size: ['20201021'] }))
    expect(result.ok ? result.mapping.times : result.failure.code).toBe('no-time-field')
  })

  it('prefers the time of the event over that of its arrival', () => {
    const mapping = map(sample({ received_time: '2020-01-01T00:00:00Z', event_time: '2020-01-01T00:00:00Z' }))
    expect(mapping.times.map((source) => source.fields[0])).toEqual(['event_time', 'received_time'])
  })
})

describe('what the user says', () => {
  const fields = sample({ when: '1600000000', at: 'x', what: 'something happened', __proto__x: 1 })

  it('goes before everything else', () => {
    const mapping = map(fields, {
      map: { time: 'when', message: 'what', timestamp_desc: '=Logon', user: 'at' },
    })
    expect(mapping).toMatchObject({
      schema: 'mapped',
      times: [{ fields: ['when'], format: 'epoch-s' }],
      messageField: 'what',
      profile: { aliases: { message: 'what', user: 'at' }, constants: { timestamp_desc: 'Logon' } },
    })
  })

  it('keeps the rest of a known schema', () => {
    const mapping = map(header('Timestamp,RuleTitle,Level,Computer,Seen'), { map: { time: 'Seen' } })
    expect(mapping).toMatchObject({
      schema: 'hayabusa',
      times: [{ fields: ['Seen'] }],
      messageField: 'RuleTitle',
    })
  })

  it('is refused with the fields there are when it names none of them', () => {
    const result = chooseMapping(fields, { map: { time: 'whem' } })
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.failure.code).toBe('unknown-field')
    expect(result.failure.message).toContain('option "map" names "whem"')
    expect(result.failure.message).toContain('"when"')
  })

  it('may be several fields for one, joined by + or in a list', () => {
    const joined = [{ target: 'message', fields: ['at', 'what'] }]
    for (const message of ['at+what', ' at + what', ['at', 'what']])
      expect(map(fields, { map: { time: 'when', message } })).toMatchObject({
        joined,
        messageField: 'message',
        profile: { aliases: {} },
      })
    expect(map(fields, { map: { time: 'when', message: 'what' } })).not.toHaveProperty('joined')
  })

  it('means the field of that very name before any other reading', () => {
    const odd = sample({ when: '1600000000', 'a+b': 'x', a: 'y', b: 'z', '=c': 'w', 'C++': 'v' })
    const say = (message: string | readonly string[]) => map(odd, { map: { time: 'when', message } })
    expect(say('a+b').profile.aliases).toEqual({ message: 'a+b' })
    expect(say('C++').profile.aliases).toEqual({ message: 'C++' })
    expect(say(['=c']).profile.aliases).toEqual({ message: '=c' })
    expect(say('=x+y').profile.constants).toMatchObject({ message: 'x+y' })
    expect(say(['a+b', 'b']).joined).toEqual([{ target: 'message', fields: ['a+b', 'b'] }])
    const missing = chooseMapping(odd, { map: { time: 'when', message: 'a+nope' } })
    expect(missing.ok ? '' : missing.failure.message).toContain('option "map" names "nope", which')
  })

  it('is asked for when there is no time', () => {
    const result = chooseMapping(sample({ a: 'x', b: 'y' }))
    expect(result.ok ? '' : result.failure.message).toBe(
      'expected a field with the time of each event, found none that looks like one among "a", "b"; say which it is with option "map" time=FIELD (or time=DATE+CLOCK for two)',
    )
  })
})

describe('hostile fields', () => {
  it('harm nothing, however many and however named', () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', '', '\0', '\ud800', 'x'.repeat(100_000)]
    const many = Array.from({ length: 10_000 }, (_, index) => `f${index}`)
    const fields = [...names, ...many].map((name) => ({ name, values: ['2020-01-01'] }))
    const mapping = map(fields, { map: { time: '__proto__', message: 'constructor' } })
    expect(mapping.times[0]?.fields).toEqual(['__proto__'])
    expect(Object.hasOwn(mapping.profile.aliases, 'message')).toBe(true)
    expect(chooseMapping([...names, ...many].map((name) => ({ name, values: [] }))).ok).toBe(false)
  })
})

it('takes a field whose name says that it is the time, though many of its values are broken', () => {
  for (const values of [
    ['2026-03-01T10:00:00Z', 'yesterday', '', 'n/a'],
    ['1772359200', 'broken', '1772359260'],
  ]) {
    const found = map([
      { name: 'datetime', values },
      { name: 'message', values: values.map(() => 'hello there') },
    ])
    expect(found).toMatchObject({ times: [{ fields: ['datetime'] }] })
  }
})

describe('odd values in a column of times', () => {
  it.each([
    ['FILETIME', 'LastWrite', ['133500000000000000', '133500000010000000', '133500000020000000'], 'filetime'],
    ['Unix seconds', 'created', ['1700000000', '1700000001', '1700000002'], 'epoch-s'],
    ['Unix milliseconds', 'lastSeen', ['1700000000000', '1700000001000', '1700000002000'], 'epoch-ms'],
    ['WebKit', 'last_visit_time', ['13350000000000000', '13350000010000000', '13350000020000000'], 'webkit'],
    [
      '.NET ticks',
      'StartTicksTime',
      ['638400000000000000', '638400000010000000', '638400000020000000'],
      'ticks',
    ],
    ['ISO 8601', 'col7', ['2024-01-01T00:00:00Z', '2024-01-01T00:00:01Z', '2024-01-01T00:00:02Z'], 'iso'],
  ])('do not hide it: %s', (_, name, good, format) => {
    for (const odd of ['0', '-1', '9223372036854775807', '', 'n/a', 'broken']) {
      for (const values of [
        [odd, ...good],
        [...good, odd],
        [...good, odd, odd],
      ]) {
        expect(map([{ name, values }]).times, odd).toMatchObject([{ fields: [name], format }])
      }
    }
  })

  it('do not part a date from its clock time, nor make a time of numbers', () => {
    const dates = ['2024-01-01', '2024-01-02', '2024-01-03']
    const clocks = ['10:00:00', '11:00:00', '12:00:00']
    for (const odd of ['n/a', 'unknown', '0', 'broken']) {
      for (const [date, time] of [
        [[...dates, odd], clocks],
        [dates, [odd, ...clocks]],
      ] as const) {
        const fields = [
          { name: 'Date', values: date },
          { name: 'Time', values: time },
        ]
        expect(map(fields).times[0]?.fields, odd).toEqual(['Date', 'Time'])
      }
      expect(chooseMapping([{ name: 'size', values: ['20201021', '20201022', odd] }]).ok, odd).toBe(false)
    }
  })

  it('are no times by themselves', () => {
    for (const values of [['0', '-1'], ['n/a', ''], ['0']]) {
      expect(chooseMapping([{ name: 'created', values }]).ok).toBe(false)
    }
  })
})

it('takes no count, identifier or mask for a time, whatever else its name says', () => {
  const number = ['1700000000', '1700000001']
  for (const name of ['uSNChanged', 'access_count', 'LastRunId', 'deleted_id', 'AccessMask'])
    expect(chooseMapping([{ name, values: number }]).ok, name).toBe(false)
  for (const name of ['accountExpires', 'LastWrite', 'lastLogon', 'pwdLastSet', 'removed'])
    expect(map([{ name, values: number }]).times, name).toMatchObject([{ fields: [name] }])
})

describe('every time of a row', () => {
  const all: MappingOptions = { times: 'all' }
  const iso = ['2024-01-01T00:00:00Z']

  it('is in the fields of the schema and in all others that look like times', () => {
    const mapping = map(
      sample({
        message: 'm',
        datetime: iso,
        timestamp: '1',
        timestamp_desc: 'd',
        Seen: iso,
        pid: '1700000000',
      }),
      all,
    )
    expect(mapping.allTimes.map(({ fields, isAlternative }) => [fields[0], isAlternative ?? false])).toEqual([
      ['datetime', false],
      ['timestamp', true],
      ['Seen', false],
    ])
  })

  it('may be in a field without values in the sample', () => {
    const mapping = map(sample({ When: iso, Deleted: [], note: [] }), all)
    expect(mapping.allTimes).toMatchObject([
      { fields: ['When'] },
      { fields: ['Deleted'], tentative: 'text-or-number' },
      { fields: ['note'], tentative: 'text' },
    ])
  })

  it('is not in the halves of a date and a clock time', () => {
    const mapping = map(sample({ date: '2024-01-01', time: '10:00:00', Seen: iso }), all)
    expect(mapping.allTimes.map(({ fields }) => fields.join('+'))).toEqual(['date+time', 'Seen'])
  })

  it('is not in halves that no names join, nor in what is beside the time only when others are left out', () => {
    const mapping = map(sample({ Tag: '2024-01-01', Uhr: '10:00:00', when: iso, Clock: '11:00:00' }), all)
    expect(mapping.allTimes.map(({ fields }) => fields.join('+'))).toEqual(['when', 'Tag+Uhr'])
  })

  it('is what the schema says too where the user names the first', () => {
    const fields = sample({ EntryNumber: '1', LastModified0x10: iso, Created0x10: iso })
    const mapping = map(fields, { ...all, map: { time: 'Created0x10' } })
    expect(mapping.allTimes.slice(0, 2)).toMatchObject([
      { fields: ['Created0x10'], description: 'Creation Time' },
      { fields: ['LastModified0x10'], description: 'Content Modification Time' },
    ])
  })
})
