import type { SketchCall } from '../../../http/app-types.ts'
import { readBlocks } from '../../../services/stories/story-block.ts'
import type { Story } from '../../../services/stories/story-service.ts'
import { readPiece } from './read-pieces.ts'
import type { ReportPiece } from './report-piece.ts'
import { writeHtml } from './write-html.ts'
import { writeMarkdown } from './write-markdown.ts'

/**
 * A story written out, with what its blocks show asked anew. A block whose search or aggregation is not there any more, or cannot
 * be asked, says so in the report.
 *
 * @throws {DomainError} `conflict` (`sketch-archived`) when something is to be asked of an archived sketch.
 */
export async function exportStory(
  call: SketchCall,
  story: Story,
  format: 'html' | 'markdown',
): Promise<string> {
  const pieces: ReportPiece[] = []
  for (const block of readBlocks(story.contentJson))
    pieces.push(await readPiece(call, block, format === 'html'))
  if (format === 'markdown') return writeMarkdown(pieces)
  return writeHtml(story, pieces, { username: call.principal.username, nowMs: Date.now() })
}
