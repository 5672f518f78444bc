import type { TextSocket } from '../../../http/web-socket/text-socket.ts'
import { POLICY_VIOLATION } from './open-socket.ts'

/** Questions that may wait for the one before. */
const MAX_WAITING = 4

/** Answers what a socket is asked, one question after the other; who asks much faster than is answered is cut off. */
export function answerInTurn(socket: TextSocket, answer: (text: string) => Promise<unknown>): void {
  const waiting: string[] = []
  let isAnswering = false
  const work = async (): Promise<void> => {
    if (isAnswering) return
    isAnswering = true
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      const answered = await answer(text)
      if (socket.signal.aborted) return
      socket.send(JSON.stringify(answered))
    }
    isAnswering = false
  }
  socket.onText((text) => {
    waiting.push(text)
    if (waiting.length > MAX_WAITING) socket.close(POLICY_VIOLATION, 'too many questions at once')
    else void work()
  })
}
