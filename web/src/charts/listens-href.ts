import { createContext } from 'react'

/**
 * Link to the listens behind the charts of a page; undefined when the charts show something else.
 */
export const ListensHref = createContext<string | undefined>(undefined)
