/** Runs every sweep, whatever becomes of the others; then throws what went wrong. The next minute takes up what is left. */
export async function sweepAll(sweeps: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
  const failures: Error[] = []
  for (const [name, sweep] of Object.entries(sweeps))
    try {
      await sweep()
    } catch (error) {
      failures.push(new Error(`sweep of ${name}: ${(error as Error).message}`, { cause: error }))
    }
  if (failures.length > 0) throw new AggregateError(failures, failures.map((f) => f.message).join('; '))
}
