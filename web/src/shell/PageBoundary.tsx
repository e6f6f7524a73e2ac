import { Component, type ReactNode } from 'react'
import { Blank } from '../table/Blank.tsx'

/** Keeps what breaks in one page from taking the rest along: the header stays, and says what to do. */
export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Blank
        alert
        icon="alert"
        title="This page could not be shown"
        action={
          <button type="button" className="btn btn-primary" onClick={() => location.reload()}>
            Load it again
          </button>
        }
      >
        Its script did not load or failed. Load it again, or open another page.
      </Blank>
    )
  }
}
