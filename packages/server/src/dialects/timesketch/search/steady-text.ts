import { listDataPaths } from '../../../data-paths.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { TimelineSelection } from '../../../services/explore/explore-service.ts'
import { TextSpool } from './text-spool.ts'

/** Times that a text is made anew because timelines were taken away while it was made. */
const MAX_ATTEMPTS = 5

/**
 * The text of one file of an export. Where a timeline of the sketch is deleted while it is made, it is made anew of what is left: a
 * file has all of a timeline or nothing of it.
 *
 * @param make - Begins the text; called again for each attempt.
 */
export async function* steadyText(
  call: UserCall,
  sketchId: number,
  selection: TimelineSelection,
  make: () => AsyncIterable<string>,
): AsyncIterable<string> {
  await using spool = await makeWhole(call, sketchId, selection, make)
  yield* spool.read()
}

async function makeWhole(
  { services, system, signal }: UserCall,
  sketchId: number,
  selection: TimelineSelection,
  make: () => AsyncIterable<string>,
): Promise<TextSpool> {
  const folder = listDataPaths(system.dataDirectory).cache
  const listThere = async (): Promise<string> => {
    const { timelines } = await services.explore.resolveScope(sketchId, selection)
    return timelines.map(({ id }) => id).join()
  }
  for (let attempt = 1; ; attempt += 1) {
    const before = await listThere()
    try {
      return await TextSpool.of(make(), folder)
    } catch (error) {
      if (signal.aborted || attempt === MAX_ATTEMPTS || (await listThere()) === before) throw error
    }
  }
}
