import { Counter, Gauge, type Registry } from 'prom-client'
import type { SystemState } from './system.ts'

/** Makes the metrics of the systems; they ask for the states when they are read. */
export function systemMetrics(registry: Registry, states: () => readonly SystemState[]): void {
  const shared = { labelNames: ['system'] as const, registers: [registry] }
  new Gauge({
    ...shared,
    name: 'playhead_system_up',
    help: '1 while a system gets what is handed on to it, and 0 while it waits or has failed',
    collect() {
      this.reset()
      for (const { name, state } of states()) this.set({ system: name }, state === 'running' ? 1 : 0)
    },
  })
  new Gauge({
    ...shared,
    name: 'playhead_system_lag_offsets',
    help: 'Listens that a system has yet to get',
    collect() {
      this.reset()
      for (const { name, lag } of states()) if (lag !== null) this.set({ system: name }, lag)
    },
  })
  new Counter({
    ...shared,
    name: 'playhead_system_handed_total',
    help: 'Listens handed on to a system',
    collect() {
      this.reset()
      for (const { name, handed } of states()) if (handed !== null) this.inc({ system: name }, handed)
    },
  })
}
