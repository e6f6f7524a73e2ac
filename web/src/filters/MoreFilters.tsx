import { Popover, PopoverDisclosure, PopoverProvider } from '@ariakit/react/popover'
import type { ReactNode } from 'react'
import { formatCount } from '../format/numbers.ts'

/** The filters that are used less, behind a button that counts their chosen values. */
export function MoreFilters({ chosen, children }: { chosen: number; children: ReactNode }) {
  return (
    <PopoverProvider placement="bottom-start">
      <PopoverDisclosure
        className="form-select filter-control filter-more"
        data-chosen={chosen > 0 || undefined}
      >
        {chosen === 0 ? 'More' : `More (${formatCount(chosen)})`}
      </PopoverDisclosure>
      <Popover className="popup more-filters" aria-label="More filters" gutter={4} unmountOnHide>
        {children}
      </Popover>
    </PopoverProvider>
  )
}
