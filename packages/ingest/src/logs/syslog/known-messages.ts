const CRON = /^\(([^)]+)\) CMD \(\s*(.*?)\s*\)$/
const SSH_LOGIN =
  /^Accepted (\S+) for (\S+) from (\S+) port (\d{1,5})(?: (ssh2?))?(?:: (?:(RSA|DSA|ECDSA|ED25519)\S* )?(\S+))?/
const SSH_FAILED = /^Failed (\S+) for (?:invalid user )?(\S*) from (\S+) port (\d{1,5})(?: (ssh2?))?/
const SSH_OPENED = /^Connection from (\S+) port (\d{1,5})/
/** sudo: who, where, as whom and what (sudo.conf, "Log format"). */
const SUDO = /^\s*(\S+) : (?:.*?; )?TTY=(\S+) ; PWD=(.*?) ; USER=(\S+) ; (?:.*?; )?COMMAND=(.*)$/

/** Fields that a message holds beside the usual ones; `message` where Plaso words it otherwise. */
export type KnownMessage = Readonly<Record<string, string | undefined>>

/**
 * What is in messages of programs that analyzers ask for, under the names and data types that Plaso has (release 20260720): cron's
 * tasks, logins and connections of sshd; beside these what sudo ran.
 *
 * @param pid - As it stood in the line, for the message.
 * @returns Undefined for all other messages.
 */
export function readKnownMessage(reporter: string, body: string, pid: unknown): KnownMessage | undefined {
  switch (reporter) {
    case 'CRON':
    case 'crond':
    case '/USR/SBIN/CRON': {
      const match = CRON.exec(body)
      if (!match) return undefined
      const [, username, command] = match
      return {
        data_type: 'syslog:cron:task_run',
        username,
        command,
        message: `Cron ran: ${command} for user: ${username}${pid === undefined ? '' : ` pid: ${pid}`}`,
      }
    }
    case 'sshd':
    case 'sshd-session':
      return readSshd(body, pid)
    case 'sudo': {
      const match = SUDO.exec(body)
      if (!match) return undefined
      const [, username, terminal, directory, target, command] = match
      return { username, terminal, working_directory: directory, target_username: target, command }
    }
    default:
      return undefined
  }
}

function readSshd(body: string, pid: unknown): KnownMessage | undefined {
  const end = pid === undefined ? '' : ` ssh pid: ${pid}`
  const login = SSH_LOGIN.exec(body)
  if (login) {
    const [, method, username, address, port, protocol, , fingerprint] = login
    return {
      data_type: 'syslog:ssh:login',
      authentication_method: method,
      username,
      ip_address: address,
      port,
      protocol,
      fingerprint,
      message: `Successful login of user: ${username} from ${address}:${port} using authentication method: ${method}${end}`,
    }
  }
  const failed = SSH_FAILED.exec(body)
  if (failed) {
    const [, method, username, address, port, protocol] = failed
    return {
      data_type: 'syslog:ssh:failed_connection',
      authentication_method: method,
      username,
      ip_address: address,
      port,
      protocol,
      message: `Unsuccessful connection of user: ${username} from ${address}:${port} using authentication method: ${method}${end}`,
    }
  }
  const opened = SSH_OPENED.exec(body)
  if (!opened) return undefined
  const [, address, port] = opened
  return {
    data_type: 'syslog:ssh:opened_connection',
    ip_address: address,
    port,
    message: `Connection opened ${address}:${port}${end}`,
  }
}
