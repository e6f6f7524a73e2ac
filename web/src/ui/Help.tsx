import { Popover, PopoverDisclosure, PopoverProvider } from '@ariakit/react/popover'
import { Icon } from './Icon.tsx'

/** A question mark that opens an explanation of how a figure is computed. */
export function Help({ about, children }: { about: string; children: string }) {
  return (
    <PopoverProvider placement="bottom-start">
      <PopoverDisclosure
        className="frame-button help-button"
        aria-label={`How ${about} is computed`}
        title="How this is computed"
      >
        <Icon name="help" size={16} />
      </PopoverDisclosure>
      <Popover role="note" className="popup help-text" gutter={4} unmountOnHide>
        {children}
      </Popover>
    </PopoverProvider>
  )
}
