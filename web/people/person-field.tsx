/** Choosing somebody of the directory by name. */
import { Combobox, InputBase, useCombobox } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { NodeView } from '../../src/client/index.ts'
import { api, yes } from '../app/api.ts'
import { Inert } from '../text/inert.tsx'

export function PersonField({
  label,
  kind = 'person',
  value,
  name,
  optional = false,
  change,
}: {
  readonly label: string
  /** `asker`: people and workloads. */
  readonly kind?: NodeView['kind'] | 'asker'
  /** Id; empty while nobody is chosen. */
  readonly value: string
  readonly name: string
  readonly optional?: boolean
  readonly change: (id: string, name: string) => void
}) {
  const [find, setFind] = useState('')
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  const { data } = useQuery({
    queryKey: ['nodes', kind, find],
    queryFn: ({ signal }) =>
      yes(api.nodes({ search: find, limit: 12, ...(kind === 'asker' ? {} : { kind }) }, { signal })),
    enabled: find.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const found = find.trim() === '' ? [] : (data?.nodes ?? []).filter((node) => kind !== 'asker' || asks(node))
  // Answers come later than keys.
  const ids = found.map(({ id }) => id).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box is another object each time; what is offered matters
  useEffect(() => {
    if (ids !== '') box.selectFirstOption()
  }, [ids])
  const choose = (id: string) => {
    const node = found.find((one) => one.id === id)
    if (node !== undefined) change(node.id, node.name)
    setFind('')
    box.closeDropdown()
  }
  return (
    <Combobox store={box} onOptionSubmit={choose} withinPortal>
      <Combobox.Target>
        <InputBase
          label={label}
          required={!optional}
          value={box.dropdownOpened || value === '' ? find : name}
          placeholder="Type a part of the name"
          onChange={({ currentTarget }) => {
            setFind(currentTarget.value)
            box.openDropdown()
          }}
          onFocus={() => setFind('')}
          onBlur={() => {
            box.closeDropdown()
            setFind('')
          }}
          autoComplete="off"
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={find.trim() === ''}>
        <Combobox.Options>
          {found.map((node) => (
            <Combobox.Option key={node.id} value={node.id}>
              <Inert text={node.name} /> <code className="soft">{node.id}</code>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>Nobody fits</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function asks({ kind }: NodeView): boolean {
  return kind === 'person' || kind === 'workload'
}
