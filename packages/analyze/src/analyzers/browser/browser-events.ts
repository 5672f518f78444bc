import type { Query } from '@timeskein/query'
import type { StoryPiece } from '../case-work.ts'

/** Events of browser histories. */
export const BROWSER_EVENTS: Query = {
  kind: 'or',
  of: ['source_short', 'source'].map(
    (field) => ({ kind: 'phrase', field, text: 'WEBHIST', slop: 0 }) as const,
  ),
}

/** The title of the story that analyzers of browser histories write in common (Timesketch 20261014: lib/analyzers/utils.py). */
export function titleOfBrowserStory(timelineName: string): string {
  return `Browser Artifacts - ${timelineName}`
}

/** How that story begins, whichever analyzer comes first. */
export const BROWSER_STORY_HEAD: StoryPiece = {
  kind: 'text',
  once: true,
  markdown: 'Analyzers of browser histories wrote this story; each section is one analyzer’s.',
}
