interface Props {
  value: boolean
  /** Meaning of a yes for the listen. */
  tone: 'good' | 'bad'
}

export function YesNo({ value, tone }: Props) {
  return value ? <span className={`yes yes-${tone}`}>Yes</span> : <span className="text-secondary">No</span>
}
