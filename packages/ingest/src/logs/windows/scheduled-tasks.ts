import { findDateOrder } from '../core/find-date-order.ts'
import type { LogContext, LogFormat, LogReader } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'

/** `"Task.job" (program.exe)` begins an entry; its lines below begin with a tab. */
const NAME = /^"([^"]+)"(?: \((.*)\))?$/
/** Where a step's date begins; its time stands behind it. */
const DATE = /\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4},? /
const CLOCK = /\d:\d\d/
const RESULT = /\(([0-9a-fx]+)\)\.?$/i
const MARK = /^\[ ?\*+ .*\* ?\]$/

/**
 * The log of Windows' task scheduler up to Server 2003 (`SchedLgU.txt`), in the clock and the notation of the host. One event for
 * each step of a task, with the lines below it.
 */
export const SCHEDULED_TASKS_FORMAT: LogFormat = {
  name: 'scheduled-tasks',
  title: "log of Windows' task scheduler (SchedLgU.txt)",
  recognisedBy: 'names in quotes and indented dates below them',
  description: 'Content Modification Time',
  constants: {
    data_type: 'windows:tasks:log_entry',
    source_short: 'LOG',
    source_long: 'Windows Scheduled Task Log',
  },
  joins: false,
  matches: ({ lines }) =>
    areMostly(lines, (line) => NAME.test(line), 0.15) &&
    areMostly(lines, (line) => readStep(line) !== undefined, 0.15),
  findDateOrder: ({ lines }, referenceUs) => findDateOrder(lines, referenceUs),
  splits: (lines, at) => NAME.test(lines[at]!),
  open: openReader,
}

function openReader({ sink, clock }: LogContext): LogReader {
  let task: { readonly name: string; readonly program: string | undefined } | undefined
  let step: { readonly datetime: string; readonly action: string; readonly line: number } | undefined
  let more: string[] = []
  const finish = (): void => {
    if (step === undefined || task === undefined) return
    const { datetime, action, line } = step
    const result = more.map((text) => RESULT.exec(text)?.[1]).find((code) => code !== undefined)
    const told = [action, ...more.map((text) => text.trim())]
    step = undefined
    more = []
    sink.keep(
      {
        datetime,
        task_name: task.name,
        application: task.program,
        action,
        exit_code: result,
        message: `${task.name}${task.program === undefined ? '' : ` (${task.program})`}: ${told.join(' ')}`,
      },
      line,
    )
  }
  return {
    read(line, number) {
      const name = NAME.exec(line)
      if (name) {
        finish()
        task = { name: name[1]!, program: name[2] }
        return true
      }
      const found = readStep(line)
      const datetime = found ? clock.read(found.time) : undefined
      if (found && datetime !== undefined) {
        finish()
        if (task === undefined)
          sink.reject(number, 'bad-record', "expected a task's name in quotes above, found none", line)
        else step = { datetime, action: found.action, line: number }
        return true
      }
      if (MARK.test(line.trim())) return true
      if (step !== undefined && /^\s/.test(line)) more.push(line)
      else sink.reject(number, 'no-time', 'expected the step of a task with its time, found none', line)
      return true
    },
    end: finish,
  }
}

/** What a step says was done, and its date and time; undefined for lines that are none. */
function readStep(line: string): { readonly action: string; readonly time: string } | undefined {
  if (!/^\s/.test(line)) return undefined
  const text = line.trim()
  const date = DATE.exec(text)
  if (!date || !CLOCK.test(text.slice(date.index + date[0].length))) return undefined
  return { action: text.slice(0, date.index).trimEnd(), time: text.slice(date.index) }
}
