import { Counter, Gauge, type Registry } from 'prom-client'
import type { SystemState } from './system.ts'

/** Creates the metrics of the outputs; they read the states when they are collected. */
export function systemMetrics(registry: Registry, states: () => readonly SystemState[]): void {
  const shared = { labelNames: ['system'] as const, registers: [registry] }
  new Gauge({
    ...shared,
    name: 'playhead_system_up',
    help: '1 while an output receives listens, 0 while it waits or has failed',
    collect() {
      this.reset()
      for (const { name, state } of states()) this.set({ system: name }, state === 'running' ? 1 : 0)
    },
  })
  new Gauge({
    ...shared,
    name: 'playhead_system_lag_offsets',
    help: 'Listens that an output has not received yet',
    collect() {
      this.reset()
      for (const { name, lag } of states()) if (lag !== null) this.set({ system: name }, lag)
    },
  })
  new Counter({
    ...shared,
    name: 'playhead_system_handed_total',
    help: 'Listens that an output has acknowledged',
    collect() {
      this.reset()
      for (const { name, handed } of states()) if (handed !== null) this.inc({ system: name }, handed)
    },
  })
}
