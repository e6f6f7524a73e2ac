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
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20',
} as const

/** A line icon in the text's colour; always beside or inside something that says the same in words. */
export function Icon({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) {
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
