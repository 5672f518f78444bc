import { parentPort, workerData } from 'node:worker_threads'
import type { StretchJob } from '../packages/ingest/src/pipeline/stretch.ts'
import { StretchLoop } from './stretches.ts'

// `rateOnThreads` starts it with the stretches, and has them read once for each message; it answers when it is ready, and each time.
const port = parentPort
if (!port) throw new Error('expected to be started as a thread, found none that started it')
const loop = new StretchLoop(workerData as readonly StretchJob[])
port.on('message', () => port.postMessage(loop.run()))
port.postMessage('ready')
