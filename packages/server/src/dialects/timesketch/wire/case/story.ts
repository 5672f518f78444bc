import type { Story, StoryLine } from '../../../../services/stories/story-service.ts'
import { httpDate, modelDate } from '../dates.ts'
import { marshalUser } from '../user.ts'

/** A story. */
export function marshalStory(story: Story): Record<string, unknown> {
  return {
    id: story.id,
    title: story.title,
    content: story.contentJson,
    user: marshalUser(story.owner),
    created_at: modelDate(story.createdAtMs),
    updated_at: modelDate(story.updatedAtMs),
    labels: story.labels,
  }
}

/** A line of `meta.stories` of a sketch. */
export function marshalStoryLine(story: StoryLine): Record<string, unknown> {
  return {
    id: story.id,
    title: story.title,
    user: story.owner?.username ?? 'System',
    created_at: httpDate(story.createdAtMs),
    updated_at: httpDate(story.updatedAtMs),
  }
}
