/**
 * How much, stretch by stretch, as stacked bars. Parts are told apart by colour and by a pattern of their own, and named in
 * the legend; the table behind it says every number.
 */
import { useId } from 'react'
import { Behind, type TableRow } from './behind.tsx'
import style from './chart.module.css'
import { ticksFor } from './scale.ts'

/** Where the drawing is small, every so many of its labels has a place. */
const narrowEvery = 3

export interface Part {
  readonly key: string
  readonly name: string
  /** One of the chart's four kinds. */
  readonly kind: 'strong' | 'middle' | 'light' | 'bad'
}

export interface Bar {
  readonly key: string
  /** Below the bar; short. */
  readonly label: string
  /** In the table. */
  readonly name: string
  readonly values: Readonly<Record<string, number>>
}

const size = { width: 720, height: 220, left: 40, bottom: 24, top: 8 }
const labelsMax = 13

export function Bars({
  name,
  parts,
  bars,
}: {
  readonly name: string
  readonly parts: readonly Part[]
  readonly bars: readonly Bar[]
}) {
  const id = useId()
  const total = (bar: Bar) => parts.reduce((sum, { key }) => sum + (bar.values[key] ?? 0), 0)
  const ticks = ticksFor(Math.max(0, ...bars.map(total)))
  const top = ticks.at(-1) ?? 1
  const [inner, tall] = [size.width - size.left, size.height - size.bottom - size.top]
  const y = (value: number) => size.top + tall - (value / top) * tall
  const step = inner / Math.max(1, bars.length)
  const every = Math.ceil(bars.length / labelsMax)
  const rows: readonly TableRow[] = bars.map((bar) => ({
    key: bar.key,
    cells: [bar.name, ...parts.map(({ key }) => bar.values[key] ?? 0)],
  }))
  return (
    <figure className={style.chart}>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} className={style.plot} aria-hidden="true">
        <defs>
          <pattern id={`${id}-bad`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" className={style.badFill} />
            <path d="M0 0v6" className={style.hatch} />
          </pattern>
        </defs>
        {ticks.map((tick) => (
          <g key={tick}>
            <path d={`M${size.left} ${y(tick)}H${size.width}`} className={style.grid} />
            <text x={size.left - 8} y={y(tick)} className={style.tick} textAnchor="end" dominantBaseline="central">
              {tick}
            </text>
          </g>
        ))}
        {bars.map((bar, place) => (
          <g key={bar.key}>
            {stacked(bar, parts).map(({ part, from, to }) => (
              <rect
                key={part.key}
                x={size.left + place * step + step * 0.15}
                width={step * 0.7}
                y={y(to)}
                height={Math.max(0, y(from) - y(to))}
                data-kind={part.kind}
                {...(part.kind === 'bad' && { fill: `url(#${id}-bad)` })}
              />
            ))}
            {place % every === 0 && (
              <text
                x={size.left + place * step + step / 2}
                y={size.height - 6}
                className={style.tick}
                data-often={(place / every) % narrowEvery !== 0}
                textAnchor="middle"
              >
                {bar.label}
              </text>
            )}
          </g>
        ))}
      </svg>
      <ul className={style.legend} aria-hidden="true">
        {parts.map((part) => (
          <li key={part.key}>
            <svg viewBox="0 0 10 10" className={style.swatch} aria-hidden="true">
              <rect
                width="10"
                height="10"
                data-kind={part.kind}
                {...(part.kind === 'bad' && { fill: `url(#${id}-bad)` })}
              />
            </svg>
            {part.name}
          </li>
        ))}
      </ul>
      <Behind name={name} columns={['When', ...parts.map((part) => part.name)]} rows={rows} />
    </figure>
  )
}

function stacked(bar: Bar, parts: readonly Part[]) {
  let from = 0
  return parts.map((part) => {
    const to = from + (bar.values[part.key] ?? 0)
    const piece = { part, from, to }
    from = to
    return piece
  })
}
