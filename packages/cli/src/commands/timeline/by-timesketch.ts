import { requireText } from '../../arguments.ts'
import { findTimeline } from '../../backend/timesketch/find-timeline.ts'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { printResult } from '../../output/print-result.ts'
import { lines, prose } from '../../output/prose.ts'
import { openSketch } from '../../timesketch/open-sketch.ts'
import type { TimelineAction } from './actions.ts'

const IS_COLOR = /^#?([0-9a-f]{6}|[0-9a-f]{4}|[0-9a-f]{3})$/i

/** Carries out an action on the timeline of that name or id by Timesketch's API, wherever it is. */
export async function runTimelineAction(
  action: TimelineAction,
  nameOrId: string,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const color = action === 'color' ? readColor(call.positionals[2]) : ''
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'timeline'))
  const { timelines } = access.sketch
  const { id } = await findTimeline(access.sketch, nameOrId, access.options)
  if (action === 'color') {
    await timelines.update(id, { color }, access.options)
    await printResult({ id, color }, prose`timeline ${id} has the color ${color}\n`, call, effects)
    return EXIT.ok
  }
  const timeline = await timelines.get(id, access.options)
  const fields = await timelines.fields(id, access.options)
  const value = {
    id,
    name: timeline.name,
    description: timeline.description,
    index: timeline.index.indexName,
    status: timeline.status,
    events: timeline.eventCount ?? null,
    color: timeline.color,
    labels: timeline.labels,
    fields,
    owner: timeline.owner,
    created: timeline.createdAt ?? null,
    data_sources: timeline.dataSources.map((source) => ({
      id: source.id,
      file: source.originalFilename,
      provider: source.provider,
      context: source.context,
      status: source.status,
      error: source.errorMessage ?? null,
    })),
  }
  const told = [
    `${timeline.name} (timeline ${id}, ${timeline.status})`,
    `index: ${value.index}`,
    `events: ${value.events ?? 'unknown'}`,
    `color: ${value.color}`,
    `fields: ${fields.length}`,
    `created: ${value.created ?? 'unknown'} by ${value.owner}`,
    ...value.data_sources.map(
      (source) =>
        `source ${source.id}: ${source.file || source.provider}, ${source.status}${source.error === null ? '' : `, ${source.error}`}`,
    ),
  ]
  await printResult(value, lines(told), call, effects)
  return EXIT.ok
}

function readColor(text: string | undefined): string {
  const color = IS_COLOR.exec(text ?? '')?.[1]
  if (color !== undefined) return color.toUpperCase()
  throw new CliError(
    `skein timeline color takes a color in hex digits such as AABB11, found "${text ?? ''}"`,
    EXIT.usage,
  )
}
