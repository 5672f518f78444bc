import { type JsonObject, own } from '../dsl/json.ts'
import { MAX_CHIPS } from '../limits.ts'
import { QueryError } from '../query-error.ts'
import { readDateInterval } from './date-interval.ts'
import { type Chip, isTruthy, type TimesketchFilter, type TimesketchRequest } from './filter.ts'

/** Chips up to which labels and times are written after each of them; a real server cannot run the body of many more. */
const MAX_REPEATING_CHIPS = 32
const ONLY_SPECIAL = /^[.+\-=_&|><!(){}[\]^"~?:\\/]*$/

/**
 * The OpenSearch body that Timesketch 20261014 makes of a request and shows under `explore/query/`, without timelines and
 * aggregations (its lib/datastores/opensearch.py). Its repetitions are left out where there are more than
 * `MAX_REPEATING_CHIPS`: they grow with the square.
 *
 * @throws {QueryError} For chips or a DSL that cannot be read.
 */
export function buildTimesketchBody(request: TimesketchRequest): JsonObject {
  const filter = request.filter ?? {}
  checkFilter(filter)
  const dsl = readDsl(request.dsl)
  if (dsl !== undefined) {
    const body = { ...dsl, ...readPage(filter) }
    return isTruthy(own(body, 'sort')) ? body : { ...body, sort: { datetime: filter.order ?? 'asc' } }
  }
  if (isTruthy(filter.events)) {
    return { query: { ids: { values: filter.events!.map((event) => event.event_id) } } }
  }
  const must: JsonObject[] = []
  const mustNot: JsonObject[] = []
  if (request.queryString) must.push(writeQueryString(request.queryString))
  if (isTruthy(filter.chips)) addChips(filter.chips!, request.sketchId, must, mustNot)
  return {
    query: { bool: { must, must_not: mustNot, filter: [] } },
    ...readPage(filter),
    sort: { datetime: filter.order ?? 'asc' },
  }
}

function checkFilter(filter: TimesketchFilter): void {
  for (const key of ['chips', 'events']) {
    const list = filter[key]
    if (!isTruthy(list)) continue
    if (Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null)) continue
    throw new QueryError(`Cannot read the filter: ${key} must be a list of objects.`, key, 0)
  }
}

function readDsl(dsl: unknown): JsonObject | undefined {
  if (!isTruthy(dsl)) return undefined
  let body: unknown = dsl
  if (typeof dsl === 'string') {
    try {
      body = JSON.parse(dsl)
    } catch (cause) {
      throw new QueryError('Cannot read the DSL: JSON text was expected.', dsl.slice(0, 1000), 0, { cause })
    }
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject
  throw new QueryError('Cannot read the DSL: a JSON object was expected.', String(dsl).slice(0, 1000), 0)
}

function readPage(filter: TimesketchFilter): JsonObject {
  return {
    ...(isTruthy(filter.from) ? { from: filter.from } : {}),
    ...(isTruthy(filter.size) ? { size: filter.size } : {}),
  }
}

/** `FIELD:VALUE` with nothing but special characters as value is an exact question, anything else is a query string. */
function writeQueryString(text: string): JsonObject {
  const colon = text.indexOf(':')
  if (colon >= 0 && ONLY_SPECIAL.test(text.slice(colon + 1))) {
    return { term: { [`${text.slice(0, colon)}.keyword`]: text.slice(colon + 1) } }
  }
  return { query_string: { query: text, default_operator: 'AND' } }
}

/** Labels and times are written once more after each chip, as the server does it; the times are one list shown several times. */
function addChips(chips: readonly Chip[], sketchId: number, must: JsonObject[], mustNot: JsonObject[]): void {
  const labels: string[] = []
  const should: JsonObject[] = []
  const active = chips.filter((chip) => chip.active === undefined || isTruthy(chip.active))
  if (active.length > MAX_CHIPS) {
    throw new QueryError(
      `Cannot read the filter: at most ${MAX_CHIPS} active chips were expected, found ${active.length}.`,
      'chips',
      0,
    )
  }
  const addGathered = () =>
    must.push(writeLabels(labels, sketchId), { bool: { should, minimum_should_match: 1 } })
  const repeats = active.length <= MAX_REPEATING_CHIPS
  let isGathered = false
  for (const chip of active) {
    if (chip.type === 'label') labels.push(String(requireValue(chip)))
    else if (chip.type === 'term') {
      const clause = writeTermChip(chip)
      if (chip.operator === 'must') must.push(clause)
      else if (chip.operator === 'must_not') mustNot.push(clause)
    } else if (chip.type === 'datetime_range' || chip.type === 'datetime_interval') {
      should.push(writeDateChip(chip))
    } else if (typeof chip.type !== 'string') failChip(chip, 'a type was expected')
    else if (chip.type.startsWith('datetime')) continue
    isGathered = true
    if (repeats) addGathered()
  }
  if (isGathered && !repeats) addGathered()
}

function writeTermChip(chip: Chip): JsonObject {
  if (typeof chip.field !== 'string') return failChip(chip, 'a field was expected')
  // Passed over, it would leave another question than was asked.
  if (typeof chip.operator !== 'string') return failChip(chip, 'an operator was expected, must or must_not')
  requireValue(chip)
  if (typeof chip.value === 'string') {
    return { match_phrase: { [`${chip.field}.keyword`]: { query: chip.value } } }
  }
  return { match_phrase: { [chip.field]: { query: writePython(chip.value) } } }
}

/** Text of a JSON value as Python's `str` makes it. */
function writePython(value: unknown): string {
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value === null || value === undefined) return 'None'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function requireValue(chip: Chip): unknown {
  return chip.value ?? failChip(chip, 'a value was expected')
}

function writeDateChip(chip: Chip): JsonObject {
  const text = String(chip.value)
  if (chip.type === 'datetime_interval') {
    const { start, end } = readDateInterval(text)
    return { range: { datetime: { gte: start, lte: end } } }
  }
  const ends = text.split(',')
  if (ends.length !== 2) return failChip(chip, 'two dates parted by a comma were expected')
  return { range: { datetime: { gte: ends[0], lte: ends[1] } } }
}

function writeLabels(labels: readonly string[], sketchId: number): JsonObject {
  return {
    bool: {
      must: labels.map((label) => ({
        nested: {
          path: 'timesketch_label',
          query: {
            bool: {
              must: [
                { term: { 'timesketch_label.name.keyword': label } },
                { term: { 'timesketch_label.sketch_id': sketchId } },
              ],
            },
          },
        },
      })),
    },
  }
}

function failChip(chip: Chip, sentence: string): never {
  const text = JSON.stringify(chip).slice(0, 200)
  throw new QueryError(`Cannot read the chip ${text}: ${sentence}.`, text, 0)
}
