/** Stands where a page will be while its script is on its way. Says nothing for the moment that this usually takes. */
export function PageLoading() {
  return (
    <div className="page-loading" role="status">
      <span className="visually-hidden">Loading…</span>
      <span className="spinner-border text-secondary" aria-hidden="true" />
    </div>
  )
}
