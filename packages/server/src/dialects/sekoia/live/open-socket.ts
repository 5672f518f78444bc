import type { AppContext, UserCall } from '../../../http/app-types.ts'
import { findIdentity } from '../../../http/identify.ts'
import { acceptSocket } from '../../../http/web-socket/accept-upgrade.ts'
import type { TextSocket } from '../../../http/web-socket/text-socket.ts'
import { identifyCaller } from '../identify-caller.ts'
import type { SocketLimits } from './socket-limits.ts'

/** How often it is looked whether a socket's caller is still good. */
export const LOOK_MS = 10_000
/** RFC 6455, section 7.4.1: the policy is broken; the server failed. */
export const POLICY_VIOLATION = 1008
const FAILURE = 1011

/**
 * Opens the socket that a request asks for, for as long as whoever asked may call; false where it asks for none.
 *
 * @throws {DomainError} `too-many` (`too-many-sockets`).
 */
export function openSocket(
  c: AppContext,
  call: UserCall,
  limits: SocketLimits,
  serve: (socket: TextSocket) => void,
): boolean {
  limits.requireRoom(call.principal)
  return acceptSocket(c, (socket) => {
    limits.add(call.principal, socket.signal)
    endWithCaller(c, call, socket)
    serve(socket)
  })
}

/** Ends a socket when the key is revoked, the session ended or the user disabled. */
function endWithCaller(c: AppContext, call: UserCall, socket: TextSocket): void {
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      if (!(await isStillGood(c, call))) socket.close(POLICY_VIOLATION, 'the caller may not call any more')
    } catch (error) {
      call.log.error({ err: error }, 'the caller of a socket could not be identified again')
      socket.close(FAILURE, 'the server failed')
    } finally {
      isLooking = false
    }
  }
  const timer = setInterval(() => void look(), LOOK_MS)
  timer.unref()
  socket.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

async function isStillGood(c: AppContext, { services, principal }: UserCall): Promise<boolean> {
  const own = await findIdentity(c, services, { renews: false })
  const { principal: now } =
    own.error || own.principal?.via === 'api-key' ? own : ((await identifyCaller(c, services)) ?? own)
  return now?.userId === principal.userId && now.apiKeyId === principal.apiKeyId && now.scopes.has('read')
}
