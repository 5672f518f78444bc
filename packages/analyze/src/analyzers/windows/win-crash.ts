import type { ReadEvent } from '../../event-source.ts'
import { fieldText } from '../../field-text.ts'
import type { Analyzer } from '../analyzer.ts'
import { luceneQuery } from '../lucene-query.ts'
import { readEventText } from './event-data.ts'

const TAG = 'win_crash'

/** Events of the log that tell of a crash: who writes it, which number, which level. */
const CRASH_EVENTS: readonly (readonly [source: string, id: number, level: number])[] = [
  ['Application Error', 1000, 2],
  ['Application Error', 1002, 2],
  ['Windows Error Reporting', 1001, 4],
  ['Microsoft-Windows-WER-SystemErrorReporting', 1001, 2],
  ['EMET', 1, 3],
  ['EMET', 1, 2],
  ['.NET Runtime', 1026, 2],
]

/** Switches of the registry that turn the reporting of crashes off. */
const SWITCHES: readonly (readonly [key: string, values: readonly string[]])[] = [
  ['\\Control\\CrashControl', ['LogEvent', 'SendAlert', 'CrashDumpEnabled']],
  ['\\Software\\Microsoft\\PCHealth\\ErrorReporting', ['DoReport', 'ShowUI']],
]

const WARNING =
  'WARNING: Crash reporting was switched off here. An attacker may have done that, so that failing exploits leave no report.'

/** The program that a report is about: in the name of the report's folder, or between quotes in a message. */
const PROGRAM = /[\\/](?:AppCrash|Critical|NonCritical)_(.+?\.exe)_[a-f0-9]{16,}|'([^']+\.exe)'/i

/** Marks what tells of crashed programs on Windows, and where telling was switched off. */
export const winCrash: Analyzer = {
  name: 'win_crash',
  displayName: 'Windows application crashes',
  description:
    'Finds programs that crashed on Windows, and places where the reporting of crashes was switched off',
  dependencies: [],
  async run(run) {
    const programs = new Set<string>()
    for await (const page of run.events.read(luceneQuery(writeQuery())))
      for (const event of page) {
        if (event.get('data_type') === 'windows:registry:key_value') {
          await run.mark(event, { comment: WARNING })
          continue
        }
        const program = findProgram(event)
        if (program === undefined) continue
        programs.add(program)
        await run.mark(event, { tags: [TAG], attributes: { crash_app: program } })
      }
    if (programs.size > 0)
      await run.work.saveSearch({ name: 'Windows Crash activity', queryString: `tag:"${TAG}"` })
    return `Windows Crash analyzer completed, ${programs.size} crashed application${programs.size > 1 ? 's' : ''} identified: ${[...programs].join(', ')}`
  },
}

function writeQuery(): string {
  const logged = CRASH_EVENTS.map(
    ([source, id, level]) => `(source_name:"${source}" AND event_identifier:${id} AND event_level:${level})`,
  )
  const switched = SWITCHES.map(([key, values]) => {
    const off = values.map((name) => `"${name}: REG_DWORD_LE 0"`)
    return `(key_path:"${key.replaceAll('\\', '\\\\')}" AND values:(${off.join(' OR ')}))`
  })
  return [
    `(data_type:"windows:evtx:record" AND (${logged.join(' OR ')}))`,
    '(data_type:"fs:stat" AND filename:"/Microsoft/Windows/WER/" AND filename:/((Non)?Critical|AppCrash)_.*/ AND file_entry_type:("directory" OR "2"))',
    `(data_type:"windows:registry:key_value" AND (${switched.join(' OR ')}))`,
  ].join(' OR ')
}

function findProgram(event: ReadEvent): string | undefined {
  const isFile = event.get('data_type') === 'fs:stat'
  const match = PROGRAM.exec(fieldText(event, isFile ? 'filename' : 'message') ?? '')
  const told = match?.[1] ?? match?.[2]
  if (told !== undefined || isFile) return told
  const datum = readEventText(event, 0, 'AppName')
  return datum !== undefined && /\.exe$/i.test(datum) ? datum : undefined
}
