import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Listen } from '../../src/listen/listen.ts'
import { event, record } from '../support/event.ts'
import { type Fleet, openFleet } from '../support/fleet.ts'
import { sendRecords } from '../support/kafka.ts'
import { type RunningPlayhead, spawnPlayhead } from '../support/playhead.ts'
import { storeListens } from '../support/store-listens.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'export-limits'
/** With their long texts, several times what connections hold of them. */
const LISTENS = 20_000
const LONG = 'long '.repeat(90).trim()

describe('an export', () => {
  let workspace: Workspace
  let fleet: Fleet
  let playhead: RunningPlayhead
  let folder: string
  const children: ChildProcess[] = []

  before(async () => {
    workspace = await openWorkspace()
    folder = join(workspace.directory, 'files')
    await mkdir(folder)
    fleet = await openFleet(workspace.directory, workspace.broker.address, TOPIC)
    playhead = await workspace.start({ KAFKA_TOPIC: TOPIC, CLICKHOUSE_URL: fleet.url })
    for (let from = 0; from < LISTENS; from += 5_000)
      await sendRecords(
        workspace.broker.address,
        Array.from({ length: 5_000 }, (_, at) =>
          record({
            title: LONG,
            artist: LONG,
            genre: at % 100 === 0 ? 'Rare' : 'Pop',
            timestamp: 1_764_000_000 + from + at,
          }),
        ),
        TOPIC,
      )
    await until('all are stored', async () => (await playhead.totals()).listens === LISTENS)
  })
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await workspace.close()
    await fleet?.close()
  })

  /** Runs the command until it ends. */
  async function run(...args: string[]): Promise<{ code: number | null; err: string }> {
    const child = spawnPlayhead(['export', '--url', playhead.url, ...args], {})
    children.push(child)
    let err = ''
    child.stdout?.resume()
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, err }
  }

  /** Reads the beginning of an export and then stops reading. */
  async function begin(query: string): Promise<IncomingMessage> {
    const [answer] = (await once(get(`${playhead.url}/api/export?${query}`), 'response')) as [IncomingMessage]
    await once(answer, 'readable')
    return answer
  }

  const timesOf = async (query: string) => {
    const text = await (await fetch(`${playhead.url}/api/export?format=jsonl&${query}`)).text()
    return text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Listen).timestamp)
  }

  it('begins with the oldest on request', async () => {
    const newest = await timesOf('genre=Rare')
    assert.equal(newest.length, LISTENS / 100)
    assert.deepEqual(await timesOf('genre=Rare&order=asc'), newest.toReversed())
  })

  it('is not created for a request that wants no file', async () => {
    const answer = await fetch(`${playhead.url}/api/export?format=csv`, { method: 'HEAD' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-total-count'), String(LISTENS))
    assert.equal(await answer.text(), '')
  })

  it('excludes listens that another process stores during the export, whatever its clock says', async () => {
    const answer = await begin('format=jsonl')
    const listen = event({ title: 'Late', timestamp: 1_763_000_000 }) as Listen
    const mark = { topicId: '00000000-0000-4000-8000-000000000000', storedAt: 1_764_000_000 }
    await storeListens(fleet.store, mark, [listen])
    assert.equal((await playhead.totals('title=Late')).listens, 1)
    let text = ''
    answer.setEncoding('utf8')
    for await (const chunk of answer) text += chunk
    assert.equal(text.trim().split('\n').length, LISTENS)
    assert.equal(answer.headers['x-total-count'], String(LISTENS))
  })

  it('of the command writes through a pipe and a link, and keeps both', async () => {
    const rare = ['--format', 'csv', '--filter', 'genre=Rare', '--out']
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(reader)
    let piped = ''
    reader.stdout?.on('data', (chunk: Buffer) => {
      piped += chunk.toString()
    })
    assert.deepEqual(await run(...rare, pipe), { code: 0, err: '200 listens written\n' })
    assert.ok((await lstat(pipe)).isFIFO())
    await until('the reader ends', () => reader.exitCode !== null)

    const file = join(folder, 'listens.csv')
    const link = join(folder, 'latest.csv')
    await writeFile(file, 'from before')
    await symlink(file, link)
    assert.equal((await run(...rare, link)).code, 0)
    assert.ok((await lstat(link)).isSymbolicLink())
    assert.equal(await readFile(file, 'utf8'), piped)
    assert.deepEqual((await readdir(folder)).toSorted(), ['latest.csv', 'listens.csv', 'pipe'])
  })

  it('of the command says why a file cannot be written', async () => {
    const absent = await run('--out', join(folder, 'absent', 'listens.csv'))
    assert.equal(absent.code, 1)
    assert.match(absent.err, /^FILE_NOT_WRITTEN: .*its folder does not exist.*--out/)
    const taken = await run('--out', folder)
    assert.equal(taken.code, 1)
    assert.match(taken.err, /^FILE_NOT_WRITTEN: .*it is a folder/)
  })

  it('is refused while as many run as there may be, and answered when one ends', async () => {
    const running = await Promise.all(Array.from({ length: 8 }, () => begin('format=jsonl')))
    const refused = await fetch(`${playhead.url}/api/export?format=jsonl`)
    assert.equal(refused.status, 503)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'too_many_exports')
    for (const one of running) one.destroy()
    await until('there is room again', async () => {
      const answer = await fetch(`${playhead.url}/api/export?format=jsonl&title=none`)
      return answer.ok && (await answer.text()) === ''
    })
  })

  it('breaks off when the store has lost what it had', async () => {
    const answer = await begin('format=jsonl')
    await fleet.store.run('TRUNCATE TABLE listens')
    await assert.rejects(async () => {
      for await (const _ of answer);
    })
    assert.equal(answer.complete, false)
  })
})
