/** The way to every place; also by keyboard: `g`, then the letter of the place. */
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useSequence } from './keys.ts'
import style from './navigation.module.css'
import { places } from './places.ts'

export function Navigation() {
  const navigate = useNavigate()
  useSequence('g', Object.fromEntries(places.map(({ key, to }) => [key, () => void navigate({ to })])))
  const nav = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: where one is has changed
  useEffect(() => {
    const show = () => {
      const here = nav.current?.querySelector('[aria-current]')
      // On a narrow screen the places are wider than it.
      if (here instanceof HTMLElement) nav.current?.scrollTo({ left: here.offsetLeft - nav.current.offsetLeft - 48 })
    }
    show()
    addEventListener('resize', show)
    return () => removeEventListener('resize', show)
  }, [pathname])
  return (
    <nav ref={nav} className={style.nav} aria-label="Places">
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
