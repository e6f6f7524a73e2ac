const PATHS = {
  plus: 'M12 5v14M5 12h14',
  pause: 'M8 5v14M16 5v14',
  forward: 'M5 5l7 7-7 7M13 5l7 7-7 7',
  arrowUp: 'M12 19V5M6 11l6-6 6 6',
  arrowDown: 'M12 5v14M6 13l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  filter: 'M4 6h16M7 12h10M10 18h4',
  sun: 'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19',
  moon: 'M12 3a7 7 0 0 0 9 9a9 9 0 1 1-9-9',
  screen: 'M4 5h16v11H4zM9 20h6M12 16v4',
  alert: 'M12 4L2.5 20h19L12 4M12 10v4M12 17v.01',
  music: 'M9 17a3 3 0 1 0-6 0a3 3 0 0 0 6 0V5l11-2v12M20 15a3 3 0 1 0-6 0a3 3 0 0 0 6 0',
  pulse: 'M3 12h4l3-8 4 16 3-8h4',
  chart: 'M4 20h16M7 16v-4M12 16V6M17 16v-7',
  person: 'M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8M5 20a7 7 0 0 1 14 0',
  flow: 'M3 9h5v6H3zM16 4h5v6h-5zM16 14h5v6h-5zM8 12h4M16 7h-4v10h4',
  database:
    'M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  help: 'M9.5 9.2a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1.1.9-1.1 1.9M12 17v.01M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 4M15 9h.01',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  table: 'M4 5h16v14H4zM4 10h16M10 10v9',
  globe:
    'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9',
  clock: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 7v5l3 3',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  columns: 'M4 5h16v14H4zM9.5 5v14M14.5 5v14',
  chevron: 'M6 9l6 6 6-6',
  book: 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11',
  place:
    'M12 21s7-6.5 7-12a7 7 0 1 0-14 0c0 5.500 7 12 7 12M12 6.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 0 0 0-5',
  print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z',
  rows: 'M4 6h16M4 10h16M4 14h16M4 18h16',
  send: 'M4 12l16-8-6 17-3-7z',
  trash: 'M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20',
} as const

export type IconName = keyof typeof PATHS

/** A line icon in the text's colour; always beside or inside something that says the same in words. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
