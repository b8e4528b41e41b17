import type { ComponentChildren } from 'preact'

export interface Column<T> {
  title: string
  cell: (item: T) => ComponentChildren
  /** Numbers stand right, in figures of one width. */
  numeric?: boolean
  /** Left out on a phone. */
  minor?: boolean
}

/** A table that scrolls inside its own box. `label` names it to those who cannot see it. */
export function Table<T>(props: {
  label: string
  items: readonly T[]
  keyOf: (item: T) => string
  columns: readonly Column<T>[]
  rowClass?: (item: T) => string
}) {
  const { label, items, keyOf, columns, rowClass } = props
  const kind = ({ numeric, minor }: Column<T>): string =>
    `${numeric === true ? 'numeric' : ''} ${minor === true ? 'minor' : ''}`
  return (
    <div class="table" tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={kind(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)} class={rowClass?.(item)}>
              {columns.map((column) => (
                <td key={column.title} class={kind(column)}>
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
