/**
 * HTML in which no text can become markup: whatever is put into a template is made visible and escaped, unless it is
 * markup made by a template itself. Only the page's own style sheet is made into markup by hand.
 */
import { visible } from './inert.ts'

export interface Markup {
  readonly html: string
}

export type Content = Markup | string | number | readonly Content[]

/** Templates of our own code only; a template may not end inside an unquoted attribute. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = parts[0] as string
  for (const [index, content] of contents.entries()) text += rendered(content) + (parts[index + 1] as string)
  return { html: text }
}

export const nothing: Markup = { html: '' }

/** Our own sentences quote code in backticks. */
export function coded(sentence: string): Markup {
  return html`${sentence.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`
}

function rendered(content: Content): string {
  if (typeof content === 'string') return escaped(visible(content))
  if (typeof content === 'number') return String(content)
  if ('html' in content) return content.html
  return content.map(rendered).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] as string)
}

/** @returns a link to a file beside the page; whatever the folder is called, it leads to no other place. */
export function beside(folder: string, file = ''): string {
  return ['.', ...folder.split(/[/\\]/), file].map(encodeURIComponent).join('/')
}

/** Letters, digits and dashes only, whatever came in; the same text gives the same id and different texts seldom meet. */
export function anchor(prefix: string, text: string): string {
  return `${prefix}-${text.replaceAll(/[^A-Za-z0-9]+/g, '-')}`
}
