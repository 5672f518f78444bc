import type { Principal } from '../../auth/principal.ts'
import type { Services } from '../../services/services.ts'
import type { Sketch } from '../../services/sketches/sketch-service.ts'
import { type Envelope, one } from './wire/envelope.ts'
import { marshalSketch, type SketchParts } from './wire/sketch.ts'

/** What a sketch's own answer carries beside the sketch. */
export async function readSketchParts(
  services: Services,
  principal: Principal,
  sketch: Sketch,
): Promise<SketchParts> {
  const [timelines, graphs, grants, permissions] = await Promise.all([
    services.timelines.list(principal, sketch.id),
    services.graphs.list(principal, sketch.id),
    services.access.sketchGrants(sketch.id),
    services.access.sketchPermissions(principal, sketch.id),
  ])
  return { timelines, graphs, grants, permissions, isAdmin: principal.isAdmin }
}

/** A sketch in its envelope, as the answer to making or changing it. */
export async function sketchEnvelope(
  services: Services,
  principal: Principal,
  sketch: Sketch,
): Promise<Envelope> {
  return one(marshalSketch(sketch, await readSketchParts(services, principal, sketch)))
}
