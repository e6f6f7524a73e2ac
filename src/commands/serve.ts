import { createLiveFeed } from '../api/live-feed.ts'
import { openFoundation, startOf } from '../foundation/foundation.ts'
import { connectionOf } from '../kafka/client.ts'
import { listensFor } from '../questions/listen-source.ts'
import { EVERYONE } from '../questions/scope.ts'
import { startWeb } from '../roles/web.ts'
import { createLogger } from '../runtime/logger.ts'
import { untilStopped } from '../runtime/until-stopped.ts'
import type { Command } from './command.ts'
import { requireCluster } from './process.ts'

const CATALOGUE_MS = 10_000

/** `playhead serve`: only the API and the page. */
export const serveCommand: Command = {
  summary: 'run only the API and the page',
  async run(config, _flags, signal) {
    requireCluster(config.clickhouseUrl, 'serve')
    const log = createLogger(config.logLevel)
    await using running = new AsyncDisposableStack()
    const foundation = running.adopt(
      await openFoundation(config, connectionOf(config), log, startOf(log, signal)),
      (opened) => opened.close(),
    )
    const feed = createLiveFeed({ listens: listensFor(foundation.store, EVERYONE), log })
    const web = running.adopt(await startWeb(foundation, feed, null), (role) => role.stop())
    // Another process learns new songs.
    const refreshing = setInterval(() => {
      foundation.catalogue
        .refresh()
        .catch((error) => log.warn({ reason: String(error).slice(0, 200) }, 'catalogue not refreshed'))
    }, CATALOGUE_MS)
    running.defer(() => clearInterval(refreshing))
    process.stdout.write(`Playhead is ready at ${web.url}\n`)
    await untilStopped(signal)
    return 0
  },
}
