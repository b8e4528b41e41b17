import { useState } from 'preact/hooks'

/** A button for what cannot be undone: it asks once more, in the same place. */
export function Confirm(props: {
  label: string
  question: string
  disabled?: boolean
  small?: boolean
  /** Names the button to those who do not see what it stands beside. */
  name?: string
  onConfirm: () => void
}) {
  const { label, question, disabled = false, small = false, name, onConfirm } = props
  const [asked, setAsked] = useState(false)
  const size = small ? 'small' : ''
  if (!asked)
    return (
      <button type="button" class={size} disabled={disabled} aria-label={name} onClick={() => setAsked(true)}>
        {label}
      </button>
    )
  return (
    <span class="confirm" role="group" aria-label={question}>
      <span>{question}</span>
      <button
        type="button"
        class={`danger ${size}`}
        disabled={disabled}
        autofocus
        onClick={() => {
          setAsked(false)
          onConfirm()
        }}
      >
        {label}
      </button>
      <button type="button" class={size} onClick={() => setAsked(false)}>
        Cancel
      </button>
    </span>
  )
}
