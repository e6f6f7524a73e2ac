import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query'
import type { ListensAnswer } from '../../../src/questions/listens.ts'
import type { Top } from '../../../src/questions/top.ts'
import type { Totals } from '../../../src/questions/totals.ts'
import type { Filters, TextFilterKey } from '../view/filter.ts'
import { type Chosen, catalogueUrl, listensUrl, readinessUrl, topUrl, totalsUrl } from '../view/urls.ts'
import type { View } from '../view/view-state.ts'
import type { Catalogue, Readiness } from './answers.ts'
import { getJson, RequestError } from './request.ts'

/** Interval at which the page checks whether listens are being stored. */
const READINESS_MS = 5_000

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // The live feed reports changes; a refetch on focus would only move rows.
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && (!(error instanceof RequestError) || error.retryable),
        retryDelay: (failures) => 400 * 2 ** failures,
      },
    },
  })

export const listensQuery = (view: View) =>
  infiniteQueryOptions({
    // Only what selects and orders rows: display settings of other parts must not reload them.
    queryKey: ['listens', view.filters, view.range, view.zone, view.sort, view.order],
    queryFn: ({ pageParam, signal }) => getJson<ListensAnswer>(listensUrl(view, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // A view that was left is stale at once, because listens have arrived since.
    gcTime: 0,
  })

export const totalsQuery = ({ filters, range, zone }: Chosen) =>
  queryOptions({
    queryKey: ['totals', filters, range, zone],
    queryFn: ({ signal }) => getJson<Totals>(totalsUrl({ filters, range, zone }), signal),
    placeholderData: keepPreviousData,
  })

export const topQuery = (
  by: TextFilterKey | 'user',
  search: string,
  limit: number,
  filters: Filters = {},
  zone?: string,
) =>
  queryOptions({
    queryKey: ['top', by, search, limit, filters, zone],
    queryFn: async ({ signal }): Promise<Top['values']> => {
      const answer = await getJson<Top>(topUrl(by, search, limit, filters, zone), signal)
      return answer.values
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

export const catalogueQuery = (search: string, limit: number) =>
  queryOptions({
    queryKey: ['catalogue', search, limit],
    queryFn: ({ signal }) => getJson<Catalogue>(catalogueUrl(search, limit), signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export const readinessQuery = () =>
  queryOptions({
    queryKey: ['readiness'],
    // Not ready is a valid answer too, with the reasons in it.
    queryFn: ({ signal }) => getJson<Readiness>(readinessUrl(), signal, [503]),
    refetchInterval: READINESS_MS,
    retry: false,
  })
