import { say } from './toast.ts'

/** Hands a file to the viewer. */
export function download(name: string, href: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}

export const downloadText = (name: string, type: string, text: string) =>
  downloadBlob(name, new Blob([text], { type }))

export function downloadBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  download(name, url)
  URL.revokeObjectURL(url)
}

/** The address of what is shown, with the place on the page. */
export async function copyLink(id: string): Promise<void> {
  const url = new URL(location.href)
  url.hash = id
  try {
    await navigator.clipboard.writeText(url.href)
    say('The link is copied.')
  } catch {
    say('The browser does not allow copying here. Copy the address instead.')
    location.hash = id
  }
}

function pngOf(dataUrl: string): Blob {
  const bytes = Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (char) => char.charCodeAt(0))
  return new Blob([bytes], { type: 'image/png' })
}

export async function copyPicture(dataUrl: string): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(dataUrl) })])
    say('The chart is copied as an image.')
  } catch {
    say('The browser does not allow copying images here. Download the image instead.')
  }
}
