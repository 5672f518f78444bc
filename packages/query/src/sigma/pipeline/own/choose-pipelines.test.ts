import { describe, expect, test } from 'vitest'
import { choosePipelines } from './choose-pipelines.ts'

/** Of each chain the first and the last pipeline: the source of events, and the naming of fields. */
function choose(...fields: readonly string[]): readonly string[] {
  return choosePipelines(new Set(fields)).map((chain) => [chain[0], chain.at(-1)].join(' '))
}

describe('pipelines are chosen by the fields of timelines', () => {
  test('that name them in one way', () => {
    expect(choose('EventID', 'Channel', 'Image', 'NewProcessName')).toEqual([
      'sysmon webserver',
      'windows-security webserver',
    ])
    expect(choose('EventID', 'Channel', 'NewProcessName')).toEqual(['windows-security webserver'])
    expect(choose('winlog.event_id', 'winlog.event_data.Image')).toEqual(['sysmon winlogbeat'])
    expect(choose('xml_string', 'event_identifier')).toEqual(['sysmon plaso', 'windows-security plaso'])
    expect(choose('message')).toEqual(['sysmon timesketch'])
    expect(choose('event_identifier', 'log_name', 'NewProcessName')).toEqual(['windows-security timesketch'])
  })

  test('that name them in several ways: what one of them has takes nothing from another', () => {
    expect(
      choose('EventID', 'Channel', 'Image', 'winlog.event_id', 'winlog.event_data.NewProcessName'),
    ).toEqual(['windows-security winlogbeat', 'sysmon webserver'])
    expect(choose('EventID', 'Channel', 'Image', 'xml_string', 'event_identifier')).toEqual([
      'sysmon plaso',
      'windows-security plaso',
      'sysmon webserver',
    ])
    expect(choose('event.code', 'winlog.event_id', 'winlog.event_data.Image')).toEqual([
      'sysmon ecs',
      'sysmon winlogbeat',
    ])
    expect(choose('EventID', 'Channel', 'Image', 'username', 'src_ip')).toEqual(['sysmon timesketch'])
  })
})
