import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loopTable } from '../../sqlite/testing/loop-table.ts'
import type { Value } from '../piece/container-value.ts'
import { WindowsResources } from './windows-resources.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeskein-rc-'))
  path = join(folder, 'rc.db')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function message(resources: WindowsResources, values: Readonly<Record<string, Value>>): Value | undefined {
  const all = new Map(Object.entries(values))
  resources.addMessage(all)
  return all.get('message_string')
}

function makeDatabase(): void {
  using database = new DatabaseSync(path)
  database.exec(
    `
    CREATE TABLE winevtrc_eventlog_provider (_identifier INTEGER PRIMARY KEY, identifier TEXT, log_sources TEXT, event_message_files TEXT, parameter_message_files TEXT);
    CREATE TABLE winevtrc_message_file (_identifier INTEGER PRIMARY KEY, windows_path TEXT);
    CREATE TABLE winevtrc_message_table (_identifier INTEGER PRIMARY KEY, _message_file_identifier TEXT, language_identifier INTEGER);
    CREATE TABLE winevtrc_message_string (_identifier INTEGER PRIMARY KEY, _message_table_identifier TEXT, message_identifier INTEGER, text TEXT);
    INSERT INTO winevtrc_eventlog_provider VALUES (1, '{AB}', '["Made Source"]', '["%SystemRoot%\\System32\\made.dll"]', '[]');
    INSERT INTO winevtrc_message_file VALUES (1, 'MADE.DLL'), (2, '%SystemRoot%\\System32\\kernel32.dll');
    INSERT INTO winevtrc_message_table VALUES (1, 'winevtrc_message_file.1', 1033), (2, 'winevtrc_message_file.1', 1031), (3, 'winevtrc_message_file.2', 1033);
    INSERT INTO winevtrc_message_string VALUES (1, 'winevtrc_message_table.2', 7, 'Deutsch'), (2, 'winevtrc_message_table.1', 7, 'The {0:s} is {1:s} {{ok}}'), (3, 'winevtrc_message_table.3', 5, 'open');
  `
      .replaceAll('\\S', '\\\\S')
      .replaceAll('\\m', '\\\\m')
      .replaceAll("'%SystemRoot%\\\\S", "'%SystemRoot%\\S"),
  )
}

it('has the text of an event in English, with its strings and with parameters in them', () => {
  makeDatabase()
  const resources = new WindowsResources(path)
  const event = { source_name: 'made source', message_identifier: 7 }
  expect(message(resources, { ...event, strings: ['door', '%%5'] })).toBe('The door is open {ok}')
  expect(message(resources, { ...event, strings: ['door', '%%6'] })).toBe('The door is %%6 {ok}')
  expect(message(resources, { ...event, strings: ['door', null] })).toBe('The door is  {ok}')
})

it('has none for fewer strings than the text has places for, and for events that nobody knows', () => {
  makeDatabase()
  const resources = new WindowsResources(path)
  expect(
    message(resources, { provider_identifier: '{ab}', message_identifier: 7, strings: ['a'] }),
  ).toBeNull()
  expect(message(resources, { source_name: 'other', message_identifier: 7, strings: [] })).toBeNull()
  expect(message(resources, { source_name: 'made source', message_identifier: 8 })).toBeNull()
})

it('refuses a database of something else', () => {
  new DatabaseSync(path).exec('CREATE TABLE t (a)')
  expect(() => new WindowsResources(path)).toThrow('expected message resources of Windows')
})

it('reads tables whose pages lead to the same rows again once', () => {
  makeDatabase()
  for (const table of ['eventlog_provider', 'message_file', 'message_table', 'message_string'])
    loopTable(path, `winevtrc_${table}`)
  const event = { source_name: 'made source', message_identifier: 7, strings: ['door', 'open'] }
  expect(message(new WindowsResources(path), event)).toBe('The door is open {ok}')
})
