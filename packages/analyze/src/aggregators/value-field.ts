import type { AggregatorRun } from './aggregator.ts'

/** The name by which whole values are counted: text by its `.keyword` sub-field, everything else by itself. */
export async function valueField(
  { store, scope }: Pick<AggregatorRun, 'store' | 'scope'>,
  field: string,
): Promise<string> {
  if (field.endsWith('.keyword') || scope.length === 0) return field
  const info = (await store.listFields(scope)).find((known) => known.name === field)
  return info === undefined || info.kinds.includes('string') ? `${field}.keyword` : field
}
