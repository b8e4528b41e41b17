import { colour } from '../data/theme.ts'
import type { Tone } from './vehicles.ts'

const HEADINGS = 32
/** Edge of a sprite in CSS pixels. */
export const SPRITE_PX = 22
const fills: Record<Tone, string> = {
  critical: 'critical',
  major: 'major',
  minor: 'minor',
  warning: 'warning',
  moving: 'good',
  standing: 'muted',
  silent: 'land',
}

/** Pictures of a vehicle by tone and heading, each drawn once for the theme in force: copying one is cheap. */
export function vehicleSprites(ratio: number): (tone: Tone, course: number | null) => HTMLCanvasElement {
  const made = new Map<string, HTMLCanvasElement>()
  return (tone, course) => {
    const heading = course === null ? null : Math.round((course / 360) * HEADINGS) % HEADINGS
    const key = `${tone} ${heading}`
    let sprite = made.get(key)
    if (!sprite) {
      sprite = draw(tone, heading === null ? null : (heading * 2 * Math.PI) / HEADINGS, ratio)
      made.set(key, sprite)
    }
    return sprite
  }
}

/** An arrow for what drives, a disc for what stands, a ring for what is silent. */
function draw(tone: Tone, angle: number | null, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.round(SPRITE_PX * ratio)
  const ctx = canvas.getContext('2d')
  if (!ctx) return canvas
  ctx.scale(ratio, ratio)
  ctx.translate(SPRITE_PX / 2, SPRITE_PX / 2)
  ctx.fillStyle = colour(fills[tone])
  ctx.strokeStyle = colour(tone === 'silent' ? 'muted' : 'surface')
  ctx.lineWidth = 1.5
  ctx.lineJoin = 'round'
  ctx.beginPath()
  if (angle === null) ctx.arc(0, 0, 5.5, 0, 2 * Math.PI)
  else {
    ctx.rotate(angle)
    ctx.moveTo(0, -8.5)
    ctx.lineTo(6, 7)
    ctx.lineTo(0, 4)
    ctx.lineTo(-6, 7)
    ctx.closePath()
  }
  ctx.fill()
  ctx.stroke()
  return canvas
}
