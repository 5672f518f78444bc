import type { FieldInfo } from '@timeskein/store'
import type { UserCall } from '../../http/app-types.ts'
import type { Grants } from '../../services/access/access-service.ts'
import type { Sketch } from '../../services/sketches/sketch-service.ts'
import { AGGREGATOR_FORMS } from './wire/case/aggregator-info.ts'
import { marshalStoryLine } from './wire/case/story.ts'
import { modelDate } from './wire/dates.ts'
import { listEmojis } from './wire/emojis.ts'
import { marshalAttributes } from './wire/ontology.ts'
import { marshalViewLine } from './wire/saved-search.ts'
import type { SketchParts } from './wire/sketch.ts'

/** The big `meta` of a sketch (Timesketch 20261014: api/v1/resources/sketch.py). */
export async function readSketchMeta(
  call: UserCall,
  sketch: Sketch,
  parts: SketchParts,
): Promise<Record<string, unknown>> {
  const { services, principal } = call
  const isArchived = sketch.status === 'archived'
  const ready = isArchived ? [] : parts.timelines.filter((timeline) => timeline.status === 'ready')
  const [views, stories, templates, attributes, stats, fields, labels, activity] = await Promise.all([
    services.savedSearches.list(principal, sketch.id),
    services.stories.listLines(principal, sketch.id),
    services.searchTemplates.list(principal),
    services.sketchAttributes.list(principal, sketch.id),
    services.timelines.stats(ready),
    ready.length === 0 ? [] : services.explore.fields(principal, sketch.id),
    ready.length === 0 ? [] : services.marks.labelCounts(principal, sketch.id),
    services.sketches.lastActivity([sketch.id]),
  ])
  const lastActivity = activity.get(sketch.id)
  return {
    aggregators: AGGREGATOR_FORMS,
    views: [...views]
      .sort((left, right) => compare(left.name.toLowerCase(), right.name.toLowerCase()))
      .map(marshalViewLine),
    stories: stories.map(marshalStoryLine),
    searchtemplates: templates.map(({ id, name }) => ({ id, name })),
    emojis: listEmojis(),
    permissions: {
      public: parts.permissions.public,
      read: parts.permissions.read,
      write: parts.permissions.write,
      delete: parts.permissions.delete,
    },
    collaborators: listCollaborators(parts.grants, sketch.owner?.id),
    attributes: marshalAttributes(attributes),
    mappings: marshalMappings(fields),
    indices_metadata: Object.fromEntries(
      ready.map((timeline) => [timeline.searchIndex.indexName, { is_legacy: false }]),
    ),
    stats_per_timeline: Object.fromEntries(
      ready.map((timeline) => [timeline.id, { count: stats.get(timeline.id)?.eventCount ?? 0 }]),
    ),
    last_activity: lastActivity === undefined ? '' : modelDate(lastActivity),
    sketch_labels: sketch.labels,
    filter_labels: labels.map(({ label, count }) => ({ label, count })),
    supports_wildcard: ready.length > 0,
  }
}

/** A field's type as OpenSearch's mapping names it: the widest of what its values are. */
function mappingType(field: FieldInfo): string {
  if (field.name === 'datetime') return 'date'
  if (field.name === 'timestamp') return 'long'
  if (field.kinds.includes('string')) return 'text'
  if (field.kinds.includes('real')) return 'float'
  if (field.kinds.includes('integer')) return 'long'
  if (field.kinds.includes('date')) return 'date'
  return field.kinds.includes('boolean') ? 'boolean' : 'n/a'
}

function marshalMappings(fields: readonly FieldInfo[]): Record<string, unknown>[] {
  const types = new Map<string, string>()
  for (const field of fields) {
    if (field.name.startsWith('__') || field.name === 'timesketch_label') continue
    types.set(field.name, mappingType(field))
  }
  // Every event answers to these, also where no source has them.
  if (fields.length > 0) {
    types.set('datetime', 'date')
    types.set('timestamp', 'long')
    for (const name of ['timestamp_desc', 'message']) types.set(name, types.get(name) ?? 'text')
  }
  return [...types].sort(([left], [right]) => compare(left, right)).map(([field, type]) => ({ field, type }))
}

function listCollaborators(grants: Grants, ownerId: number | undefined): Record<string, unknown> {
  return {
    users: grants.users
      .filter((user) => user.userId !== ownerId && user.permissions.includes('read'))
      .map((user) => user.username),
    groups: grants.groups.filter((group) => group.permissions.includes('read')).map((group) => group.name),
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
