import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { osmRoadNetwork } from '../adapters/local/osm-road-network.ts'
import type { RoadPlace, RoadProfile, RoadRoute } from '../ports/road-network.ts'
import { CliFailure } from './exit-codes.ts'
import { positiveNumber } from './support/positive-number.ts'

interface PathCommandOptions {
  road: string
  from: RoadPlace
  to: RoadPlace
  mode: RoadProfile['mode']
  objective: RoadProfile['objective']
  height?: number
  weight?: number
  width?: number
  length?: number
  goods?: true
  json?: true
}

/** `telltale path`: one way on an OpenStreetMap extract, as the route planner of the box would take it. */
export function pathCommand(program: Command): Command {
  return program
    .command('path')
    .description('find the way between two places on an OpenStreetMap extract')
    .requiredOption('--road <file>', 'extract, .osm or .osm.gz')
    .requiredOption('--from <lat,lon>', 'where the way begins, degrees', place)
    .requiredOption('--to <lat,lon>', 'where it ends, degrees', place)
    .addOption(new Option('--mode <who>', 'who travels').choices(['car', 'foot']).default('car'))
    .addOption(
      new Option('--objective <what>', 'what counts').choices(['fastest', 'shortest']).default('shortest'),
    )
    .option('--height <m>', 'height of the vehicle', positiveNumber)
    .option('--weight <t>', 'weight of the vehicle', positiveNumber)
    .option('--width <m>', 'width of the vehicle', positiveNumber)
    .option('--length <m>', 'length of the vehicle', positiveNumber)
    .option('--goods', 'a goods vehicle, which obeys hgv=no')
    .option('--json', 'print one JSON object: distanceM, durationS, geometry ([longitude, latitude])')
    .action(async (options: PathCommandOptions) => {
      const found = await find(options)
      console.log(
        options.json
          ? JSON.stringify(found)
          : `${(found.distanceM / 1000).toFixed(3)} km, ${(found.durationS / 60).toFixed(1)} min, ${found.geometry.length} points`,
      )
    })
}

async function find(options: PathCommandOptions): Promise<RoadRoute> {
  const { road, from, to, mode, objective, height, weight, width, length, goods } = options
  if (!existsSync(road)) throw new CliFailure('badInput', `there is no file ${road}`)
  const profile: RoadProfile = {
    mode,
    objective,
    ...(height !== undefined && { heightM: height }),
    ...(weight !== undefined && { weightT: weight }),
    ...(width !== undefined && { widthM: width }),
    ...(length !== undefined && { lengthM: length }),
    ...(goods && { goods }),
  }
  const network = osmRoadNetwork({ file: road })
  const found = await network.route(from, to, profile).catch((error: unknown) => {
    throw new CliFailure('badInput', `${road}: ${(error as Error).message}`)
  })
  if (!found)
    throw new CliFailure('failed', `no way leads from ${from.lat},${from.lon} to ${to.lat},${to.lon}`)
  return found
}

function place(text: string): RoadPlace {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  const [lat, lon] = parts
  if (parts.length !== 2 || lat === undefined || lon === undefined)
    throw new InvalidArgumentError(`${text} is not latitude,longitude`)
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180))
    throw new InvalidArgumentError(`${text} is no place in degrees, latitude first`)
  return { lat, lon }
}
