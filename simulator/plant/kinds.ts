import { compressor } from './compressor.ts'
import type { MachineKind } from './machine.ts'
import { motor } from './motor.ts'
import { pump } from './pump.ts'

/** Every sort of machine that a scenario may name. */
export const machineKinds: Readonly<Record<string, MachineKind>> = { motor, pump, compressor }
