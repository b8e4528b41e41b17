/** A dozen charts drawn in one frame make that frame late; nobody sees that they are drawn in four. */
const A_FRAME = 3

const waiting = new Set<() => void>()
let frame = 0

/** Draws within the next frames, in turn. What waits already is not drawn twice. */
export function drawSoon(draw: () => void): void {
  waiting.add(draw)
  if (frame === 0) frame = requestAnimationFrame(run)
}

export const drawNoMore = (draw: () => void): boolean => waiting.delete(draw)

function run(): void {
  let n = 0
  for (const draw of waiting) {
    if (n++ === A_FRAME) break
    waiting.delete(draw)
    draw()
  }
  frame = waiting.size > 0 ? requestAnimationFrame(run) : 0
}
