import { randomUUID } from 'node:crypto'
import { maxHeaderSize, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import type { Problem } from './http/problem.ts'

/** What is wrong with a request by the code of Node's error; whatever else Node cannot read is no HTTP. */
const FAULTS: Readonly<Record<string, Pick<Problem, 'status' | 'code' | 'detail'>>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers-too-large',
    detail: `The address and the headers of a request have at most ${maxHeaderSize} bytes together; send long questions in a body.`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request-timeout',
    detail: 'The headers of the request did not come in time.',
  },
}
const NO_HTTP = { status: 400, code: 'bad-request', detail: 'This is no request of HTTP/1.1.' }

/** Answers requests that Node refuses before anything of ours sees them with a problem document, as all others, and closes. */
export function answerBrokenRequests(server: Server, log: Logger): void {
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    // A plain HTTP server's streams are sockets, which know of an answer that is under way.
    const socket = stream as Socket & { readonly _httpMessage?: ServerResponse | null }
    if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent) {
      socket.destroy()
      return
    }
    const { status, code, detail } = FAULTS[error.code ?? ''] ?? NO_HTTP
    const title = STATUS_CODES[status] ?? ''
    const requestId = randomUUID()
    log.info({ requestId, status, code, address: socket.remoteAddress }, 'a request could not be read')
    const problem: Problem = { type: 'about:blank', title, status, detail, code, requestId }
    const body = JSON.stringify(problem)
    const lines = [
      `HTTP/1.1 ${status} ${title}`,
      'connection: close',
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
    ]
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  })
}
