import { goTo } from '../view/address.ts'
import { pipelinePageUrl } from '../view/urls.ts'
import { SPANS, type Span } from './span.ts'

const NAMES = Object.keys(SPANS) as Span[]

/** How far back the charts of the pipeline go. */
export function SpanChoice({ span }: { span: Span }) {
  return (
    <fieldset className="reason-chips">
      <legend className="visually-hidden">How far back</legend>
      {NAMES.map((each) => (
        <button
          key={each}
          type="button"
          className="reason-chip"
          aria-pressed={each === span}
          onClick={() => goTo(pipelinePageUrl(each === 'half-hour' ? undefined : each))}
        >
          {SPANS[each].name}
        </button>
      ))}
    </fieldset>
  )
}
