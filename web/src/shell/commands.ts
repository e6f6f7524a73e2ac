import { fold } from '../../../src/listen/fold.ts'
import { say } from '../ui/toast.ts'
import { goTo } from '../view/address.ts'
import { PLACES } from '../view/place.ts'
import { apiDocsUrl, pageUrl } from '../view/urls.ts'
import { aboutNothing, type View } from '../view/view-state.ts'
import { PLACE_NAME } from './Nav.tsx'

/** Something that the command palette can do. */
export interface Command {
  key: string
  name: string
  /** What kind of thing it is, for the eye. */
  kind: string
  run(): void
}

/** What can be done from everywhere: going to a page, and what concerns the page that is shown. */
export function generalCommands(view: View): Command[] {
  const carried = aboutNothing(view)
  return [
    ...PLACES.map((place) => ({
      key: `place ${place}`,
      name: PLACE_NAME[place],
      kind: 'Page',
      run: () => goTo(pageUrl(place, carried)),
    })),
    {
      key: 'copy',
      name: 'Copy the link to this view',
      kind: 'Action',
      run: () =>
        void navigator.clipboard.writeText(location.href).then(
          () => say('The link is copied.'),
          () => say('The browser does not allow copying here. Copy the address instead.'),
        ),
    },
    { key: 'print', name: 'Print this page', kind: 'Action', run: () => print() },
    {
      key: 'clear',
      name: 'Clear all filters',
      kind: 'Action',
      run: () => goTo(`${location.pathname}`),
    },
    { key: 'api', name: 'Read about the API', kind: 'Action', run: () => location.assign(apiDocsUrl()) },
  ]
}

/** The general commands whose name has all the words that were typed. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const words = fold(text).split(' ')
  return commands.filter(({ name, kind }) => words.every((word) => fold(`${name} ${kind}`).includes(word)))
}
