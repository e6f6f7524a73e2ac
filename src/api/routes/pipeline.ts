import { ErrorSchema, RequestError } from '../error.ts'
import { PipelineStateSchema, type PipelineWatch } from '../pipeline-watch.ts'
import type { App } from '../typed-app.ts'

export interface PipelineRoutes {
  watch: PipelineWatch
}

/** `GET /api/pipeline`: where each event is on its way from the topic to the store. */
export function pipelineRoutes(app: App, { watch }: PipelineRoutes): void {
  app.get(
    '/api/pipeline',
    {
      schema: {
        summary: 'The topic, the group that reads it, and what this process does, with the last half hour',
        tags: ['operation'],
        response: { 200: PipelineStateSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      try {
        return await watch.state()
      } catch (error) {
        request.log.warn(
          { reason: error instanceof Error ? error.message : '' },
          'the pipeline cannot be seen',
        )
        throw new RequestError(
          503,
          'pipeline_unknown',
          'Kafka or ClickHouse does not answer, so the pipeline cannot be seen. `playhead doctor` says more.',
        )
      }
    },
  )
}
