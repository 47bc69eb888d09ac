/** The frame of a page that stands alone: nothing is loaded from anywhere, and a content policy would stop it. */
import { createHash } from 'node:crypto'
import { html, type Markup } from './markup.ts'
import { style } from './style.ts'

/** The style is ours, and the one text that goes in unescaped. */
const styleMarkup: Markup = { html: style }
const styleHash = createHash('sha256').update(style).digest('base64')

/** @returns the whole document. */
export function document(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${styleMarkup}</style></head>
<body>${body}</body></html>
`.html
}
