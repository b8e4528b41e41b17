import { Empty, Panel } from '../ui/parts.tsx'

/** What somebody sees who has just started an empty platform. */
export function Welcome() {
  return (
    <Panel title="Welcome">
      <Empty title="No device is registered yet">
        <p>
          <a href="#/devices?register=1">Register the first device</a> to get its certificate and the address
          to send to, or let the simulator fill this page:
        </p>
        <pre tabIndex={0}>npx telltale simulate --scenario demo</pre>
        <p>
          Then alarms, charts and the health of every stage appear here, and each device has a page of its
          own.
        </p>
      </Empty>
    </Panel>
  )
}
