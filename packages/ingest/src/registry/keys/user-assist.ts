import { type KeyReader, type KeyValue, timeOf } from './key-reader.ts'

const COUNT_KEY = /\\EXPLORER\\USERASSIST\\\{[0-9A-F-]{36}\}\\COUNT$/
/** Until Vista: a count that begins at 5, then a FILETIME. Since Windows 7: counts and times of use, the FILETIME at 60. */
const V3_BYTES = 16
const V5_BYTES = 72
const FIRST_V3_COUNT = 5
/** Counts over all programs, of no known form. */
const SESSION = /^UEME_CTL(?:SESSION|CUACount:ctor)$/

/** Programs that a user started from the desktop, with how often and when last; their names stand in ROT13. */
export const USER_ASSIST: KeyReader = {
  read(context) {
    if (!COUNT_KEY.test(context.place)) return false
    context.values.forEach((value, index) => {
      const name = rotate(value.name)
      if (SESSION.test(name)) return
      const entry = readEntry(value)
      if (!entry) {
        context.note('user-assist')
        return
      }
      context.keep({
        data_type: 'windows:registry:userassist',
        message: `[${context.path}] UserAssist entry: ${index + 1} Value name: ${name} Count: ${entry.count}`,
        key_path: context.path,
        entry_index: index + 1,
        value_name: name,
        number_of_executions: entry.count,
        application_focus_count: entry.focusCount,
        application_focus_duration: entry.focusMs,
        last_execution_time: context.times.read(value.data, entry.timeAt),
      })
    })
    context.keep({
      data_type: 'windows:registry:key_value',
      message: `[${context.path}]`,
      key_path: context.path,
      last_written_time: timeOf(context),
    })
    return true
  },
}

interface Entry {
  readonly count: number
  readonly focusCount?: number
  readonly focusMs?: number
  readonly timeAt: number
}

function readEntry({ data }: KeyValue): Entry | undefined {
  if (data.length === V3_BYTES) {
    const count = data.readUInt32LE(4)
    return { count: count > FIRST_V3_COUNT ? count - FIRST_V3_COUNT : count, timeAt: 8 }
  }
  if (data.length !== V5_BYTES) return undefined
  return {
    count: data.readUInt32LE(4),
    focusCount: data.readUInt32LE(8),
    focusMs: data.readUInt32LE(12),
    timeAt: 60,
  }
}

function rotate(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })
}
