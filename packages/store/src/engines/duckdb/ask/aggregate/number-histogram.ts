import type { AskContext } from '../ask-context.ts'
import type { FieldTarget } from '../plan/field-target.ts'
import { selectValues, splitByValuePlace } from './field-values.ts'
import type { HitGroup } from './hit-groups.ts'
import { countValues } from './value-counts.ts'

/** How many events have a number in each interval, by the interval's lower end. An event counts once in an interval. */
export async function countByNumber(
  targets: ReadonlyMap<AskContext, FieldTarget>,
  groups: readonly HitGroup[],
  interval: number,
): Promise<Map<number, number>> {
  if (!(interval > 0)) throw new RangeError(`histogram: interval above 0 expected, found ${interval}`)
  const counts = new Map<number, number>()
  const add = (key: number, count: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + count)
  }
  for (const group of groups) {
    const target = targets.get(group.context)!
    const { context } = group
    if (target.kind !== 'stored' || target.hasMarks) {
      for (const [key, count] of (await countValues(targets, [group])).entries()) {
        if (typeof key === 'number') add(Math.floor(key / interval) * interval, count)
      }
      continue
    }
    for (const { hits, from } of await splitByValuePlace(target, group)) {
      if (!('entry' in from) || target.view !== 'words') continue
      for (const kind of ['i', 'r'] as const) {
        const select = selectValues(
          from.entry,
          kind,
          { context, hits },
          `floor(CAST(# AS DOUBLE) / ${interval}::DOUBLE)`,
        )
        if (!select) continue
        const sql = `SELECT value, count(DISTINCT seq) FROM (${select.sql}) GROUP BY value`
        for await (const { rowCount, columns } of context.handle.query(
          sql,
          select.parameters,
          context.signal,
        )) {
          for (let i = 0; i < rowCount; i++) add(Number(columns[0]![i]) * interval, Number(columns[1]![i]))
        }
      }
    }
  }
  return counts
}
