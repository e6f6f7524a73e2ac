import { Popover, PopoverDisclosure, PopoverProvider } from '@ariakit/react/popover'
import { Icon } from '../ui/Icon.tsx'
import { SORT_NAME, SORTS, type Sort } from '../view/view-state.ts'
import { DENSITIES, type Density, type TableChoice } from './table-choice.ts'

interface Props {
  choice: TableChoice
  onChange(change: Partial<TableChoice>): void
}

// These columns identify a listen, so they cannot be hidden.
const ALWAYS: readonly Sort[] = ['timestamp', 'title']
const DENSITY_NAME: Record<Density, string> = { normal: 'Normal rows', compact: 'Compact rows' }

/** Chooses the columns of the table and the density of its rows. */
export function TableChooser({ choice, onChange }: Props) {
  const toggle = (name: Sort) =>
    onChange({
      hidden: choice.hidden.includes(name)
        ? choice.hidden.filter((other) => other !== name)
        : [...choice.hidden, name],
    })
  return (
    <PopoverProvider placement="bottom-end">
      <PopoverDisclosure className="btn btn-icon chooser-button" aria-label="Columns" title="Columns">
        <Icon name="columns" />
      </PopoverDisclosure>
      <Popover className="popup" aria-label="Columns and rows" gutter={4} unmountOnHide>
        <fieldset className="chooser">
          <legend className="visually-hidden">Columns and rows</legend>
          <div className="chooser-density">
            {DENSITIES.map((density) => (
              <label key={density} className="form-check">
                <input
                  type="radio"
                  className="form-check-input"
                  name="density"
                  checked={choice.density === density}
                  onChange={() => onChange({ density })}
                />
                <span className="form-check-label">{DENSITY_NAME[density]}</span>
              </label>
            ))}
          </div>
          <div className="chooser-columns">
            {SORTS.filter((name) => !ALWAYS.includes(name)).map((name) => (
              <label key={name} className="form-check">
                <input
                  type="checkbox"
                  className="form-check-input"
                  checked={!choice.hidden.includes(name)}
                  onChange={() => toggle(name)}
                />
                <span className="form-check-label">{SORT_NAME[name]}</span>
              </label>
            ))}
          </div>
        </fieldset>
      </Popover>
    </PopoverProvider>
  )
}
