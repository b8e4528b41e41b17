import type { ComponentChildren } from 'preact'

export interface Column<T> {
  title: string
  cell: (item: T) => ComponentChildren
  /** Numbers stand right, in figures of one width. */
  numeric?: boolean
  /** Left out on a phone. */
  minor?: boolean
  /** On a phone a row is a card: `lead` cells share its first line, `plain` ones need no title before them. */
  card?: 'lead' | 'plain'
}

/** A table that scrolls inside its own box, and a list of cards on a phone. `label` names it to those who cannot see it. */
export function Table<T>(props: {
  label: string
  items: readonly T[]
  keyOf: (item: T) => string
  columns: readonly Column<T>[]
  rowClass?: (item: T) => string
}) {
  const { label, items, keyOf, columns, rowClass } = props
  const kind = ({ numeric, minor, card }: Column<T>): string =>
    [numeric === true && 'numeric', minor === true && 'wide-only', card].filter(Boolean).join(' ')
  // The roles are a table’s own; browsers drop them where the rows are laid out as cards.
  return (
    <div class="table" tabIndex={0} role="group" aria-label={label}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.title} role="columnheader" scope="col" class={kind(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((item) => (
            <tr key={keyOf(item)} role="row" class={rowClass?.(item)}>
              {columns.map((column) => (
                <td key={column.title} role="cell" class={kind(column)} data-title={column.title}>
                  {column.cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
