import type { IncomingMessage, Server } from 'node:http'

/**
 * Cuts off clients that have begun a body and send nothing more of it: what they upload would hold up the imports of others.
 * A client that waits because nobody reads what it sent is left alone.
 *
 * @param idleMs - Silence is noticed after this time at the earliest and twice the time at the latest.
 * @param onCut - Told the address of each one.
 */
export function watchIdleBodies(
  server: Server,
  idleMs: number,
  onCut: (address: string | undefined) => void,
): void {
  server.on('request', (request: IncomingMessage) => {
    const { headers, socket } = request
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
    let seenBytes = socket.bytesRead
    const timer = setInterval(() => {
      if (request.complete || socket.destroyed) {
        clearInterval(timer)
        return
      }
      const isSilent = socket.bytesRead === seenBytes
      seenBytes = socket.bytesRead
      if (!isSilent || request.readableLength > 0) return
      clearInterval(timer)
      onCut(socket.remoteAddress)
      socket.destroy()
    }, idleMs)
    timer.unref()
    // Not the socket's: many requests come over one.
    request.once('close', () => clearInterval(timer))
  })
}
