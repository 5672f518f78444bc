import { BATCH_PARTS, type BatchGroup, type BatchItem, type BatchPart, type PullBatch } from './pull-batch.ts'

/**
 * The text of a batch: a line of JSON, in which items have no content, and a line with the JSON of each item, in their order there. What
 * a platform gave is in it as it stands: written into other JSON it would be a fifth longer, and read twice.
 */
export function writeBatch(batch: PullBatch): string {
  const lines: string[] = []
  const groups = mapItems(batch.groups, ({ json, record: _known, ...told }) => {
    lines.push(json)
    return told
  })
  return [JSON.stringify({ ...batch, groups }), ...lines].join('\n')
}

/** A batch as `writeBatch` wrote it, also in an earlier version: there all of it is one line. */
export function readBatch(text: string): PullBatch {
  const [head = '', ...lines] = text.split('\n')
  // One that an earlier version wrote may have put nothing aside.
  const older = { aside: [], eventsOnly: [] }
  const batch = { ...older, ...(JSON.parse(head) as Omit<PullBatch, keyof typeof older>) }
  if (lines.length === 0) return batch
  let place = 0
  return { ...batch, groups: mapItems(batch.groups, (item) => ({ ...item, json: lines[place++]! })) }
}

function mapItems<Item>(
  groups: readonly BatchGroup[],
  map: (item: BatchItem) => Item,
): (Omit<BatchGroup, BatchPart> & Readonly<Record<BatchPart, readonly Item[]>>)[] {
  return groups.map((group) => {
    const [fresh, changed, moved] = BATCH_PARTS.map((part) => group[part].map(map))
    return { ...group, fresh: fresh!, changed: changed!, moved: moved! }
  })
}
