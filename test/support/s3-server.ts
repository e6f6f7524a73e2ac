import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { until } from './until.ts'

/** A real S3 server, built from its Go module. Each subfolder of its folder is a bucket. */
const MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'
const BUILT = fileURLToPath(new URL('../../node_modules/.cache/playhead-go/', import.meta.url))
const BUILD_MS = 600_000

export const S3_KEYS = { accessKey: 'playhead-test', secretKey: "it's-a-secret/+key" }

export interface S3Server {
  endpoint: string
  pid: number
  /** Kills it without a shutdown. */
  kill(): Promise<void>
}

/** @param folder contains a folder for each bucket */
export async function startS3Server(folder: string, port: number): Promise<S3Server> {
  const program = await built()
  const { accessKey, secretKey } = S3_KEYS
  const child = spawn(program, ['--port', `127.0.0.1:${port}`, '--health', '/health', 'posix', folder], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ROOT_ACCESS_KEY: accessKey,
      ROOT_SECRET_KEY: secretKey,
    },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  const endpoint = `http://127.0.0.1:${port}`
  await until('the S3 server answers', async () => {
    if (child.exitCode !== null) throw new Error(`the S3 server ended with ${child.exitCode}`)
    return (await fetch(`${endpoint}/health`).catch(() => null))?.ok
  })
  return {
    endpoint,
    pid: child.pid ?? -1,
    async kill() {
      if (child.signalCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}

/** The first build takes some minutes. */
async function built(): Promise<string> {
  const program = join(BUILT, 'versitygw')
  if (
    await access(program).then(
      () => true,
      () => false,
    )
  )
    return program
  await mkdir(BUILT, { recursive: true })
  await promisify(execFile)('go', ['install', MODULE], {
    env: { ...process.env, GOBIN: BUILT },
    timeout: BUILD_MS,
  })
  return program
}
