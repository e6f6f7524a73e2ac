import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/runtime/port.ts'
import { openClickHouse } from '../../src/store/clickhouse.ts'
import type { Store } from '../../src/store/store.ts'
import { spawnPlayhead } from './playhead.ts'
import { type RunningScript, startScript } from './script.ts'
import { until } from './until.ts'

/** One `playhead process`, or a script in its place. */
export interface Member {
  pid: number
  output(): string
  /** Null while it runs; afterwards the exit code or the name of the signal. */
  ended(): string | number | null
  pause(): void
  resume(): void
  kill(): Promise<void>
  /** Asks it to stop. @returns its exit code */
  stop(): Promise<number | null>
}

/** A store behind HTTP, and pipelines that share it. */
export interface Fleet {
  url: string
  topic: string
  store: Store
  /** Starts `playhead process` and waits until it is a member of the group. */
  join(env?: Record<string, string>): Promise<Member>
  /** Number of stored listens. */
  countStored(): Promise<number>
  /**
   * Holds the next INSERTs of listens up before the engine sees them.
   * @param hangUp breaks their connections meanwhile, so that their sender cannot know what became of them
   */
  holdInserts(inserts: number, ms: number, hangUp?: boolean): Promise<void>
  /**
   * Runs the next INSERT of listens for even partitions only and breaks its connection, like
   * failing shards.
   */
  storeInPart(): Promise<void>
  /** Number of INSERTs that are delayed now. */
  held(): Promise<number>
  /**
   * Kills the store without a shutdown. @returns starts it again with the same folder and address
   */
  killStore(): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** Records the output and the end of a child process. */
export function memberOf(child: ChildProcess): Member {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const exited = once(child, 'exit')
  return {
    pid: child.pid ?? -1,
    output: () => output,
    ended: () => child.signalCode ?? child.exitCode,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
      return child.exitCode
    },
  }
}

/** Starts a script of this folder as a member. */
export function scriptMember(name: string, args: readonly string[]): Member {
  const script = fileURLToPath(new URL(name, import.meta.url))
  return memberOf(
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
}

/**
 * Puts a store in a folder behind HTTP; its pipelines read the topic of the same name.
 * @param cluster where the store is to be a cluster: its name
 */
export async function openFleet(
  directory: string,
  bootstrap: string,
  topic: string,
  cluster?: string,
): Promise<Fleet> {
  const path = join(directory, topic)
  await mkdir(path, { recursive: true })
  const address = [
    path,
    String(await freePort()),
    ...(cluster === undefined ? [] : [JSON.stringify({ cluster })]),
  ]
  let front: RunningScript = startScript('clickhouse-front.ts', address)
  const url = await front.firstLine
  const store = await openClickHouse(url, undefined, cluster)
  const members: Member[] = []
  return {
    url,
    topic,
    store,
    async join(env = {}) {
      const member = memberOf(
        spawnPlayhead(['process'], {
          KAFKA_BROKERS: bootstrap,
          KAFKA_TOPIC: topic,
          CLICKHOUSE_URL: url,
          LOG_LEVEL: 'info',
          ...(cluster === undefined ? {} : { CLICKHOUSE_CLUSTER: cluster }),
          ...env,
        }),
      )
      members.push(member)
      await until('a member joins', () => {
        if (member.ended() !== null) throw new Error(`the pipeline ended:\n${member.output()}`)
        return member.output().includes('partitions assigned')
      })
      return member
    },
    async countStored() {
      const [row] = await store.rows<[number]>('SELECT count() FROM listens')
      return row?.[0] ?? 0
    },
    async holdInserts(inserts, ms, hangUp = false) {
      await fetch(`${url}/front/hold?inserts=${inserts}&ms=${ms}&hang_up=${hangUp ? 1 : 0}`)
    },
    async storeInPart() {
      await fetch(`${url}/front/hold?inserts=1&ms=0&hang_up=1&part=1`)
    },
    held: async () => Number(await (await fetch(`${url}/front/held`)).text()),
    async killStore() {
      await front.kill()
      return async () => {
        front = startScript('clickhouse-front.ts', address)
        await front.firstLine
      }
    },
    async close() {
      for (const member of members) if (member.ended() === null) await member.kill()
      await store.close()
      await front.kill()
    },
  }
}
