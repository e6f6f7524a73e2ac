// A pipeline on the embedded engine that kills itself at a named point of a delivery. Arguments: data directory, broker,
// topic, the point (`during_insert` strikes a moment after `before_insert`), and how often it is passed before.

import { openFoundation } from '../../src/foundation/foundation.ts'
import { startPipeline } from '../../src/roles/pipeline.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { readConfig } from '../../src/settings/config.ts'

const [dataDir = '', broker = '', topic = '', point = '', passes = '0'] = process.argv.slice(2)
const during = point === 'during_insert'
let left = Number(passes)

const config = readConfig({ data: dataDir, 'kafka-brokers': broker, 'kafka-topic': topic }, {})
const foundation = await openFoundation(config, { brokers: [broker] }, createLogger('info'))
startPipeline(foundation, {
  alone: true,
  onStored: () => {},
  at(reached) {
    if (reached !== (during ? 'before_insert' : point) || left-- > 0) return
    const strike = () => process.kill(process.pid, 'SIGKILL')
    if (during) setTimeout(strike, 4)
    else strike()
  },
})
