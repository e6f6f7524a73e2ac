import { Icon } from '../ui/Icon.tsx'
import { usePopup } from '../ui/use-popup.ts'
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
  const popup = usePopup<HTMLDivElement>()
  const toggle = (name: Sort) =>
    onChange({
      hidden: choice.hidden.includes(name)
        ? choice.hidden.filter((other) => other !== name)
        : [...choice.hidden, name],
    })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the popup from anywhere inside
    <div className="popup-box table-chooser" ref={popup.box} onKeyDown={popup.onKeyDown}>
      <button type="button" className="btn btn-icon" aria-label="Columns" title="Columns" {...popup.button}>
        <Icon name="columns" />
      </button>
      {popup.open && (
        <fieldset {...popup.popup} className="popup chooser">
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
      )}
    </div>
  )
}
