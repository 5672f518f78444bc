import { Buffer } from 'node:buffer'

const START_S = Date.UTC(2026, 0, 1) / 1000

/** Texts in which line ends, quotes, NULs and bytes that are no UTF-8 stand, as values may. */
const TEXTS: readonly Buffer[] = [
  Buffer.from('plain text'),
  Buffer.from('two\nlines'),
  Buffer.from('ends with a blank line\n\n__CURSOR=x\n'),
  Buffer.from('é ☃ 𝄞'),
  Buffer.from([0x66, 0xff, 0xfe, 0x00, 0x80]),
  Buffer.from('a=b=c'),
  Buffer.from('\ttab and \u0007 bell'),
]

/** Entries of a journal in the export format, as one machine's journal may hold them. */
export function makeJournalExport(entries: number): Buffer {
  const parts: Buffer[] = []
  const boot = '0123456789abcdef0123456789abcdef'
  for (let i = 0; i < entries; i++) {
    const us = BigInt(START_S) * 1_000_000n + BigInt(i) * 1_234_567n
    const seqnum = (i + 1).toString(16)
    parts.push(
      Buffer.from(
        `__CURSOR=s=${boot};i=${seqnum};b=${boot};m=${(i + 1).toString(16)};t=${us.toString(16)};x=${seqnum}\n` +
          `__REALTIME_TIMESTAMP=${us}\n__MONOTONIC_TIMESTAMP=${i + 1}\n_BOOT_ID=${boot}\n` +
          `_HOSTNAME=host${i % 3}\nPRIORITY=${i % 8}\nSYSLOG_IDENTIFIER=prog${i % 5}\n_PID=${100 + i}\n`,
      ),
    )
    parts.push(field('MESSAGE', TEXTS[i % TEXTS.length]!))
    if (i % 4 === 0) parts.push(field('EXTRA', Buffer.from('one')), field('EXTRA', Buffer.from('two')))
    parts.push(Buffer.from('\n'))
  }
  return Buffer.concat(parts)
}

function field(name: string, value: Buffer): Buffer {
  const isPlain = value.every((byte) => byte >= 0x20 || byte === 0x09) && !value.includes(0xff)
  if (isPlain) return Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from('\n')])
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(value.length))
  return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')])
}

/** An audit log of programs started and logins; events of two processors mix. */
export function makeAuditLog(events: number): string {
  const lines: string[] = []
  let held: string | undefined
  for (let i = 0; i < events; i++) {
    const head = `msg=audit(${START_S + i}.${String(i % 1000).padStart(3, '0')}:${1000 + i}):`
    const own =
      i % 5 === 0
        ? [
            `type=USER_LOGIN ${head} pid=${i} uid=0 auid=1000 ses=2 msg='op=login acct="kim" exe="/usr/sbin/sshd" hostname=192.0.2.1 addr=192.0.2.1 terminal=ssh res=success'`,
          ]
        : [
            `type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=0 a3=0 items=1 ppid=1 pid=${i} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="ls" exe="/usr/bin/ls" key="exec"`,
            `type=EXECVE ${head} argc=2 a0="ls" a1=${Buffer.from(`/tmp/a b ${i}`).toString('hex').toUpperCase()}`,
            `type=CWD ${head} cwd="/root"`,
            `type=PATH ${head} item=0 name="/usr/bin/ls" inode=${i + 1} dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`,
            `type=PROCTITLE ${head} proctitle=${Buffer.from(`ls\0/tmp/a b ${i}`).toString('hex').toUpperCase()}`,
          ]
    const last = own.pop()!
    lines.push(...own)
    if (held !== undefined) lines.push(held)
    held = undefined
    // Every seventh event's last record comes after the first ones of the next event.
    if (i % 7 === 3 && own.length > 0) held = last
    else lines.push(last)
  }
  if (held !== undefined) lines.push(held)
  return `${lines.join('\n')}\n`
}

/** A body file with equal and different, missing and late times. */
export function makeBodyFile(entries: number): string {
  return Array.from({ length: entries }, (_, i) => {
    const times = [0, 1, 2, 3].map((n) => (i % 11 === n ? 0 : START_S + i * 60 + (i % (n + 2))))
    return `0|/folder ${i % 9}/file, "${i}"|${i + 10}-128-1|r/rrwxr-xr-x|${i % 3}|0|${i * 7}|${times.join('|')}`
  }).join('\n')
}
