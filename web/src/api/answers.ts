import type { Static } from 'typebox'
import type { LiveEvent } from '../../../src/api/live-feed.ts'
import type { PipelineState as ServerPipelineState } from '../../../src/api/pipeline-watch.ts'
import type { Readiness as ServerReadiness } from '../../../src/api/readiness.ts'
import type { CatalogueSchema } from '../../../src/api/routes/catalogue.ts'
import type { ListenEvent } from '../../../src/listen/listen.ts'

/** Types of the API, generated from the server's description; the page contains no code of it. */

export type Catalogue = Static<typeof CatalogueSchema>

export type PipelineState = ServerPipelineState
export type Readiness = ServerReadiness

export type LiveBatch = Extract<LiveEvent, { event: 'listens' }>['data']
export type LiveGap = Extract<LiveEvent, { event: 'gap' }>['data']

/** Fields that a person fills in; the server derives the rest (ids and time). */
export type NewListen = Omit<ListenEvent, 'user_id' | 'timestamp'>

export interface AddedListen {
  id: string
}
