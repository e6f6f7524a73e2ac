import {
  Menu as AriakitMenu,
  MenuItem as AriakitMenuItem,
  MenuButton,
  MenuProvider,
} from '@ariakit/react/menu'
import { Icon, type IconName } from './Icon.tsx'

export interface MenuItem {
  name: string
  icon: IconName
  run(): void
}

interface Props {
  label: string
  items: readonly MenuItem[]
}

/** A button that opens a menu of actions. */
export function Menu({ label, items }: Props) {
  return (
    <MenuProvider placement="bottom-end">
      <MenuButton className="frame-button" aria-label={label} title={label}>
        <Icon name="more" />
      </MenuButton>
      <AriakitMenu className="popup menu" gutter={4} unmountOnHide>
        {items.map(({ name, icon, run }) => (
          <AriakitMenuItem key={name} className="menu-item" onClick={run}>
            <Icon name={icon} size={16} />
            {name}
          </AriakitMenuItem>
        ))}
      </AriakitMenu>
    </MenuProvider>
  )
}
