/** What somebody says in their own words. It takes as much as the server does, and always asks for something. */
import { Textarea } from '@mantine/core'

export function WordsField({
  label,
  description,
  placeholder,
  value,
  change,
  rows = 2,
}: {
  readonly label: string
  readonly description?: string
  readonly placeholder?: string
  readonly value: string
  readonly change: (next: string) => void
  /** How high it is while it is empty. */
  readonly rows?: number
}) {
  return (
    <Textarea
      label={label}
      {...(description === undefined ? {} : { description })}
      {...(placeholder === undefined ? {} : { placeholder })}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      autosize
      minRows={rows}
      maxLength={4_000}
      required
    />
  )
}
