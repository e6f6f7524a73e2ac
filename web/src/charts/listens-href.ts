import { createContext } from 'react'

/** Where the listens are that the charts of a page are worked out from; undefined where they are about something else. */
export const ListensHref = createContext<string | undefined>(undefined)
