/** Whole numbers from what somebody typed: digits, and nothing that could be read in two ways. */
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'

/** @throws {UsageError} */
export function wholeNumber(text: string, option: string, min: number, max: number): number {
  const number = Number(text)
  if (/^\d{1,9}$/.test(text) && number >= min && number <= max) return number
  throw new UsageError(`${option} ${quoted(text)} is no whole number from ${min} to ${max}`)
}

/** @throws {UsageError} */
export function countOf(text: string, option: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`${option} ${quoted(text)} is no whole number above 0`)
}
