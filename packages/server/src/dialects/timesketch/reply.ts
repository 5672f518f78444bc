import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppContext } from '../../http/app-types.ts'

/** Answers with a value as JSON and a line end, as Flask does. */
export function sendJson(c: AppContext, value: unknown, status = 200): Response {
  return sendJsonText(c, `${JSON.stringify(value)}\n`, status)
}

/** Answers with JSON text that is ready. */
export function sendJsonText(c: AppContext, text: string, status = 200): Response {
  c.header('Vary', 'Cookie')
  // Every status used here is one that allows a body.
  return c.body(text, status as ContentfulStatusCode, { 'Content-Type': 'application/json' })
}

/** The bare `200` that several handlers of Timesketch answer with. */
export function sendDone(c: AppContext): Response {
  return sendJson(c, 200)
}

/** Answers with a file to be saved, made while it is sent. */
export function sendZip(c: AppContext, body: ReadableStream<Uint8Array>, fileName: string): Response {
  c.header('Vary', 'Cookie')
  return c.body(body, 200, {
    'Content-Type': 'zip',
    'Cache-Control': 'no-cache',
    'Content-Disposition': `inline; filename=${quoteFileName(fileName)}`,
  })
}

/** A file name fit for a header: anything but plain characters becomes `_` (RFC 6266, section 4.3). */
function quoteFileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 200) || 'download.zip'
}
