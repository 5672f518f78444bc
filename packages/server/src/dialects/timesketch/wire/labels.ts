import { pythonJson } from './python-json.ts'

/** Labels as `label_string`: JSON text of the list, or nothing when there are none. */
export function labelString(labels: readonly string[]): string {
  return labels.length === 0 ? '' : pythonJson(labels)
}
