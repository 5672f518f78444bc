import { describe, expect, it } from 'vitest'
import { flattenEvtxEvent } from './flatten-evtx.ts'

const SYSTEM = {
  Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon', Guid: '{5770385f}' } },
  EventID: 1,
  Level: 4,
  TimeCreated: { '#attributes': { SystemTime: '2020-10-21T15:04:05.1234567Z' } },
  Execution: { '#attributes': { ProcessID: 2, ThreadID: 3 } },
  Correlation: null,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Computer: 'PC1',
}

function flatten(event: Record<string, unknown>): Record<string, unknown> {
  return { ...flattenEvtxEvent({ Event: { System: SYSTEM, ...event } }) }
}

describe('flattenEvtxEvent', () => {
  it('gives the names of System and EventData that Sigma uses', () => {
    expect(flatten({ EventData: { Image: 'C:\\a.exe', ProcessId: 7, Empty: '' } })).toEqual({
      Provider_Name: 'Microsoft-Windows-Sysmon',
      Provider_Guid: '{5770385f}',
      EventID: 1,
      Level: 4,
      TimeCreated_SystemTime: '2020-10-21T15:04:05.1234567Z',
      Execution_ProcessID: 2,
      Execution_ThreadID: 3,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Computer: 'PC1',
      Image: 'C:\\a.exe',
      ProcessId: 7,
      Empty: '',
    })
  })

  it('reads attributes that stand in members of their own', () => {
    const system = {
      EventID: { '#attributes': { Qualifiers: 16384 }, '#text': '7036' },
      TimeCreated_attributes: { SystemTime: '2020-10-21T15:04:05Z' },
    }
    expect({ ...flattenEvtxEvent({ Event: { System: system }, Event_attributes: { xmlns: 'x' } }) }).toEqual({
      EventID: 7036,
      EventID_Qualifiers: 16384,
      message_identifier: 1_073_748_860,
      TimeCreated_SystemTime: '2020-10-21T15:04:05Z',
    })
  })

  it('gives names with other characters a second, plain one', () => {
    expect(flatten({ EventData: { 'Threat Name': 'X' } })).toMatchObject({
      'Threat Name': 'X',
      ThreatName: 'X',
    })
  })

  it('lists unnamed data, and counts them as param1, param2', () => {
    const expected = { Data: ['svc', 'running'], param1: 'svc', param2: 'running' }
    expect(flatten({ EventData: { Data: { '#text': ['svc', 'running'] } } })).toMatchObject(expected)
    expect(flatten({ EventData: { Data: ['svc', 'running'] } })).toMatchObject(expected)
  })

  it('reads data with a Name attribute', () => {
    const data = [{ '#attributes': { Name: 'Image' }, '#text': 'a.exe' }]
    expect(flatten({ EventData: { Data: data } })).toMatchObject({ Image: 'a.exe' })
  })

  it('keeps the name of the wrapper of UserData apart', () => {
    const userData = { EventXML: { '#attributes': { xmlns: 'Event_NS' }, User: 'bob', Address: '10.0.0.1' } }
    const flat = flatten({ UserData: userData })
    expect(flat).toMatchObject({ UserData_Name: 'EventXML', User: 'bob', Address: '10.0.0.1' })
    expect(Object.keys(flat)).not.toContain('xmlns')
  })

  it('names the source of events that old interfaces wrote', () => {
    const provider = {
      '#attributes': { Name: 'Microsoft-Windows-SCM', EventSourceName: 'Service Control Manager' },
    }
    expect({ ...flattenEvtxEvent({ Event: { System: { ...SYSTEM, Provider: provider } } }) }).toMatchObject({
      Provider_EventSourceName: 'Service Control Manager',
      source_name: 'Service Control Manager',
    })
  })

  it('keeps text that stands in the wrapper of UserData itself', () => {
    expect(flatten({ UserData: { Note: 'text' } })).toMatchObject({ UserData_Name: 'Note', Note: 'text' })
  })

  it('lets System keep a name that EventData has too', () => {
    expect(flatten({ EventData: { Level: 'high' } })).toMatchObject({ Level: 4, EventData_Level: 'high' })
  })

  it('prefixes the leaves of other sections', () => {
    expect(
      flatten({ RenderingInfo: { Message: 'A process started', Keywords: { Keyword: 'x' } } }),
    ).toMatchObject({
      RenderingInfo_Message: 'A process started',
      RenderingInfo_Keyword: 'x',
    })
  })

  it('refuses what is no event', () => {
    for (const record of [null, 1, 'x', [], {}, { Event: 1 }, { Event: { EventData: {} } }]) {
      expect(flattenEvtxEvent(record)).toBeUndefined()
    }
  })

  it('is not harmed by names of prototypes or by depth', () => {
    let deep: unknown = 'leaf'
    for (let level = 0; level < 20_000; level++) deep = { x: deep }
    const data = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": "c"}')
    const flat = flattenEvtxEvent({ Event: { System: SYSTEM, EventData: data, UserData: { W: deep } } })
    expect(Object.hasOwn(flat!, '__proto__')).toBe(true)
    expect(flat!['constructor']).toBe('c')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
