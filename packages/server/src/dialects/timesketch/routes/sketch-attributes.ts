import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { abort } from '../errors.ts'
import { sendDone, sendJson } from '../reply.ts'
import { readBody, text } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { castOf, encodeValue, marshalAttributes } from '../wire/ontology.ts'

/** `/sketches/<id>/attribute/` (Timesketch 20261014: api/v1/resources/attribute.py). */
export function routeSketchAttributes(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/attribute/', 'read', listAttributes)
  router.sketch('POST', '/sketches/:sketchId/attribute/', 'write', setAttribute)
  router.sketch('DELETE', '/sketches/:sketchId/attribute/', 'write', deleteAttribute)
}

async function listAttributes(c: AppContext, call: SketchCall): Promise<Response> {
  const attributes = await call.services.sketchAttributes.list(call.principal, call.sketch.id)
  return sendJson(c, marshalAttributes(attributes))
}

async function setAttribute(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const name = text(body, 'name')
  const ontology = text(body, 'ontology')
  if (!name) abort(400, 'Unable to save an attribute without a name.')
  if (!ontology) abort(400, 'Unable to save an attribute without an ontology.')
  const given = body['values']
  if (!given) abort(400, 'Missing values from the request.')
  if (!Array.isArray(given)) abort(400, 'Values needs to be a list.')
  const cast = castOf(ontology)
  const values = given.map((value) => {
    const encoded = encodeValue(value, cast)
    if (encoded === undefined) {
      abort(400, `Unable to save the attribute: a value of ontology ${ontology} needs to be of type ${cast}.`)
    }
    return encoded
  })
  const { created } = await call.services.sketchAttributes.set(call.principal, call.sketch.id, {
    name,
    ontology,
    values,
  })
  return sendJson(
    c,
    { name, ontology, cast_as: cast, action: created ? 'create' : 'update' },
    created ? 201 : 200,
  )
}

async function deleteAttribute(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const name = text(body, 'name') ?? ''
  const ontology = text(body, 'ontology') ?? ''
  const done = await call.services.sketchAttributes.delete(call.principal, call.sketch.id, name, ontology)
  if (!done) abort(400, "Unable to delete the attribute, couldn't find it.")
  return sendDone(c)
}
