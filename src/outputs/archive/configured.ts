import { Failure } from '../../runtime/failure.ts'
import type { Config } from '../../settings/config.ts'
import { type ArchiveAddress, archiveAddress } from './address.ts'

/**
 * The archive that the settings name.
 * @param given the address and what it was given as, where it was not by the setting
 * @returns null for none
 * @throws Failure BAD_SETTING
 */
export function archiveOf(config: Config, given?: { text: string; name: string }): ArchiveAddress | null {
  const text = given?.text ?? config.archive
  if (text === null) {
    if (config.keepMs === null && !config.archiveRead) return null
    throw new Failure(
      'BAD_SETTING',
      'KEEP and ARCHIVE_READ are about what is archived: set ARCHIVE too, or leave them out.',
    )
  }
  return archiveAddress(text, given?.name ?? 'ARCHIVE', {
    access: config.archiveAccess,
    embedded: config.clickhouseUrl === null,
  })
}
