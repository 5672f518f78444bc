import type { ImportReading } from '../../../import/import-service.ts'
import { abort } from '../errors.ts'
import { asObject } from '../request.ts'

/**
 * How rows are read, from the form's `headersMapping` and `delimiter` (Timesketch 20261014: lib/utils.py).
 *
 * @throws {WireError} 400 for a mapping that cannot be read or that joins several columns.
 */
export function readReading(fields: ReadonlyMap<string, string>): ImportReading {
  const delimiter = fields.get('delimiter')
  if (delimiter !== undefined && delimiter !== '' && [...delimiter].length !== 1) {
    abort(400, 'Unable to upload file. The delimiter needs to be one character')
  }
  const plasoFilter = fields.get('plaso_event_filter')
  const map = new Map<string, string>()
  const constants = new Map<string, string>()
  for (const entry of readEntries(fields.get('headersMapping'))) {
    const target = entry['target']
    const source = entry['source']
    const fallback = entry['default_value']
    if (typeof target !== 'string' || target === '') abort(400, WRONG)
    if (source === null || source === undefined) {
      if (typeof fallback !== 'string' || fallback === '') {
        abort(
          400,
          `${WRONG}. Error to create new column ${target}. When create a new column, a default value must be assigned`,
        )
      }
      constants.set(target, fallback)
      continue
    }
    const columns = Array.isArray(source) ? source : [source]
    if (columns.length !== 1 || typeof columns[0] !== 'string') {
      abort(400, `${WRONG}. ${target} needs to be mapped to one column`)
    }
    map.set(target, columns[0])
  }
  return {
    ...(map.size > 0 ? { map: Object.fromEntries(map) } : {}),
    ...(constants.size > 0 ? { constants: Object.fromEntries(constants) } : {}),
    ...(delimiter ? { delimiter } : {}),
    ...(plasoFilter ? { plasoFilter } : {}),
  }
}

const WRONG = 'Headers mapping is wrong'

function readEntries(text: string | undefined): Readonly<Record<string, unknown>>[] {
  if (!text || text === 'null') return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    abort(400, `${WRONG}: expected JSON text`)
  }
  if (value === null) return []
  if (!Array.isArray(value)) abort(400, `${WRONG}: expected a list`)
  return value.map((item) => asObject(item) ?? abort(400, `${WRONG}: expected a list of objects`))
}
