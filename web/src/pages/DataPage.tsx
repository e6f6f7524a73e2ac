import '../data/data.css'
import { AddSong } from '../data/AddSong.tsx'
import { Catalogue } from '../data/Catalogue.tsx'
import { Export } from '../data/Export.tsx'
import { apiDocsUrl, openApiUrl } from '../view/urls.ts'

/** Access to the data: download, catalogue and API. */
export function DataPage() {
  return (
    <div className="page-stack">
      <h1 className="page-title">Data</h1>
      <Export />
      <div className="page-columns" data-split="wide">
        <Catalogue />
        <div className="data-side">
          <AddSong />
          <section className="card plain-card" aria-labelledby="api-title">
            <h2 id="api-title" className="frame-title">
              API
            </h2>
            <p className="plain-note">Your programs can use the same HTTP API as these pages.</p>
            <p className="data-links">
              <a className="btn" href={apiDocsUrl()}>
                Read about the API
              </a>
              <a className="btn" href={openApiUrl()}>
                OpenAPI
              </a>
            </p>
          </section>
        </div>
      </div>
    </div>
  )
}
