import type { EffectivePermissions, Grants } from '../../../services/access/access-service.ts'
import type { GraphLine } from '../../../services/graphs/graph-service.ts'
import type { Sketch } from '../../../services/sketches/sketch-service.ts'
import { isActiveTimeline, type Timeline } from '../../../services/timelines/timeline-service.ts'
import { marshalGraph } from './case/graph.ts'
import { httpDate, modelDate, spacedDate } from './dates.ts'
import { labelString } from './labels.ts'
import { pythonJson } from './python-json.ts'
import { marshalStatus } from './status.ts'
import { marshalTimeline } from './timeline.ts'
import { marshalUser } from './user.ts'

/** What belongs to a sketch's own answer beside the sketch. */
export interface SketchParts {
  readonly timelines: readonly Timeline[]
  readonly graphs: readonly GraphLine[]
  readonly grants: Grants
  readonly permissions: EffectivePermissions
  readonly isAdmin: boolean
}

/** A sketch with its timelines. */
export function marshalSketch(sketch: Sketch, parts: SketchParts): Record<string, unknown> {
  return {
    id: sketch.id,
    name: sketch.name,
    description: sketch.description,
    user: marshalUser(sketch.owner),
    timelines: parts.timelines.map(marshalTimeline),
    graphs: parts.graphs.map(marshalGraph),
    active_timelines: parts.timelines.filter(isActiveTimeline).map(marshalTimeline),
    label_string: labelString(sketch.labels),
    status: marshalStatus(sketch),
    all_permissions: allPermissions(parts.grants),
    my_permissions: pythonJson([
      ...(parts.isAdmin ? ['admin'] : []),
      ...(['read', 'write', 'delete'] as const).filter((permission) => parts.permissions[permission]),
    ]),
    created_at: modelDate(sketch.createdAtMs),
    updated_at: modelDate(sketch.updatedAtMs),
  }
}

/** One line of the list of sketches. */
export function marshalSketchLine(
  sketch: Sketch,
  lastActivityMs: number | undefined,
): Record<string, unknown> {
  return {
    id: sketch.id,
    name: sketch.name,
    description: sketch.description,
    created_at: spacedDate(sketch.createdAtMs),
    last_activity: lastActivityMs === undefined ? '' : modelDate(lastActivityMs),
    user: sketch.owner?.username ?? null,
    status: sketch.status,
  }
}

/** What an administrator sees of a sketch that is not open to them, or of a deleted one. */
export function marshalRestrictedSketch(
  sketch: Sketch,
  parts: { caller: string; timelines: readonly Timeline[]; grants: Grants; canRead: boolean },
): Record<string, unknown> {
  const status = sketch.status === 'archived' || sketch.status === 'deleted' ? sketch.status : 'admin_view'
  return {
    id: sketch.id,
    name: sketch.name,
    description: sketch.description,
    user: { username: parts.caller },
    timelines: parts.timelines.map((timeline) => ({
      id: timeline.id,
      name: parts.canRead ? timeline.name : '<Restricted>',
      description: parts.canRead ? timeline.description : '',
      color: parts.canRead ? timeline.color : '',
      status: [{ id: 0, status: timeline.status }],
      searchindex: { index_name: parts.canRead ? timeline.searchIndex.indexName : '' },
      created_at: httpDate(timeline.createdAtMs),
      updated_at: httpDate(timeline.updatedAtMs),
      deleted: timeline.status === 'deleted',
    })),
    stories: [],
    active_timelines: [],
    label_string: labelString(sketch.labels),
    status: [{ id: 0, status }],
    all_permissions: allPermissions(parts.grants),
    created_at: httpDate(sketch.createdAtMs),
    updated_at: httpDate(sketch.updatedAtMs),
  }
}

/** Who may do what, as JSON text. */
function allPermissions(grants: Grants): string {
  return pythonJson(
    Object.fromEntries([
      ...grants.users.map((user) => [`user/${user.username}`, user.permissions]),
      ...grants.groups.map((group) => [`group/${group.name}`, group.permissions]),
      ['is_public', grants.isPublic],
    ]),
  )
}
