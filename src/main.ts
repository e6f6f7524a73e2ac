import { parseArgs } from 'node:util'
import type { Command } from './commands/command.ts'
import { killChildren } from './runtime/children.ts'
import { Failure } from './runtime/failure.ts'
import { fileFailure } from './runtime/file-failure.ts'
import { readConfig, settingFlags, settingsHelp } from './settings/config.ts'

// Commands load on demand, so that `--help` and `tail` do not open the engine.
const COMMANDS: Record<string, () => Promise<Command>> = {
  up: async () => (await import('./commands/up.ts')).upCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  process: async () => (await import('./commands/process.ts')).processCommand,
  connect: async () => (await import('./commands/connect.ts')).connectCommand,
  sink: async () => (await import('./commands/sink.ts')).sinkCommand,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  tail: async () => (await import('./commands/tail.ts')).tailCommand,
  dlq: async () => (await import('./commands/dlq.ts')).dlqCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  archive: async () => (await import('./commands/archive.ts')).archiveCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
}

async function help(): Promise<string> {
  const lines: string[] = []
  for (const [name, load] of Object.entries(COMMANDS))
    lines.push(`  ${name.padEnd(10)}${(await load()).summary}`)
  return `Usage: playhead <command> [flags]

Commands:
${lines.join('\n')}

\`playhead <command> --help\` shows flags and settings.
`
}

function commandHelp(name: string, { summary, words = [], flags = {} }: Command): string {
  const own = Object.entries(flags).map(([flag, { type, help }]) => {
    const shown = type === 'string' ? `${flag} …` : flag
    return `  --${shown.padEnd(20)}${help}`
  })
  const word = words.filter((each) => each !== '').join('|')
  return `playhead ${name}: ${summary}

Usage: playhead ${name}${word === '' ? '' : ` ${word}`} [flags]
${own.length === 0 ? '' : `\nFlags:\n${own.join('\n')}\n`}
Settings, as flag or environment variable (default):
${settingsHelp()}
`
}

/** Runs one command line. @returns the exit code */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await help())
    return 0
  }
  const load = COMMANDS[name]
  if (load === undefined || !Object.hasOwn(COMMANDS, name))
    throw new Failure('BAD_COMMAND', `Unknown command. Commands: ${Object.keys(COMMANDS).join(', ')}.`)
  const command = await load()
  const options = Object.fromEntries(
    Object.entries(command.flags ?? {}).map(([flag, { type }]) => [flag, { type }]),
  )
  const { words = [] } = command
  const [first] = rest
  const worded = first !== undefined && words.includes(first)
  const { values } = parse(worded ? rest.slice(1) : rest, options, name)
  if (values['help'] === true) {
    process.stdout.write(commandHelp(name, command))
    return 0
  }
  return await command.run(readConfig(values), values, signal, worded ? first : words[0])
}

function parse(args: readonly string[], own: Record<string, { type: 'string' | 'boolean' }>, name: string) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...settingFlags, ...own, help: { type: 'boolean', short: 'h' } },
      strict: true,
    }) as { values: Record<string, string | boolean | undefined> }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new Failure('BAD_FLAG', `${reason}. \`playhead ${name} --help\` lists the flags.`)
  }
}

/** A parent process may forward a signal that the terminal has sent too: within this time both are one request. */
const SAME_REQUEST_MS = 1_000

const stopping = new AbortController()
let stoppedAt = 0
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => {
    if (!stopping.signal.aborted) {
      stoppedAt = performance.now()
      stopping.abort()
    } else if (performance.now() - stoppedAt > SAME_REQUEST_MS) endNow()
  })
process.on('SIGQUIT', endNow)
// A closed pipe, such as `| head`, ends a command without an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
})

/** Ends this process and its children as a power failure would; the next start recovers. */
function endNow(): void {
  process.stderr.write('Ended at once. Stored data is safe; the next start continues from it.\n')
  killChildren()
  // Exiting would wait for the engine.
  process.kill(process.pid, 'SIGKILL')
}

/** Reports why a command failed. @returns the exit code */
function report(error: unknown): number {
  // Of an error and the failures to clean up after it, the first one matters.
  if (error instanceof SuppressedError) return report(error.suppressed)
  if (stopping.signal.aborted && error instanceof Error && error.name === 'AbortError') {
    process.stderr.write('Stopped.\n')
    return 0
  }
  const failure = error instanceof Failure ? error : fileFailure(error)
  process.stderr.write(
    failure === null ? `${(error as Error).stack}\n` : `${failure.code}: ${failure.message}\n`,
  )
  return 1
}

try {
  process.exitCode = await main(process.argv.slice(2), stopping.signal)
} catch (error) {
  process.exitCode = report(error)
}
// The engine's threads would keep the process alive.
process.exit()
