/** Which methods does an address take? For a 405 that says so, and for OPTIONS; there is no CORS behind it. */
import type { RouteOptions } from 'fastify'

export interface Allowed {
  add(route: Pick<RouteOptions, 'method' | 'url'>): void
  /** In the order of the alphabet; empty when there is nothing at the address. */
  methodsAt(path: string): readonly string[]
}

export function allowedMethods(): Allowed {
  const routes: { readonly parts: readonly string[]; readonly methods: readonly string[] }[] = []
  return {
    add({ method, url }) {
      if (!url.includes('*')) routes.push({ parts: url.split('/'), methods: [method].flat() })
    },
    methodsAt(path) {
      const parts = path.split('/')
      const found = new Set(routes.filter((route) => fits(route.parts, parts)).flatMap(({ methods }) => methods))
      if (found.size > 0) found.add('OPTIONS')
      return [...found].sort()
    },
  }
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, place) => (part.startsWith(':') ? parts[place] !== '' : part === parts[place]))
  )
}
