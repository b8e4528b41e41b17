import { normal, seededRandom } from './random.ts'

/** People in each zone in each minute of a run that begins on a Monday at midnight. */
export interface Occupants {
  people(zone: number, minute: number): number
}

const DAY = 1440

interface Stay {
  from: number
  to: number
}

/**
 * Office workers: each comes about 8:15, leaves about 17:30, mostly goes out for lunch and stays at home one day in
 * seven; somebody looks in on one weekend day in eight.
 */
export function officeWorkers(zones: readonly { workers: number }[], days: number, seed: number): Occupants {
  const counts = zones.map(({ workers }, zone) => {
    const random = seededRandom(seed * 7919 + zone * 104_729 + 1)
    const people = new Uint8Array(days * DAY)
    const add = ({ from, to }: Stay, day: number): void => {
      for (let m = Math.max(0, Math.round(from)); m < Math.min(DAY, Math.round(to)); m++)
        people[day * DAY + m]! += 1
    }
    for (let day = 0; day < days; day++) {
      if (day % 7 >= 5) {
        if (random() < 0.125) {
          const from = 540 + 420 * random()
          add({ from, to: from + 60 + 180 * random() }, day)
        }
        continue
      }
      for (let w = 0; w < workers; w++) {
        const absent = random() < 1 / 7
        const come = 495 + 22 * normal(random)
        const leave = 1050 + 35 * normal(random)
        const lunch = 720 + 15 * normal(random)
        const out = random() < 0.7 ? 25 + 30 * random() : 0
        if (absent) continue
        add({ from: come, to: lunch }, day)
        add({ from: lunch + out, to: leave }, day)
      }
    }
    return people
  })
  return { people: (zone, minute) => counts[zone]?.[minute] ?? 0 }
}
