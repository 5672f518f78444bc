import { isApiError } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'
import type { SketchCalls, SketchRow } from '../backend.ts'
import type { RemotePlace } from './open-remote-backend.ts'

/** Sketches and timelines of a server. */
export function createSketchCalls({ client, options }: RemotePlace): SketchCalls {
  return {
    listSketches: () => Array.fromAsync(client.listSketches({ ...options, all: true })),
    findSketch: async (nameOrId) => await client.findSketch(nameOrId, options).catch(refuseMissing),
    createSketch: async (name, description) =>
      await client.createSketch({ name, ...(description === undefined ? {} : { description }) }, options),
    renameSketch: (sketchId, name) => client.changeSketch(sketchId, { name }, options),
    async deleteSketch(sketchId) {
      try {
        await client.deleteSketch(sketchId, { ...options, force: true })
      } catch (error) {
        // Only administrators delete for good, and the server knows who is one.
        if (!isApiError(error) || error.code !== 'force-needs-admin') throw error
        await client.deleteSketch(sketchId, options)
      }
    },
    listTimelines: (sketchId) => client.listTimelines(sketchId, options),
    async renameTimeline(sketchId, timelineId, name) {
      await client.renameTimeline(sketchId, timelineId, name, options)
    },
    deleteTimeline: (sketchId, timelineId) => client.deleteTimeline(sketchId, timelineId, options),
  }
}

// Importing into a sketch that does not exist makes it, so its absence must be told from other refusals.
function refuseMissing(error: unknown): SketchRow {
  if (isApiError(error) && error.status === 404)
    throw new CliError(error.message, EXIT.notFound, { cause: error })
  throw error
}
