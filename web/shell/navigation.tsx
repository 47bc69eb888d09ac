/** The way to every place; also by keyboard: `g`, then the letter of the place. */
import { Link, useNavigate } from '@tanstack/react-router'
import { useSequence } from './keys.ts'
import style from './navigation.module.css'
import { places } from './places.ts'

export function Navigation() {
  const navigate = useNavigate()
  useSequence('g', Object.fromEntries(places.map(({ key, to }) => [key, () => void navigate({ to })])))
  return (
    <nav className={style.nav} aria-label="Places">
      <ul>
        {places.map(({ to, name, key }) => (
          <li key={to}>
            <Link
              to={to}
              className={style.place}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              aria-keyshortcuts={`g ${key}`}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
