import { modelDate } from './dates.ts'

/** The status list of a model: always one entry, whose id is the model's. */
export function marshalStatus(model: {
  readonly id: number
  readonly status: string
  readonly statusChangedAtMs: number
}): Record<string, unknown>[] {
  const at = modelDate(model.statusChangedAtMs)
  return [{ id: model.id, status: model.status, created_at: at, updated_at: at }]
}
