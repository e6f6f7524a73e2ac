import { pageUrl } from '../api/urls.ts'
import { parseView } from '../api/view-state.ts'
import { Link } from '../shell/Link.tsx'

/** The mark of public/favicon.svg and the name; leads to where everything begins. */
export function Brand() {
  return (
    <Link className="brand" href={pageUrl('live', parseView(''))}>
      <img src="/favicon.svg" width={28} height={28} alt="" />
      Playhead
    </Link>
  )
}
