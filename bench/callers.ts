/**
 * Sixteen clients on a thread of their own, so that what the server does is measured and not what a client library does
 * beside it. Each keeps one connection, writes a request and waits for its answer; anything but 200 ends the measurement.
 */
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

export interface Call {
  readonly path: string
  readonly token: string
  readonly body: string
}

interface Task {
  readonly port: number
  readonly clients: number
  readonly calls: readonly Call[]
}

/** @returns how many calls a second were answered */
export function callAll(task: Task): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task })
    worker.once('message', (seconds: number) => resolve(task.calls.length / seconds))
    worker.once('error', reject)
  })
}

if (!isMainThread) parentPort?.postMessage(await secondsFor(workerData as Task))

async function secondsFor({ port, clients, calls }: Task): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: clients }, () => opened(port)))
  const began = performance.now()
  let next = 0
  await Promise.all(
    sockets.map(async (socket) => {
      for (let call = calls[next++]; call !== undefined; call = calls[next++]) await answered(socket, call)
    }),
  )
  const seconds = (performance.now() - began) / 1000
  for (const socket of sockets) socket.destroy()
  return seconds
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.setNoDelay(true)))
    socket.once('error', reject)
  })
}

function answered(socket: Socket, { path, token, body }: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN)
      if (head < 0 || text.length < head + 4 + length) return
      socket.off('data', take)
      if (text.startsWith('HTTP/1.1 200')) resolve()
      else reject(new Error(text))
    }
    socket.on('data', take)
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  })
}
