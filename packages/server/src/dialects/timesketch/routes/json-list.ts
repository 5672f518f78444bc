import { abort } from '../errors.ts'

/** A list that came as such or as JSON text of one; undefined when there is none. @throws {WireError} 400 for anything else. */
export function readJsonList(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null || value === '') return undefined
  let list = value
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value)
    } catch {
      return abort(400, 'Expected JSON text of a list.')
    }
  }
  return Array.isArray(list) ? list : abort(400, 'Expected a list.')
}
