/** What somebody asks for again and again, kept in this browser and nowhere else. A template is a start, never a request. */
import type { Form } from './form.ts'

export interface Template {
  readonly name: string
  readonly form: Form
}

const keyOf = (me: string) => `countersign templates ${me}`
const templatesMax = 20

export function templatesOf(me: string): readonly Template[] {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(me)) ?? '[]') as unknown
    return Array.isArray(kept) ? (kept as Template[]) : []
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** The reason and the reference are of one occasion, so they are not kept. */
export function keepTemplate(me: string, name: string, form: Form): readonly Template[] {
  const kept = { name, form: { ...form, reason: '', reference: '', start: '' } }
  return write(me, [kept, ...templatesOf(me).filter((one) => one.name !== name)].slice(0, templatesMax))
}

export function dropTemplate(me: string, name: string): readonly Template[] {
  return write(
    me,
    templatesOf(me).filter((one) => one.name !== name),
  )
}

function write(me: string, templates: readonly Template[]): readonly Template[] {
  localStorage.setItem(keyOf(me), JSON.stringify(templates))
  return templates
}
