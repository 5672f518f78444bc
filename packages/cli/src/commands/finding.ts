import {
  type ApiAlert,
  type ApiAlertDetail,
  type ApiFindingDecision,
  type ApiIncident,
  type ApiIncidentDetail,
  FINDING_RESOLUTIONS,
  FINDING_STATUSES,
} from '@timeskein/model'
import { readChoice, readWholeNumber, requireText, splitWords } from '../arguments.ts'
import type { Backend } from '../backend/backend.ts'
import type { FindingCalls } from '../backend/detection-calls.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { printResult } from '../output/print-result.ts'
import { concat, lines, type Prose, prose } from '../output/prose.ts'
import { readAction, requireArgument } from './case/actions.ts'
import { changeEach } from './change-each.ts'
import {
  describeAlert,
  describeIncident,
  tabulateAlerts,
  tabulateIncidents,
} from './finding/describe-finding.ts'

const ACTIONS = ['list', 'show', 'close', 'reject', 'reopen', 'status', 'assign', 'comment'] as const
const DEFAULT_LIMIT = 100

/** What is different between alerts and incidents. */
interface Kind<Row, Detail> {
  readonly name: 'alert' | 'incident'
  readonly summary: string
  readonly calls: (backend: Backend) => FindingCalls<Row, Detail>
  readonly tabulate: (rows: readonly Row[], width: number) => Prose
  readonly describe: (detail: Detail) => Prose
}

/** `skein alert`: events that a rule found on one host in one day, or alerts of other platforms. */
export const alertCommand: Command = makeCommand<ApiAlert, ApiAlertDetail>({
  name: 'alert',
  summary: 'Alerts: list, show, close, assign and comment on what rules found.',
  calls: (backend) => backend.alerts,
  tabulate: tabulateAlerts,
  describe: describeAlert,
})

/** `skein incident`: alerts of one host or account that are near in time. */
export const incidentCommand: Command = makeCommand<ApiIncident, ApiIncidentDetail>({
  name: 'incident',
  summary: 'Incidents: alerts of one host that are near in time.',
  calls: (backend) => backend.incidents,
  tabulate: tabulateIncidents,
  describe: describeIncident,
})

function makeCommand<Row extends ApiAlert | ApiIncident, Detail>(kind: Kind<Row, Detail>): Command {
  const { name } = kind
  const command: Command = {
    name,
    summary: kind.summary,
    usage: [
      'list [--sketch NAME|ID] [--status open,…] [--severity N] [--host NAME] [options]',
      'show ID',
      'close|reject ID... [--resolution WORD] [--reason TEXT]',
      'reopen ID...',
      'status STATUS ID...',
      'assign USER|nobody ID...',
      'comment ID -m TEXT',
    ],
    options: {
      sketch: { type: 'string', short: 's', value: 'NAME|ID', help: 'list: only those of this sketch' },
      status: { type: 'string', value: 'STATUS,…', help: `list: ${FINDING_STATUSES.join(', ')}` },
      severity: { type: 'string', value: 'N', help: 'list: at least so severe (0 to 100)' },
      host: { type: 'string', value: 'NAME', help: 'list: on this host' },
      assignee: { type: 'string', value: 'USER', help: 'list: assigned to this user' },
      text: { type: 'string', value: 'TEXT', help: 'list: part of the title' },
      ...(name === 'alert'
        ? { rule: { type: 'string' as const, value: 'ID', help: 'list: of this rule' } }
        : {}),
      limit: { type: 'string', short: 'n', value: 'N', help: `list: how many (default ${DEFAULT_LIMIT})` },
      resolution: { type: 'string', value: 'WORD', help: `close: ${FINDING_RESOLUTIONS.join(', ')}` },
      reason: { type: 'string', value: 'TEXT', help: 'close: why, in words' },
      message: { type: 'string', short: 'm', value: 'TEXT', help: 'comment: what to say' },
      ...OUTPUT_OPTIONS,
      ...BACKEND_OPTIONS,
    },
    examples: [
      {
        line: `skein ${name} list --sketch case --severity 70`,
        says: 'the grave ones; each line begins with its id',
      },
      { line: `skein ${name} show 3`, says: 'all that is known, by number or uid' },
      {
        line: `skein ${name} close 3 --resolution false-positive --reason 'our scanner'`,
        says: 'in every API at once',
      },
    ],
    run: (call, effects) => runFinding(kind, command, call, effects),
  }
  return command
}

async function runFinding<Row extends ApiAlert | ApiIncident, Detail>(
  kind: Kind<Row, Detail>,
  command: Command,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const action = readAction(call, command, ACTIONS)
  if (action === 'list') return await listFindings(kind, call, effects)
  const takesWord = action === 'status' || action === 'assign'
  const id = requireArgument(call, command, takesWord ? 2 : 1, `the id of an ${kind.name}`)
  const ids = call.positionals.slice(takesWord ? 2 : 1)
  if (action === 'show' || action === 'comment') {
    if (ids.length > 1)
      throw new CliError(`skein ${kind.name} ${action} takes one id, found ${ids.length}`, EXIT.usage)
    const text = action === 'comment' ? requireText(call, 'message', `${kind.name} comment`) : undefined
    await using backend = await openBackend(call, effects)
    const calls = kind.calls(backend)
    if (text !== undefined) await calls.comment(id, text)
    const detail = await calls.get(id)
    await printResult(detail, kind.describe(detail), call, effects)
    return EXIT.ok
  }
  const decision = readDecision(action, call)
  await using backend = await openBackend(call, effects)
  const calls = kind.calls(backend)
  const decided: readonly Row[] = await changeEach(
    ids,
    (one) => calls.get(one),
    (one) => calls.decide(one, decision),
  )
  const said = decided.map(
    (row) =>
      prose`${kind.name} ${row.id}: ${row.status}${row.assignee === undefined ? '' : prose`, assigned to ${row.assignee}`}  ${row.title}`,
  )
  await printResult(decided.length === 1 ? decided[0] : decided, lines(said), call, effects)
  return EXIT.ok
}

async function listFindings<Row extends ApiAlert | ApiIncident, Detail>(
  kind: Kind<Row, Detail>,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const status = splitWords(call.text('status') ?? '').map((word) =>
    requireWord('--status', word, FINDING_STATUSES),
  )
  const severity = readWholeNumber(call, 'severity', 0)
  const limit = readWholeNumber(call, 'limit', 1) ?? DEFAULT_LIMIT
  const texts = Object.fromEntries(
    ['host', 'assignee', 'text', ...(kind.name === 'alert' ? ['rule'] : [])].flatMap((option) => {
      const text = call.text(option)
      return text === undefined ? [] : [[option, text]]
    }),
  )
  await using backend = await openBackend(call, effects)
  const sketch = call.text('sketch')
  const { items, total } = await kind.calls(backend).list(
    {
      ...texts,
      ...(sketch === undefined ? {} : { sketch: (await backend.findSketch(sketch)).id }),
      ...(status.length === 0 ? {} : { status }),
      ...(severity === undefined ? {} : { severity }),
    },
    limit,
  )
  const cut =
    items.length < total ? prose`${items.length} of ${total} ${kind.name}s; --limit shows more\n` : prose``
  await printResult(items, concat(kind.tabulate(items, effects.columns), cut), call, effects)
  return EXIT.ok
}

function readDecision(
  action: 'close' | 'reject' | 'reopen' | 'status' | 'assign',
  call: CommandCall,
): ApiFindingDecision {
  const word = call.positionals[1] ?? ''
  const resolution = readChoice(call, 'resolution', FINDING_RESOLUTIONS)
  const reason = call.text('reason')
  const why = {
    ...(resolution === undefined ? {} : { resolution }),
    ...(reason === undefined ? {} : { reason }),
  }
  switch (action) {
    case 'close':
      return { status: 'closed', ...why }
    case 'reject':
      return { status: 'rejected', ...why }
    case 'reopen':
      return { status: 'open' }
    case 'status':
      return { status: requireWord('a status', word, FINDING_STATUSES), ...why }
    case 'assign':
      return { assignee: word === 'nobody' ? null : word }
    default:
      return action satisfies never
  }
}

function requireWord<Word extends string>(what: string, word: string, words: readonly Word[]): Word {
  const found = words.find((one) => one === word)
  if (found === undefined)
    throw new CliError(`${what} is one of ${words.join(', ')}; found "${word}"`, EXIT.usage)
  return found
}
