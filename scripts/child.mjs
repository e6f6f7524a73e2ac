import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import process from 'node:process'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
const PARENT_POLL_MS = 500

/**
 * Runs a program and waits for its end, so that waiting for this process means waiting for the
 * program. Forwards signals.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { capture?: boolean }} options
 *   `capture` keeps what the program prints instead of showing it
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, output: string, stopped: boolean }>}
 * `stopped` is true when a signal to this process ended it
 */
export function run(command, args, { capture = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      ...options,
    })
    let stopped = false
    const forward = (signal) => {
      // A terminal sends Ctrl-C and Ctrl-\ to every process of the foreground group, so the child
      // already has the signal. npm then sends it to this process a second time.
      const fromTerminal = ['SIGINT', 'SIGQUIT'].includes(signal) && process.stdin.isTTY
      if (!fromTerminal) child.kill(signal)
      stopped = true
    }
    for (const signal of FORWARDED) process.on(signal, forward)
    // npm sends SIGTERM to the shell between npm and this process, and that shell ends without
    // forwarding it.
    const parent = process.ppid
    const watch = () => {
      if (process.ppid !== parent && !stopped) forward('SIGTERM')
    }
    const watching = 'npm_lifecycle_event' in process.env ? setInterval(watch, PARENT_POLL_MS) : undefined
    const settle = () => {
      clearInterval(watching)
      for (const signal of FORWARDED) process.off(signal, forward)
    }
    let output = ''
    const keep = (chunk) => {
      output += chunk
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code, signal) => {
      settle()
      resolve({ code, signal, output, stopped })
    })
  })
}

/** Ends this process as the child ended: by the same signal or with the same exit code. */
export function endLike({ code, signal }) {
  if (signal !== null) {
    process.kill(process.pid, signal)
    // A signal that does not end a process by default still counts as a failure.
    process.exitCode = 128 + (constants.signals[signal] ?? 0)
  } else process.exitCode = code ?? 1
}
