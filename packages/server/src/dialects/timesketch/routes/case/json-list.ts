import { isDomainError } from '../../../../errors/domain-error.ts'
import { parseJson } from '../../../../json/read-json.ts'
import { abort } from '../../errors.ts'

/** A list that came as such or as JSON text of one; undefined when there is none. @throws {WireError} 400 for anything else. */
export function readJsonList(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null || value === '') return undefined
  let list: unknown = value
  if (typeof value === 'string') {
    try {
      list = parseJson(value)
    } catch (error) {
      if (isDomainError(error)) throw error
      return abort(400, 'Expected JSON text of a list.')
    }
  }
  return Array.isArray(list) ? list : abort(400, 'Expected a list.')
}
