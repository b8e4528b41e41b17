import type { Command } from '../../core/alarm/transition.ts'
import type { CommandDesk } from '../../ports/command-desk.ts'
import type { SetPointDesk } from '../../ports/set-point-desk.ts'

/** Set-points as the command `setpoints`, which ends with its lease; the same order again is the same command. */
export const commandSetPoints = (desk: CommandDesk): SetPointDesk => ({
  apply: async (orders) =>
    desk.accept(
      orders.map(({ id, thing, zone, heatC, coolC, until, why }): Command => ({
        id,
        thing,
        name: 'setpoints',
        payload: { zone, heatC, coolC, until, why },
        expiresAt: until,
        atMostOnce: false,
      })),
    ),
})
