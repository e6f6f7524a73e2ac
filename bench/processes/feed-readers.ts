// Opens many live feeds at once until SIGTERM; prints how many were open and how much they
// received. Raw sockets keep the cost of the readers low.
import { connect } from 'node:net'
import { answer, told } from '../script.ts'

const { url, readers } = told<{ url: string; readers: number }>()
const { hostname, port } = new URL(url)
/** Connecting all at once would overflow the accept queue. */
const AT_ONCE = 100
let open = 0
let bytes = 0

async function follow(): Promise<void> {
  const socket = connect(Number(port), hostname)
  socket.on('data', (chunk) => {
    bytes += chunk.length
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    open -= 1
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  open += 1
  socket.write(`GET /api/live HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/event-stream\r\n\r\n`)
}

process.once('SIGTERM', () => answer({ open, bytes }))
for (let begun = 0; begun < readers; begun += AT_ONCE)
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, readers - begun) }, follow))
