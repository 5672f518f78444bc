import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import { noteExport } from '../../../../http/note-export.ts'
import type { StoryInput } from '../../../../services/stories/story-service.ts'
import { abort, inWords } from '../../errors.ts'
import { sendDone, sendJson } from '../../reply.ts'
import { type Body, pathId, readBody, text, texts } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { exportStory } from '../../story-export/export-story.ts'
import { marshalStory } from '../../wire/case/story.ts'
import { nested, one } from '../../wire/envelope.ts'

/** `/sketches/<id>/stories/…` (Timesketch 20261014: api/v1/resources/story.py). */
export function routeStories(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/stories/', 'read', list)
  router.sketch('POST', '/sketches/:sketchId/stories/', 'write', create)
  router.sketch('GET', '/sketches/:sketchId/stories/:storyId/', 'read', get)
  router.sketch('POST', '/sketches/:sketchId/stories/:storyId/', 'write', update)
  router.sketch('DELETE', '/sketches/:sketchId/stories/:storyId/', 'write', remove)
}

const WORDS = {
  'story-not-found': [404, 'No Story found with this ID.'],
  'bad-name': [400, 'Unable to validate form data: a story needs a title of 1 to 255 characters.'],
} as const

async function list(c: AppContext, call: SketchCall): Promise<Response> {
  const stories = await call.services.stories.list(call.principal, call.sketch.id)
  return sendJson(c, nested(stories.map(marshalStory)))
}

async function create(c: AppContext, call: SketchCall): Promise<Response> {
  const input = readInput(await readBody(c))
  const made = await inWords(call.services.stories.create(call.principal, call.sketch.id, input), WORDS)
  return sendJson(c, one(marshalStory(made)), 201)
}

async function get(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'storyId')
  const story = await inWords(call.services.stories.get(call.principal, call.sketch.id, id), WORDS)
  return sendJson(c, one(marshalStory(story), { is_editable: story.owner?.id === call.principal.userId }))
}

async function update(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'storyId')
  const body = await readBody(c)
  const format = text(body, 'export_format')
  if (format) return await sendExport(c, call, id, format)
  const input = readInput(body)
  const changed = await inWords(
    call.services.stories.update(call.principal, call.sketch.id, id, input),
    WORDS,
  )
  return sendJson(c, one(marshalStory(changed)), 201)
}

async function sendExport(c: AppContext, call: SketchCall, id: number, format: string): Promise<Response> {
  const story = await inWords(call.services.stories.get(call.principal, call.sketch.id, id), WORDS)
  if (format !== 'html' && format !== 'markdown')
    abort(400, `Stories are exported as html or markdown, not as [${format.slice(0, 100)}].`)
  await noteExport(call, call.sketch.id, { format, what: 'story' })
  return sendJson(c, { story: await exportStory(call, story, format) })
}

async function remove(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'storyId')
  await inWords(call.services.stories.delete(call.principal, call.sketch.id, id), WORDS)
  return sendDone(c)
}

function readInput(body: Body): StoryInput {
  return {
    title: text(body, 'title') ?? '',
    contentJson: readContent(body) || '[]',
    labels: texts(body, 'labels'),
  }
}

/** @throws {WireError} 400 for what is there and no text: taken for nothing, it would empty the story. */
function readContent(body: Body): string | undefined {
  const { content } = body
  if (content !== undefined && content !== null && typeof content !== 'string')
    abort(400, 'The content of a story is JSON text of a list of blocks; this is no text.')
  return content ?? undefined
}
