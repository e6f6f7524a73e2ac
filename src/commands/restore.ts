import type { Command } from './command.ts'

export const restoreCommand: Command = {
  summary: 'build a new store from an archive',
  run: async () => 1,
}
