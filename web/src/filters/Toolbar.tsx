import { DEFAULT_RANGE } from '../view/range.ts'
import { MEASURES, type Measure, type View } from '../view/view-state.ts'
import { ownZone } from '../view/zone.ts'
import { RangePicker } from './RangePicker.tsx'
import { ZonePicker } from './ZonePicker.tsx'

interface Props {
  view: View
  onChange(change: Partial<View>): void
}

const MEASURE_NAME: Record<Measure, string> = { plays: 'Plays', time: 'Listening time' }

/** Settings shared by all charts of a page: range, comparison, measure and time zone. */
export function Toolbar({ view, onChange }: Props) {
  const range = view.range ?? DEFAULT_RANGE
  return (
    <div className="view-toolbar">
      <RangePicker
        range={range}
        zone={view.zone ?? ownZone()}
        onChange={(next) => onChange({ range: next === DEFAULT_RANGE ? undefined : next })}
      />
      <label className="form-check form-switch toolbar-switch">
        <input
          type="checkbox"
          className="form-check-input"
          checked={view.compare}
          disabled={range === 'all'}
          onChange={(event) => onChange({ compare: event.target.checked })}
        />
        <span className="form-check-label">Compare with the previous period</span>
      </label>
      <fieldset className="segments">
        <legend className="visually-hidden">What is counted</legend>
        {MEASURES.map((measure) => (
          <label key={measure} className="segment" data-chosen={view.measure === measure || undefined}>
            <input
              type="radio"
              className="visually-hidden"
              name="measure"
              checked={view.measure === measure}
              onChange={() => onChange({ measure })}
            />
            {MEASURE_NAME[measure]}
          </label>
        ))}
      </fieldset>
      <ZonePicker zone={view.zone} onChange={(zone) => onChange({ zone })} />
    </div>
  )
}
