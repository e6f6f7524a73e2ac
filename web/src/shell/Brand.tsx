import { Link } from '../ui/Link.tsx'
import { pageUrl } from '../view/urls.ts'
import { parseView } from '../view/view-state.ts'

/** The mark of public/favicon.svg and the name; leads to where everything begins. */
export function Brand() {
  return (
    <Link className="brand" href={pageUrl('live', parseView(''))}>
      <img src="/favicon.svg" width={28} height={28} alt="" />
      Playhead
    </Link>
  )
}
