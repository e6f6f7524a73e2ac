import { Blank } from '../table/Blank.tsx'
import { Link } from '../ui/Link.tsx'
import { pageUrl } from '../view/urls.ts'
import { parseView } from '../view/view-state.ts'

/** Shown at an address that no page has. */
export function NoPlace() {
  return (
    <Blank
      icon="search"
      title="There is no such page"
      action={
        <Link className="btn" href={pageUrl('live', parseView(''))}>
          Go to the live page
        </Link>
      }
    >
      The address may be wrong, or from another version of Playhead.
    </Blank>
  )
}
