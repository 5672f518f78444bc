/** The frame around nearly every answer (Timesketch 20261014: api/v1/resources/__init__.py). */
export interface Envelope {
  readonly meta: Readonly<Record<string, unknown>>
  readonly objects: readonly unknown[]
}

/** One object. */
export function one(object: unknown, meta: Readonly<Record<string, unknown>> = {}): Envelope {
  return { meta, objects: [object] }
}

/** A list of models: a list inside the list, or an empty one. */
export function nested(objects: readonly unknown[], meta: Readonly<Record<string, unknown>> = {}): Envelope {
  return { meta, objects: objects.length === 0 ? [] : [objects] }
}

/** A list that is not wrapped again. */
export function flat(objects: readonly unknown[], meta: Readonly<Record<string, unknown>> = {}): Envelope {
  return { meta, objects }
}
